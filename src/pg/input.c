/* input.c */
/* Sources of bytes to register: a parameter, an upload, a large object. */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/be-fsstubs.h"
#include "libpq/libpq-fs.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "pg/compat.h"
#include "pg/input.h"
#include "pg/load.h"
#include "pg/settings.h"

void
mxpg_check_artifact_size(uint64 size)
{
	if (size > (uint64) mxpg_max_artifact_size * 1024)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("artifact is larger than %d kB",
		                       mxpg_max_artifact_size),
		                errhint("You might need to increase "
		                        "\"model_ext.max_artifact_size\".")));
}

typedef struct BytesInput
{
	MxpgInput input;
	MxMemorySource memory;
	const void *data;
	size_t size;
} BytesInput;

static void
rewind_bytes(MxpgInput *input)
{
	BytesInput *bytes = (BytesInput *) input;

	input->source = mx_memory_source(&bytes->memory, bytes->data, bytes->size);
}

static void
close_bytes(MxpgInput *input)
{
}

MxpgInput *
mxpg_input_bytes(const void *data, size_t size)
{
	BytesInput *bytes = palloc0_object(BytesInput);

	mxpg_check_artifact_size(size);
	bytes->data = data;
	bytes->size = size;
	bytes->input.rewind = rewind_bytes;
	bytes->input.close = close_bytes;
	rewind_bytes(&bytes->input);
	return &bytes->input;
}

typedef struct UploadInput
{
	MxpgInput input;
	MxpgStored stored;
	int64 upload;
	size_t size;
} UploadInput;

/* In the input's own memory: it is begun again while statements run by SPI. */
static void
begin_upload(UploadInput *upload)
{
	MemoryContext caller = MemoryContextSwitchTo(GetMemoryChunkContext(upload));

	mxpg_uploaded_begin(&upload->stored, upload->upload, upload->size);
	upload->input.source = upload->stored.source;
	MemoryContextSwitchTo(caller);
}

static void
close_upload(MxpgInput *input)
{
	mxpg_stored_end(&((UploadInput *) input)->stored);
}

static void
rewind_upload(MxpgInput *input)
{
	close_upload(input);
	begin_upload((UploadInput *) input);
}

MxpgInput *
mxpg_input_upload(int64 id, size_t size)
{
	UploadInput *upload = palloc0_object(UploadInput);

	mxpg_check_artifact_size(size);
	upload->upload = id;
	upload->size = size;
	upload->input.rewind = rewind_upload;
	upload->input.close = close_upload;
	begin_upload(upload);
	return &upload->input;
}

/*
 * By descriptor, as clients read them: only so are the relations behind it
 * closed after an error.
 */
typedef struct LargeObjectInput
{
	MxpgInput input;
	int descriptor;
	char *piece;
} LargeObjectInput;

static MxStatus
next_of_large_object(void *ctx, const uint8_t **data, size_t *size,
                     MxError *err)
{
	LargeObjectInput *large = ctx;

	*data = (const uint8_t *) large->piece;
	*size = (size_t) lo_read(large->descriptor, large->piece, MXPG_CHUNK_SIZE);
	return MX_OK;
}

static int64
seek_large_object(const LargeObjectInput *large, int whence)
{
	return DatumGetInt64(
	    DirectFunctionCall3(be_lo_lseek64, Int32GetDatum(large->descriptor),
	                        Int64GetDatum(0), Int32GetDatum(whence)));
}

static void
rewind_large_object(MxpgInput *input)
{
	(void) seek_large_object((LargeObjectInput *) input, SEEK_SET);
}

static void
close_large_object(MxpgInput *input)
{
	int descriptor = ((LargeObjectInput *) input)->descriptor;

	DirectFunctionCall1(be_lo_close, Int32GetDatum(descriptor));
}

MxpgInput *
mxpg_input_large_object(Oid large_object)
{
	LargeObjectInput *large = palloc0_object(LargeObjectInput);
	int64 size;

	/* Checks that it is there, and the user's right to read it. */
	large->descriptor = DatumGetInt32(DirectFunctionCall2(
	    be_lo_open, ObjectIdGetDatum(large_object), Int32GetDatum(INV_READ)));
	size = seek_large_object(large, SEEK_END);
	mxpg_check_artifact_size((uint64) size);
	large->piece = palloc(MXPG_CHUNK_SIZE);
	large->input.source.next = next_of_large_object;
	large->input.source.ctx = large;
	large->input.source.total = (size_t) size;
	large->input.rewind = rewind_large_object;
	large->input.close = close_large_object;
	rewind_large_object(&large->input);
	return &large->input;
}
