/* stream.c */
/* Compressed bytes in, produced bytes out, piece by piece within limits. */
#include "format/stream.h"

#include <string.h>

/* A step of work between two looks at limits and cancel. */
#define STEP_BYTES ((size_t) 256 * 1024)

#define FIRST_CHUNK ((size_t) 64 * 1024)
#define LARGEST_GUESS ((size_t) 16 * 1024 * 1024)
#define LARGEST_CHUNK ((size_t) 256 * 1024 * 1024)

void *
mx_heap_alloc(const MxHeap *heap, size_t size, MxError *err)
{
	void *piece = heap->alloc(heap->ctx, size);

	if (piece == NULL)
	{
		mx_set_error(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
		mx_set_detail(err, "Failed on request of size %zu.", size);
	}
	return piece;
}

static MxStatus
next_piece(MxInput *in, MxError *err)
{
	MX_TRY(mx_poll(in->limits, err));
	return in->source->next(in->source->ctx, &in->piece, &in->piece_left, err);
}

MxStatus
mx_input_begin(MxInput *in, const MxSource *source, const MxLimits *limits,
               MxError *err)
{
	memset(in, 0, sizeof(*in));
	in->source = source;
	in->limits = limits;
	while (in->n_head < MX_HEAD_BYTES)
	{
		size_t n = MX_HEAD_BYTES - in->n_head;

		if (in->piece_left == 0)
			MX_TRY(next_piece(in, err));
		if (in->piece_left == 0)
			break;
		n = n < in->piece_left ? n : in->piece_left;
		memcpy(in->head + in->n_head, in->piece, n);
		in->n_head += n;
		in->piece += n;
		in->piece_left -= n;
	}
	in->data = in->head;
	in->left = in->n_head;
	in->taken = in->n_head;
	return MX_OK;
}

MxStatus
mx_input_fill(MxInput *in, MxError *err)
{
	if (in->left != 0 || in->is_end)
		return MX_OK;
	if (in->piece_left == 0)
		MX_TRY(next_piece(in, err));
	else
		MX_TRY(mx_poll(in->limits, err));
	in->data = in->piece;
	in->left = in->piece_left < STEP_BYTES ? in->piece_left : STEP_BYTES;
	in->is_end = in->left == 0;
	in->taken += in->left;
	if (in->left != 0)
		in->piece += in->left;
	in->piece_left -= in->left;
	return MX_OK;
}

MxStatus
mx_input_read(MxInput *in, uint8_t *out, size_t n, const char *what,
              MxError *err)
{
	while (n != 0)
	{
		size_t step;

		MX_TRY(mx_input_fill(in, err));
		if (in->is_end)
			return mx_fail(err, MX_ERR_TRUNCATED, MX_NO_OFFSET,
			               "artifact ends inside its %s", what);
		step = n < in->left ? n : in->left;
		memcpy(out, in->data, step);
		in->data += step;
		in->left -= step;
		out += step;
		n -= step;
	}
	return MX_OK;
}

/* Never more than a byte beyond the limit, where the failure is found. */
static size_t
next_chunk_size(const MxOutput *out)
{
	size_t most = out->limits->max_decompressed - out->produced;
	size_t size = out->produced;

	if (out->n_chunks == 0)
		size = out->guess < LARGEST_GUESS ? out->guess : LARGEST_GUESS;
	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < FIRST_CHUNK)
		size = FIRST_CHUNK;
	return size <= most ? size : most + 1;
}

static MxStatus
add_chunk(MxOutput *out, MxError *err)
{
	MxChunk *chunk = &out->chunks[out->n_chunks];

	if (out->n_chunks == MX_MAX_CHUNKS)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "artifact is larger than can be read");
	chunk->size = next_chunk_size(out);
	chunk->used = 0;
	chunk->data = mx_heap_alloc(out->heap, chunk->size, err);
	MX_NEED(chunk->data, err);
	out->n_chunks++;
	return MX_OK;
}

MxStatus
mx_output_room(MxOutput *out, uint8_t **at, size_t *room, MxError *err)
{
	MxChunk *chunk;

	if (out->n_chunks == 0 || out->chunks[out->n_chunks - 1].used ==
	                              out->chunks[out->n_chunks - 1].size)
		MX_TRY(add_chunk(out, err));
	chunk = &out->chunks[out->n_chunks - 1];
	*at = chunk->data + chunk->used;
	*room = chunk->size - chunk->used;
	if (*room > STEP_BYTES)
		*room = STEP_BYTES;
	return MX_OK;
}

static MxStatus
check_limits(const MxOutput *out, MxError *err)
{
	const MxLimits *limits = out->limits;
	size_t consumed = out->stored != 0 ? out->stored : out->in->taken;

	if (out->produced > limits->max_decompressed - out->before)
	{
		MxSize most = mx_size(limits->max_decompressed);

		mx_set_error(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		             "artifact is larger than %zu %s when decompressed", most.n,
		             most.unit);
		mx_set_hint(err, "You might need to increase "
		                 "\"model_ext.max_decompressed_size\".");
		return err->status;
	}
	if (out->produced > MX_RATIO_FREE_BYTES &&
	    out->produced / limits->max_ratio > consumed)
	{
		mx_set_error(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		             "artifact is compressed to less than 1/%u of its size",
		             (unsigned) limits->max_ratio);
		mx_set_hint(err, "You might need to increase "
		                 "\"model_ext.max_compression_ratio\".");
		return err->status;
	}
	return MX_OK;
}

MxStatus
mx_output_add(MxOutput *out, size_t n, MxError *err)
{
	out->chunks[out->n_chunks - 1].used += n;
	out->produced += n;
	MX_TRY(check_limits(out, err));
	return mx_poll(out->limits, err);
}

MxStatus
mx_output_write(MxOutput *out, const uint8_t *data, size_t n, MxError *err)
{
	while (n != 0)
	{
		uint8_t *at;
		size_t room;

		MX_TRY(mx_output_room(out, &at, &room, err));
		room = room < n ? room : n;
		memcpy(at, data, room);
		MX_TRY(mx_output_add(out, room, err));
		data += room;
		n -= room;
	}
	return MX_OK;
}

MxStatus
mx_output_join(MxOutput *out, uint8_t **data, size_t *size, MxError *err)
{
	size_t at = 0;
	size_t i;

	*size = out->produced;
	if (out->n_chunks == 1)
	{
		*data = out->chunks[0].data;
		out->n_chunks = 0;
		return MX_OK;
	}
	*data = mx_heap_alloc(out->heap, out->produced + 1, err);
	MX_NEED(*data, err);
	for (i = 0; i < out->n_chunks; i++)
	{
		memcpy(*data + at, out->chunks[i].data, out->chunks[i].used);
		at += out->chunks[i].used;
	}
	return MX_OK;
}

void
mx_output_destroy(MxOutput *out)
{
	size_t i;

	for (i = 0; i < out->n_chunks; i++)
		out->heap->free(out->heap->ctx, out->chunks[i].data);
	out->n_chunks = 0;
}

static MxStatus
finish_stream(const MxCodec *codec, MxInput *in, bool *again, MxError *err)
{
	*again = false;
	MX_TRY(mx_input_fill(in, err));
	if (in->is_end)
		return MX_OK;
	if (codec->next != NULL)
	{
		MX_TRY(codec->next(codec->stream, in, again, err));
		MX_TRY(mx_input_fill(in, err));
	}
	if (!*again && !in->is_end)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "bytes follow the end of the %s data", codec->name);
	return MX_OK;
}

MxStatus
mx_codec_run(const MxCodec *codec, MxInput *in, MxOutput *out, MxError *err)
{
	bool again = true;

	while (again)
	{
		bool ended = false;
		uint8_t *at;
		size_t room;
		size_t left;
		size_t n;

		MX_TRY(mx_input_fill(in, err));
		MX_TRY(mx_output_room(out, &at, &room, err));
		left = in->left;
		MX_TRY(codec->step(codec->stream, in, at, room, &n, &ended, err));
		MX_TRY(mx_output_add(out, n, err));
		if (ended)
			MX_TRY(finish_stream(codec, in, &again, err));
		else if (n == 0 && in->left == left && in->is_end)
			return mx_fail(err, MX_ERR_TRUNCATED, MX_NO_OFFSET,
			               "artifact ends inside its %s data", codec->name);
	}
	return MX_OK;
}
