/* bzip.c */
/* bzip2, by libbz2. */
#include "format/stream.h"

#include <bzlib.h>

static void *
take_memory(void *opaque, int items, int size)
{
	const MxHeap *heap = opaque;

	return heap->alloc(heap->ctx, (size_t) items * (size_t) size);
}

static void
give_memory(void *opaque, void *piece)
{
	const MxHeap *heap = opaque;

	if (piece != NULL)
		heap->free(heap->ctx, piece);
}

static MxStatus
fail_for(int code, MxError *err)
{
	if (code == BZ_MEM_ERROR)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET, "bz2 data is damaged");
}

static MxStatus
start(bz_stream *bz, MxError *err)
{
	int code = BZ2_bzDecompressInit(bz, 0, 0);

	return code == BZ_OK ? MX_OK : fail_for(code, err);
}

static MxStatus
step(void *stream, MxInput *in, uint8_t *at, size_t room, size_t *n,
     bool *ended, MxError *err)
{
	bz_stream *bz = stream;
	int code;

	bz->next_in = (char *) in->data;
	bz->avail_in = (unsigned) in->left;
	bz->next_out = (char *) at;
	bz->avail_out = (unsigned) room;
	code = BZ2_bzDecompress(bz);
	in->data += in->left - bz->avail_in;
	in->left = bz->avail_in;
	*n = room - bz->avail_out;
	*ended = code == BZ_STREAM_END;
	return code == BZ_OK || code == BZ_STREAM_END ? MX_OK : fail_for(code, err);
}

/* Parallel compressors write many streams in a row. */
static MxStatus
next_stream(void *stream, MxInput *in, bool *again, MxError *err)
{
	*again = in->data[0] == 'B';
	if (!*again)
		return MX_OK;
	BZ2_bzDecompressEnd(stream);
	return start(stream, err);
}

MxStatus
mx_unpack_bz2(MxInput *in, MxOutput *out, MxError *err)
{
	bz_stream bz = {
	    .bzalloc = take_memory,
	    .bzfree = give_memory,
	    .opaque = (void *) out->heap,
	};
	MxCodec codec = {
	    .name = "bz2", .stream = &bz, .step = step, .next = next_stream};
	MxStatus status;

	MX_TRY(start(&bz, err));
	status = mx_codec_run(&codec, in, out, err);
	/* Does nothing when the next stream could not be started. */
	BZ2_bzDecompressEnd(&bz);
	return status;
}
