/* trees_keys.c */
/* Turns columns of numbers into the keys that trees compare. */
#include "kernel/trees.h"

#include <math.h>

static void
number_keys(const double *x, size_t n_rows, size_t stride, bool rounds,
            int64_t missing, int64_t *keys)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		/* What was trained on float32 compares float32(x). */
		double number = rounds ? (double) (float) x[row] : x[row];

		keys[row * stride] = isnan(number) ? missing : mx_tree_key(number);
	}
}

static void
category_keys(const double *x, size_t n_rows, size_t stride, int64_t *keys)
{
	for (size_t row = 0; row < n_rows; row++)
		keys[row * stride] =
		    x[row] >= 0 && x[row] < 256 ? (int64_t) x[row] : MX_NO_CATEGORY;
}

void
mx_forest_keys(const MxForest *forest, size_t c, const double *x, size_t n_rows,
               int64_t *keys)
{
	size_t stride = forest->n_columns;
	bool rounds = forest->rounds_to_float32;

	keys += c;
	switch (forest->columns[c].kind)
	{
		case MX_KEYS_MISSING_RIGHT:
			number_keys(x, n_rows, stride, rounds, INT64_MAX, keys);
			break;
		case MX_KEYS_MISSING_LEFT:
			number_keys(x, n_rows, stride, rounds, INT64_MIN, keys);
			break;
		case MX_KEYS_CATEGORY:
			category_keys(x, n_rows, stride, keys);
			break;
		default:
			for (size_t row = 0; row < n_rows; row++)
				keys[row * stride] = -1;
			break;
	}
}
