/* order.c */
/* Bisection over the order of all doubles. */
#include "op/order.h"

typedef struct Search
{
	bool (*lies_low)(void *ctx, double x);
	void *ctx;
	uint64_t low;  /* a place known to lie low */
	uint64_t high; /* a place known not to */
} Search;

/* Takes one place into account, which lies between the two. */
static void
look(Search *s, uint64_t place)
{
	if (place <= s->low || place >= s->high)
		return;
	if (s->lies_low(s->ctx, mx_number_at(place)))
		s->low = place;
	else
		s->high = place;
}

uint64_t
mx_search_order(bool (*lies_low)(void *ctx, double x), void *ctx, uint64_t low,
                uint64_t high, uint64_t start)
{
	Search s = {lies_low, ctx, low, high};
	uint64_t width;

	look(&s, start);
	for (width = 1; s.low >= start && s.high - s.low > width; width *= 2)
		look(&s, s.low + width);
	for (width = 1; s.high <= start && s.high - s.low > width; width *= 2)
		look(&s, s.high - width);
	while (s.high - s.low > 1)
		look(&s, s.low + (s.high - s.low) / 2);
	return s.low;
}
