/* fold_trees.c */
/* An ensemble for columns to which something has not been done. */
#include "engine/fold.h"

#include <math.h>
#include <string.h>

/* Whether a node that may be folded makes that column. */
static bool
is_made(const MxModel *model, MxNodeId id, size_t column)
{
	const MxNode *node = &model->nodes[id];
	size_t i;

	for (;; node = &model->nodes[id])
	{
		if (node->kind == MX_NODE_SELECT)
			column = node->as.select.columns[column];
		else if (node->kind == MX_NODE_CONCAT)
		{
			for (i = 0; column >= model->nodes[node->in[i]].n_columns; i++)
				column -= model->nodes[node->in[i]].n_columns;
			id = node->in[i];
			continue;
		}
		else if (node->kind != MX_NODE_GUARD)
			return node->kind != MX_NODE_INPUT &&
			       node->kind != MX_NODE_CATEGORIZE;
		id = node->in[0];
	}
}

/* Sets of categories stand for numbers as they are. */
static bool
has_made_categories(const MxModel *model, const MxNode *node)
{
	const MxTrees *trees = &node->as.trees;
	size_t n_nodes = trees->start[trees->n_trees];
	int32_t last = -1;
	size_t i;

	for (i = 0; trees->bitset != NULL && i < n_nodes; i++)
	{
		if (trees->left[i] < 0 || (trees->flags[i] & MX_TREE_CATEGORICAL) == 0)
			continue;
		if (trees->category_range != MX_CATEGORIES_STRICT)
			return true;
		if (trees->feature[i] != last &&
		    is_made(model, node->in[0], (size_t) trees->feature[i]))
			return true;
		last = trees->feature[i];
	}
	return false;
}

bool
mx_trees_can_fold(const MxModel *model, const MxNode *node)
{
	return !has_made_categories(model, node);
}

typedef struct Folding
{
	const MxTrees *from;
	const MxFact *facts;
	const int32_t *shown_by; /* per feature: the first of the same code */
	size_t n_nodes;
	int32_t *left, *right, *feature;
	double *threshold;
	uint8_t *flags;
	uint32_t *bitset, *bitsets, *known;
} Folding;

static bool
is_code(const MxFact *fact)
{
	return fact->chain.n > 0 && fact->chain.maps[0].kind == MX_MAP_EQUALS;
}

static void
swap_children(Folding *f, size_t node)
{
	int32_t left = f->left[node];

	f->left[node] = f->right[node];
	f->right[node] = left;
}

/* Which way a node goes with what the rest of a chain makes of a number. */
static bool
is_left(const Folding *f, size_t node, const MxChain *chain, double x)
{
	double y = mx_chain_apply(chain, x);

	if (isnan(y))
		return (f->from->flags[node] & MX_TREE_MISSING_LEFT) != 0;
	return y <= f->from->threshold[node];
}

static void
set_edge(Folding *f, size_t node, MxEdge edge, bool missing_is_left)
{
	f->threshold[node] = edge.last;
	f->flags[node] = missing_is_left == edge.is_left ? MX_TREE_MISSING_LEFT : 0;
	if (!edge.is_left)
		swap_children(f, node);
}

static void
fold_number(Folding *f, size_t node, const MxChain *chain)
{
	set_edge(f, node, mx_chain_edge(chain, f->from->threshold[node]),
	         is_left(f, node, chain, NAN));
}

/* Left is the one code whose column would hold 1. */
static void
fold_code(Folding *f, size_t node, const MxChain *chain)
{
	MxChain rest = {chain->n - 1, chain->maps + 1};
	bool one_is_left = is_left(f, node, &rest, 1);
	size_t code = (size_t) chain->maps[0].first;

	if (one_is_left == is_left(f, node, &rest, 0))
	{
		set_edge(f, node, (MxEdge){INFINITY, one_is_left}, one_is_left);
		return;
	}
	f->flags[node] = MX_TREE_CATEGORICAL;
	f->bitset[node] = (uint32_t) (f->from->n_bitsets + code);
	if (!one_is_left)
		swap_children(f, node);
}

static void
fold_split(Folding *f, size_t node)
{
	size_t feature = (size_t) f->from->feature[node];
	const MxFact *fact = &f->facts[feature];

	f->feature[node] = f->shown_by[feature];
	if ((f->from->flags[node] & MX_TREE_CATEGORICAL) != 0)
		return;
	if (is_code(fact))
		fold_code(f, node, &fact->chain);
	else
		fold_number(f, node, &fact->chain);
}

/* ---- arrays ------------------------------------------------------------ */

static MxStatus
copy_nodes(Folding *f, MxArena *arena, MxError *err)
{
	const MxTrees *from = f->from;
	size_t n = f->n_nodes;

	f->left = mx_arena_copy(arena, from->left, n, sizeof(*f->left), err);
	MX_NEED(f->left, err);
	f->right = mx_arena_copy(arena, from->right, n, sizeof(*f->right), err);
	MX_NEED(f->right, err);
	f->feature =
	    mx_arena_copy(arena, from->feature, n, sizeof(*f->feature), err);
	MX_NEED(f->feature, err);
	f->threshold =
	    mx_arena_copy(arena, from->threshold, n, sizeof(*f->threshold), err);
	MX_NEED(f->threshold, err);
	f->flags = mx_arena_copy(arena, from->flags, n, sizeof(*f->flags), err);
	return f->flags == NULL ? err->status : MX_OK;
}

/* The sets there are, and one for each code. */
static MxStatus
make_sets(Folding *f, MxArena *arena, MxError *err)
{
	size_t n_sets = f->from->n_bitsets + MX_BITSET_WORDS * 32;
	size_t n_features = f->from->n_features;
	size_t set = MX_BITSET_WORDS * sizeof(uint32_t);
	size_t v;

	f->bitset = mx_arena_array(arena, uint32_t, f->n_nodes, err);
	MX_NEED(f->bitset, err);
	f->bitsets = mx_arena_alloc(arena, n_sets, set, err);
	MX_NEED(f->bitsets, err);
	f->known = mx_arena_alloc(arena, n_features, set, err);
	MX_NEED(f->known, err);
	if (f->from->bitset != NULL)
	{
		memcpy(f->bitset, f->from->bitset, f->n_nodes * sizeof(uint32_t));
		memcpy(f->bitsets, f->from->bitsets, f->from->n_bitsets * set);
		memcpy(f->known, f->from->known, n_features * set);
	}
	for (v = 0; v < MX_BITSET_WORDS * 32; v++)
		f->bitsets[(f->from->n_bitsets + v) * MX_BITSET_WORDS + v / 32] =
		    (uint32_t) 1 << (v % 32);
	return MX_OK;
}

/* Columns of one code lie side by side. */
static MxStatus
find_codes(Folding *f, const MxLowBlock *in, MxArena *arena, MxError *err)
{
	int32_t *shown_by = mx_arena_array(arena, int32_t, in->n_columns, err);
	const MxSegment *last = NULL;
	size_t at = 0;
	size_t i;
	uint32_t k;

	MX_NEED(shown_by, err);
	f->shown_by = shown_by;
	for (i = 0; i < in->n_segments; last = &in->segments[i++])
		for (k = 0; k < in->segments[i].count; k++, at++)
		{
			bool is_same =
			    k == 0 && last != NULL && is_code(&f->facts[at]) &&
			    is_code(&f->facts[at - 1]) &&
			    last->source == in->segments[i].source &&
			    last->first + last->count - 1 == in->segments[i].first;

			shown_by[at] = is_same ? shown_by[at - 1] : (int32_t) at;
			/* Codes are all known: what is none goes where 0 goes. */
			if (is_code(&f->facts[at]))
				memset(f->known + (size_t) shown_by[at] * MX_BITSET_WORDS, 0xff,
				       MX_BITSET_WORDS * sizeof(uint32_t));
		}
	return MX_OK;
}

static bool
is_folded(const MxLowBlock *in)
{
	size_t j;

	for (j = 0; in->facts != NULL && j < in->n_columns; j++)
		if (in->facts[j].chain.n > 0)
			return true;
	return false;
}

static MxStatus
make_node(const Folding *f, const MxNode *from, MxArena *arena,
          const MxNode **out, MxError *err)
{
	MxNode *node = mx_arena_copy(arena, from, 1, sizeof(*from), err);
	MxTrees *trees;

	MX_NEED(node, err);
	trees = &node->as.trees;
	trees->left = f->left;
	trees->right = f->right;
	trees->feature = f->feature;
	trees->threshold = f->threshold;
	trees->flags = f->flags;
	trees->bitset = f->bitset;
	trees->n_bitsets = f->from->n_bitsets + MX_BITSET_WORDS * 32;
	trees->bitsets = f->bitsets;
	trees->known = f->known;
	*out = node;
	return MX_OK;
}

/*
 * Where numbers are rounded columns of 0 and 1 alone are not made, and the
 * trees stay as they are: tests of sets would make all walks slower.
 */
static MxStatus
note_codes(const MxNode *from, const MxLowBlock *in, MxArena *arena,
           const MxNode **out, MxError *err)
{
	MxNode *node = mx_arena_copy(arena, from, 1, sizeof(*from), err);
	int32_t *codes = mx_arena_array(arena, int32_t, in->n_columns, err);
	size_t j;

	if (node == NULL || codes == NULL)
		return err->status;
	for (j = 0; j < in->n_columns; j++)
		codes[j] = is_code(&in->facts[j])
		               ? (int32_t) in->facts[j].chain.maps[0].first
		               : -1;
	node->as.trees.codes = codes;
	*out = node;
	return MX_OK;
}

MxStatus
mx_fold_thresholds(MxLowering *l, const MxNode *node, const MxLowBlock *in,
                   const MxNode **out, MxError *err)
{
	const MxTrees *trees = &node->as.trees;
	Folding f = {.from = trees,
	             .facts = in->facts,
	             .n_nodes = trees->start[trees->n_trees]};
	size_t i;

	*out = node;
	if (!is_folded(in))
		return MX_OK;
	if (trees->rounds_to_float32)
		return note_codes(node, in, l->arena, out, err);
	MX_TRY(copy_nodes(&f, l->arena, err));
	MX_TRY(make_sets(&f, l->arena, err));
	MX_TRY(find_codes(&f, in, l->arena, err));
	for (i = 0; i < f.n_nodes; i++)
		if (trees->left[i] >= 0)
			fold_split(&f, i);
	return make_node(&f, node, l->arena, out, err);
}
