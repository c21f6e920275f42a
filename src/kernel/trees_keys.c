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

static void
category_keys(const MxForest *forest, const double *x, size_t n_rows,
              int64_t *keys)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		double number =
		    forest->rounds_to_float32 ? (double) (float) x[row] : x[row];

		keys[row * forest->n_columns] =
		    mx_tree_category(number, forest->category_range);
	}
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
			category_keys(forest, x, n_rows, keys);
			break;
		default:
			for (size_t row = 0; row < n_rows; row++)
				keys[row * stride] = -1;
			break;
	}
}

void
mx_small_keys(const MxForest *forest, size_t c, const double *x, size_t n_rows,
              int32_t *keys)
{
	size_t stride = forest->n_columns;
	uint32_t kind = forest->columns[c].kind;

	keys += c;
	if (kind == MX_KEYS_CONSTANT)
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = -1;
	else
		for (size_t row = 0; row < n_rows; row++)
			keys[row * stride] = mx_small_key(x[row], kind);
}
