/* xz.c */
/* xz and the older lzma container, by liblzma. */
#include "format/stream.h"

#include <lzma.h>

/*
 * A few bytes of header ask for the whole dictionary at once.  The largest
 * preset, -9, needs 65 MB.
 */
#define MAX_DECODER_MEMORY ((uint64_t) 128 * 1024 * 1024)

static void *
take_memory(void *opaque, size_t items, size_t size)
{
	const MxHeap *heap = opaque;

	/* liblzma always asks for one item of so many bytes. */
	return items <= 1 ? heap->alloc(heap->ctx, size) : NULL;
}

static void
give_memory(void *opaque, void *piece)
{
	const MxHeap *heap = opaque;

	if (piece != NULL)
		heap->free(heap->ctx, piece);
}

static MxStatus
fail_for(lzma_ret code, MxError *err)
{
	if (code == LZMA_MEM_ERROR)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	if (code == LZMA_MEMLIMIT_ERROR)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "xz data needs more than %u MB to be decompressed",
		               (unsigned) (MAX_DECODER_MEMORY / (1024 * 1024)));
	if (code == LZMA_OPTIONS_ERROR)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "xz data uses a filter that is not supported");
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET, "xz data is damaged");
}

static MxStatus
step(void *stream, MxInput *in, uint8_t *at, size_t room, size_t *n,
     bool *ended, MxError *err)
{
	lzma_stream *lzma = stream;
	lzma_ret code;

	lzma->next_in = in->data;
	lzma->avail_in = in->left;
	lzma->next_out = at;
	lzma->avail_out = room;
	code = lzma_code(lzma, in->is_end ? LZMA_FINISH : LZMA_RUN);
	if (in->left != 0)
		in->data += in->left - lzma->avail_in;
	in->left = lzma->avail_in;
	*n = room - lzma->avail_out;
	*ended = code == LZMA_STREAM_END;
	/* Without more input there is no progress: a truncated artifact. */
	if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR)
		return fail_for(code, err);
	return MX_OK;
}

static MxStatus
run(lzma_stream *lzma, lzma_ret code, const char *name, MxInput *in,
    MxOutput *out, MxError *err)
{
	MxCodec codec = {.name = name, .stream = lzma, .step = step};
	MxStatus status;

	if (code != LZMA_OK)
		return fail_for(code, err);
	status = mx_codec_run(&codec, in, out, err);
	lzma_end(lzma);
	return status;
}

MxStatus
mx_unpack_xz(MxInput *in, MxOutput *out, MxError *err)
{
	lzma_allocator allocator = {take_memory, give_memory, (void *) out->heap};
	lzma_stream lzma = LZMA_STREAM_INIT;

	lzma.allocator = &allocator;
	/* Several streams in a row are one; it ends when the input does. */
	return run(
	    &lzma,
	    lzma_stream_decoder(&lzma, MAX_DECODER_MEMORY, LZMA_CONCATENATED), "xz",
	    in, out, err);
}

MxStatus
mx_unpack_lzma(MxInput *in, MxOutput *out, MxError *err)
{
	lzma_allocator allocator = {take_memory, give_memory, (void *) out->heap};
	lzma_stream lzma = LZMA_STREAM_INIT;

	lzma.allocator = &allocator;
	return run(&lzma, lzma_alone_decoder(&lzma, MAX_DECODER_MEMORY), "lzma", in,
	           out, err);
}
