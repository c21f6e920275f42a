/* trees_codes.c */
/* Numbers to bytes: ranks among thresholds, and categories. */
#include "kernel/trees_blend.h"

#include "kernel/trees.h"

#include <math.h>

/* Searches in flight. */
#define LANES 8

/*
 * How many of t[0] to t[n - 1], n > 0, are below each x; NaN: none.
 * Without a branch, for which way it goes no one can foretell.
 */
static inline void
search(const double *t, size_t n, const double x[LANES], uint32_t ranks[LANES])
{
	uint32_t at[LANES] = {0};

	while (n > 1)
	{
		size_t half = n / 2;

#pragma GCC unroll 8
		for (size_t i = 0; i < LANES; i++)
			at[i] += (uint32_t) half & -(uint32_t) (t[at[i] + half - 1] < x[i]);
		n -= half;
	}
#pragma GCC unroll 8
	for (size_t i = 0; i < LANES; i++)
		ranks[i] = at[i] + (t[at[i]] < x[i]);
}

/* A missing value is above all thresholds, or below them. */
static void
rank_rows(const MxBlend *blend, const MxBlendFeature *feature, const double *x,
          size_t n_rows, uint32_t ranks[MX_BLEND_ROWS])
{
	uint32_t missing =
	    feature->kind == MX_KEYS_MISSING_RIGHT ? (uint32_t) feature->n : 0;
	size_t n_whole = (n_rows + LANES - 1) & ~(size_t) (LANES - 1);
	double rounded[MX_BLEND_ROWS];

	for (size_t row = 0; row < n_rows; row++)
		rounded[row] =
		    blend->rounds_to_float32 ? (double) (float) x[row] : x[row];
	for (size_t row = n_rows; row < n_whole; row++)
		rounded[row] = 0;
	if (feature->n_buckets > 0 && mx_blend_available())
		mx_blend_ranks(blend, feature, rounded, n_whole, ranks);
	else
		for (size_t row = 0; row < n_whole; row += LANES)
			search(blend->thresholds + feature->first, feature->n,
			       rounded + row, ranks + row);
	for (size_t row = 0; row < n_rows; row++)
		ranks[row] = isnan(rounded[row]) ? missing : ranks[row];
}

static void
rank_codes(const MxBlend *blend, const MxBlendFeature *feature, const double *x,
           size_t n_rows, uint8_t *codes)
{
	uint32_t ranks[MX_BLEND_ROWS];

	rank_rows(blend, feature, x, n_rows, ranks);
	for (size_t c = 0; c < feature->n_columns; c++)
	{
		int32_t from = (int32_t) (c * MX_BLEND_RANKS);

		for (size_t row = 0; row < n_rows; row++)
		{
			int32_t code = (int32_t) ranks[row] - from;

			code = code < 0 ? 0 : code;
			code = code > 255 ? 255 : code;
			codes[c * MX_BLEND_ROWS + row] = (uint8_t) (code - 128);
		}
	}
}

static void
category_codes(const MxBlend *blend, const double *x, size_t n_rows,
               uint8_t *codes)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		double number =
		    blend->rounds_to_float32 ? (double) (float) x[row] : x[row];
		int64_t v = mx_tree_category(number, blend->category_range);

		codes[row] = (uint8_t) v;
		codes[MX_BLEND_ROWS + row] = v == MX_NO_CATEGORY ? 255 : 0;
	}
}

void
mx_blend_codes(const MxBlend *blend, size_t i, const double *x, size_t n_rows,
               uint8_t *codes)
{
	const MxBlendFeature *feature = &blend->features[i];
	uint8_t *to = codes + (size_t) feature->first_column * MX_BLEND_ROWS;

	if (feature->kind == MX_KEYS_CATEGORY)
		category_codes(blend, x, n_rows, to);
	else
		rank_codes(blend, feature, x, n_rows, to);
}
