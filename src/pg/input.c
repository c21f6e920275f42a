/* input.c */
/* Sources of bytes to register: a parameter, an upload, a large object. */
#include "postgres.h"

#include "libpq/libpq-fs.h"
#include "storage/large_object.h"

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

static void
begin_upload(UploadInput *upload)
{
	mxpg_uploaded_begin(&upload->stored, upload->upload, upload->size);
	upload->input.source = upload->stored.source;
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

typedef struct LargeObjectInput
{
	MxpgInput input;
	LargeObjectDesc *object;
	char *piece;
} LargeObjectInput;

static MxStatus
next_of_large_object(void *ctx, const uint8_t **data, size_t *size,
                     MxError *err)
{
	LargeObjectInput *large = ctx;

	*data = (const uint8_t *) large->piece;
	*size = (size_t) inv_read(large->object, large->piece, MXPG_CHUNK_SIZE);
	return MX_OK;
}

static void
rewind_large_object(MxpgInput *input)
{
	inv_seek(((LargeObjectInput *) input)->object, 0, SEEK_SET);
}

static void
close_large_object(MxpgInput *input)
{
	inv_close(((LargeObjectInput *) input)->object);
}

MxpgInput *
mxpg_input_large_object(Oid large_object)
{
	LargeObjectInput *large = palloc0_object(LargeObjectInput);
	int64 size;

	/* Checks that it is there, and the user's right to read it. */
	large->object = inv_open(large_object, INV_READ, CurrentMemoryContext);
	size = inv_seek(large->object, 0, SEEK_END);
	mxpg_check_artifact_size((uint64) size);
	inv_seek(large->object, 0, SEEK_SET);
	large->piece = palloc(MXPG_CHUNK_SIZE);
	large->input.source.next = next_of_large_object;
	large->input.source.ctx = large;
	large->input.source.total = (size_t) size;
	large->input.rewind = rewind_large_object;
	large->input.close = close_large_object;
	return &large->input;
}
