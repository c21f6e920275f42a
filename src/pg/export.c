/* export.c */
/* Gives back what was registered: the bytes, and what was done since. */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/arguments.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/load.h"
#include "pg/write.h"

static bytea *
allocate(const MxpgVersion *version, size_t size)
{
	bytea *bytes;

	if (size > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("artifact of model \"%s\" version %d is too large for "
		                "one value",
		                version->name, version->version)));
	bytes = palloc(VARHDRSZ + size);
	SET_VARSIZE(bytes, VARHDRSZ + size);
	return bytes;
}

/* Pieces beyond the size on record are counted, and show in the checksum. */
static bytea *
read_whole(const MxpgVersion *version)
{
	MxpgHash *hash = mxpg_hash_begin();
	uint8 sha256[MXPG_SHA256_SIZE];
	MxpgStored stored;
	MxError err = {0};
	const uint8_t *data;
	size_t size;
	size_t done = 0;
	bytea *bytes;

	mxpg_stored_begin(&stored, version->sha256);
	bytes = allocate(version, stored.source.total);
	while (stored.source.next(&stored, &data, &size, &err) == MX_OK && size > 0)
	{
		CHECK_FOR_INTERRUPTS();
		mxpg_hash_add(hash, data, size);
		if (size <= stored.source.total - done)
		{
			memcpy(VARDATA(bytes) + done, data, size);
			done += size;
		}
	}
	mxpg_stored_end(&stored);
	mxpg_hash_end(hash, sha256);
	mxpg_check_sha256(version, sha256);
	return bytes;
}

PG_FUNCTION_INFO_V1(model_ext_export_artifact);

/* export_artifact(model) */
Datum
model_ext_export_artifact(PG_FUNCTION_ARGS)
{
	MxpgVersion version;

	mxpg_arg_need(fcinfo, 0, "model");
	(void) mxpg_resolve(PG_GETARG_TEXT_PP(0), MXPG_RIGHT_SELECT, false,
	                    &version);
	PG_RETURN_BYTEA_P(read_whole(&version));
}

PG_FUNCTION_INFO_V1(model_ext_history);

/* history(model): for those who see the model; superusers also afterwards */
Datum
model_ext_history(PG_FUNCTION_ARGS)
{
	char *model = mxpg_arg_text(fcinfo, 0, "model");
	char owner[NAMEDATALEN];
	MxpgWriter reader;
	MxpgParam name;

	if (!superuser() &&
	    !(mxpg_model_owner(model, owner) && mxpg_may_see(model, owner)))
		mxpg_raise_no_model(model);
	InitMaterializedSRF(fcinfo, 0);
	mxpg_write_begin(&reader);
	name = mxpg_param_text(model);
	mxpg_run_into_result(fcinfo,
	                     "SELECT done_at, action, version, detail, done_by"
	                     " FROM model_ext.model_history"
	                     " WHERE model OPERATOR(pg_catalog.=) $1"
	                     " ORDER BY id USING OPERATOR(pg_catalog.<)",
	                     1, &name);
	mxpg_write_end(&reader);
	PG_RETURN_VOID();
}
