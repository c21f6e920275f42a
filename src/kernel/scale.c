/* scale.c */
/* Arithmetic with constants, and the check of ranges. */
#include "kernel/kernel.h"

bool
mx_kernel_all_within(const double *x, size_t n, double limit)
{
	int beyond = 0;
	size_t i;

	/* One pass without a branch: bad rows are rare. */
	for (i = 0; i < n; i++)
	{
		double magnitude = x[i] < 0 ? -x[i] : x[i];

		beyond |= !(magnitude <= limit);
	}
	return beyond == 0;
}

/* NaN compares false twice and stays. */
static inline double
hold(double x, double low, double high)
{
	x = x < low ? low : x;
	return x > high ? high : x;
}

void
mx_kernel_divide(const double *x, size_t n, double first, double second,
                 double low, double high, double *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = hold((x[i] - first) / second, low, high);
}

void
mx_kernel_multiply(const double *x, size_t n, double first, double second,
                   double low, double high, double *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = hold((x[i] * first) + second, low, high);
}
