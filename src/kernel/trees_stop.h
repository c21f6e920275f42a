/*
 * trees_stop.h: rows whose trees need not all be added.
 *
 * Where a sum is only compared with limits, these leave gaps between them, and
 * all sums of one gap are alike.  Before some of the trees it is known between
 * which two numbers a sum must lie so that, whatever leaves follow, it ends in
 * a gap.  Such a row is settled: a number of the gap stands for its sum.
 */
#ifndef MX_KERNEL_TREES_STOP_H
#define MX_KERNEL_TREES_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both belong to it. */
typedef struct MxGap
{
	double low, high;
} MxGap;

typedef struct MxTreesStop
{
	size_t column;  /* of the sums that are compared */
	double divisor; /* of the sums at the end; 0: none */
	size_t n_trees;
	size_t every; /* trees from check to check */
	size_t n_gaps;
	const MxGap *gaps;  /* (checks, n_gaps): check i is before tree i * every */
	const double *sums; /* (n_gaps): one of each */
	/* What has been asked for, and what of it was not needed. */
	uint64_t n_asked, n_skipped; /* trees of rows */
} MxTreesStop;

static inline bool
mx_stop_is_check(const MxTreesStop *stop, size_t t)
{
	return t > 0 && t % stop->every == 0;
}

/* The gap that a sum before tree t ends in; n_gaps when that is open. */
static inline size_t
mx_stop_gap(const MxTreesStop *stop, size_t t, double sum)
{
	const MxGap *gaps = stop->gaps + t / stop->every * stop->n_gaps;
	size_t i = 0;

	/* Written so that NaN is in none. */
	while (i < stop->n_gaps && !(sum >= gaps[i].low && sum <= gaps[i].high))
		i++;
	return i;
}

/*
 * Of n rows, ascending numbers into sums, those that are not settled before
 * tree t are kept, the others get a number of their gap; how many are kept.
 */
size_t mx_stop_settle(MxTreesStop *stop, size_t t, double *sums, uint16_t *rows,
                      size_t n);

#endif
