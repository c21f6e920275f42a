/* select_k_best.c */
/* Reads SelectKBest: the k columns with the highest scores. */
#include "reader/linear.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct Scored
{
	double score;
	size_t column;
} Scored;

/* Ascending, and of equal scores the later column last: a stable sort. */
static int
compare_scored(const void *a, const void *b)
{
	const Scored *x = a;
	const Scored *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static int
compare_columns(const void *a, const void *b)
{
	const size_t *x = a;
	const size_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* "all" is n. */
static MxStatus
read_k(MxReadContext *ctx, const MxValue *object, size_t n, size_t *out,
       MxError *err)
{
	const MxValue *value;
	MxText text;
	int64_t k;

	*out = n;
	MX_TRY(mx_read_value(ctx, object, "k", &value, err));
	if (mx_value_to_text(value, &text) && mx_text_is(text, "all"))
		return MX_OK;
	MX_TRY(mx_read_integer(ctx, object, "k", &k, err));
	if (k < 1)
		return mx_refuse(ctx, object, "k", "is %lld, which selects nothing",
		                 err, (long long) k);
	/* Since 1.5 a k above the number of columns means all of them. */
	if ((uint64_t) k < n)
		*out = (size_t) k;
	return MX_OK;
}

static MxStatus
find_best(MxReadContext *ctx, const double *scores, size_t n, size_t k,
          size_t **out, MxError *err)
{
	Scored *order = mx_arena_array(ctx->scratch, Scored, n, err);
	size_t *columns = mx_arena_array(ctx->scratch, size_t, k, err);
	size_t i;

	MX_NEED(order, err);
	MX_NEED(columns, err);
	for (i = 0; i < n; i++)
		/* scikit-learn puts the lowest finite number for NaN. */
		order[i] = (Scored){isnan(scores[i]) ? -DBL_MAX : scores[i], i};
	qsort(order, n, sizeof(*order), compare_scored);
	for (i = 0; i < k; i++)
		columns[i] = order[n - k + i].column;
	qsort(columns, k, sizeof(*columns), compare_columns);
	*out = columns;
	return MX_OK;
}

static MxStatus
read_select_k_best(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAnswers *out, MxError *err)
{
	size_t *columns = NULL;
	const double *scores;
	MxSelect select;
	size_t n;

	MX_TRY(mx_read_vector(ctx, object, "scores_",
	                      MX_ALLOW_NAN | MX_ALLOW_INFINITE, MX_ANY_SIZE,
	                      &scores, &n, err));
	MX_TRY(read_k(ctx, object, n, &select.n, err));
	MX_TRY(mx_expect_features(ctx, object, in, n, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	MX_TRY(find_best(ctx, scores, n, select.n, &columns, err));
	select.columns = columns;
	return mx_builder_select(ctx->builder, in, &select, &out->transform, err);
}

static const MxClassName classes[] = {{"SelectKBest", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_select_k_best = {.classes = classes,
                                                .read = read_select_k_best};
