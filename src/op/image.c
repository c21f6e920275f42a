/* image.c */
/* Collects the pieces of a plan image and streams them out in order. */
#include "op/image.h"

#include "base/checked.h"

#include <stdint.h>
#include <string.h>

/* The largest alignment a piece may ask for, and that of the whole. */
#define IMAGE_ALIGNMENT ((size_t) 64)

/* Smaller pieces are made at once. */
#define LEAST_PROMISED ((size_t) 1024 * 1024)
/* Of a promised piece, made and passed on together. */
#define PART_SIZE ((size_t) 256 * 1024)

typedef struct Piece
{
	size_t offset;
	size_t size;
	void *data;       /* NULL: promised */
	MxImageFill fill; /* of what is promised */
	const void *ctx;
	size_t element; /* bytes */
} Piece;

struct MxImageWriter
{
	MxArena *arena;
	Piece *pieces; /* ascending by offset */
	size_t n_pieces;
	size_t capacity;
	size_t size;   /* end of the last piece */
	char *part;    /* of a promised piece; NULL: nothing is promised */
	size_t n_part; /* bytes */
};

MxStatus
mx_image_create(MxArena *arena, MxImageWriter **out, MxError *err)
{
	MxImageWriter *w = mx_arena_array(arena, MxImageWriter, 1, err);

	MX_NEED(w, err);
	w->arena = arena;
	*out = w;
	return MX_OK;
}

/* The next piece, its data not there yet. */
static MxStatus
add_piece(MxImageWriter *w, size_t count, size_t size, size_t align,
          Piece **out, MxError *err)
{
	size_t bytes;
	Piece *piece;

	/* 2^62: far beyond memory, and aligning it cannot overflow. */
	if (!mx_size_mul(count, size, &bytes) || bytes > SIZE_MAX / 4 ||
	    w->size > SIZE_MAX / 4)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "model is too large to compile");
	MX_TRY(mx_arena_grow(w->arena, (void **) &w->pieces, w->n_pieces,
	                     &w->capacity, sizeof(Piece), err));
	piece = &w->pieces[w->n_pieces++];
	*piece =
	    (Piece){.offset = (w->size + align - 1) & ~(align - 1), .size = bytes};
	w->size = piece->offset + bytes;
	*out = piece;
	return MX_OK;
}

MxStatus
mx_image_reserve(MxImageWriter *w, size_t count, size_t size, size_t align,
                 MxRef *ref, void **ptr, MxError *err)
{
	Piece *piece;

	MX_TRY(add_piece(w, count, size, align, &piece, err));
	piece->data = mx_arena_alloc(w->arena, count, size, err);
	MX_NEED(piece->data, err);
	*ref = piece->offset;
	*ptr = piece->data;
	return MX_OK;
}

static bool
is_small(size_t count, size_t size)
{
	size_t bytes;

	return mx_size_mul(count, size, &bytes) && bytes < LEAST_PROMISED;
}

/* Room for a part; elements may be larger than one is. */
static MxStatus
make_part(MxImageWriter *w, size_t element, MxError *err)
{
	size_t n = element > PART_SIZE ? element : PART_SIZE;

	if (n <= w->n_part)
		return MX_OK;
	w->part = mx_arena_alloc(w->arena, n, 1, err);
	MX_NEED(w->part, err);
	w->n_part = n;
	return MX_OK;
}

MxStatus
mx_image_promise(MxImageWriter *w, size_t count, size_t size, size_t align,
                 MxImageFill fill, const void *ctx, MxRef *ref, MxError *err)
{
	Piece *piece;
	void *ptr = NULL;

	if (is_small(count, size))
	{
		MX_TRY(mx_image_reserve(w, count, size, align, ref, &ptr, err));
		fill(ctx, 0, count, ptr);
		return MX_OK;
	}
	MX_TRY(add_piece(w, count, size, align, &piece, err));
	MX_TRY(make_part(w, size, err));
	piece->fill = fill;
	piece->ctx = ctx;
	piece->element = size;
	*ref = piece->offset;
	return MX_OK;
}

bool
mx_image_is_promised(const MxImageWriter *w)
{
	return w->part != NULL;
}

MxStatus
mx_image_store(MxImageWriter *w, const void *from, size_t count, size_t size,
               size_t align, MxRef *ref, MxError *err)
{
	void *to = NULL;

	MX_TRY(mx_image_reserve(w, count, size, align, ref, &to, err));
	if (count != 0 && size != 0)
		memcpy(to, from, count * size);
	return MX_OK;
}

MxStatus
mx_image_store_text(MxImageWriter *w, MxText text, MxImageText *out,
                    MxError *err)
{
	out->data = 0;
	out->size = 0;
	if (text.data == NULL)
		return MX_OK;
	out->size = text.size;
	return mx_image_store(w, text.data, text.size, 1, 1, &out->data, err);
}

void *
mx_image_scratch(MxImageWriter *w, size_t count, size_t size, MxError *err)
{
	return mx_arena_alloc(w->arena, count, size, err);
}

const void *
mx_image_peek(const MxImageWriter *w, MxRef ref)
{
	size_t low = 0;
	size_t high = w->n_pieces;

	/* The last piece that starts at ref or before, empty ones skipped. */
	while (high - low > 1)
	{
		size_t middle = low + (high - low) / 2;

		if (w->pieces[middle].offset <= ref)
			low = middle;
		else
			high = middle;
	}
	/* Through an integer: the base itself points to nothing. */
	return (const void *) ((uintptr_t) w->pieces[low].data -
	                       w->pieces[low].offset);
}

size_t
mx_image_size(const MxImageWriter *w)
{
	return (w->size + IMAGE_ALIGNMENT - 1) & ~(IMAGE_ALIGNMENT - 1);
}

static MxStatus
keep_promise(const MxImageWriter *w, const Piece *piece, MxImageSink sink,
             void *ctx, MxError *err)
{
	size_t count = piece->size / piece->element;
	size_t most = w->n_part / piece->element;
	size_t first;
	size_t n;

	for (first = 0; first < count; first += n)
	{
		n = count - first < most ? count - first : most;
		memset(w->part, 0, n * piece->element);
		piece->fill(piece->ctx, first, n, w->part);
		MX_TRY(sink(ctx, w->part, n * piece->element, err));
	}
	return MX_OK;
}

MxStatus
mx_image_finish(MxImageWriter *w, MxImageSink sink, void *ctx, MxError *err)
{
	static const char zeros[IMAGE_ALIGNMENT];
	size_t done = 0;
	size_t i;

	for (i = 0; i < w->n_pieces; i++)
	{
		const Piece *piece = &w->pieces[i];

		if (piece->offset > done)
			MX_TRY(sink(ctx, zeros, piece->offset - done, err));
		if (piece->fill != NULL)
			MX_TRY(keep_promise(w, piece, sink, ctx, err));
		else if (piece->size > 0)
			MX_TRY(sink(ctx, piece->data, piece->size, err));
		done = piece->offset + piece->size;
	}
	if (mx_image_size(w) > done)
		MX_TRY(sink(ctx, zeros, mx_image_size(w) - done, err));
	return MX_OK;
}

static MxStatus
append(void *ctx, const void *data, size_t size, MxError *err)
{
	char **to = ctx;

	(void) err;
	memcpy(*to, data, size);
	*to += size;
	return MX_OK;
}

MxStatus
mx_image_lay_out(MxImageWriter *w, void *to, MxError *err)
{
	char *at = to;

	return mx_image_finish(w, append, &at, err);
}
