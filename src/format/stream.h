/*
 * stream.h: what decompressors read from and write to; private.
 */
#ifndef MX_FORMAT_STREAM_H
#define MX_FORMAT_STREAM_H

#include "base/arena.h"
#include "base/limits.h"
#include "format/source.h"

#include <stdbool.h>

#define MX_HEAD_BYTES 32
#define MX_MAX_CHUNKS 64

/* The pieces of a source in slices, with a look at the first bytes. */
typedef struct MxInput
{
	const MxSource *source;
	const MxLimits *limits;
	const uint8_t *data; /* what is at hand */
	size_t left;
	const uint8_t *piece; /* what follows it of the source's piece */
	size_t piece_left;
	size_t taken; /* bytes ever put at hand */
	bool is_end;  /* nothing at hand, nothing to come */
	uint8_t head[MX_HEAD_BYTES];
	size_t n_head;
} MxInput;

/* Fills head with the first bytes, as many as there are. */
MxStatus mx_input_begin(MxInput *in, const MxSource *source,
                        const MxLimits *limits, MxError *err);
/* Puts bytes at hand when there are none, or sets is_end. */
MxStatus mx_input_fill(MxInput *in, MxError *err);
/* n bytes, from as many pieces as it takes; what names them in the error. */
MxStatus mx_input_read(MxInput *in, uint8_t *out, size_t n, const char *what,
                       MxError *err);

typedef struct MxChunk
{
	uint8_t *data;
	size_t size;
	size_t used;
} MxChunk;

/*
 * What is produced: chunks, each as large as all before it, joined at the
 * end.  So at the peak there are two copies and no more, which doubling one
 * buffer would not keep to.
 */
typedef struct MxOutput
{
	const MxLimits *limits;
	const MxHeap *heap;
	const MxInput *in;
	size_t stored; /* bytes of the artifact, when in is a layer inside */
	size_t before; /* bytes that outer layers have produced */
	size_t produced;
	size_t guess; /* of the size, for the first chunk */
	MxChunk chunks[MX_MAX_CHUNKS];
	size_t n_chunks;
} MxOutput;

/* Room for at least one byte, a step's worth at most. */
MxStatus mx_output_room(MxOutput *out, uint8_t **at, size_t *room,
                        MxError *err);
/* So many bytes were written to that room: this is where limits are met. */
MxStatus mx_output_add(MxOutput *out, size_t n, MxError *err);
MxStatus mx_output_write(MxOutput *out, const uint8_t *data, size_t n,
                         MxError *err);
/* One buffer from heap, for the caller to free. */
MxStatus mx_output_join(MxOutput *out, uint8_t **data, size_t *size,
                        MxError *err);
void mx_output_destroy(MxOutput *out);

/* NO_MEMORY with its message when NULL. */
void *mx_heap_alloc(const MxHeap *heap, size_t size, MxError *err);

/*
 * A decompressor of some library.  step reads from in, writes up to room bytes
 * to at, and says how many; *ended when a stream is complete.
 */
typedef struct MxCodec
{
	const char *name;
	void *stream;
	MxStatus (*step)(void *stream, MxInput *in, uint8_t *at, size_t room,
	                 size_t *n, bool *ended, MxError *err);
	/* Whether another stream begins with the bytes at hand, started then; NULL: none may. */
	MxStatus (*next)(void *stream, MxInput *in, bool *again, MxError *err);
} MxCodec;

MxStatus mx_codec_run(const MxCodec *codec, MxInput *in, MxOutput *out,
                      MxError *err);

/* One per container. */
MxStatus mx_unpack_zlib(MxInput *in, MxOutput *out, MxError *err);
MxStatus mx_unpack_gzip(MxInput *in, MxOutput *out, MxError *err);
MxStatus mx_unpack_bz2(MxInput *in, MxOutput *out, MxError *err);
MxStatus mx_unpack_xz(MxInput *in, MxOutput *out, MxError *err);
MxStatus mx_unpack_lzma(MxInput *in, MxOutput *out, MxError *err);
MxStatus mx_unpack_lz4(MxInput *in, MxOutput *out, MxError *err);

#endif
