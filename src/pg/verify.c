/* verify.c */
/* verify(): proves what is stored anew, and finds what refers to nothing. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "pg/arguments.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/load.h"
#include "pg/write.h"

static void
report(FunctionCallInfo fcinfo, const char *object, const char *check,
       const char *problem)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bool nulls[4] = {false, false, false, problem == NULL};
	Datum values[4];

	values[0] = CStringGetTextDatum(object);
	values[1] = CStringGetTextDatum(check);
	values[2] = BoolGetDatum(problem == NULL);
	values[3] = problem == NULL ? 0 : CStringGetTextDatum(problem);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

typedef struct Place
{
	char *model;
	int version;
	Jsonb *metadata;
} Place;

/* Versions of models that the user owns; model NULL: of all of them. */
static List *
list_versions(const char *model)
{
	List *places = NIL;
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;

	if (model != NULL)
		mxpg_key_text(&key, VERSION_MODEL, model);
	mxpg_scan_begin_ordered(&scan, "model_version", "model_version_pkey",
	                        GetActiveSnapshot(), model == NULL ? 0 : 1, &key);
	while ((tuple = mxpg_scan_next(&scan)) != NULL)
	{
		char owner[NAMEDATALEN];
		Place *place = palloc_object(Place);

		place->model = TextDatumGetCString(
		    mxpg_scan_value(&scan, tuple, VERSION_MODEL, NULL));
		place->version =
		    DatumGetInt32(mxpg_scan_value(&scan, tuple, VERSION_VERSION, NULL));
		place->metadata = DatumGetJsonbPCopy(
		    mxpg_scan_value(&scan, tuple, VERSION_METADATA, NULL));
		if (mxpg_model_owner(place->model, owner) && mxpg_is_owner(owner))
			places = lappend(places, place);
	}
	mxpg_scan_end(&scan);
	return places;
}

static char *
describe_error(const MxError *err)
{
	char *message = mxpg_message_text(err->message, strlen(err->message));

	if (err->detail[0] == '\0')
		return message;
	return psprintf("%s: %s", message,
	                mxpg_message_text(err->detail, strlen(err->detail)));
}

/* false when a later check makes no sense. */
static bool
check_artifact(FunctionCallInfo fcinfo, const char *object,
               const MxpgVersion *version, MemoryContext work)
{
	MxpgCompiled compiled;
	MxpgStored stored;
	MxError err = {0};
	bool is_same;

	mxpg_stored_begin(&stored, version->sha256);
	(void) mxpg_compile(&stored.source, work, &compiled, &err);
	mxpg_stored_end(&stored);
	if (err.status == MX_ERR_CANCELED || err.status == MX_ERR_NO_MEMORY)
		mxpg_raise(&err, version->name, version->version);
	is_same = memcmp(version->sha256, compiled.sha256, MXPG_SHA256_SIZE) == 0;
	report(fcinfo, object, "checksum",
	       is_same ? NULL : "the stored bytes are not those registered");
	if (is_same)
		report(fcinfo, object, "compile",
		       err.status == MX_OK ? NULL : describe_error(&err));
	return is_same && err.status == MX_OK;
}

static void
check_version(FunctionCallInfo fcinfo, const Place *place)
{
	MemoryContext work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext verify", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	char *object = psprintf("%s/%d", place->model, place->version);
	const JsonbValue *self_test =
	    mxpg_json_key(&place->metadata->root, "self_test");
	MxpgVersion version;
	char *failure;

	CHECK_FOR_INTERRUPTS();
	if (mxpg_fetch_version(place->model, place->version, &version) &&
	    check_artifact(fcinfo, object, &version, work) && self_test != NULL)
	{
		(void) mxpg_run_self_test(&version, self_test, &failure);
		report(fcinfo, object, "self_test", failure);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
}

/* Rows that a restore, or a hand, has left without what they refer to. */
static const char orphans_sql[] =
    "SELECT v.model || '/' || v.version, 'reference', false,"
    " 'there is no such model' FROM model_ext.model_version v"
    " WHERE NOT EXISTS (SELECT FROM model_ext.model m WHERE m.name = v.model)"
    " UNION ALL SELECT v.model || '/' || v.version, 'reference', false,"
    " 'its artifact is missing' FROM model_ext.model_version v"
    " WHERE NOT EXISTS"
    " (SELECT FROM model_ext.artifact f WHERE f.sha256 = v.sha256)"
    " UNION ALL SELECT a.model || '@' || a.alias, 'reference', false,"
    " 'it points to a version that does not exist'"
    " FROM model_ext.model_alias a WHERE NOT EXISTS"
    " (SELECT FROM model_ext.model_version v"
    " WHERE v.model = a.model AND v.version = a.version)"
    " UNION ALL SELECT p.model, 'privilege', false,"
    " pg_catalog.format('%s is granted on a model that does not exist',"
    " p.privilege) FROM model_ext.model_privilege p WHERE NOT EXISTS"
    " (SELECT FROM model_ext.model m WHERE m.name = p.model)"
    " UNION ALL SELECT p.model, 'privilege', false,"
    " pg_catalog.format('%s is granted to the role %I, which does not exist',"
    " p.privilege, p.grantee) FROM model_ext.model_privilege p"
    " WHERE p.grantee <> 'public' AND NOT EXISTS"
    " (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = p.grantee)"
    " UNION ALL SELECT m.name, 'owner', false,"
    " pg_catalog.format('it belongs to the role %I, which does not exist',"
    " m.owner) FROM model_ext.model m WHERE NOT EXISTS"
    " (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = m.owner)"
    " UNION ALL SELECT f.uuid::text, 'reference', false,"
    " 'no version has this artifact' FROM model_ext.artifact f"
    " WHERE NOT EXISTS"
    " (SELECT FROM model_ext.model_version v WHERE v.sha256 = f.sha256)"
    " UNION ALL SELECT DISTINCT pg_catalog.encode(c.sha256, 'hex'),"
    " 'reference', false, 'pieces of an artifact that does not exist'"
    " FROM model_ext.artifact_chunk c WHERE NOT EXISTS"
    " (SELECT FROM model_ext.artifact f WHERE f.sha256 = c.sha256)"
    " ORDER BY 1, 2, 4";

static void
report_orphans(FunctionCallInfo fcinfo)
{
	MxpgWriter reader;

	mxpg_write_begin(&reader);
	mxpg_run_into_result(fcinfo, orphans_sql, 0, NULL);
	mxpg_write_end(&reader);
}

PG_FUNCTION_INFO_V1(model_ext_verify);

/* verify(model) */
Datum
model_ext_verify(PG_FUNCTION_ARGS)
{
	char *model = PG_ARGISNULL(0) ? NULL : mxpg_arg_text(fcinfo, 0, "model");
	ListCell *cell;

	InitMaterializedSRF(fcinfo, 0);
	mxpg_push_fresh_snapshot();
	if (model != NULL)
		mxpg_require_owner(model);
	foreach (cell, list_versions(model))
		check_version(fcinfo, lfirst(cell));
	PopActiveSnapshot();
	/* These are nobody's, so only a superuser sees them. */
	if (model == NULL && superuser())
		report_orphans(fcinfo);
	PG_RETURN_VOID();
}
