/* trees_keys.c */
/* Turns numbers into the keys that trees compare. */
#include "kernel/trees.h"

#include <math.h>

/* Searches in flight. */
#define LANES 8

float
mx_tree_floor(double t)
{
	float rounded = (float) t;

	return (double) rounded > t ? nextafterf(rounded, -INFINITY) : rounded;
}

/*
 * As x86-64 converts to a byte: by way of an int32, which is 0x80000000 when
 * the number does not fit.
 */
static inline int64_t
wrap(double x)
{
	return x > -0x1p31 - 1 && x < 0x1p31 ? (int32_t) x & 0xff : 0;
}

int64_t
mx_tree_category(double x, unsigned range)
{
	switch (range)
	{
		case MX_BYTES_WRAP:
			return isnan(x) ? MX_NO_CATEGORY : wrap(x);
		case MX_BYTES_WRAP_POSITIVE:
			return x >= 0 ? wrap(x) : MX_NO_CATEGORY;
		default:
			return x >= 0 && x < 256 ? (int64_t) x : MX_NO_CATEGORY;
	}
}

static uint32_t
category_key(const MxForest *forest, double x)
{
	bool rounds = forest->thresholds == NULL;

	return (uint32_t) mx_tree_category(rounds ? (double) (float) x : x,
	                                   forest->category_range);
}

/*
 * How many thresholds of its column are below each x; NaN: none.  Without a
 * branch, for which way it goes no one can foretell.  Behind the thresholds of
 * a column without any there is something to read.
 */
static inline void
search(const MxForest *forest, const MxTreeColumn *const columns[LANES],
       const double x[LANES], uint32_t ranks[LANES])
{
	const double *t[LANES];
	size_t n[LANES];
	size_t most = 1;

#pragma GCC unroll 8
	for (size_t i = 0; i < LANES; i++)
	{
		t[i] = forest->thresholds + columns[i]->first;
		n[i] = (size_t) columns[i]->n;
		most = n[i] > most ? n[i] : most;
	}
	/* Whoever is done sooner moves by half of 1. */
	for (; most > 1; most -= most / 2)
#pragma GCC unroll 8
		for (size_t i = 0; i < LANES; i++)
		{
			size_t half = n[i] / 2;

			t[i] += half & -(size_t) (t[i][half] < x[i]);
			n[i] -= half;
		}
#pragma GCC unroll 8
	for (size_t i = 0; i < LANES; i++)
		ranks[i] = (uint32_t) (t[i] - forest->thresholds - columns[i]->first) +
		           (t[i][0] < x[i]);
}

/* What the search does not know. */
static inline uint32_t
rank_key(const MxForest *forest, const MxTreeColumn *column, double x,
         uint32_t rank)
{
	if (column->kind == MX_KEYS_CATEGORY)
		return category_key(forest, x);
	if (isnan(x))
		return column->kind == MX_KEYS_MISSING_RIGHT ? UINT32_MAX : 0;
	return rank;
}

static void
rank_rows(const MxForest *forest, const MxTreeColumn *column, const double *x,
          size_t n_rows, uint32_t *keys)
{
	const MxTreeColumn *columns[LANES];
	double some[LANES];
	uint32_t ranks[LANES];

	for (size_t i = 0; i < LANES; i++)
		columns[i] = column;
	for (size_t row = 0; row < n_rows; row += LANES)
	{
		size_t n = n_rows - row < LANES ? n_rows - row : LANES;

		for (size_t i = 0; i < LANES; i++)
			some[i] = x[row + (i < n ? i : 0)];
		search(forest, columns, some, ranks);
		for (size_t i = 0; i < n; i++)
			keys[(row + i) * forest->n_columns] =
			    rank_key(forest, column, some[i], ranks[i]);
	}
}

void
mx_forest_keys(const MxForest *forest, size_t c, const double *x, size_t n_rows,
               uint32_t *keys)
{
	const MxTreeColumn *column = &forest->columns[c];
	size_t stride = forest->n_columns;

	keys += c;
	if (column->kind == MX_KEYS_CONSTANT)
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = 0;
	else if (column->kind == MX_KEYS_CATEGORY)
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = category_key(forest, x[row]);
	else if (column->kind == MX_KEYS_CODE)
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = mx_code_key(x[row], column->code);
	else if (forest->thresholds == NULL)
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = mx_float_key(x[row], column->kind);
	else
		rank_rows(forest, column, x, n_rows, keys);
}

static void
row_ranks(const MxForest *forest, const double *x, uint32_t *keys)
{
	const MxTreeColumn *columns[LANES];
	double some[LANES];
	uint32_t ranks[LANES];

	for (size_t c = 1; c < forest->n_columns; c += LANES)
	{
		size_t n =
		    forest->n_columns - c < LANES ? forest->n_columns - c : LANES;

		for (size_t i = 0; i < LANES; i++)
		{
			columns[i] = &forest->columns[c + (i < n ? i : 0)];
			some[i] = x[c + (i < n ? i : 0)];
		}
		search(forest, columns, some, ranks);
		for (size_t i = 0; i < n; i++)
			keys[c + i] = rank_key(forest, columns[i], some[i], ranks[i]);
	}
}

void
mx_forest_row_keys(const MxForest *forest, const double *x, uint32_t *keys)
{
	keys[0] = 0;
	if (forest->thresholds != NULL)
		row_ranks(forest, x, keys);
	else
		for (size_t c = 1; c < forest->n_columns; c++)
			keys[c] = forest->columns[c].kind == MX_KEYS_CATEGORY
			              ? category_key(forest, x[c])
			              : mx_float_column_key(&forest->columns[c], x[c]);
}
