/* trees_thresholds.c */
/* Keys of thresholds: their ranks, or those of float32. */
#include "op/trees.h"

#include <string.h>

static MxTreeColumn *
column_of(const MxTreesLayout *layout, size_t node)
{
	return &layout->columns[*mx_trees_column(layout, node)];
}

/* Sorts x by merging runs, to and fro between it and as much room. */
static void
sort(double *x, double *room, size_t n)
{
	double *from = x;
	double *to = room;

	for (size_t run = 1; run < n; run *= 2)
	{
		double *was = from;

		for (size_t first = 0; first < n; first += 2 * run)
		{
			size_t middle = first + run < n ? first + run : n;
			size_t end = middle + run < n ? middle + run : n;
			size_t i = first;
			size_t j = middle;

			for (size_t k = first; k < end; k++)
				to[k] = i < middle && (j == end || from[i] <= from[j])
				            ? from[i++]
				            : from[j++];
		}
		from = to;
		to = was;
	}
	if (from != x)
		memcpy(x, from, n * sizeof(double));
}

size_t
mx_thresholds_sort(double *x, double *room, size_t n)
{
	size_t kept = 0;

	sort(x, room, n);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || x[i] != x[kept - 1])
			x[kept++] = x[i];
	return kept;
}

/* Collects the thresholds column by column: how many in all. */
static size_t
place_columns(const MxTreesLayout *layout)
{
	const MxTrees *trees = layout->trees;
	size_t first = 0;

	for (size_t node = 0; node < trees->start[trees->n_trees]; node++)
		if (mx_trees_has_threshold(trees, node))
			column_of(layout, node)->n++;
	for (size_t c = 0; c < layout->n_columns; c++)
	{
		layout->columns[c].first = first;
		first += layout->columns[c].n;
		layout->columns[c].n = 0;
	}
	return first;
}

MxStatus
mx_trees_rank(MxTreesLayout *layout, MxImageWriter *w, MxTreesImage *image,
              MxError *err)
{
	const MxTrees *trees = layout->trees;
	size_t n = place_columns(layout);
	double *room;

	/* One more: a search reads where a column has none. */
	MX_TRY(mx_image_reserve(w, n + 1, sizeof(double), 64, &image->thresholds,
	                        (void **) &layout->thresholds, err));
	room = mx_image_scratch(w, n, sizeof(double), err);
	MX_NEED(room, err);
	for (size_t node = 0; node < trees->start[trees->n_trees]; node++)
		if (mx_trees_has_threshold(trees, node))
		{
			MxTreeColumn *column = column_of(layout, node);

			layout->thresholds[column->first + column->n++] =
			    mx_trees_threshold(trees, node);
		}
	for (size_t c = 1; c < layout->n_columns; c++)
	{
		MxTreeColumn *column = &layout->columns[c];
		double *x = layout->thresholds + column->first;

		column->n = mx_thresholds_sort(x, room, (size_t) column->n);
	}
	return MX_OK;
}

size_t
mx_thresholds_rank(const double *x, size_t n, double threshold)
{
	size_t low = 0;

	while (n > 1)
	{
		size_t half = n / 2;

		low += x[low + half] <= threshold ? half : 0;
		n -= half;
	}
	return low;
}

/*
 * The key of the largest float32 that is not above the threshold: the next
 * lower key is that of the next lower number, or, below zero, stands for it.
 */
static uint32_t
float_key(double threshold)
{
	uint32_t key = mx_float_key(threshold, MX_KEYS_MISSING_RIGHT);

	return (double) (float) threshold > threshold ? key - 1 : key;
}

uint32_t
mx_trees_key(const MxTreesLayout *layout, size_t node)
{
	double threshold = layout->trees->threshold[node];
	const MxTreeColumn *column;

	if (layout->thresholds == NULL)
		return float_key(threshold);
	column = column_of(layout, node);
	return (uint32_t) mx_thresholds_rank(layout->thresholds + column->first,
	                                     (size_t) column->n, threshold);
}
