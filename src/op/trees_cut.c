/* trees_cut.c */
/* Cuts trees into the pieces that are folded, and the joins above them. */
#include "op/trees_blend.h"

#include <string.h>

/* What parts cost beside each other, measured. */
#define COST_PAIR 11
#define COST_THREE 22
#define COST_SEVEN 46
#define COST_JOIN 27

/* Children are behind their parents. */
static void
weigh(const MxBlending *f, MxTreeCut *cut)
{
	static const uint16_t costs[MX_CUT_TALLEST + 1] = {0, COST_PAIR, COST_THREE,
	                                                   COST_SEVEN};

	for (size_t node = cut->n; node-- > 0;)
	{
		size_t left = mx_cut_left(f, cut, node);
		size_t right = mx_cut_right(f, cut, node);
		size_t h = 0;

		cut->cost[node] = 0;
		cut->is_piece[node] = false;
		if (f->trees->left[cut->first + node] >= 0)
		{
			h = cut->height[left] > cut->height[right] ? cut->height[left]
			                                           : cut->height[right];
			h = h < MX_CUT_TALLEST ? h + 1 : MX_CUT_TALLEST + 1;
			cut->cost[node] =
			    (uint16_t) (COST_JOIN + cut->cost[left] + cut->cost[right]);
			if (h == 1 || (h <= MX_CUT_TALLEST && costs[h] <= cut->cost[node]))
			{
				cut->is_piece[node] = true;
				cut->cost[node] = costs[h];
			}
		}
		cut->height[node] = (uint8_t) h;
	}
	/* A tree that is a leaf is folded as if it had a test. */
	if (cut->height[0] == 0)
	{
		cut->is_piece[0] = true;
		cut->height[0] = 1;
	}
}

/* Leaves from left to right, tests of sets in pre-order. */
static void
number_leaves(const MxBlending *f, MxTreeCut *cut)
{
	uint16_t waiting[MX_CUT_NODES];
	size_t n_waiting = 0;
	uint16_t n_leaves = 0;

	waiting[n_waiting++] = 0;
	while (n_waiting > 0)
	{
		uint16_t node = waiting[--n_waiting];

		if (f->trees->left[cut->first + node] < 0)
		{
			cut->leaf[node] = n_leaves++;
			continue;
		}
		if (mx_blending_is_set(f, cut->first + node))
			cut->leaf[node] = cut->counts.n_sets++;
		waiting[n_waiting++] = (uint16_t) mx_cut_right(f, cut, node);
		waiting[n_waiting++] = (uint16_t) mx_cut_left(f, cut, node);
	}
}

static uint16_t *
count_of(MxBlendTree *counts, size_t height)
{
	if (height == MX_CUT_TALLEST)
		return &counts->n_sevens;
	return height == 2 ? &counts->n_threes : &counts->n_pairs;
}

/* Lists pieces and joins below the top, and counts them. */
static void
list_parts(const MxBlending *f, MxTreeCut *cut)
{
	uint16_t waiting[MX_CUT_NODES];
	size_t n_waiting = 0;
	size_t n_pieces = 0;

	waiting[n_waiting++] = 0;
	while (n_waiting > 0)
	{
		uint16_t node = waiting[--n_waiting];

		if (cut->is_piece[node])
		{
			cut->roots[n_pieces++] = node;
			(*count_of(&cut->counts, cut->height[node]))++;
		}
		else if (cut->height[node] > 0)
		{
			if (!cut->is_top[node])
				cut->joins[cut->counts.n_joins++] = node;
			waiting[n_waiting++] = (uint16_t) mx_cut_right(f, cut, node);
			waiting[n_waiting++] = (uint16_t) mx_cut_left(f, cut, node);
		}
		else
			cut->place[node] =
			    (uint16_t) (MX_BLEND_LEAF +
			                cut->leaf[node] * MX_BLEND_LEAF_STEP);
	}
}

static bool
is_join(const MxTreeCut *cut, size_t node)
{
	return cut->height[node] > 0 && !cut->is_piece[node];
}

/* The root and two levels below it, unless the tree is one piece. */
static void
mark_top(const MxBlending *f, MxTreeCut *cut)
{
	size_t level[4] = {0};
	size_t n = 1;

	memset(cut->is_top, 0, sizeof(cut->is_top));
	for (size_t depth = 0; depth < MX_CUT_TALLEST; depth++)
	{
		size_t below[4];
		size_t n_below = 0;

		for (size_t i = 0; i < n; i++)
		{
			if (!is_join(cut, level[i]))
				continue;
			cut->is_top[level[i]] = true;
			if (depth + 1 == MX_CUT_TALLEST)
				continue;
			below[n_below++] = mx_cut_left(f, cut, level[i]);
			below[n_below++] = mx_cut_right(f, cut, level[i]);
		}
		n = n_below;
		memcpy(level, below, n * sizeof(*level));
	}
	cut->counts.has_top = cut->is_top[0];
}

void
mx_cut_tree(const MxBlending *f, size_t t, MxTreeCut *cut)
{
	cut->first = f->trees->start[t];
	cut->n = f->trees->start[t + 1] - cut->first;
	cut->counts = (MxBlendTree){
	    .output = f->trees->output == NULL ? 0 : f->trees->output[t]};
	weigh(f, cut);
	number_leaves(f, cut);
	mark_top(f, cut);
	list_parts(f, cut);
}
