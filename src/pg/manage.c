/* manage.c */
/* Aliases, and dropping versions and models. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "pg/arguments.h"
#include "pg/artifact_store.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/manage.h"

static char *
alias_detail(const char *alias)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"alias\": ");
	mxpg_append_json(&json, alias);
	appendStringInfoChar(&json, '}');
	return json.data;
}

void
mxpg_point_alias(const MxpgWriter *writer, const char *model, const char *alias,
                 int version)
{
	MXPG_RUN("INSERT INTO model_ext.model_alias (model, alias, version,"
	         " set_by) VALUES ($1, $2, $3, $4)"
	         " ON CONFLICT (model, alias) DO UPDATE"
	         " SET version = EXCLUDED.version, set_by = EXCLUDED.set_by,"
	         " set_at = EXCLUDED.set_at",
	         mxpg_param_text(model), mxpg_param_text(alias),
	         mxpg_param_int4(version),
	         mxpg_param_text(mxpg_writer_name(writer)));
	mxpg_record(writer, model, version, "set_alias", alias_detail(alias));
	mxpg_names_changed();
}

static void
need_version(const char *model, int version)
{
	if (MXPG_RUN("SELECT 1 FROM model_ext.model_version"
	             " WHERE model OPERATOR(pg_catalog.=) $1"
	             " AND version OPERATOR(pg_catalog.=) $2",
	             mxpg_param_text(model), mxpg_param_int4(version)) == 0)
		mxpg_raise_no_version(model, version);
}

static void
set_alias(const char *model, const char *alias, int version)
{
	MxpgWriter writer;

	mxpg_check_name("alias", alias);
	mxpg_manage_begin(&writer, model, MXPG_MANAGE_UPDATE);
	need_version(model, version);
	mxpg_point_alias(&writer, model, alias, version);
	mxpg_write_end(&writer);
}

PG_FUNCTION_INFO_V1(model_ext_set_alias);

/* set_alias(model, alias, version) */
Datum
model_ext_set_alias(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");
	char *alias = mxpg_arg_text(fcinfo, 1, "alias");

	set_alias(model, alias, mxpg_arg_int4(fcinfo, 2, "version"));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(model_ext_promote);

/* promote(model, version) */
Datum
model_ext_promote(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");

	set_alias(model, MXPG_PRODUCTION, mxpg_arg_int4(fcinfo, 1, "version"));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(model_ext_drop_alias);

/* drop_alias(model, alias) */
Datum
model_ext_drop_alias(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");
	char *alias = mxpg_arg_text(fcinfo, 1, "alias");
	MxpgWriter writer;

	mxpg_manage_begin(&writer, model, MXPG_MANAGE_UPDATE);
	if (MXPG_RUN("DELETE FROM model_ext.model_alias"
	             " WHERE model OPERATOR(pg_catalog.=) $1"
	             " AND alias OPERATOR(pg_catalog.=) $2",
	             mxpg_param_text(model), mxpg_param_text(alias)) == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("alias \"%s\" of model \"%s\" does not exist",
		                       alias, model)));
	mxpg_record(&writer, model, 0, "drop_alias", alias_detail(alias));
	mxpg_names_changed();
	mxpg_write_end(&writer);
	PG_RETURN_VOID();
}

static void
refuse_aliased_version(const char *model, int version)
{
	MxpgParam params[] = {mxpg_param_text(model), mxpg_param_int4(version)};
	bool is_null;
	Datum alias =
	    mxpg_run_value("SELECT alias FROM model_ext.model_alias"
	                   " WHERE model OPERATOR(pg_catalog.=) $1"
	                   " AND version OPERATOR(pg_catalog.=) $2"
	                   " ORDER BY alias USING OPERATOR(pg_catalog.<) LIMIT 1",
	                   2, params, &is_null);

	if (!is_null)
		ereport(ERROR,
		        (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
		         errmsg("version %d of model \"%s\" is in use", version, model),
		         errdetail("The alias \"%s\" points to it.",
		                   TextDatumGetCString(alias))));
}

PG_FUNCTION_INFO_V1(model_ext_drop_version);

/* drop_version(model, version) */
Datum
model_ext_drop_version(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");
	int version = mxpg_arg_int4(fcinfo, 1, "version");
	uint8 sha256[MXPG_SHA256_SIZE];
	MxpgWriter writer;
	MxpgParam params[2];
	bool is_null;
	Datum value;

	mxpg_manage_begin(&writer, model, MXPG_MANAGE_OWNER);
	refuse_aliased_version(model, version);
	params[0] = mxpg_param_text(model);
	params[1] = mxpg_param_int4(version);
	value = mxpg_run_value("DELETE FROM model_ext.model_version"
	                       " WHERE model OPERATOR(pg_catalog.=) $1"
	                       " AND version OPERATOR(pg_catalog.=) $2"
	                       " RETURNING sha256",
	                       2, params, &is_null);
	if (is_null)
		mxpg_raise_no_version(model, version);
	mxpg_read_sha256(value, sha256);
	mxpg_drop_unused_artifact(sha256);
	mxpg_record(&writer, model, version, "drop_version", NULL);
	mxpg_names_changed();
	mxpg_write_end(&writer);
	PG_RETURN_VOID();
}

/* In one order, so that two sessions that drop do not deadlock. */
static int
list_artifacts(const MxpgParam *model, uint8 (**out)[MXPG_SHA256_SIZE])
{
	uint64 n = mxpg_run("SELECT DISTINCT sha256 FROM model_ext.model_version"
	                    " WHERE model OPERATOR(pg_catalog.=) $1"
	                    " ORDER BY sha256 USING OPERATOR(pg_catalog.<)",
	                    1, model);
	uint64 i;
	bool is_null;

	*out = palloc(n * MXPG_SHA256_SIZE + 1);
	for (i = 0; i < n; i++)
		mxpg_read_sha256(SPI_getbinval(SPI_tuptable->vals[i],
		                               SPI_tuptable->tupdesc, 1, &is_null),
		                 (*out)[i]);
	return (int) n;
}

static void
delete_model_rows(const MxpgParam *model)
{
	mxpg_run("DELETE FROM model_ext.model_version"
	         " WHERE model OPERATOR(pg_catalog.=) $1",
	         1, model);
	mxpg_run("DELETE FROM model_ext.model_alias"
	         " WHERE model OPERATOR(pg_catalog.=) $1",
	         1, model);
	mxpg_run("DELETE FROM model_ext.model_privilege"
	         " WHERE model OPERATOR(pg_catalog.=) $1",
	         1, model);
	mxpg_run("DELETE FROM model_ext.model"
	         " WHERE name OPERATOR(pg_catalog.=) $1",
	         1, model);
}

PG_FUNCTION_INFO_V1(model_ext_drop_model);

/* drop_model(model) */
Datum
model_ext_drop_model(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");
	uint8(*artifacts)[MXPG_SHA256_SIZE];
	MxpgWriter writer;
	MxpgParam name;
	int n;
	int i;

	mxpg_push_fresh_snapshot();
	mxpg_require_owner(model);
	PopActiveSnapshot();
	mxpg_lock_models();
	mxpg_manage_begin(&writer, model, MXPG_MANAGE_OWNER);
	name = mxpg_param_text(model);
	n = list_artifacts(&name, &artifacts);
	delete_model_rows(&name);
	for (i = 0; i < n; i++)
		mxpg_drop_unused_artifact(artifacts[i]);
	mxpg_record(&writer, model, 0, "drop_model", NULL);
	mxpg_names_changed();
	mxpg_drop_guard();
	mxpg_write_end(&writer);
	PG_RETURN_VOID();
}
