/* upload.c */
/* Artifacts that come in pieces, so that no client holds one parameter of it. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "pg/arguments.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/input.h"
#include "pg/register.h"
#include "pg/write.h"

/* Nobody comes back for it after a day. */
static void
forget_old_uploads(void)
{
	mxpg_run("WITH old AS (DELETE FROM model_ext.upload WHERE begun_at"
	         " OPERATOR(pg_catalog.<) (pg_catalog.now()"
	         " OPERATOR(pg_catalog.-) '1 day'::pg_catalog.interval)"
	         " RETURNING id) DELETE FROM model_ext.upload_chunk"
	         " USING old WHERE upload OPERATOR(pg_catalog.=) old.id",
	         0, NULL);
}

PG_FUNCTION_INFO_V1(model_ext_begin_upload);

Datum
model_ext_begin_upload(PG_FUNCTION_ARGS)
{
	MxpgWriter writer;
	MxpgParam owner;
	bool is_null;
	Datum id;

	mxpg_write_begin(&writer);
	forget_old_uploads();
	owner = mxpg_param_text(mxpg_writer_name(&writer));
	id = mxpg_run_value("INSERT INTO model_ext.upload (owner) VALUES ($1)"
	                    " RETURNING id",
	                    1, &owner, &is_null);
	/* An int8 outlives the writer on machines that pass it by reference. */
	id = Int64GetDatum(DatumGetInt64(id));
	mxpg_write_end(&writer);
	PG_RETURN_DATUM(id);
}

static void
raise_no_upload(int64 upload)
{
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
	                errmsg("upload %lld does not exist", (long long) upload)));
}

/* Reserves the next piece numbers; the row stays locked. */
static int
extend_upload(const MxpgWriter *writer, int64 upload, int n_chunks, int64 size,
              int64 *total)
{
	TupleDesc columns;
	HeapTuple row;
	bool is_null;
	int end;

	if (MXPG_RUN("UPDATE model_ext.upload SET"
	             " n_chunks = n_chunks OPERATOR(pg_catalog.+) $3,"
	             " size = size OPERATOR(pg_catalog.+) $4"
	             " WHERE id OPERATOR(pg_catalog.=) $1"
	             " AND owner OPERATOR(pg_catalog.=) $2"
	             " RETURNING n_chunks, size",
	             mxpg_param_int8(upload),
	             mxpg_param_text(mxpg_writer_name(writer)),
	             mxpg_param_int4(n_chunks), mxpg_param_int8(size)) == 0)
		raise_no_upload(upload);
	row = SPI_tuptable->vals[0];
	columns = SPI_tuptable->tupdesc;
	end = DatumGetInt32(SPI_getbinval(row, columns, 1, &is_null));
	*total = DatumGetInt64(SPI_getbinval(row, columns, 2, &is_null));
	return end - n_chunks;
}

static void
insert_pieces(int64 upload, int seq, const char *data, size_t size)
{
	size_t done;

	for (done = 0; done < size; done += MXPG_CHUNK_SIZE)
	{
		CHECK_FOR_INTERRUPTS();
		MXPG_RUN(
		    "INSERT INTO model_ext.upload_chunk (upload, seq, bytes)"
		    " VALUES ($1, $2, $3)",
		    mxpg_param_int8(upload), mxpg_param_int4(seq++),
		    mxpg_param_bytes(data + done, Min(size - done, MXPG_CHUNK_SIZE)));
	}
}

PG_FUNCTION_INFO_V1(model_ext_append_upload);

/* append_upload(upload, bytes) */
Datum
model_ext_append_upload(PG_FUNCTION_ARGS)
{
	MxpgWriter writer;
	int64 upload;
	int64 total;
	bytea *bytes;
	size_t size;
	int seq;

	mxpg_arg_need(fcinfo, 0, "upload");
	mxpg_arg_need(fcinfo, 1, "bytes");
	upload = PG_GETARG_INT64(0);
	bytes = PG_GETARG_BYTEA_PP(1);
	size = VARSIZE_ANY_EXHDR(bytes);
	mxpg_write_begin(&writer);
	seq = extend_upload(&writer, upload,
	                    (int) ((size + MXPG_CHUNK_SIZE - 1) / MXPG_CHUNK_SIZE),
	                    (int64) size, &total);
	mxpg_check_artifact_size((uint64) total);
	insert_pieces(upload, seq, VARDATA_ANY(bytes), size);
	mxpg_write_end(&writer);
	PG_RETURN_INT64(total);
}

static size_t
upload_size(int64 upload)
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;
	int64 size = 0;

	mxpg_key_int8(&key, UPLOAD_ID, upload);
	mxpg_scan_begin(&scan, "upload", "upload_pkey", GetActiveSnapshot(), 1,
	                &key);
	tuple = mxpg_scan_next(&scan);
	if (tuple == NULL || strcmp(TextDatumGetCString(mxpg_scan_value(
	                                &scan, tuple, UPLOAD_OWNER, NULL)),
	                            GetUserNameFromId(GetUserId(), false)) != 0)
		raise_no_upload(upload);
	size = DatumGetInt64(mxpg_scan_value(&scan, tuple, UPLOAD_SIZE, NULL));
	mxpg_scan_end(&scan);
	return (size_t) size;
}

static void
drop_upload(int64 upload)
{
	MxpgWriter writer;

	mxpg_write_begin(&writer);
	MXPG_RUN("DELETE FROM model_ext.upload_chunk"
	         " WHERE upload OPERATOR(pg_catalog.=) $1",
	         mxpg_param_int8(upload));
	MXPG_RUN("DELETE FROM model_ext.upload"
	         " WHERE id OPERATOR(pg_catalog.=) $1",
	         mxpg_param_int8(upload));
	mxpg_write_end(&writer);
}

PG_FUNCTION_INFO_V1(model_ext_register_model_upload);

/* register_model_upload(name, upload, metadata, promote) */
Datum
model_ext_register_model_upload(PG_FUNCTION_ARGS)
{
	char *name = mxpg_register_name(fcinfo);
	MxpgInput *input;
	int64 upload;
	int version;

	mxpg_arg_need(fcinfo, 1, "upload");
	upload = PG_GETARG_INT64(1);
	mxpg_push_fresh_snapshot();
	input = mxpg_input_upload(upload, upload_size(upload));
	version = mxpg_register(fcinfo, name, input);
	input->close(input);
	PopActiveSnapshot();
	drop_upload(upload);
	PG_RETURN_INT32(version);
}
