/*
 * image.h: a plan is one run of bytes that refers to itself by offsets, so
 * that it means the same wherever it is mapped.
 *
 * The writer keeps a list of blocks (pointers are stable until finish, nothing
 * grows) and streams them to a file or to memory at the end.  Large ones may
 * be promised: they are only made while they are streamed.
 */
#ifndef MX_OP_IMAGE_H
#define MX_OP_IMAGE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t MxRef; /* bytes from the start of the image; 0 is "none" */

typedef struct MxImageWriter MxImageWriter;

/* Takes size bytes in order; called repeatedly. */
typedef MxStatus (*MxImageSink)(void *ctx, const void *data, size_t size,
                                MxError *err);

/* The blocks live in arena; the first reserve of all gets reference 0. */
MxStatus mx_image_create(MxArena *arena, MxImageWriter **out, MxError *err);

/*
 * count * size zeroed bytes at an offset that is a multiple of align (a power
 * of two up to 64); *ptr is where to fill them in until finish.
 */
MxStatus mx_image_reserve(MxImageWriter *w, size_t count, size_t size,
                          size_t align, MxRef *ref, void **ptr, MxError *err);
/* The same, filled with a copy. */
MxStatus mx_image_store(MxImageWriter *w, const void *from, size_t count,
                        size_t size, size_t align, MxRef *ref, MxError *err);

/* Makes elements first to first + n - 1 of a piece at to, which is zeroed. */
typedef void (*MxImageFill)(const void *ctx, size_t first, size_t n, void *to);

/*
 * count elements of size bytes that fill makes, from ctx and what that refers
 * to; both must live until finish when mx_image_is_promised() says so.  An
 * image as large as its model then takes no memory beside it.
 */
MxStatus mx_image_promise(MxImageWriter *w, size_t count, size_t size,
                          size_t align, MxImageFill fill, const void *ctx,
                          MxRef *ref, MxError *err);
bool mx_image_is_promised(const MxImageWriter *w);

/* Zeroed memory that dies with the writer and is no part of the image. */
void *mx_image_scratch(MxImageWriter *w, size_t count, size_t size,
                       MxError *err);

/*
 * A base for mx_at while there is no image yet: only the piece that was
 * reserved at ref may be read through it, and none that is promised.
 */
const void *mx_image_peek(const MxImageWriter *w, MxRef ref);

/* Bytes that finish will write. */
size_t mx_image_size(const MxImageWriter *w);
MxStatus mx_image_finish(MxImageWriter *w, MxImageSink sink, void *ctx,
                         MxError *err);
/* To memory for all of it, aligned to 64. */
MxStatus mx_image_lay_out(MxImageWriter *w, void *to, MxError *err);

/* Texts in an image. */
typedef struct MxImageText
{
	MxRef data; /* 0 is the missing text */
	uint64_t size;
} MxImageText;

MxStatus mx_image_store_text(MxImageWriter *w, MxText text, MxImageText *out,
                             MxError *err);

#define mx_at(image, type, ref) \
	((const type *) (const void *) ((const char *) (image) + (ref)))

static inline MxText
mx_image_text(const void *image, MxImageText text)
{
	MxText out = {NULL, 0};

	if (text.data != 0)
	{
		out.data = mx_at(image, char, text.data);
		out.size = (size_t) text.size;
	}
	return out;
}

#endif
