/* guard.c */
/* Keeps DROP EXTENSION from taking the models along. */
#include "postgres.h"

#include "catalog/namespace.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"

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

/*
 * The lock that a view and a row of the first model take turns by.  It comes
 * before the weaker lock of the INSERT, so that two first registrations wait
 * instead of deadlocking.
 */
static void
lock_models(void)
{
	LockRelationOid(mxpg_relation("model"), ShareRowExclusiveLock);
}

void
mxpg_raise_guard(void)
{
	if (guard_stands())
		return;
	lock_models();
	if (guard_stands())
		return;
	mxpg_run("CREATE VIEW model_ext." GUARD " AS"
	         " SELECT name FROM model_ext.model",
	         0, NULL);
	mxpg_run("COMMENT ON VIEW model_ext." GUARD " IS"
	         " 'Stops DROP EXTENSION while there are models'",
	         0, NULL);
}

void
mxpg_drop_guard(void)
{
	static const char any_model[] = "SELECT 1 FROM model_ext.model LIMIT 1";

	if (!guard_stands() || mxpg_run(any_model, 0, NULL) > 0)
		return;
	lock_models();
	if (guard_stands() && mxpg_run(any_model, 0, NULL) == 0)
		mxpg_run("DROP VIEW model_ext." GUARD, 0, NULL);
}
