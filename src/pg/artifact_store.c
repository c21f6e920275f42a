/* artifact_store.c */
/* Stores the bytes of artifacts in pieces, addressed by their SHA-256. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/artifact_store.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/write.h"

pg_uuid_t
mxpg_artifact_uuid(const uint8 *sha256)
{
	pg_uuid_t uuid;

	memcpy(uuid.data, sha256, UUID_LEN);
	uuid.data[6] = (uuid.data[6] & 0x0F) | 0x80;
	uuid.data[8] = (uuid.data[8] & 0x3F) | 0x80;
	return uuid;
}

/*
 * No column is named in ON CONFLICT: both keys are unique, and a session that
 * stores the same bytes right now may show in either first.
 */
static bool
insert_artifact(const MxpgCompiled *compiled, const MxPlan *plan)
{
	pg_uuid_t uuid = mxpg_artifact_uuid(compiled->sha256);
	const MxArtifactFormat *format = &compiled->format;

	return MXPG_RUN(
	           "INSERT INTO model_ext.artifact (sha256, uuid, format,"
	           " container, protocol, size, size_uncompressed, class,"
	           " description) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	           " ON CONFLICT DO NOTHING",
	           mxpg_param_bytes(compiled->sha256, MXPG_SHA256_SIZE),
	           mxpg_param(UUIDOID, UUIDPGetDatum(&uuid)),
	           mxpg_param_text(format->format),
	           mxpg_param_text(format->container),
	           mxpg_param_int4(format->protocol),
	           mxpg_param_int8((int64) compiled->size),
	           mxpg_param_int8((int64) format->size_uncompressed),
	           mxpg_param_text(mxpg_server_text(mx_plan_info(plan).class_name)),
	           mxpg_param(JSONBOID, mxpg_jsonb(mxpg_description_json(plan)))) >
	       0;
}

/* Pieces of any size become pieces of MXPG_CHUNK_SIZE. */
typedef struct ChunkWriter
{
	const uint8 *sha256;
	bytea *chunk;
	size_t used;
	int seq;
	MemoryContext work; /* reset after each statement */
} ChunkWriter;

static void
insert_chunk(ChunkWriter *writer)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->work);

	SET_VARSIZE(writer->chunk, VARHDRSZ + writer->used);
	MXPG_RUN("INSERT INTO model_ext.artifact_chunk (sha256, seq, bytes)"
	         " VALUES ($1, $2, $3)",
	         mxpg_param_bytes(writer->sha256, MXPG_SHA256_SIZE),
	         mxpg_param_int4(writer->seq),
	         mxpg_param(BYTEAOID, PointerGetDatum(writer->chunk)));
	writer->seq++;
	writer->used = 0;
	MemoryContextSwitchTo(caller);
	MemoryContextReset(writer->work);
}

static void
write_piece(ChunkWriter *writer, const uint8_t *data, size_t size)
{
	while (size > 0)
	{
		size_t n = Min(size, MXPG_CHUNK_SIZE - writer->used);

		memcpy(VARDATA(writer->chunk) + writer->used, data, n);
		writer->used += n;
		data += n;
		size -= n;
		if (writer->used == MXPG_CHUNK_SIZE)
			insert_chunk(writer);
	}
}

static void
store_chunks(MxpgInput *input, const MxpgCompiled *compiled)
{
	ChunkWriter writer = {.sha256 = compiled->sha256};
	uint8 again[MXPG_SHA256_SIZE];
	MxpgHash *hash = mxpg_hash_begin();
	MxError err = {0};
	const uint8_t *data;
	size_t size;

	writer.chunk = palloc(VARHDRSZ + MXPG_CHUNK_SIZE);
	writer.work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext chunk writer", ALLOCSET_DEFAULT_SIZES);
	input->rewind(input);
	while (input->source.next(input->source.ctx, &data, &size, &err) == MX_OK &&
	       size > 0)
	{
		CHECK_FOR_INTERRUPTS();
		mxpg_hash_add(hash, data, size);
		write_piece(&writer, data, size);
	}
	if (writer.used > 0)
		insert_chunk(&writer);
	mxpg_hash_end(hash, again);
	/* A file of the server may change between the two readings. */
	if (memcmp(again, compiled->sha256, MXPG_SHA256_SIZE) != 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("artifact changed while it was registered")));
	MemoryContextDelete(writer.work);
}

void
mxpg_store_artifact(MxpgInput *input, const MxpgCompiled *compiled,
                    const MxPlan *plan)
{
	MxpgParam sha256 = mxpg_param_bytes(compiled->sha256, MXPG_SHA256_SIZE);

	/* Between the two statements another transaction may have dropped it. */
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (insert_artifact(compiled, plan))
		{
			store_chunks(input, compiled);
			return;
		}
		if (mxpg_run("SELECT 1 FROM model_ext.artifact WHERE sha256"
		             " OPERATOR(pg_catalog.=) $1 FOR KEY SHARE",
		             1, &sha256) > 0)
			return;
	}
}

/*
 * Under the newest snapshot, for a registration that has just committed must
 * be seen in every isolation level.
 */
static bool
is_used(const uint8 *sha256)
{
	ScanKeyData key;
	MxpgScan scan;
	bool found;

	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	mxpg_key_sha256(&key, VERSION_SHA256, sha256);
	mxpg_scan_begin(&scan, "model_version", "model_version_sha256",
	                GetActiveSnapshot(), 1, &key);
	found = mxpg_scan_next(&scan) != NULL;
	mxpg_scan_end(&scan);
	PopActiveSnapshot();
	return found;
}

void
mxpg_drop_unused_artifact(const uint8 *sha256)
{
	MxpgParam key = mxpg_param_bytes(sha256, MXPG_SHA256_SIZE);

	/* Waits for registrations that are about to refer to it. */
	mxpg_run("SELECT 1 FROM model_ext.artifact WHERE sha256"
	         " OPERATOR(pg_catalog.=) $1 FOR UPDATE",
	         1, &key);
	if (is_used(sha256))
		return;
	mxpg_run("DELETE FROM model_ext.artifact_chunk WHERE sha256"
	         " OPERATOR(pg_catalog.=) $1",
	         1, &key);
	mxpg_run("DELETE FROM model_ext.artifact WHERE sha256"
	         " OPERATOR(pg_catalog.=) $1",
	         1, &key);
}
