/* trees_prune.c */
/* Trees without the tests whose outcome is known. */
#include "op/trees.h"

#include <math.h>
#include <string.h>

static bool
has_bit(const uint32_t *sets, size_t set, int64_t v)
{
	return (sets[set * MX_BITSET_WORDS + (size_t) v / 32] >> (v % 32)) & 1;
}

/* As model/nodes.h says it. */
static bool
goes_left(const MxTrees *trees, size_t node, double x)
{
	bool missing_is_left = (trees->flags[node] & MX_TREE_MISSING_LEFT) != 0;
	int64_t v;

	if (trees->rounds_to_float32)
		x = (double) (float) x;
	if ((trees->flags[node] & MX_TREE_CATEGORICAL) == 0)
		return isnan(x) ? missing_is_left : x <= trees->threshold[node];
	v = mx_tree_category(x, (unsigned) trees->category_range);
	if (v == MX_NO_CATEGORY)
		return missing_is_left;
	if (has_bit(trees->bitsets, trees->bitset[node], v))
		return true;
	return missing_is_left &&
	       !has_bit(trees->known, (size_t) trees->feature[node], v);
}

/* Nodes of all trees, some of them gone. */
typedef struct Cutting
{
	const MxTrees *from;
	const bool *is_known;
	const double *numbers;
	size_t n; /* nodes kept */
	size_t *start;
	int32_t *left, *right, *feature;
	double *threshold, *values;
	uint8_t *flags;
	uint32_t *bitset;
	int32_t *number; /* of one tree, by old number: the new one, or GONE */
} Cutting;

#define GONE (-1)
#define FOUND 0 /* and not numbered yet */

/* The first node from node on, numbers being those of the tree, that stays. */
static int32_t
skip_decided(const Cutting *c, size_t first, int32_t node)
{
	const MxTrees *trees = c->from;

	for (;;)
	{
		size_t at = first + (size_t) node;
		size_t feature = (size_t) trees->feature[at];

		if (trees->left[at] < 0 || !c->is_known[feature])
			return node;
		node = goes_left(trees, at, c->numbers[feature]) ? trees->left[at]
		                                                 : trees->right[at];
	}
}

/* The new node has its children's old numbers. */
static void
keep_node(Cutting *c, size_t first, size_t at)
{
	const MxTrees *from = c->from;
	size_t to = c->n++;

	c->left[to] = c->right[to] = -1;
	c->feature[to] = from->feature[at];
	c->threshold[to] = from->threshold[at];
	c->flags[to] = from->flags[at];
	if (from->bitset != NULL)
		c->bitset[to] = from->bitset[at];
	if (from->left[at] < 0)
	{
		memcpy(c->values + to * from->n_values,
		       from->values + at * from->n_values,
		       from->n_values * sizeof(double));
		return;
	}
	c->left[to] = skip_decided(c, first, from->left[at]);
	c->right[to] = skip_decided(c, first, from->right[at]);
	c->number[c->left[to]] = FOUND;
	c->number[c->right[to]] = FOUND;
}

/* Children are behind their parents: each node has been found when met. */
static void
cut_tree(Cutting *c, size_t t)
{
	size_t first = c->from->start[t];
	size_t n = c->from->start[t + 1] - first;
	size_t begin = c->n;
	size_t i;

	for (i = 0; i < n; i++)
		c->number[i] = GONE;
	c->number[skip_decided(c, first, 0)] = FOUND;
	for (i = 0; i < n; i++)
		if (c->number[i] != GONE)
		{
			c->number[i] = (int32_t) (c->n - begin);
			keep_node(c, first, first + i);
		}
	for (i = begin; i < c->n; i++)
		if (c->left[i] >= 0)
		{
			c->left[i] = c->number[c->left[i]];
			c->right[i] = c->number[c->right[i]];
		}
	c->start[t + 1] = c->n;
}

static MxStatus
make_room(Cutting *c, MxArena *arena, MxError *err)
{
	size_t n = c->from->start[c->from->n_trees];

	c->start = mx_arena_array(arena, size_t, c->from->n_trees + 1, err);
	MX_NEED(c->start, err);
	c->left = mx_arena_array(arena, int32_t, n, err);
	MX_NEED(c->left, err);
	c->right = mx_arena_array(arena, int32_t, n, err);
	MX_NEED(c->right, err);
	c->feature = mx_arena_array(arena, int32_t, n, err);
	MX_NEED(c->feature, err);
	c->threshold = mx_arena_array(arena, double, n, err);
	MX_NEED(c->threshold, err);
	c->flags = mx_arena_array(arena, uint8_t, n, err);
	MX_NEED(c->flags, err);
	c->values =
	    mx_arena_alloc(arena, n, c->from->n_values * sizeof(double), err);
	MX_NEED(c->values, err);
	c->number =
	    mx_arena_array(arena, int32_t, mx_trees_most_nodes(c->from), err);
	MX_NEED(c->number, err);
	if (c->from->bitset != NULL)
		c->bitset = mx_arena_array(arena, uint32_t, n, err);
	return c->from->bitset != NULL && c->bitset == NULL ? err->status : MX_OK;
}

MxStatus
mx_trees_prune(const MxTrees *from, const bool *is_known, const double *numbers,
               MxArena *arena, MxTrees *out, MxError *err)
{
	Cutting c = {.from = from, .is_known = is_known, .numbers = numbers};
	size_t t;

	MX_TRY(make_room(&c, arena, err));
	for (t = 0; t < from->n_trees; t++)
		cut_tree(&c, t);
	*out = *from;
	out->start = c.start;
	out->left = c.left;
	out->right = c.right;
	out->feature = c.feature;
	out->threshold = c.threshold;
	out->flags = c.flags;
	out->values = c.values;
	out->bitset = c.bitset;
	return MX_OK;
}
