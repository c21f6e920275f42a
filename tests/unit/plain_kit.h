/*
 * plain_kit.h: for tests: one model by two plans, with passes and without.
 */
#ifndef MX_TESTS_UNIT_PLAIN_KIT_H
#define MX_TESTS_UNIT_PLAIN_KIT_H

#include "engine_kit.h"

#include <math.h>

#define MOST_ROWS 140

/* image->bytes is to be freed. */
static inline const MxPlan *
finish_plan(Kit *kit, MxImageWriter *w, KitImage *image)
{
	const MxPlan *plan = NULL;
	MxError *err = &kit->err;

	*image = (KitImage){.capacity = mx_image_size(w)};
	image->bytes = aligned_alloc(64, image->capacity);
	CHECK_OK(mx_image_finish(w, kit_sink, image, err), err);
	CHECK_OK(mx_plan_attach(image->bytes, image->size, kit->arena, &plan, err),
	         err);
	return plan;
}

/* The kit's image, by one or the other way of compiling. */
static inline const MxPlan *
compile_one(Kit *kit, const MxModel *model, bool is_plain, KitImage *image)
{
	MxImageWriter *w = NULL;
	MxError *err = &kit->err;

	CHECK_OK(mx_image_create(kit->arena, &w, err), err);
	CHECK_OK((is_plain ? mx_plan_compile_plain
	                   : mx_plan_compile)(model, &mx_libc_heap, w, err),
	         err);
	return finish_plan(kit, w, image);
}

/* The plan for rows that hold what is known. */
static inline const MxPlan *
compile_known(Kit *kit, const MxModel *model, const MxKnown *known,
              KitImage *image, MxPruning *pruning)
{
	MxImageWriter *w = NULL;
	const MxPlan *plan;
	MxError *err = &kit->err;

	CHECK_OK(mx_image_create(kit->arena, &w, err), err);
	CHECK_OK(mx_plan_compile_known(model, known, &mx_libc_heap, w, err), err);
	plan = finish_plan(kit, w, image);
	*pruning = mx_plan_pruning(plan);
	return plan;
}

typedef struct Result
{
	MxScorer *scorer;
	uint8_t status[MOST_ROWS];
	MxBlock outs[3];
} Result;

static inline void
run(Kit *kit, const MxPlan *plan, const MxWanted *wanted, size_t n_wanted,
    const MxColumn *columns, size_t rows, Result *result)
{
	MxError *err = &kit->err;

	CHECK_OK(mx_scorer_create(plan, wanted, n_wanted, rows, kit->arena,
	                          &result->scorer, err),
	         err);
	CHECK_OK(mx_scorer_run(result->scorer, columns, rows, result->outs,
	                       result->status, err),
	         err);
}

static inline bool
is_same(double x, double y)
{
	return memcmp(&x, &y, sizeof(x)) == 0 || (isnan(x) && isnan(y));
}

static inline void
compare_blocks(const MxBlock *x, const MxBlock *y, const uint8_t *status)
{
	size_t j;
	size_t i;

	CHECK(x->n_columns == y->n_columns);
	for (j = 0; x->sparse == NULL && j < x->n_columns; j++)
		for (i = 0; i < x->n_rows; i++)
			if (status[i] == MX_OK)
				CHECK(is_same(x->columns[j].numbers[i],
				              y->columns[j].numbers[i]));
}

static inline void
compare(const MxColumn *columns, size_t n_wanted, size_t rows, Result *x,
        Result *y)
{
	size_t i;

	for (i = 0; i < n_wanted; i++)
		compare_blocks(&x->outs[i], &y->outs[i], x->status);
	for (i = 0; i < rows; i++)
	{
		MxError why_x = {0};
		MxError why_y = {0};

		CHECK(x->status[i] == y->status[i]);
		if (x->status[i] == MX_OK)
			continue;
		mx_scorer_explain(x->scorer, columns, NULL, i, &why_x);
		mx_scorer_explain(y->scorer, columns, NULL, i, &why_y);
		CHECK(strcmp(why_x.message, why_y.message) == 0);
	}
}

#endif
