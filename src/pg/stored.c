/* stored.c */
/* The pieces that artifacts are stored in, as one source of bytes. */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/compat.h"
#include "pg/compat.h"
#include "pg/load.h"

/*
 * The scan's own memory, of which an index scan takes some on its way, must
 * outlive the piece's.
 */
static HeapTuple
next_tuple(MxpgStored *stored)
{
	MemoryContext caller = MemoryContextSwitchTo(stored->context);
	HeapTuple tuple = mxpg_scan_next(&stored->scan);

	MemoryContextSwitchTo(caller);
	return tuple;
}

/* What is missing, or out of order, shows in the checksum. */
static bool
is_next(MxpgStored *stored, HeapTuple tuple)
{
	return tuple != NULL &&
	       DatumGetInt32(mxpg_scan_value(&stored->scan, tuple, CHUNK_SEQ,
	                                     NULL)) == stored->next_seq++;
}

static void
fetch_bytes(MxpgStored *stored, HeapTuple tuple, const uint8_t **data,
            size_t *size)
{
	MemoryContext caller = MemoryContextSwitchTo(stored->piece);
	bytea *bytes = DatumGetByteaPP(
	    mxpg_scan_value(&stored->scan, tuple, CHUNK_BYTES, NULL));

	*data = (const uint8_t *) VARDATA_ANY(bytes);
	*size = VARSIZE_ANY_EXHDR(bytes);
	MemoryContextSwitchTo(caller);
}

static MxStatus
next_piece(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	MxpgStored *stored = ctx;
	HeapTuple tuple;

	MemoryContextReset(stored->piece);
	*size = 0;
	while (!stored->is_done && *size == 0)
	{
		tuple = next_tuple(stored);
		if (is_next(stored, tuple))
			fetch_bytes(stored, tuple, data, size);
		else
			stored->is_done = true;
	}
	return MX_OK;
}

static void
begin(MxpgStored *stored, const char *table, const char *index, ScanKey key,
      size_t total)
{
	mxpg_scan_begin_ordered(&stored->scan, table, index, GetActiveSnapshot(), 1,
	                        key);
	stored->context = CurrentMemoryContext;
	stored->piece =
	    AllocSetContextCreate(CurrentMemoryContext, "model_ext artifact piece",
	                          ALLOCSET_DEFAULT_SIZES);
	stored->source.next = next_piece;
	stored->source.ctx = stored;
	stored->source.total = total;
	stored->next_seq = 0;
	stored->is_done = false;
}

static size_t
stored_size(const uint8 *sha256)
{
	ScanKeyData key;
	MxpgScan scan;
	HeapTuple tuple;
	size_t size = 0;

	mxpg_key_sha256(&key, ARTIFACT_SHA256, sha256);
	mxpg_scan_begin(&scan, "artifact", "artifact_pkey", GetActiveSnapshot(), 1,
	                &key);
	tuple = mxpg_scan_next(&scan);
	if (tuple != NULL)
		size = (size_t) DatumGetInt64(
		    mxpg_scan_value(&scan, tuple, ARTIFACT_SIZE, NULL));
	mxpg_scan_end(&scan);
	return size;
}

void
mxpg_stored_begin(MxpgStored *stored, const uint8 *sha256)
{
	ScanKeyData key;

	mxpg_key_sha256(&key, CHUNK_OWNER, sha256);
	begin(stored, "artifact_chunk", "artifact_chunk_pkey", &key,
	      stored_size(sha256));
}

void
mxpg_uploaded_begin(MxpgStored *stored, int64 upload, size_t total)
{
	ScanKeyData key;

	mxpg_key_int8(&key, CHUNK_OWNER, upload);
	begin(stored, "upload_chunk", "upload_chunk_pkey", &key, total);
}

void
mxpg_stored_end(MxpgStored *stored)
{
	mxpg_scan_end(&stored->scan);
	MemoryContextDelete(stored->piece);
}

#define SHOWN_BYTES 8

static char *
shorten(const uint8 *sha256)
{
	char *hex = palloc0(2 * SHOWN_BYTES + 1);

	hex_encode((const char *) sha256, SHOWN_BYTES, hex);
	return hex;
}

void
mxpg_check_sha256(const MxpgVersion *version, const uint8 *found)
{
	if (memcmp(version->sha256, found, MXPG_SHA256_SIZE) == 0)
		return;
	ereport(ERROR,
	        (errcode(ERRCODE_DATA_CORRUPTED),
	         errmsg("checksum of model \"%s\" version %d does not match its "
	                "artifact",
	                version->name, version->version),
	         errdetail("It was registered as %s..., and is now %s....",
	                   shorten(version->sha256), shorten(found))));
}
