/* trees_compile.c */
/* Lays an ensemble out for walking: children adjacent, in order of depth. */
#include "op/trees.h"

#include <math.h>
#include <string.h>

#define KINDS 4

/* Keys of a tile of rows, in bytes: beside small trees, beside large ones. */
#define TILE_SMALL ((size_t) 32 * 1024)
#define TILE_LARGE ((size_t) 4 * 1024 * 1024)
/* A tree of so many bytes is fetched from afar: once for many rows. */
#define LARGE_TREE ((size_t) 64 * 1024)

typedef struct Layout
{
	const MxTrees *trees;
	uint32_t *column_of; /* (n_features, KINDS), 0 when unused */
	uint32_t n_columns;
	MxTreeColumn *columns;
	MxTreeNode *nodes;
	double *leaves;
	uint32_t *sets;
	size_t n_leaves;
	size_t n_sets;
} Layout;

/* Nodes whose right sibling's subtree is yet to be laid out. */
#define NO_SLOT UINT32_MAX

static unsigned
kind_of(const MxTrees *trees, size_t node)
{
	if ((trees->flags[node] & MX_TREE_CATEGORICAL) != 0)
		return MX_KEYS_CATEGORY;
	return (trees->flags[node] & MX_TREE_MISSING_LEFT) != 0
	           ? MX_KEYS_MISSING_LEFT
	           : MX_KEYS_MISSING_RIGHT;
}

static uint32_t *
column_slot(const Layout *layout, size_t node)
{
	size_t feature = (size_t) layout->trees->feature[node];

	return &layout->column_of[feature * KINDS + kind_of(layout->trees, node)];
}

/* Numbers the columns of keys that some node tests; 0 is the constant. */
static void
number_columns(Layout *layout, size_t *n_leaves, size_t *n_sets)
{
	const MxTrees *trees = layout->trees;
	size_t n_nodes = trees->start[trees->n_trees];

	layout->n_columns = 1;
	for (size_t node = 0; node < n_nodes; node++)
	{
		if (trees->left[node] < 0)
		{
			++*n_leaves;
			continue;
		}
		if (kind_of(trees, node) == MX_KEYS_CATEGORY)
			++*n_sets;
		if (*column_slot(layout, node) == 0)
			*column_slot(layout, node) = layout->n_columns++;
	}
}

static void
list_columns(const Layout *layout, MxTreeColumn *columns)
{
	for (size_t feature = 0; feature < layout->trees->n_features; feature++)
		for (uint32_t kind = 0; kind < KINDS; kind++)
		{
			uint32_t c = layout->column_of[feature * KINDS + kind];

			if (c == 0)
				continue;
			columns[c].feature = (uint32_t) feature;
			columns[c].kind = kind;
		}
}

/* Known categories that are not listed go right, all others as missing. */
static void
write_set(const MxTrees *trees, size_t node, uint32_t *set)
{
	size_t feature = (size_t) trees->feature[node];
	const uint32_t *left =
	    trees->bitsets + (size_t) trees->bitset[node] * MX_BITSET_WORDS;
	const uint32_t *known = trees->known + feature * MX_BITSET_WORDS;
	uint32_t missing =
	    (trees->flags[node] & MX_TREE_MISSING_LEFT) != 0 ? UINT32_MAX : 0;

	for (size_t i = 0; i < MX_BITSET_WORDS; i++)
		set[i] = left[i] | (~known[i] & missing);
	set[MX_BITSET_WORDS] = missing & 1;
}

static void
write_leaf(Layout *layout, size_t node, uint32_t slot, MxTreeNode *out)
{
	size_t n = layout->trees->n_values;

	out->key = (int64_t) layout->n_leaves;
	out->left = slot;
	out->column = 0;
	memcpy(layout->leaves + layout->n_leaves++ * n,
	       layout->trees->values + node * n, n * sizeof(double));
}

static void
write_split(Layout *layout, size_t node, uint32_t left, MxTreeNode *out)
{
	const MxTrees *trees = layout->trees;

	out->left = left;
	out->column = *column_slot(layout, node);
	if (kind_of(trees, node) == MX_KEYS_CATEGORY)
	{
		out->column |= MX_TREE_SET;
		out->key = (int64_t) layout->n_sets;
		write_set(trees, node, layout->sets + layout->n_sets++ * MX_SET_WORDS);
	}
	else
		out->key = mx_tree_key(trees->threshold[node]);
}

/*
 * Depth first, so that a walk stays in few cache lines; slot 0 is left empty,
 * so that siblings share one.  A right child that waits for its turn keeps its
 * node, its level and the slot that waits behind it in its own slot: no memory
 * but the output.
 */
static void
lay_out_tree(Layout *layout, size_t t, MxTreeNode *slots, MxTreeSpan *span)
{
	size_t first = layout->trees->start[t];
	const int32_t *left = layout->trees->left + first;
	const int32_t *right = layout->trees->right + first;
	uint32_t waiting = NO_SLOT;
	uint32_t free_slot = 2;
	uint32_t slot = 1;
	uint32_t level = 0;
	size_t node = 0;

	for (;;)
	{
		if (left[node] >= 0)
		{
			uint32_t pair = free_slot;

			free_slot += 2;
			write_split(layout, first + node, pair, &slots[slot]);
			slots[pair + 1].key = right[node];
			slots[pair + 1].left = waiting;
			slots[pair + 1].column = ++level;
			waiting = pair + 1;
			slot = pair;
			node = (size_t) left[node];
			continue;
		}
		write_leaf(layout, first + node, slot, &slots[slot]);
		if (level > span->depth)
			span->depth = level;
		if (waiting == NO_SLOT)
			return;
		slot = waiting;
		node = (size_t) slots[slot].key;
		level = slots[slot].column;
		waiting = slots[slot].left;
	}
}

static void
lay_out_trees(Layout *layout, MxTreeSpan *spans)
{
	const MxTrees *trees = layout->trees;
	size_t first = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
	{
		spans[t].first = first;
		spans[t].output = trees->output == NULL ? 0 : trees->output[t];
		lay_out_tree(layout, t, layout->nodes + first, &spans[t]);
		first += trees->start[t + 1] - trees->start[t] + 1;
	}
}

/* Few rows beside small trees, many for each visit of a large one. */
static size_t
tile_rows(const Layout *layout)
{
	const MxTrees *trees = layout->trees;
	size_t n_nodes = trees->start[trees->n_trees] / trees->n_trees;
	size_t bytes =
	    n_nodes * sizeof(MxTreeNode) > LARGE_TREE ? TILE_LARGE : TILE_SMALL;
	size_t rows = bytes / (layout->n_columns * sizeof(int64_t));

	return rows < 8 ? 8 : rows & ~(size_t) 7;
}

static MxStatus
store_base(const MxTrees *trees, MxImageWriter *w, MxRef *ref, MxError *err)
{
	void *zeros;

	if (trees->base == NULL)
		return mx_image_reserve(w, trees->n_outputs, sizeof(double), 8, ref,
		                        &zeros, err);
	return mx_image_store(w, trees->base, trees->n_outputs, sizeof(double), 8,
	                      ref, err);
}

/* Everything but the nodes' order is known: takes the room for it. */
static MxStatus
reserve(Layout *layout, MxImageWriter *w, MxTreesImage *image,
        MxTreeSpan **spans, MxError *err)
{
	const MxTrees *trees = layout->trees;
	size_t n_leaves = 0;
	size_t n_sets = 0;

	number_columns(layout, &n_leaves, &n_sets);
	MX_TRY(mx_image_reserve(w, layout->n_columns, sizeof(MxTreeColumn), 8,
	                        &image->columns, (void **) &layout->columns, err));
	list_columns(layout, layout->columns);
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxTreeSpan), 8,
	                        &image->spans, (void **) spans, err));
	MX_TRY(mx_image_reserve(w, trees->start[trees->n_trees] + trees->n_trees,
	                        sizeof(MxTreeNode), 64, &image->nodes,
	                        (void **) &layout->nodes, err));
	MX_TRY(mx_image_reserve(w, n_sets * MX_SET_WORDS, sizeof(uint32_t), 8,
	                        &image->sets, (void **) &layout->sets, err));
	image->has_sets = n_sets > 0;
	MX_TRY(store_base(trees, w, &image->base, err));
	return mx_image_reserve(w, n_leaves * trees->n_values, sizeof(double), 64,
	                        &image->leaves, (void **) &layout->leaves, err);
}

MxStatus
mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                 MxError *err)
{
	const MxTrees *trees = &step->node->as.trees;
	Layout layout = {.trees = trees};
	MxTreesImage *image;
	MxTreeSpan *spans;
	MxForest forest;
	MxRef map;

	MX_TRY(mx_image_reserve(w, 1, sizeof(MxTreesImage), 8, params,
	                        (void **) &image, err));
	MX_TRY(mx_image_reserve(w, trees->n_features * KINDS, sizeof(uint32_t), 8,
	                        &map, (void **) &layout.column_of, err));
	MX_TRY(reserve(&layout, w, image, &spans, err));
	lay_out_trees(&layout, spans);
	image->n_columns = layout.n_columns;
	image->n_trees = trees->n_trees;
	image->n_outputs = trees->n_outputs;
	image->n_values = trees->n_values;
	image->tile_rows = tile_rows(&layout);
	image->rounds_to_float32 = trees->rounds_to_float32;
	image->category_range = (uint32_t) trees->category_range;
	image->divisor = trees->divisor;
	forest = (MxForest){.n_columns = layout.n_columns,
	                    .columns = layout.columns,
	                    .trees = spans,
	                    .nodes = layout.nodes};
	return mx_trees_fold(trees, &forest, w, image, err);
}
