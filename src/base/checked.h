/*
 * checked.h: arithmetic on sizes that come from an artifact.
 */
#ifndef MX_BASE_CHECKED_H
#define MX_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

/* false, and *out untouched, when the result does not fit. */
static inline bool
mx_size_add(size_t a, size_t b, size_t *out)
{
	size_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

static inline bool
mx_size_mul(size_t a, size_t b, size_t *out)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

#endif
