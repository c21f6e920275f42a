/*
 * bounds.h: whether a column keeps to a range of its own.
 */
#ifndef MX_KERNEL_BOUNDS_H
#define MX_KERNEL_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether low <= x <= high for all x; NaN counts as within if may_miss. */
bool mx_kernel_all_between(const double *x, size_t n, double low, double high,
                           bool may_miss);

#endif
