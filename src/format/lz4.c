/* lz4.c */
/* LZ4 frames (lz4_Frame_format.md 1.6), their blocks by liblz4. */
#include "format/stream.h"
#include "format/xxh32.h"

#include <lz4.h>
#include <string.h>

#define MAGIC 0x184D2204u
#define WINDOW ((size_t) 64 * 1024)
#define STORED_BLOCK 0x80000000u

typedef struct Frame
{
	bool has_linked_blocks;
	bool has_block_checksums;
	bool has_content_size;
	bool has_content_checksum;
	size_t block_size; /* the largest */
	uint8_t *packed;   /* one block as stored */
	uint8_t *window;   /* WINDOW bytes of history, then one block */
	size_t history;    /* bytes of it that are there */
	MxXxh32 content;
} Frame;

static MxStatus
damaged(const char *what, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
	               "lz4 data is damaged (%s)", what);
}

static MxStatus
read_u32(MxInput *in, uint32_t *out, MxError *err)
{
	uint8_t at[4];

	MX_TRY(mx_input_read(in, at, sizeof(at), "lz4 data", err));
	*out = (uint32_t) at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 |
	       (uint32_t) at[3] << 24;
	return MX_OK;
}

static uint32_t
checksum(const uint8_t *data, size_t size)
{
	MxXxh32 hash;

	mx_xxh32_begin(&hash);
	mx_xxh32_add(&hash, data, size);
	return mx_xxh32_end(&hash);
}

/* The two bytes of flags. */
static MxStatus
read_flags(Frame *frame, const uint8_t *flags, MxError *err)
{
	unsigned size_code = flags[1] >> 4 & 7;

	if (flags[0] >> 6 != 1 || (flags[0] & 0x02) != 0 ||
	    (flags[1] & 0x8F) != 0 || size_code < 4)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "lz4 frame of an unknown version");
	if ((flags[0] & 0x01) != 0)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "lz4 data needs a dictionary");
	frame->has_linked_blocks = (flags[0] & 0x20) == 0;
	frame->has_block_checksums = (flags[0] & 0x10) != 0;
	frame->has_content_size = (flags[0] & 0x08) != 0;
	frame->has_content_checksum = (flags[0] & 0x04) != 0;
	frame->block_size = (size_t) 1 << (8 + 2 * size_code);
	return MX_OK;
}

/* The content's size is a claim that the end of the blocks makes needless. */
static MxStatus
read_header(MxInput *in, Frame *frame, MxError *err)
{
	uint8_t header[2 + 8 + 1];
	size_t n = 2;

	MX_TRY(mx_input_read(in, header, 2, "lz4 data", err));
	MX_TRY(read_flags(frame, header, err));
	if (frame->has_content_size)
		n += 8;
	MX_TRY(mx_input_read(in, header + 2, n - 2 + 1, "lz4 data", err));
	if (header[n] != (checksum(header, n) >> 8 & 0xFF))
		return damaged("header checksum", err);
	return MX_OK;
}

/* Keeps the last bytes produced in front of the next block. */
static void
slide_window(Frame *frame, size_t n)
{
	size_t total = frame->history + n;
	size_t kept = total < WINDOW ? total : WINDOW;

	memmove(frame->window + WINDOW - kept, frame->window + WINDOW + n - kept,
	        kept);
	frame->history = kept;
}

static MxStatus
unpack_block(Frame *frame, size_t size, bool is_stored, size_t *n, MxError *err)
{
	uint8_t *to = frame->window + WINDOW;
	size_t history = frame->has_linked_blocks ? frame->history : 0;
	int produced;

	if (is_stored)
	{
		memcpy(to, frame->packed, size);
		*n = size;
		return MX_OK;
	}
	produced = LZ4_decompress_safe_usingDict(
	    (const char *) frame->packed, (char *) to, (int) size,
	    (int) frame->block_size, (const char *) (to - history), (int) history);
	if (produced < 0)
		return damaged("block", err);
	*n = (size_t) produced;
	return MX_OK;
}

static MxStatus
read_block(MxInput *in, MxOutput *out, Frame *frame, bool *ended, MxError *err)
{
	uint8_t *block = frame->window + WINDOW;
	uint32_t header;
	uint32_t size;
	uint32_t sum;
	size_t n;

	MX_TRY(read_u32(in, &header, err));
	size = header & ~STORED_BLOCK;
	*ended = header == 0;
	if (*ended)
		return MX_OK;
	if (size > frame->block_size)
		return damaged("block size", err);
	MX_TRY(mx_input_read(in, frame->packed, size, "lz4 data", err));
	if (frame->has_block_checksums)
	{
		MX_TRY(read_u32(in, &sum, err));
		if (sum != checksum(frame->packed, size))
			return damaged("block checksum", err);
	}
	MX_TRY(unpack_block(frame, size, (header & STORED_BLOCK) != 0, &n, err));
	if (frame->has_content_checksum)
		mx_xxh32_add(&frame->content, block, n);
	MX_TRY(mx_output_write(out, block, n, err));
	slide_window(frame, n);
	return MX_OK;
}

static MxStatus
read_blocks(MxInput *in, MxOutput *out, Frame *frame, MxError *err)
{
	bool ended = false;
	uint32_t sum;

	frame->packed = mx_heap_alloc(out->heap, frame->block_size, err);
	MX_NEED(frame->packed, err);
	frame->window = mx_heap_alloc(out->heap, WINDOW + frame->block_size, err);
	MX_NEED(frame->window, err);
	mx_xxh32_begin(&frame->content);
	while (!ended)
		MX_TRY(read_block(in, out, frame, &ended, err));
	if (!frame->has_content_checksum)
		return MX_OK;
	MX_TRY(read_u32(in, &sum, err));
	if (sum != mx_xxh32_end(&frame->content))
		return damaged("content checksum", err);
	return MX_OK;
}

static MxStatus
read_frame(MxInput *in, MxOutput *out, MxError *err)
{
	Frame frame = {0};
	MxStatus status;
	uint32_t magic;

	MX_TRY(read_u32(in, &magic, err));
	if (magic != MAGIC)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "bytes follow the end of the lz4 data");
	MX_TRY(read_header(in, &frame, err));
	status = read_blocks(in, out, &frame, err);
	if (frame.packed != NULL)
		out->heap->free(out->heap->ctx, frame.packed);
	if (frame.window != NULL)
		out->heap->free(out->heap->ctx, frame.window);
	return status;
}

MxStatus
mx_unpack_lz4(MxInput *in, MxOutput *out, MxError *err)
{
	while (!in->is_end)
	{
		MX_TRY(read_frame(in, out, err));
		MX_TRY(mx_input_fill(in, err));
	}
	return MX_OK;
}
