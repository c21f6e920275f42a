/* random_trees.c */
/* Ensembles without pattern and a walk that no one has made fast. */
#include "random_trees.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Growth
{
	const TreePlan *plan;
	TestTrees *out;
	uint64_t state;
	size_t at; /* next node of all trees */
} Growth;

static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t
below(uint64_t *state, size_t n)
{
	return (size_t) ((next(state) >> 11) % n);
}

/* Decimals, so that rows meet them, and a few that need care. */
static double
number(uint64_t *state)
{
	static const double odd[] = {0.0,   -0.0,   INFINITY, -INFINITY,
	                             1e-40, -1e-40, 3e38,     16777217.0};

	if (below(state, 16) == 0)
		return odd[below(state, sizeof(odd) / sizeof(odd[0]))];
	return ((double) below(state, 400) - 200) / 10;
}

static void *
array(MxArena *arena, size_t count, size_t size)
{
	MxError err = {0};
	void *made = mx_arena_alloc(arena, count, size, &err);

	if (made == NULL)
		abort();
	return made;
}

static void
make_arrays(const TreePlan *plan, MxArena *arena, TestTrees *out)
{
	size_t room = plan->n_trees * (2 * plan->n_splits + 1);

	memset(out, 0, sizeof(*out));
	out->start = array(arena, plan->n_trees + 1, sizeof(size_t));
	out->left = array(arena, room, sizeof(int32_t));
	out->right = array(arena, room, sizeof(int32_t));
	out->feature = array(arena, room, sizeof(int32_t));
	out->threshold = array(arena, room, sizeof(double));
	out->flags = array(arena, room, 1);
	out->bitset = array(arena, room, sizeof(uint32_t));
	out->values = array(arena, room * plan->n_values, sizeof(double));
	out->output = array(arena, plan->n_trees, sizeof(uint32_t));
	out->base = array(arena, plan->n_outputs, sizeof(double));
	out->trees = (MxTrees){.n_features = plan->n_features,
	                       .n_trees = plan->n_trees,
	                       .start = out->start,
	                       .left = out->left,
	                       .right = out->right,
	                       .feature = out->feature,
	                       .threshold = out->threshold,
	                       .flags = out->flags,
	                       .rounds_to_float32 = plan->rounds_to_float32,
	                       .category_range = plan->category_range,
	                       .n_values = plan->n_values,
	                       .values = out->values,
	                       .output = out->output,
	                       .n_outputs = plan->n_outputs,
	                       .base = plan->has_base ? out->base : NULL,
	                       .divisor = plan->divisor};
}

static void
make_sets(Growth *g, MxArena *arena)
{
	TestTrees *out = g->out;
	size_t n_sets = 5;
	uint32_t *sets = array(arena, n_sets * MX_BITSET_WORDS, sizeof(uint32_t));
	uint32_t *known =
	    array(arena, g->plan->n_features * MX_BITSET_WORDS, sizeof(uint32_t));

	for (size_t i = 0; i < n_sets * MX_BITSET_WORDS; i++)
		sets[i] = (uint32_t) next(&g->state);
	for (size_t i = 0; i < g->plan->n_features * MX_BITSET_WORDS; i++)
		known[i] = (uint32_t) (next(&g->state) | next(&g->state));
	out->trees.n_bitsets = n_sets;
	out->trees.bitsets = sets;
	out->trees.known = known;
	out->trees.bitset = out->bitset;
}

/* Splits node number i of the tree that begins at first. */
static void
split(Growth *g, size_t first, size_t i)
{
	const TreePlan *plan = g->plan;
	TestTrees *out = g->out;
	size_t node = first + i;

	out->feature[node] = (int32_t) below(&g->state, plan->n_features);
	out->threshold[node] = number(&g->state);
	if (plan->has_missing && below(&g->state, 2) == 0)
		out->flags[node] |= MX_TREE_MISSING_LEFT;
	if (plan->has_categories && below(&g->state, 3) == 0)
	{
		out->flags[node] |= MX_TREE_CATEGORICAL;
		out->bitset[node] = (uint32_t) below(&g->state, out->trees.n_bitsets);
	}
	out->left[node] = (int32_t) (g->at - first);
	out->right[node] = (int32_t) (g->at + 1 - first);
	/* Which side comes first is no one's business. */
	if (below(&g->state, 4) == 0)
	{
		out->left[node] = out->right[node];
		out->right[node]--;
	}
	g->at += 2;
}

static void
grow(Growth *g)
{
	const TreePlan *plan = g->plan;
	size_t first = g->at++;
	size_t n_splits =
	    plan->is_chain ? plan->n_splits : below(&g->state, plan->n_splits + 1);

	for (size_t i = 0; first + i < g->at; i++)
	{
		bool is_last = first + i + 1 == g->at;
		bool splits = plan->is_chain
		                  ? i % 2 == 0
		                  : is_last || plan->is_full || below(&g->state, 3) > 0;

		if (n_splits > 0 && splits)
		{
			split(g, first, i);
			n_splits--;
			continue;
		}
		g->out->left[first + i] = g->out->right[first + i] = -1;
		g->out->feature[first + i] = -2;
		g->out->threshold[first + i] = -2;
		for (size_t v = 0; v < plan->n_values; v++)
			g->out->values[(first + i) * plan->n_values + v] =
			    (double) next(&g->state) * 0x1p-60 - 8;
	}
}

void
make_trees(const TreePlan *plan, MxArena *arena, TestTrees *out)
{
	Growth g = {.plan = plan, .out = out, .state = plan->seed * 2 + 1};

	make_arrays(plan, arena, out);
	for (size_t i = 0; i < 8; i++)
		next(&g.state);
	if (plan->has_categories)
		make_sets(&g, arena);
	for (size_t t = 0; t < plan->n_trees; t++)
	{
		grow(&g);
		out->start[t + 1] = g.at;
		out->output[t] =
		    (uint32_t) below(&g.state, plan->n_outputs - plan->n_values + 1);
	}
	for (size_t j = 0; j < plan->n_outputs; j++)
		out->base[j] = (double) below(&g.state, 100) / 7;
	out->n_nodes = g.at;
}

/* A threshold of the feature, or one number to either side. */
static double
near_threshold(const TestTrees *trees, size_t feature, uint64_t *state)
{
	size_t node = below(state, trees->n_nodes);
	double x = trees->threshold[node];

	if (trees->left[node] < 0 || (size_t) trees->feature[node] != feature)
		x = number(state);
	switch (below(state, 6))
	{
		case 0:
			return nextafter(x, INFINITY);
		case 1:
			return nextafter(x, -INFINITY);
		case 2:
			return (double) nextafterf((float) x, INFINITY);
		case 3:
			return (double) nextafterf((float) x, -INFINITY);
		default:
			return x;
	}
}

double *
make_rows(const TestTrees *trees, uint64_t seed, size_t n_rows, MxArena *arena)
{
	static const double odd[] = {NAN, -NAN,  INFINITY, -INFINITY, -0.0,  255,
	                             256, 255.9, -0.5,     -1,        1e300, 3.5};
	size_t n_features = trees->trees.n_features;
	double *columns = array(arena, n_features * n_rows, sizeof(double));
	uint64_t state = seed * 2 + 1;

	for (size_t f = 0; f < n_features; f++)
		for (size_t row = 0; row < n_rows; row++)
		{
			double x = near_threshold(trees, f, &state);

			if (below(&state, 8) == 0)
				x = odd[below(&state, sizeof(odd) / sizeof(odd[0]))];
			else if (below(&state, 4) == 0)
				x = (double) below(&state, 256);
			columns[f * n_rows + row] = x;
		}
	return columns;
}

static bool
has_bit(const uint32_t *sets, size_t set, unsigned v)
{
	return (sets[set * MX_BITSET_WORDS + v / 32] >> (v % 32)) & 1;
}

static bool
goes_left(const MxTrees *trees, size_t node, double x)
{
	bool missing = (trees->flags[node] & MX_TREE_MISSING_LEFT) != 0;
	unsigned v;

	if (trees->rounds_to_float32)
		x = (double) (float) x;
	if ((trees->flags[node] & MX_TREE_CATEGORICAL) == 0)
		return isnan(x) ? missing : x <= trees->threshold[node];
	if (isnan(x) || (x < 0 && trees->category_range != MX_CATEGORIES_WRAP) ||
	    (x >= 256 && trees->category_range == MX_CATEGORIES_STRICT))
		return missing;
	v = x > -2147483649.0 && x < 2147483648.0 ? (unsigned) (int) x & 255 : 0;
	if (has_bit(trees->bitsets, trees->bitset[node], v))
		return true;
	return has_bit(trees->known, (size_t) trees->feature[node], v) ? false
	                                                               : missing;
}

void
score_plainly(const MxTrees *trees, const double *columns, size_t n_rows,
              size_t row, const double *start, double *out)
{
	for (size_t j = 0; j < trees->n_outputs; j++)
		out[j] = start != NULL         ? start[j]
		         : trees->base != NULL ? trees->base[j]
		                               : 0;
	for (size_t t = 0; t < trees->n_trees; t++)
	{
		size_t first = trees->start[t];
		size_t node = first;

		while (trees->left[node] >= 0)
		{
			double x = columns[(size_t) trees->feature[node] * n_rows + row];

			node = first + (size_t) (goes_left(trees, node, x)
			                             ? trees->left[node]
			                             : trees->right[node]);
		}
		for (size_t v = 0; v < trees->n_values; v++)
			out[(trees->output == NULL ? 0 : trees->output[t]) + v] +=
			    trees->values[node * trees->n_values + v];
	}
	for (size_t j = 0; j < trees->n_outputs && trees->divisor != 0; j++)
		out[j] /= trees->divisor;
}
