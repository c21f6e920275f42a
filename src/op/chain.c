/* chain.c */
/* Finds by bisection over the order of doubles what a chain compares. */
#include "op/chain.h"

#include "kernel/kernel.h"
#include "model/nodes.h"
#include "op/function.h"
#include "op/guard.h"

#include <math.h>

bool
mx_function_keeps_order(unsigned function)
{
	return function == MX_FUNCTION_FLOOR || function == MX_FUNCTION_CEIL ||
	       function == MX_FUNCTION_RINT || function == MX_FUNCTION_SIGN ||
	       function == MX_FUNCTION_NEGATIVE;
}

static double
apply_function(unsigned function, double x)
{
	double y;

	mx_function_kernel((MxFunctionKind) function)(&x, 1, &y);
	return y;
}

static double
apply(const MxMap *map, double x)
{
	switch ((MxMapKind) map->kind)
	{
		case MX_MAP_DIVIDE:
			return mx_divide(x, map->first, map->second, map->low, map->high);
		case MX_MAP_MULTIPLY:
			return mx_multiply(x, map->first, map->second, map->low, map->high);
		case MX_MAP_IMPUTE:
			return isnan(x) ? map->first : x;
		case MX_MAP_IS_MISSING:
			return isnan(x) ? 1.0 : 0.0;
		case MX_MAP_FUNCTION:
			return apply_function(map->function, x);
		case MX_MAP_EQUALS:
			/* Cut to an integer, as the expansion does. */
			return x >= map->first && x < map->first + 1 ? 1.0 : 0.0;
	}
	return x;
}

double
mx_chain_apply(const MxChain *chain, double x)
{
	size_t i;

	for (i = 0; i < chain->n; i++)
		x = apply(&chain->maps[i], x);
	return x;
}

/* Numbers by their place in the order of doubles; the two zeros share one. */
static uint64_t
place_of(double x)
{
	uint64_t bits = mx_bits(x + 0.0);

	/* Negative numbers are stored as sign and magnitude. */
	return bits >> 63 != 0 ? ~bits + 1 : bits | (uint64_t) 1 << 63;
}

static double
number_at(uint64_t place)
{
	return place >> 63 != 0 ? mx_from_bits(place & ~((uint64_t) 1 << 63))
	                        : mx_from_bits(~place + 1);
}

static double
undo(const MxMap *map, double y)
{
	if (map->kind == MX_MAP_DIVIDE)
		return y * map->second + map->first;
	if (map->kind == MX_MAP_MULTIPLY)
		return (y - map->second) / map->first;
	return map->kind == MX_MAP_FUNCTION && map->function == MX_FUNCTION_NEGATIVE
	           ? -y
	           : y;
}

/* Near the edge, as a rule: only the time of the search depends on it. */
static double
guess(const MxChain *chain, double threshold)
{
	double x = threshold;
	size_t i;

	for (i = chain->n; i-- > 0;)
		x = undo(&chain->maps[i], x);
	return isnan(x) ? 0 : x;
}

typedef struct Search
{
	const MxChain *chain;
	double threshold;
	bool is_left;  /* of what lies low */
	uint64_t low;  /* a place known to lie low */
	uint64_t high; /* a place known not to */
} Search;

static bool
lies_low(const Search *s, uint64_t place)
{
	double y = mx_chain_apply(s->chain, number_at(place));

	return (y <= s->threshold) == s->is_left;
}

/* Takes one place into account, which lies between the two. */
static void
look(Search *s, uint64_t place)
{
	if (place <= s->low || place >= s->high)
		return;
	if (lies_low(s, place))
		s->low = place;
	else
		s->high = place;
}

/* From the start on in steps that double, then by halves. */
static void
search_from(Search *s, uint64_t start)
{
	uint64_t width;

	look(s, start);
	for (width = 1; s->low >= start && s->high - s->low > width; width *= 2)
		look(s, s->low + width);
	for (width = 1; s->high <= start && s->high - s->low > width; width *= 2)
		look(s, s->high - width);
	while (s->high - s->low > 1)
		look(s, s->low + (s->high - s->low) / 2);
}

MxEdge
mx_chain_edge(const MxChain *chain, double threshold)
{
	Search s = {.chain = chain,
	            .threshold = threshold,
	            .low = place_of(-INFINITY),
	            .high = place_of(INFINITY)};

	s.is_left = mx_chain_apply(chain, -INFINITY) <= threshold;
	if (lies_low(&s, s.high))
		return (MxEdge){INFINITY, s.is_left};
	search_from(&s, place_of(guess(chain, threshold)));
	return (MxEdge){number_at(s.low), s.is_left};
}

/* Leaves of the bounds what is on the wanted side of an edge. */
static void
keep_side(MxBounds *bounds, MxEdge edge, bool is_left)
{
	if (edge.is_left == is_left)
		bounds->high = fmin(bounds->high, edge.last);
	else if (edge.last == INFINITY)
		*bounds = (MxBounds){INFINITY, -INFINITY, bounds->may_miss};
	else
		bounds->low = fmax(bounds->low, number_at(place_of(edge.last) + 1));
}

static MxBounds
passes_equals(const MxChain *chain, unsigned flags)
{
	MxChain rest = {chain->n - 1, chain->maps + 1};
	MxBounds bounds = MX_UNBOUNDED;

	if (!mx_guard_passes(flags, mx_chain_apply(&rest, 0)) ||
	    !mx_guard_passes(flags, mx_chain_apply(&rest, 1)))
		bounds = (MxBounds){INFINITY, -INFINITY, false};
	return bounds;
}

MxBounds
mx_chain_passes(const MxChain *chain, unsigned flags)
{
	double limit = mx_guard_limit(flags);
	MxBounds bounds = MX_UNBOUNDED;

	if (chain->n > 0 && chain->maps[0].kind == MX_MAP_EQUALS)
		return passes_equals(chain, flags);
	bounds.may_miss = mx_guard_passes(flags, mx_chain_apply(chain, NAN));
	if (limit == INFINITY)
		return bounds;
	keep_side(&bounds, mx_chain_edge(chain, limit), true);
	keep_side(&bounds, mx_chain_edge(chain, nextafter(-limit, -INFINITY)),
	          false);
	return bounds;
}
