/* trees_stop.c */
/* Which sums, on the way, are sure to end between which limits. */
#include "op/order.h"
#include "op/trees.h"

#include <math.h>

/* Beside large trees checks cost little; so many there are at most. */
#define MOST_CHECKS 32
#define FEWEST_TREES 8

/* ---- when the trees are compiled --------------------------------------- */

static bool
has_one_sum(const MxTrees *trees)
{
	for (size_t t = 0; trees->output != NULL && t < trees->n_trees; t++)
		if (trees->output[t] != 0)
			return false;
	return trees->n_values == trees->n_outputs;
}

/* false when a leaf is no number to count on. */
static bool
find_ranges(const MxTrees *trees, MxGap *ranges)
{
	for (size_t t = 0; t < trees->n_trees; t++)
		for (size_t j = 0; j < trees->n_values; j++)
		{
			MxGap *range = &ranges[t * trees->n_values + j];

			*range = (MxGap){INFINITY, -INFINITY};
			for (size_t node = trees->start[t]; node < trees->start[t + 1];
			     node++)
			{
				double x = trees->values[node * trees->n_values + j];

				if (trees->left[node] >= 0)
					continue;
				if (!isfinite(x))
					return false;
				range->low = x < range->low ? x : range->low;
				range->high = x > range->high ? x : range->high;
			}
		}
	return true;
}

MxStatus
mx_trees_store_ranges(const MxTrees *trees, MxImageWriter *w,
                      MxTreesImage *image, MxError *err)
{
	MxGap *ranges;

	/* Small trees are added faster than rows can be told apart. */
	if (image->is_shallow || image->n_blend_columns > 0 ||
	    trees->n_trees < FEWEST_TREES || !has_one_sum(trees))
		return MX_OK;
	MX_TRY(mx_image_reserve(w, trees->n_trees * trees->n_values, sizeof(MxGap),
	                        8, &image->ranges, (void **) &ranges, err));
	image->can_stop = find_ranges(trees, ranges);
	return MX_OK;
}

/* ---- when limits are known --------------------------------------------- */

/* The least, or most, that some trees may add, in their order. */
typedef struct Remaining
{
	const MxGap *ranges;
	size_t stride;
	size_t first, end;
	bool is_most;
	double limit;
} Remaining;

/*
 * Sums are rounded as those of rows are, and rounding keeps the order: no row
 * ends below the sum of the lowest leaves, nor above that of the highest.
 */
static double
add_remaining(const Remaining *r, double sum)
{
	for (size_t t = r->first; t < r->end; t++)
		sum += r->is_most ? r->ranges[t * r->stride].high
		                  : r->ranges[t * r->stride].low;
	return sum;
}

/* Whether a sum may stay below the limit, or stays up to it. */
static bool
lies_low(void *ctx, double x)
{
	const Remaining *r = ctx;
	double sum = add_remaining(r, x);

	return r->is_most ? sum <= r->limit : sum < r->limit;
}

/*
 * The last sum that is sure to stay up to the limit, or the first that is
 * sure to reach it; infinite when no other is, and then the gap is empty.
 */
static double
find_edge(const Remaining *r)
{
	double guess = r->limit - add_remaining(r, 0);
	uint64_t last;

	last = mx_search_order(lies_low, (void *) r, mx_place_of(-INFINITY),
	                       mx_place_of(INFINITY),
	                       mx_place_of(isnan(guess) ? 0 : guess));
	return mx_number_at(r->is_most ? last : last + 1);
}

/* From the gaps after some trees to those before them. */
static void
widen(const Remaining *trees, const MxGap *after, MxGap *before, size_t n)
{
	Remaining r = *trees;

	for (size_t i = 0; i < n; i++)
	{
		r.is_most = false;
		r.limit = after[i].low;
		before[i].low = find_edge(&r);
		r.is_most = true;
		r.limit = after[i].high;
		before[i].high = find_edge(&r);
	}
}

bool
mx_trees_can_stop(const void *image, MxRef params)
{
	return mx_at(image, MxTreesImage, params)->can_stop;
}

MxStatus
mx_trees_stop(const void *image, MxRef params, size_t column, const MxGap *gaps,
              size_t n_gaps, MxArena *arena, MxTreesStop **out, MxError *err)
{
	const MxTreesImage *p = mx_at(image, MxTreesImage, params);
	size_t every = (p->n_trees + MOST_CHECKS - 1) / MOST_CHECKS;
	size_t n_checks = (p->n_trees + every - 1) / every;
	MxTreesStop *stop = mx_arena_array(arena, MxTreesStop, 1, err);
	MxGap *all = mx_arena_array(arena, MxGap, (n_checks + 1) * n_gaps, err);
	double *sums = mx_arena_array(arena, double, n_gaps, err);
	Remaining r = {.ranges = mx_at(image, MxGap, p->ranges) + column,
	               .stride = p->n_values,
	               .end = p->n_trees};

	MX_NEED(stop, err);
	MX_NEED(all, err);
	MX_NEED(sums, err);
	for (size_t i = 0; i < n_gaps; i++)
	{
		all[n_checks * n_gaps + i] = gaps[i];
		sums[i] = gaps[i].low + (gaps[i].high - gaps[i].low) / 2;
	}
	for (size_t c = n_checks; c-- > 0; r.end = r.first)
	{
		r.first = c * every;
		widen(&r, all + (c + 1) * n_gaps, all + c * n_gaps, n_gaps);
	}
	*stop = (MxTreesStop){.column = column,
	                      .divisor = p->divisor,
	                      .n_trees = p->n_trees,
	                      .every = every,
	                      .n_gaps = n_gaps,
	                      .gaps = all,
	                      .sums = sums};
	*out = stop;
	return MX_OK;
}
