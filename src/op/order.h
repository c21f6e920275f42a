/*
 * order.h: numbers by their place in the order of doubles, and searches by
 * bisection over it; the two zeros share a place.
 */
#ifndef MX_OP_ORDER_H
#define MX_OP_ORDER_H

#include "base/math_inline.h"

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t
mx_place_of(double x)
{
	uint64_t bits = mx_bits(x + 0.0);

	/* Negative numbers are stored as sign and magnitude. */
	return bits >> 63 != 0 ? ~bits + 1 : bits | (uint64_t) 1 << 63;
}

static inline double
mx_number_at(uint64_t place)
{
	return place >> 63 != 0 ? mx_from_bits(place & ~((uint64_t) 1 << 63))
	                        : mx_from_bits(~place + 1);
}

/*
 * A place that lies low beside one that does not: low is known to, high not
 * to.  From the start on in steps that double, then by halves, so that only
 * the time depends on it.  Returns the low one.
 */
uint64_t mx_search_order(bool (*lies_low)(void *ctx, double x), void *ctx,
                         uint64_t low, uint64_t high, uint64_t start);

#endif
