/* guard.c */
/* Keeps DROP EXTENSION from taking the models along. */
#include "postgres.h"

#include "access/xact.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "pg/catalog.h"
#include "pg/write.h"

/*
 * An ordinary view on "model" that is no member of the extension: as long as
 * it stands, DROP EXTENSION without CASCADE is refused with its name.
 */
#define GUARD "models_exist"

static bool
guard_stands(void)
{
	return OidIsValid(get_relname_relid(GUARD, mxpg_schema()));
}

void
mxpg_lock_models(void)
{
	LockRelationOid(mxpg_relation("model"), ShareRowExclusiveLock);
}

void
mxpg_raise_guard(void)
{
	if (guard_stands())
		return;
	mxpg_lock_models();
	if (guard_stands())
		return;
	mxpg_run("CREATE VIEW model_ext." GUARD " AS"
	         " SELECT name FROM model_ext.model",
	         0, NULL);
	mxpg_run("COMMENT ON VIEW model_ext." GUARD " IS"
	         " 'Stops DROP EXTENSION while there are models'",
	         0, NULL);
}

/* Of any age: the transaction's snapshot may be older than some. */
static bool
models_exist(void)
{
	MxpgScan scan;
	bool found;

	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	mxpg_scan_begin_ordered(&scan, "model", "model_pkey", GetActiveSnapshot(),
	                        0, NULL);
	found = mxpg_scan_next(&scan) != NULL;
	mxpg_scan_end(&scan);
	PopActiveSnapshot();
	return found;
}

void
mxpg_drop_guard(void)
{
	if (guard_stands() && !models_exist())
		mxpg_run("DROP VIEW model_ext." GUARD, 0, NULL);
}
