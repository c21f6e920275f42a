/* bounds.c */
/* Ranges of columns. */
#include "kernel/bounds.h"

#include "kernel/twins.h"

#include <stdint.h>

/* Bad rows are rare: one pass that only gathers what lies outside. */
MX_LOOP bool
mx_kernel_all_between_loop(const double *x, size_t n, double low, double high,
                           bool may_miss)
{
	uint64_t outside = 0;
	uint64_t missing = 0;
	size_t i;

	for (i = 0; i < n; i++)
	{
		outside |= (uint64_t) (x[i] < low) | (uint64_t) (x[i] > high);
		missing |= (uint64_t) (x[i] != x[i]);
	}
	return outside == 0 && (may_miss || missing == 0);
}

MX_TWINS(bool, mx_kernel_all_between,
         (const double *x, size_t n, double low, double high, bool may_miss),
         (x, n, low, high, may_miss))
