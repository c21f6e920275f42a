/* trees_blend.c */
/* Lays trees out for folding, piece by piece. */
#include "op/trees_blend.h"

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

/* Which tree comes at a place, and the first set of every tree. */
typedef struct Turns
{
	size_t *tree;
	size_t *first_set;
} Turns;

/* Where the next test of a piece goes, and the next leaf number. */
typedef struct Cursor
{
	uint32_t *columns;
	int8_t *limits;
	uint8_t *rights;
} Cursor;

/* ---- writing ----------------------------------------------------------- */

/* Where a row's byte for a node is, and the limit it is compared with. */
static int8_t
test_of(const MxBlending *f, const MxTreeCut *cut, size_t node,
        uint32_t *column)
{
	size_t at = cut->first + node;
	size_t rank;

	if (mx_blending_is_set(f, at))
	{
		*column = (uint32_t) ((f->n_columns + cut->leaf[node]) * MX_BLEND_ROWS);
		return 0;
	}
	rank = mx_blending_rank(f, at);
	*column = (uint32_t) ((mx_blending_column(f, at) + rank / MX_BLEND_RANKS) *
	                      MX_BLEND_ROWS);
	return (int8_t) ((int) (rank % MX_BLEND_RANKS) + 1 - 128);
}

/*
 * The same where there is no node.  Ranks never are MX_BLEND_ALWAYS; a category
 * may be, but not the byte that says whether there is one.
 */
static int8_t
always_left(const MxBlending *f, uint32_t *column)
{
	*column = f->features[0].has_categories ? MX_BLEND_ROWS : 0;
	return MX_BLEND_ALWAYS;
}

/* A node that stands too low for its place is reached by always going left. */
static void
write_test(const MxBlending *f, const MxTreeCut *cut, size_t node,
           bool is_there, Cursor *to)
{
	*to->limits = is_there ? test_of(f, cut, node, to->columns)
	                       : always_left(f, to->columns);
	to->limits++;
	to->columns++;
}

static void
write_pair(const MxBlending *f, const MxTreeCut *cut, size_t node, Cursor *to)
{
	bool is_there = !mx_cut_is_leaf(f, cut, node);
	size_t left = is_there ? mx_cut_left(f, cut, node) : node;

	write_test(f, cut, node, is_there, to);
	*to->rights++ = (uint8_t) (cut->leaf[left] + 1);
}

static void
write_three(const MxBlending *f, const MxTreeCut *cut, size_t node, Cursor *to)
{
	bool is_there = cut->height[node] == 2;

	write_pair(f, cut, is_there ? mx_cut_left(f, cut, node) : node, to);
	write_pair(f, cut, is_there ? mx_cut_right(f, cut, node) : node, to);
	write_test(f, cut, node, is_there, to);
}

static void
write_seven(const MxBlending *f, const MxTreeCut *cut, size_t node, Cursor *to)
{
	write_three(f, cut, mx_cut_left(f, cut, node), to);
	write_three(f, cut, mx_cut_right(f, cut, node), to);
	write_test(f, cut, node, true, to);
}

static void
write_piece(const MxBlending *f, const MxTreeCut *cut, size_t node,
            Parts *parts)
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
write_pieces(const MxBlending *f, MxTreeCut *cut, Parts *parts)
{
	const MxBlendTree *n = &cut->counts;
	size_t next[MX_CUT_TALLEST + 1] = {0, n->n_sevens + n->n_threes,
	                                   n->n_sevens, 0};

	for (size_t i = 0; i < (size_t) n->n_sevens + n->n_threes + n->n_pairs; i++)
	{
		uint16_t node = cut->roots[i];

		cut->place[node] =
		    (uint16_t) (next[cut->height[node]]++ * MX_BLEND_ROWS);
		write_piece(f, cut, node, parts);
	}
}

static MxBlendPlace
place_of(const MxTreeCut *cut, size_t node)
{
	uint16_t at = cut->place[node];

	return (MxBlendPlace){at, at < MX_BLEND_LEAF ? MX_BLEND_VECTOR : 0};
}

static void
write_joins(const MxBlending *f, MxTreeCut *cut, Parts *parts)
{
	for (size_t i = cut->counts.n_joins; i-- > 0; parts->join++)
	{
		uint16_t node = cut->joins[i];
		MxBlendJoin *join = parts->join;

		join->places[0] = place_of(cut, mx_cut_left(f, cut, node));
		join->places[1] = place_of(cut, mx_cut_right(f, cut, node));
		join->to = join->places[join->places[0].stride > 0 ? 0 : 1].at;
		join->limits[0] = test_of(f, cut, node, &join->columns[0]);
		cut->place[node] = join->to;
	}
}

/* Where a top has no test, it always goes left. */
static void
write_top(const MxBlending *f, MxTreeCut *cut, Parts *parts)
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
		size_t left = is_there ? mx_cut_left(f, cut, node) : node;
		size_t right = is_there ? mx_cut_right(f, cut, node) : node;

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
write_sets(const MxBlending *f, const MxTreeCut *cut, size_t first_set,
           Parts *parts)
{
	for (size_t node = 0; node < cut->n; node++)
	{
		size_t at = cut->first + node;
		MxBlendSet *set;

		if (mx_cut_is_leaf(f, cut, node) || !mx_blending_is_set(f, at))
			continue;
		set = &parts->set[cut->leaf[node]];
		set->column = (uint32_t) (mx_blending_column(f, at) * MX_BLEND_ROWS);
		set->outcome =
		    (uint32_t) ((f->n_columns + cut->leaf[node]) * MX_BLEND_ROWS);
		set->set = first_set + cut->leaf[node];
	}
	parts->set += cut->counts.n_sets;
}

static void
write_leaves(const MxBlending *f, const MxTreeCut *cut, size_t first_leaf,
             Parts *parts)
{
	size_t n_values = f->trees->n_values;

	for (size_t node = 0; node < cut->n; node++)
		for (size_t j = 0; mx_cut_is_leaf(f, cut, node) && j < n_values; j++)
			parts->leaves[j * parts->n_leaves + first_leaf + cut->leaf[node]] =
			    f->trees->values[(cut->first + node) * n_values + j];
}

static void
write_trees(const MxBlending *f, const Turns *turns, MxTreeCut *cut,
            Parts *parts, MxBlendTree *to)
{
	size_t leaf = 0;

	for (size_t i = 0; i < f->trees->n_trees; i++)
	{
		mx_cut_tree(f, turns->tree[i], cut);
		write_sets(f, cut, turns->first_set[turns->tree[i]], parts);
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

/* By outputs; trees of one output stay in their order. */
static MxStatus
take_turns(const MxTrees *trees, MxImageWriter *w, Turns *turns, MxError *err)
{
	size_t *next =
	    mx_image_scratch(w, trees->n_outputs + 1, sizeof(size_t), err);

	MX_NEED(next, err);
	turns->tree = mx_image_scratch(w, trees->n_trees, sizeof(size_t), err);
	MX_NEED(turns->tree, err);
	turns->first_set = mx_image_scratch(w, trees->n_trees, sizeof(size_t), err);
	MX_NEED(turns->first_set, err);
	for (size_t t = 0; trees->output != NULL && t < trees->n_trees; t++)
		next[trees->output[t] + 1]++;
	for (size_t j = 0; j < trees->n_outputs; j++)
		next[j + 1] += next[j];
	for (size_t t = 0; t < trees->n_trees; t++)
		turns->tree[next[trees->output == NULL ? 0 : trees->output[t]]++] = t;
	return MX_OK;
}

/*
 * Takes room for the parts of all trees, whose sets are stored in the order in
 * which the model has the trees; *n_outcomes: the most of one.
 */
static MxStatus
reserve_parts(MxBlending *f, MxTreeCut *cut, MxImageWriter *w,
              MxTreesImage *image, Turns *turns, Parts *parts,
              size_t *n_outcomes, MxError *err)
{
	size_t n_sevens = 0, n_threes = 0, n_pairs = 0;
	size_t n_joins = 0, n_tops = 0, n_sets = 0;

	*n_outcomes = 0;
	for (size_t t = 0; t < f->trees->n_trees; t++)
	{
		mx_cut_tree(f, t, cut);
		f->cost += cut->cost[0];
		n_sevens += cut->counts.n_sevens;
		n_threes += cut->counts.n_threes;
		n_pairs += cut->counts.n_pairs;
		n_joins += cut->counts.n_joins;
		n_tops += cut->counts.has_top;
		turns->first_set[t] = n_sets;
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

MxStatus
mx_trees_blend(const MxTreesLayout *layout, MxImageWriter *w,
               MxTreesImage *image, MxError *err)
{
	const MxTrees *trees = layout->trees;
	MxBlending f = {.layout = layout, .trees = trees};
	Parts parts = {.n_leaves = layout->n_leaves};
	MxBlendTree *to;
	size_t n_outcomes;
	Turns turns = {0};
	MxTreeCut *cut;

	if (mx_trees_are_large(trees))
		return MX_OK;
	MX_TRY(mx_blending_features(&f, w, image, err));
	if (f.n_columns == 0)
		return MX_OK;
	cut = mx_image_scratch(w, 1, sizeof(MxTreeCut), err);
	MX_NEED(cut, err);
	MX_TRY(take_turns(trees, w, &turns, err));
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxBlendTree), 8,
	                        &image->blend_trees, (void **) &to, err));
	MX_TRY(reserve_parts(&f, cut, w, image, &turns, &parts, &n_outcomes, err));
	write_trees(&f, &turns, cut, &parts, to);
	image->n_leaves = layout->n_leaves;
	mx_blending_choose(&f, image);
	image->n_blend_features = f.n_features;
	image->n_blend_columns = (uint32_t) (f.n_columns + n_outcomes);
	return MX_OK;
}
