/*
 * engine_kit.h: from a finished model to scores, for tests.
 */
#ifndef MX_TESTS_UNIT_ENGINE_KIT_H
#define MX_TESTS_UNIT_ENGINE_KIT_H

#include "check.h"

#include "engine/plan.h"
#include "model/builder.h"

#include <stdint.h>
#include <stdlib.h>

/* Bytes collected by mx_image_finish, aligned as a mapped file is. */
typedef struct KitImage
{
	uint8_t *bytes;
	size_t size;
	size_t capacity;
} KitImage;

static inline MxStatus
kit_sink(void *ctx, const void *data, size_t size, MxError *err)
{
	KitImage *image = ctx;

	if (size > image->capacity - image->size)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "image is larger than it said");
	memcpy(image->bytes + image->size, data, size);
	image->size += size;
	return MX_OK;
}

/* image->bytes is to be freed, on failure too. */
static inline MxStatus
kit_compile(const MxModel *model, const MxHeap *heap, KitImage *image,
            MxError *err)
{
	MxArena *arena = mx_arena_create(heap, SIZE_MAX);
	MxImageWriter *w = NULL;
	MxStatus status;

	*image = (KitImage){0};
	if (arena == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = mx_image_create(arena, &w, err);
	if (status == MX_OK)
		status = mx_plan_compile(model, heap, w, err);
	if (status == MX_OK)
	{
		image->capacity = mx_image_size(w);
		image->bytes = aligned_alloc(64, image->capacity);
		status = mx_image_finish(w, kit_sink, image, err);
	}
	mx_arena_destroy(arena);
	return status;
}

/* A model on its way from builder to scorer. */
typedef struct Kit
{
	MxArena *arena;
	MxBuilder *b;
	MxNodeId in;
	MxAnswers answers;
	MxModelInfo info;
	MxError err;
	KitImage image;
	const MxPlan *plan;
} Kit;

static inline void
kit_begin(Kit *kit)
{
	*kit = (Kit){0};
	kit->arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	CHECK_OK(mx_builder_create(kit->arena, &kit->b, &kit->err), &kit->err);
	kit->in = mx_builder_input(kit->b);
	kit->info.class_name = MX_TEXT_LITERAL("Pipeline");
}

static inline bool
kit_finish(Kit *kit)
{
	const MxModel *model = NULL;
	MxError *err = &kit->err;

	if (!CHECK_OK(
	        mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, err),
	        err))
		return false;
	if (!CHECK_OK(kit_compile(model, &mx_libc_heap, &kit->image, err), err))
		return false;
	return CHECK_OK(mx_plan_attach(kit->image.bytes, kit->image.size,
	                               kit->arena, &kit->plan, err),
	                err);
}

static inline void
kit_end(Kit *kit)
{
	free(kit->image.bytes);
	mx_arena_destroy(kit->arena);
}

static inline MxScorer *
kit_scorer(Kit *kit, MxAnswerKind kind, size_t max_rows)
{
	MxWanted wanted = {kind};
	MxScorer *scorer = NULL;

	CHECK_OK(mx_scorer_create(kit->plan, &wanted, 1, max_rows, kit->arena,
	                          &scorer, &kit->err),
	         &kit->err);
	return scorer;
}

/* Columns over a matrix (n_columns, rows) of numbers. */
static inline const MxColumn *
kit_columns(Kit *kit, const double *numbers, size_t n_columns, size_t rows)
{
	MxColumn *columns =
	    mx_arena_array(kit->arena, MxColumn, n_columns, &kit->err);
	size_t j;

	for (j = 0; j < n_columns; j++)
		columns[j].numbers = numbers + j * rows;
	return columns;
}

/* Numbers with no pattern, the same in each run. */
static inline double
kit_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (double) (*state >> 11) * 0x1p-53 * 4 - 2;
}

static inline size_t
kit_random_below(uint64_t *state, size_t n)
{
	(void) kit_random(state);
	return (size_t) (*state >> 33) % n;
}

#endif
