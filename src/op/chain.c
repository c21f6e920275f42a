/* chain.c */
/* Finds by bisection over the order of doubles what a chain compares. */
#include "op/chain.h"

#include "kernel/kernel.h"
#include "kernel/trees.h"
#include "model/nodes.h"
#include "op/function.h"
#include "op/guard.h"
#include "op/order.h"

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
			return mx_is_code(x, map->first);
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
	bool is_left; /* of what lies low */
} Search;

static bool
lies_low(void *ctx, double x)
{
	const Search *s = ctx;

	return (mx_chain_apply(s->chain, x) <= s->threshold) == s->is_left;
}

MxEdge
mx_chain_edge(const MxChain *chain, double threshold)
{
	Search s = {.chain = chain, .threshold = threshold};
	uint64_t last;

	s.is_left = mx_chain_apply(chain, -INFINITY) <= threshold;
	if (lies_low(&s, INFINITY))
		return (MxEdge){INFINITY, s.is_left};
	last = mx_search_order(lies_low, &s, mx_place_of(-INFINITY),
	                       mx_place_of(INFINITY),
	                       mx_place_of(guess(chain, threshold)));
	return (MxEdge){mx_number_at(last), s.is_left};
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
		bounds->low =
		    fmax(bounds->low, mx_number_at(mx_place_of(edge.last) + 1));
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
