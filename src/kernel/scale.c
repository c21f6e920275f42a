/* scale.c */
/* Arithmetic with constants, and the check of ranges. */
#include "kernel/kernel.h"

#include "kernel/twins.h"

MxTwin mx_twin_limit = MX_TWIN_WIDE;

/* Bad rows are rare: one pass that only gathers the bits. */
MX_LOOP bool
mx_kernel_all_within_loop(const double *x, size_t n, double limit)
{
	uint64_t beyond = 0;
	size_t i;

	for (i = 0; i < n; i++)
		beyond |= mx_beyond(x[i], limit);
	return !(beyond >> 63);
}

MX_TWINS(bool, mx_kernel_all_within, (const double *x, size_t n, double limit),
         (x, n, limit))

MX_LOOP bool
mx_kernel_all_within_or_nan_loop(const double *x, size_t n, double limit)
{
	uint64_t beyond = 0;
	size_t i;

	for (i = 0; i < n; i++)
		beyond |= mx_beyond_or_nan(x[i], limit);
	return !(beyond >> 63);
}

MX_TWINS(bool, mx_kernel_all_within_or_nan,
         (const double *x, size_t n, double limit), (x, n, limit))

MX_LOOP void
mx_kernel_impute_loop(const double *x, size_t n, double missing, double value,
                      double *restrict out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = ((x[i] != x[i]) | (x[i] == missing)) ? value : x[i];
}

MX_TWINS(void, mx_kernel_impute,
         (const double *x, size_t n, double missing, double value,
          double *restrict out),
         (x, n, missing, value, out))

MX_LOOP void
mx_kernel_divide_loop(const double *x, size_t n, double first, double second,
                      double low, double high, double *restrict out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = mx_divide(x[i], first, second, low, high);
}

MX_TWINS(void, mx_kernel_divide,
         (const double *x, size_t n, double first, double second, double low,
          double high, double *restrict out),
         (x, n, first, second, low, high, out))

MX_LOOP void
mx_kernel_multiply_loop(const double *x, size_t n, double first, double second,
                        double low, double high, double *restrict out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = mx_multiply(x[i], first, second, low, high);
}

MX_TWINS(void, mx_kernel_multiply,
         (const double *x, size_t n, double first, double second, double low,
          double high, double *restrict out),
         (x, n, first, second, low, high, out))

MX_LOOP void
mx_kernel_divide_row_loop(const double *first, const double *second, size_t n,
                          double low, double high, double *restrict x)
{
	size_t j;

	for (j = 0; j < n; j++)
		x[j] = mx_divide(x[j], first[j], second[j], low, high);
}

MX_TWINS(void, mx_kernel_divide_row,
         (const double *first, const double *second, size_t n, double low,
          double high, double *restrict x),
         (first, second, n, low, high, x))

MX_LOOP void
mx_kernel_multiply_row_loop(const double *first, const double *second, size_t n,
                            double low, double high, double *restrict x)
{
	size_t j;

	for (j = 0; j < n; j++)
		x[j] = mx_multiply(x[j], first[j], second[j], low, high);
}

MX_TWINS(void, mx_kernel_multiply_row,
         (const double *first, const double *second, size_t n, double low,
          double high, double *restrict x),
         (first, second, n, low, high, x))

MX_LOOP void
mx_kernel_finish_loop(double *x, size_t n, double factor, double addend)
{
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = (x[i] * factor) + addend;
}

MX_TWINS(void, mx_kernel_finish,
         (double *x, size_t n, double factor, double addend),
         (x, n, factor, addend))
