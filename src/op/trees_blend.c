/* trees_blend.c */
/* Cuts trees into the pieces that are folded, and the joins above them. */
#include "op/trees_fold.h"

#include <string.h>

/* What parts cost beside each other, measured. */
#define COST_PAIR 11
#define COST_THREE 22
#define COST_SEVEN 46
#define COST_JOIN 27

/* Of a tree with MX_BLEND_LEAVES leaves. */
#define MOST_NODES (2 * MX_BLEND_LEAVES - 1)
#define TALLEST_PIECE 3

/* One tree, node by node. */
typedef struct Cut
{
	size_t first; /* of its nodes in the ensemble */
	size_t n;
	uint8_t height[MOST_NODES]; /* TALLEST_PIECE + 1 stands for more */
	bool is_piece[MOST_NODES];
	bool is_top[MOST_NODES]; /* a join that is part of the top */
	uint16_t cost[MOST_NODES];
	uint16_t place[MOST_NODES]; /* of what is found there */
	uint16_t leaf[MOST_NODES];  /* number of a leaf, outcome of a set */
	/* Roots of pieces and joins, parents first. */
	uint16_t roots[MX_BLEND_PIECES];
	uint16_t joins[MX_BLEND_LEAVES];
	MxBlendTree counts;
} Cut;

/* Where the parts of the next tree go. */
typedef struct Parts
{
	MxBlendSet *set;
	MxBlendSeven *seven;
	MxBlendThree *three;
	MxBlendPair *pair;
	MxBlendJoin *join;
	MxBlendTop *top;
	double *leaves; /* (n_values, n_leaves) */
	size_t n_leaves;
} Parts;

/* Which tree comes at a place, and its first set. */
typedef struct Turn
{
	size_t tree;
	size_t set;
} Turn;

/* Where the next test of a piece goes, and the next leaf number. */
typedef struct Cursor
{
	uint32_t *columns;
	int8_t *limits;
	uint8_t *rights;
} Cursor;

/* ---- cutting ----------------------------------------------------------- */

static size_t
left_of(const MxFolding *f, const Cut *cut, size_t node)
{
	return (size_t) f->trees->left[cut->first + node];
}

static size_t
right_of(const MxFolding *f, const Cut *cut, size_t node)
{
	return (size_t) f->trees->right[cut->first + node];
}

/* Children are behind their parents. */
static void
weigh(const MxFolding *f, Cut *cut)
{
	static const uint16_t costs[TALLEST_PIECE + 1] = {0, COST_PAIR, COST_THREE,
	                                                  COST_SEVEN};

	for (size_t node = cut->n; node-- > 0;)
	{
		size_t left = left_of(f, cut, node);
		size_t right = right_of(f, cut, node);
		size_t h = 0;

		cut->cost[node] = 0;
		cut->is_piece[node] = false;
		if (f->trees->left[cut->first + node] >= 0)
		{
			h = cut->height[left] > cut->height[right] ? cut->height[left]
			                                           : cut->height[right];
			h = h < TALLEST_PIECE ? h + 1 : TALLEST_PIECE + 1;
			cut->cost[node] =
			    (uint16_t) (COST_JOIN + cut->cost[left] + cut->cost[right]);
			if (h == 1 || (h <= TALLEST_PIECE && costs[h] <= cut->cost[node]))
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
number_leaves(const MxFolding *f, Cut *cut)
{
	uint16_t waiting[MOST_NODES];
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
		if (mx_fold_is_set(f, cut->first + node))
			cut->leaf[node] = cut->counts.n_sets++;
		waiting[n_waiting++] = (uint16_t) right_of(f, cut, node);
		waiting[n_waiting++] = (uint16_t) left_of(f, cut, node);
	}
}

static uint16_t *
count_of(MxBlendTree *counts, size_t height)
{
	if (height == TALLEST_PIECE)
		return &counts->n_sevens;
	return height == 2 ? &counts->n_threes : &counts->n_pairs;
}

/* Lists pieces and joins below the top, and counts them. */
static void
list_parts(const MxFolding *f, Cut *cut)
{
	uint16_t waiting[MOST_NODES];
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
			waiting[n_waiting++] = (uint16_t) right_of(f, cut, node);
			waiting[n_waiting++] = (uint16_t) left_of(f, cut, node);
		}
		else
			cut->place[node] =
			    (uint16_t) (MX_BLEND_LEAF + cut->leaf[node] * MX_BLEND_VECTOR);
	}
}

static bool
is_join(const Cut *cut, size_t node)
{
	return cut->height[node] > 0 && !cut->is_piece[node];
}

/* The root and two levels below it, unless the tree is one piece. */
static void
mark_top(const MxFolding *f, Cut *cut)
{
	size_t level[4] = {0};
	size_t n = 1;

	memset(cut->is_top, 0, sizeof(cut->is_top));
	for (size_t depth = 0; depth < TALLEST_PIECE; depth++)
	{
		size_t below[4];
		size_t n_below = 0;

		for (size_t i = 0; i < n; i++)
		{
			if (!is_join(cut, level[i]))
				continue;
			cut->is_top[level[i]] = true;
			if (depth + 1 == TALLEST_PIECE)
				continue;
			below[n_below++] = left_of(f, cut, level[i]);
			below[n_below++] = right_of(f, cut, level[i]);
		}
		n = n_below;
		memcpy(level, below, n * sizeof(*level));
	}
	cut->counts.has_top = cut->is_top[0];
}

static void
cut_tree(const MxFolding *f, size_t t, Cut *cut)
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

/* ---- writing ----------------------------------------------------------- */

/* Where a row's byte for a node is, and the limit it is compared with. */
static int8_t
test_of(const MxFolding *f, const Cut *cut, size_t node, uint32_t *column)
{
	size_t at = cut->first + node;
	size_t rank;

	if (mx_fold_is_set(f, at))
	{
		*column = (uint32_t) ((f->n_columns + cut->leaf[node]) * MX_BLEND_ROWS);
		return 0;
	}
	rank = mx_fold_rank(f, at);
	*column = (uint32_t) ((mx_fold_column(f, at) + rank / MX_BLEND_RANKS) *
	                      MX_BLEND_ROWS);
	return (int8_t) ((int) (rank % MX_BLEND_RANKS) + 1 - 128);
}

/*
 * The same where there is no node.  Ranks never are MX_BLEND_ALWAYS; a category
 * may be, but not the byte that says whether there is one.
 */
static int8_t
always_left(const MxFolding *f, uint32_t *column)
{
	*column = f->features[0].has_categories ? MX_BLEND_ROWS : 0;
	return MX_BLEND_ALWAYS;
}

/* A node that stands too low for its place is reached by always going left. */
static void
write_test(const MxFolding *f, const Cut *cut, size_t node, bool is_there,
           Cursor *to)
{
	*to->limits = is_there ? test_of(f, cut, node, to->columns)
	                       : always_left(f, to->columns);
	to->limits++;
	to->columns++;
}

static bool
is_leaf(const MxFolding *f, const Cut *cut, size_t node)
{
	return f->trees->left[cut->first + node] < 0;
}

static void
write_pair(const MxFolding *f, const Cut *cut, size_t node, Cursor *to)
{
	bool is_there = !is_leaf(f, cut, node);
	size_t left = is_there ? left_of(f, cut, node) : node;

	write_test(f, cut, node, is_there, to);
	*to->rights++ = (uint8_t) (cut->leaf[left] + 1);
}

static void
write_three(const MxFolding *f, const Cut *cut, size_t node, Cursor *to)
{
	bool is_there = cut->height[node] == 2;

	write_pair(f, cut, is_there ? left_of(f, cut, node) : node, to);
	write_pair(f, cut, is_there ? right_of(f, cut, node) : node, to);
	write_test(f, cut, node, is_there, to);
}

static void
write_seven(const MxFolding *f, const Cut *cut, size_t node, Cursor *to)
{
	write_three(f, cut, left_of(f, cut, node), to);
	write_three(f, cut, right_of(f, cut, node), to);
	write_test(f, cut, node, true, to);
}

static void
write_piece(const MxFolding *f, const Cut *cut, size_t node, Parts *parts)
{
	Cursor to;

	switch (cut->height[node])
	{
		case 1:
			to = (Cursor){parts->pair->columns, parts->pair->limits,
			              parts->pair->rights};
			parts->pair++;
			write_pair(f, cut, node, &to);
			break;
		case 2:
			to = (Cursor){parts->three->columns, parts->three->limits,
			              parts->three->rights};
			parts->three++;
			write_three(f, cut, node, &to);
			break;
		default:
			to = (Cursor){parts->seven->columns, parts->seven->limits,
			              parts->seven->rights};
			parts->seven++;
			write_seven(f, cut, node, &to);
			break;
	}
}

/* Sevens come first, pairs last. */
static void
write_pieces(const MxFolding *f, Cut *cut, Parts *parts)
{
	const MxBlendTree *n = &cut->counts;
	size_t next[TALLEST_PIECE + 1] = {0, n->n_sevens + n->n_threes, n->n_sevens,
	                                  0};

	for (size_t i = 0; i < (size_t) n->n_sevens + n->n_threes + n->n_pairs; i++)
	{
		uint16_t node = cut->roots[i];

		cut->place[node] =
		    (uint16_t) (next[cut->height[node]]++ * MX_BLEND_ROWS);
		write_piece(f, cut, node, parts);
	}
}

static MxBlendPlace
place_of(const Cut *cut, size_t node)
{
	uint16_t at = cut->place[node];

	return (MxBlendPlace){at, at < MX_BLEND_LEAF ? MX_BLEND_VECTOR : 0};
}

static void
write_joins(const MxFolding *f, Cut *cut, Parts *parts)
{
	for (size_t i = cut->counts.n_joins; i-- > 0; parts->join++)
	{
		uint16_t node = cut->joins[i];
		MxBlendJoin *join = parts->join;

		join->places[0] = place_of(cut, left_of(f, cut, node));
		join->places[1] = place_of(cut, right_of(f, cut, node));
		join->to = join->places[join->places[0].stride > 0 ? 0 : 1].at;
		join->limits[0] = test_of(f, cut, node, &join->columns[0]);
		cut->place[node] = join->to;
	}
}

/* Where a top has no test, it always goes left. */
static void
write_top(const MxFolding *f, Cut *cut, Parts *parts)
{
	/* In post-order: the root is 6, its children are 2 and 5. */
	static const size_t lefts[7] = {0, 2, 0, 4, 6, 3, 2};
	static const size_t rights[7] = {1, 3, 1, 5, 7, 4, 5};
	MxBlendTop *top = parts->top;
	size_t nodes[7];

	if (!cut->counts.has_top)
		return;
	parts->top++;
	nodes[6] = 0;
	for (size_t i = 7; i-- > 0;)
	{
		size_t node = nodes[i];
		bool is_there = cut->is_top[node];
		size_t left = is_there ? left_of(f, cut, node) : node;
		size_t right = is_there ? right_of(f, cut, node) : node;

		top->limits[i] = is_there ? test_of(f, cut, node, &top->columns[i])
		                          : always_left(f, &top->columns[i]);
		if (i == 2 || i == 5 || i == 6)
		{
			nodes[lefts[i]] = left;
			nodes[rights[i]] = right;
			continue;
		}
		top->places[lefts[i]] = place_of(cut, left);
		top->places[rights[i]] = place_of(cut, right);
	}
}

static void
write_sets(const MxFolding *f, const Cut *cut, size_t first_set, Parts *parts)
{
	for (size_t node = 0; node < cut->n; node++)
	{
		size_t at = cut->first + node;
		MxBlendSet *set;

		if (is_leaf(f, cut, node) || !mx_fold_is_set(f, at))
			continue;
		set = &parts->set[cut->leaf[node]];
		set->column = (uint32_t) (mx_fold_column(f, at) * MX_BLEND_ROWS);
		set->outcome =
		    (uint32_t) ((f->n_columns + cut->leaf[node]) * MX_BLEND_ROWS);
		set->set = first_set + cut->leaf[node];
	}
	parts->set += cut->counts.n_sets;
}

static void
write_leaves(const MxFolding *f, const Cut *cut, size_t first_leaf,
             Parts *parts)
{
	size_t n_values = f->trees->n_values;

	for (size_t node = 0; node < cut->n; node++)
		for (size_t j = 0; is_leaf(f, cut, node) && j < n_values; j++)
			parts->leaves[j * parts->n_leaves + first_leaf + cut->leaf[node]] =
			    f->trees->values[(cut->first + node) * n_values + j];
}

static void
write_trees(const MxFolding *f, const Turn *turns, Cut *cut, Parts *parts,
            MxBlendTree *to)
{
	size_t leaf = 0;

	for (size_t i = 0; i < f->trees->n_trees; i++)
	{
		cut_tree(f, turns[i].tree, cut);
		write_sets(f, cut, turns[i].set, parts);
		write_pieces(f, cut, parts);
		write_joins(f, cut, parts);
		write_top(f, cut, parts);
		write_leaves(f, cut, leaf, parts);
		to[i] = cut->counts;
		to[i].leaf = leaf;
		leaf += (cut->n + 1) / 2;
	}
}

/* ---- the whole --------------------------------------------------------- */

static bool
has_few_leaves(const MxTrees *trees)
{
	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->start[t + 1] - trees->start[t] > MOST_NODES)
			return false;
	return true;
}

/* By outputs; trees of one output stay in their order. */
static MxStatus
take_turns(const MxTrees *trees, MxImageWriter *w, Turn *turns, MxError *err)
{
	size_t *next =
	    mx_image_scratch(w, trees->n_outputs + 1, sizeof(size_t), err);

	MX_NEED(next, err);
	for (size_t t = 0; trees->output != NULL && t < trees->n_trees; t++)
		next[trees->output[t] + 1]++;
	for (size_t j = 0; j < trees->n_outputs; j++)
		next[j + 1] += next[j];
	for (size_t t = 0; t < trees->n_trees; t++)
		turns[next[trees->output == NULL ? 0 : trees->output[t]]++].tree = t;
	return MX_OK;
}

/* Takes room for the parts of all trees; *n_outcomes: the most of one. */
static MxStatus
reserve_parts(const MxFolding *f, Cut *cut, MxImageWriter *w,
              MxTreesImage *image, Parts *parts, size_t *n_outcomes,
              MxError *err)
{
	size_t n_sevens = 0, n_threes = 0, n_pairs = 0;
	size_t n_joins = 0, n_tops = 0, n_sets = 0;

	*n_outcomes = 0;
	for (size_t t = 0; t < f->trees->n_trees; t++)
	{
		cut_tree(f, t, cut);
		n_sevens += cut->counts.n_sevens;
		n_threes += cut->counts.n_threes;
		n_pairs += cut->counts.n_pairs;
		n_joins += cut->counts.n_joins;
		n_tops += cut->counts.has_top;
		n_sets += cut->counts.n_sets;
		if (cut->counts.n_sets > *n_outcomes)
			*n_outcomes = cut->counts.n_sets;
	}
	MX_TRY(mx_image_reserve(w, n_sevens, sizeof(MxBlendSeven), 64,
	                        &image->blend_sevens, (void **) &parts->seven,
	                        err));
	MX_TRY(mx_image_reserve(w, n_threes, sizeof(MxBlendThree), 64,
	                        &image->blend_threes, (void **) &parts->three,
	                        err));
	MX_TRY(mx_image_reserve(w, n_pairs, sizeof(MxBlendPair), 64,
	                        &image->blend_pairs, (void **) &parts->pair, err));
	MX_TRY(mx_image_reserve(w, n_joins, sizeof(MxBlendJoin), 64,
	                        &image->blend_joins, (void **) &parts->join, err));
	MX_TRY(mx_image_reserve(w, n_tops, sizeof(MxBlendTop), 64,
	                        &image->blend_tops, (void **) &parts->top, err));
	MX_TRY(mx_image_reserve(w, parts->n_leaves * f->trees->n_values,
	                        sizeof(double), 64, &image->blend_leaves,
	                        (void **) &parts->leaves, err));
	return mx_image_reserve(w, n_sets, sizeof(MxBlendSet), 64,
	                        &image->blend_sets, (void **) &parts->set, err);
}

/* The first set of every tree, in the order in which sets are stored. */
static void
number_sets(const MxFolding *f, Turn *turns, Cut *cut, size_t *first_set)
{
	size_t n = 0;

	for (size_t t = 0; t < f->trees->n_trees; t++)
	{
		cut_tree(f, t, cut);
		first_set[t] = n;
		n += cut->counts.n_sets;
	}
	for (size_t i = 0; i < f->trees->n_trees; i++)
		turns[i].set = first_set[turns[i].tree];
}

MxStatus
mx_trees_fold(const MxTreesLayout *layout, MxImageWriter *w,
              MxTreesImage *image, MxError *err)
{
	const MxTrees *trees = layout->trees;
	MxFolding f = {.layout = layout, .trees = trees};
	Parts parts = {.n_leaves = layout->n_leaves};
	MxBlendTree *to;
	size_t n_outcomes;
	size_t *first_set;
	Turn *turns;
	Cut *cut;

	if (!has_few_leaves(trees))
		return MX_OK;
	MX_TRY(mx_fold_features(&f, w, image, err));
	if (f.n_columns == 0)
		return MX_OK;
	cut = mx_image_scratch(w, 1, sizeof(Cut), err);
	MX_NEED(cut, err);
	turns = mx_image_scratch(w, trees->n_trees, sizeof(Turn), err);
	MX_NEED(turns, err);
	first_set = mx_image_scratch(w, trees->n_trees, sizeof(size_t), err);
	MX_NEED(first_set, err);
	MX_TRY(take_turns(trees, w, turns, err));
	number_sets(&f, turns, cut, first_set);
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxBlendTree), 8,
	                        &image->blend_trees, (void **) &to, err));
	MX_TRY(reserve_parts(&f, cut, w, image, &parts, &n_outcomes, err));
	write_trees(&f, turns, cut, &parts, to);
	image->n_leaves = layout->n_leaves;
	image->n_blend_features = f.n_features;
	image->n_blend_columns = (uint32_t) (f.n_columns + n_outcomes);
	return MX_OK;
}
