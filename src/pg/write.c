/* write.c */
/* Runs statements on the extension's tables as their owner. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/write.h"

static Oid
table_owner(Oid relation)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relation);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

void
mxpg_write_begin(MxpgWriter *writer)
{
	Oid owner = table_owner(mxpg_relation("model"));

	SPI_connect();
	GetUserIdAndSecContext(&writer->user, &writer->security_context);
	SetUserIdAndSecContext(owner, writer->security_context |
	                                  SECURITY_LOCAL_USERID_CHANGE |
	                                  SECURITY_RESTRICTED_OPERATION);
	writer->settings_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
	                         PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
mxpg_write_end(const MxpgWriter *writer)
{
	AtEOXact_GUC(false, writer->settings_level);
	SetUserIdAndSecContext(writer->user, writer->security_context);
	SPI_finish();
}

MxpgParam
mxpg_param(Oid type, Datum value)
{
	MxpgParam param = {type, value, value == 0};

	return param;
}

MxpgParam
mxpg_param_text(const char *value)
{
	return mxpg_param(TEXTOID, value == NULL ? 0 : CStringGetTextDatum(value));
}

MxpgParam
mxpg_param_int4(int32 value)
{
	MxpgParam param = {INT4OID, Int32GetDatum(value), false};

	return param;
}

MxpgParam
mxpg_param_int8(int64 value)
{
	MxpgParam param = {INT8OID, Int64GetDatum(value), false};

	return param;
}

MxpgParam
mxpg_param_bool(bool value)
{
	MxpgParam param = {BOOLOID, BoolGetDatum(value), false};

	return param;
}

MxpgParam
mxpg_param_bytes(const void *data, size_t size)
{
	bytea *bytes = palloc(VARHDRSZ + size);

	SET_VARSIZE(bytes, VARHDRSZ + size);
	memcpy(VARDATA(bytes), data, size);
	return mxpg_param(BYTEAOID, PointerGetDatum(bytes));
}

uint64
mxpg_run(const char *sql, int n, const MxpgParam *params)
{
	Oid *types = palloc_array(Oid, n);
	Datum *values = palloc_array(Datum, n);
	char *nulls = palloc_array(char, n);
	int code;
	int i;

	for (i = 0; i < n; i++)
	{
		types[i] = params[i].type;
		values[i] = params[i].value;
		nulls[i] = params[i].is_null ? 'n' : ' ';
	}
	code = SPI_execute_with_args(sql, n, types, values, nulls, false, 0);
	if (code < 0)
		elog(ERROR, "statement failed: %s: %s", SPI_result_code_string(code),
		     sql);
	return SPI_processed;
}

Datum
mxpg_run_value(const char *sql, int n, const MxpgParam *params, bool *is_null)
{
	TupleDesc row;
	Datum value;

	*is_null = true;
	if (mxpg_run(sql, n, params) == 0)
		return 0;
	row = SPI_tuptable->tupdesc;
	value = SPI_getbinval(SPI_tuptable->vals[0], row, 1, is_null);
	if (*is_null)
		return 0;
	return SPI_datumTransfer(value, TupleDescAttr(row, 0)->attbyval,
	                         TupleDescAttr(row, 0)->attlen);
}

void
mxpg_run_into_result(FunctionCallInfo fcinfo, const char *sql, int n,
                     const MxpgParam *params)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	uint64 rows = mxpg_run(sql, n, params);
	uint64 i;

	for (i = 0; i < rows; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
}

const char *
mxpg_writer_name(const MxpgWriter *writer)
{
	return GetUserNameFromId(writer->user, false);
}

void
mxpg_record(const MxpgWriter *writer, const char *model, int version,
            const char *action, const char *detail)
{
	MxpgParam params[] = {mxpg_param_text(model), mxpg_param_int4(version),
	                      mxpg_param_text(action), mxpg_param_text(detail),
	                      mxpg_param_text(mxpg_writer_name(writer))};

	params[1].is_null = version == 0;
	mxpg_run("INSERT INTO model_ext.model_history"
	         " (model, version, action, detail, done_by)"
	         " VALUES ($1, $2, $3, $4::pg_catalog.jsonb, $5)",
	         lengthof(params), params);
}

void
mxpg_manage_begin(MxpgWriter *writer, const char *model, MxpgManage who)
{
	MxpgParam name;

	mxpg_push_fresh_snapshot();
	if (who == MXPG_MANAGE_OWNER)
		mxpg_require_owner(model);
	else
		mxpg_require_model(model, MXPG_RIGHT_UPDATE);
	PopActiveSnapshot();

	mxpg_write_begin(writer);
	name = mxpg_param_text(model);
	if (mxpg_run("SELECT 1 FROM model_ext.model"
	             " WHERE name OPERATOR(pg_catalog.=) $1 FOR UPDATE",
	             1, &name) == 0)
		mxpg_raise_no_model(model);
}

void
mxpg_names_changed(void)
{
	CacheInvalidateRelcacheByRelid(mxpg_relation("model_alias"));
}
