/* inflate.c */
/* zlib and gzip, whose streams zlib reads. */
#include "format/stream.h"

#include <zlib.h>

#define WINDOW_BITS 15
#define GZIP_WRAPPER 16 /* added to the window bits */

static voidpf
take_memory(voidpf opaque, uInt items, uInt size)
{
	const MxHeap *heap = opaque;

	return heap->alloc(heap->ctx, (size_t) items * size);
}

static void
give_memory(voidpf opaque, voidpf piece)
{
	const MxHeap *heap = opaque;

	heap->free(heap->ctx, piece);
}

static MxStatus
fail_for(int code, MxError *err)
{
	if (code == Z_MEM_ERROR)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	if (code == Z_NEED_DICT)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "zlib data needs a dictionary");
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET, "zlib data is damaged");
}

static MxStatus
step(void *stream, MxInput *in, uint8_t *at, size_t room, size_t *n,
     bool *ended, MxError *err)
{
	z_stream *z = stream;
	int code;

	z->next_in = (z_const Bytef *) in->data;
	z->avail_in = (uInt) in->left;
	z->next_out = at;
	z->avail_out = (uInt) room;
	code = inflate(z, Z_NO_FLUSH);
	in->data += in->left - z->avail_in;
	in->left = z->avail_in;
	*n = room - z->avail_out;
	*ended = code == Z_STREAM_END;
	if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
		return fail_for(code, err);
	return MX_OK;
}

/* gzip files may be several in a row, and may be padded with zeros. */
static MxStatus
next_member(void *stream, MxInput *in, bool *again, MxError *err)
{
	while (!in->is_end && in->data[0] == 0)
	{
		in->data++;
		in->left--;
		MX_TRY(mx_input_fill(in, err));
	}
	*again = !in->is_end && in->data[0] == 0x1f;
	if (*again && inflateReset(stream) != Z_OK)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "could not start zlib");
	return MX_OK;
}

static MxStatus
run(MxCodec *codec, int window_bits, MxInput *in, MxOutput *out, MxError *err)
{
	z_stream z = {
	    .zalloc = take_memory,
	    .zfree = give_memory,
	    .opaque = (voidpf) out->heap,
	};
	int code = inflateInit2(&z, window_bits);
	MxStatus status;

	if (code != Z_OK)
		return fail_for(code, err);
	codec->stream = &z;
	status = mx_codec_run(codec, in, out, err);
	inflateEnd(&z);
	return status;
}

MxStatus
mx_unpack_zlib(MxInput *in, MxOutput *out, MxError *err)
{
	MxCodec codec = {.name = "zlib", .step = step};

	return run(&codec, WINDOW_BITS, in, out, err);
}

MxStatus
mx_unpack_gzip(MxInput *in, MxOutput *out, MxError *err)
{
	MxCodec codec = {.name = "gzip", .step = step, .next = next_member};

	return run(&codec, WINDOW_BITS + GZIP_WRAPPER, in, out, err);
}
