/* trees_compile.c */
/* Lays an ensemble out for walking: children adjacent, in order of depth. */
#include "op/trees.h"

#include <math.h>
#include <string.h>

/* Keys of a tile of rows, in bytes: beside small trees, beside large ones. */
#define TILE_SMALL ((size_t) 32 * 1024)
#define TILE_LARGE ((size_t) 4 * 1024 * 1024)
/* A tree of so many bytes is fetched from afar: once for many rows. */
#define LARGE_TREE ((size_t) 16 * 1024)

typedef struct Layout
{
	MxTreesLayout of;
	MxTreeNode *nodes;  /* of one tree when they are made small after */
	MxSmallNode *small; /* NULL: nodes stay as they are */
	unsigned column_bits;
	double *leaves;
	uint32_t *sets;
	size_t n_leaves; /* so far */
	size_t n_sets;
} Layout;

/* Nodes whose right sibling's subtree is yet to be laid out. */
#define NO_SLOT UINT32_MAX

/* Numbers the columns of keys that some node tests; 0 is the constant. */
static void
number_columns(MxTreesLayout *layout)
{
	const MxTrees *trees = layout->trees;
	size_t n_nodes = trees->start[trees->n_trees];

	layout->n_columns = 1;
	for (size_t node = 0; node < n_nodes; node++)
	{
		if (trees->left[node] < 0)
		{
			layout->n_leaves++;
			continue;
		}
		if (mx_trees_kind(trees, node) == MX_KEYS_CATEGORY)
			layout->n_sets++;
		if (*mx_trees_column(layout, node) == 0)
			*mx_trees_column(layout, node) = layout->n_columns++;
	}
}

static void
list_columns(const MxTreesLayout *layout, MxTreeColumn *columns)
{
	for (size_t feature = 0; feature < layout->trees->n_features; feature++)
		for (uint32_t kind = 0; kind < MX_KEYS_KINDS; kind++)
		{
			uint32_t c = layout->column_of[feature * MX_KEYS_KINDS + kind];

			if (c == 0)
				continue;
			columns[c].feature = (uint32_t) feature;
			columns[c].kind = kind;
		}
}

/* Slots of the largest tree. */
static size_t
most_slots(const MxTrees *trees)
{
	size_t most = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->start[t + 1] - trees->start[t] + 1 > most)
			most = trees->start[t + 1] - trees->start[t] + 1;
	return most;
}

/* How many bits of a small node are its column; 0 when it would not fit. */
static unsigned
column_bits(const MxTreesLayout *layout)
{
	unsigned bits = MX_SMALL_BITS_FEW;

	if (!layout->trees->rounds_to_float32 || layout->n_sets > 0)
		return 0;
	if (layout->n_columns > 1u << bits)
		bits = MX_SMALL_BITS_SOME;
	if (layout->n_columns > 1u << bits)
		bits = MX_SMALL_BITS_MANY;
	return layout->n_columns <= 1u << bits &&
	               most_slots(layout->trees) <= (size_t) 1 << (32 - bits)
	           ? bits
	           : 0;
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
write_leaf(Layout *layout, size_t node, size_t first, uint32_t slot,
           MxTreeNode *out)
{
	size_t n = layout->of.trees->n_values;

	out->key = (int64_t) (layout->n_leaves - first);
	out->left = slot;
	out->column = 0;
	memcpy(layout->leaves + layout->n_leaves++ * n,
	       layout->of.trees->values + node * n, n * sizeof(double));
}

static void
write_split(Layout *layout, size_t node, uint32_t left, MxTreeNode *out)
{
	const MxTrees *trees = layout->of.trees;

	out->left = left;
	out->column = *mx_trees_column(&layout->of, node);
	if (mx_trees_kind(trees, node) == MX_KEYS_CATEGORY)
	{
		out->column |= MX_TREE_SET;
		out->key = (int64_t) layout->n_sets;
		write_set(trees, node, layout->sets + layout->n_sets++ * MX_SET_WORDS);
	}
	else
		out->key = mx_tree_key(mx_trees_threshold(trees, node));
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
	const MxTrees *trees = layout->of.trees;
	size_t first = trees->start[t];
	const int32_t *left = trees->left + first;
	const int32_t *right = trees->right + first;
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
		write_leaf(layout, first + node, span->leaf, slot, &slots[slot]);
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
make_small(const Layout *layout, size_t n, MxSmallNode *to)
{
	for (size_t i = 0; i < n; i++)
	{
		const MxTreeNode *from = &layout->nodes[i];

		to[i].link = from->left << layout->column_bits | from->column;
		to[i].key = from->column == 0
		                ? (int32_t) from->key
		                : mx_small_key(mx_tree_number(from->key), 0);
	}
}

static void
lay_out_trees(Layout *layout, MxTreeSpan *spans)
{
	const MxTrees *trees = layout->of.trees;
	size_t first = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
	{
		size_t n = trees->start[t + 1] - trees->start[t] + 1;

		spans[t].first = first;
		spans[t].leaf = layout->n_leaves;
		spans[t].output = trees->output == NULL ? 0 : trees->output[t];
		if (layout->small == NULL)
			lay_out_tree(layout, t, layout->nodes + first, &spans[t]);
		else
		{
			lay_out_tree(layout, t, layout->nodes, &spans[t]);
			make_small(layout, n, layout->small + first);
		}
		first += n;
	}
}

/* Few rows beside small trees, many for each visit of a large one. */
static void
choose_tile(const Layout *layout, MxTreesImage *image)
{
	const MxTrees *trees = layout->of.trees;
	bool is_small = layout->small != NULL;
	size_t node = is_small ? sizeof(MxSmallNode) : sizeof(MxTreeNode);
	size_t key = is_small ? sizeof(int32_t) : sizeof(int64_t);
	size_t bytes = trees->start[trees->n_trees] / trees->n_trees * node;
	size_t rows;

	rows = (bytes > LARGE_TREE ? TILE_LARGE : TILE_SMALL) /
	       (layout->of.n_columns * key);
	image->tile_rows = rows < 16 ? 16 : rows & ~(size_t) 15;
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

static MxStatus
reserve_nodes(Layout *layout, MxImageWriter *w, MxTreesImage *image,
              MxError *err)
{
	const MxTrees *trees = layout->of.trees;
	size_t n = trees->start[trees->n_trees] + trees->n_trees;

	image->column_bits = layout->column_bits = column_bits(&layout->of);
	if (layout->column_bits == 0)
		return mx_image_reserve(w, n, sizeof(MxTreeNode), 64, &image->nodes,
		                        (void **) &layout->nodes, err);
	layout->nodes =
	    mx_image_scratch(w, most_slots(trees), sizeof(MxTreeNode), err);
	MX_NEED(layout->nodes, err);
	return mx_image_reserve(w, n, sizeof(MxSmallNode), 64, &image->nodes,
	                        (void **) &layout->small, err);
}

/* Everything but the nodes' order is known: takes the room for it. */
static MxStatus
reserve(Layout *layout, MxImageWriter *w, MxTreesImage *image,
        MxTreeSpan **spans, MxError *err)
{
	MxTreesLayout *of = &layout->of;
	const MxTrees *trees = of->trees;

	of->column_of = mx_image_scratch(w, trees->n_features * MX_KEYS_KINDS,
	                                 sizeof(uint32_t), err);
	MX_NEED(of->column_of, err);
	number_columns(of);
	MX_TRY(mx_image_reserve(w, of->n_columns, sizeof(MxTreeColumn), 8,
	                        &image->columns, (void **) &of->columns, err));
	list_columns(of, of->columns);
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxTreeSpan), 8,
	                        &image->spans, (void **) spans, err));
	MX_TRY(reserve_nodes(layout, w, image, err));
	MX_TRY(mx_image_reserve(w, of->n_sets * MX_SET_WORDS, sizeof(uint32_t), 8,
	                        &image->sets, (void **) &layout->sets, err));
	MX_TRY(store_base(trees, w, &image->base, err));
	return mx_image_reserve(w, of->n_leaves * trees->n_values, sizeof(double),
	                        64, &image->leaves, (void **) &layout->leaves, err);
}

MxStatus
mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                 MxError *err)
{
	const MxTrees *trees = &step->node->as.trees;
	Layout layout = {.of = {.trees = trees}};
	MxTreesImage *image;
	MxTreeSpan *spans;

	MX_TRY(mx_image_reserve(w, 1, sizeof(MxTreesImage), 8, params,
	                        (void **) &image, err));
	MX_TRY(reserve(&layout, w, image, &spans, err));
	lay_out_trees(&layout, spans);
	choose_tile(&layout, image);
	image->n_columns = layout.of.n_columns;
	image->n_trees = trees->n_trees;
	image->n_outputs = trees->n_outputs;
	image->n_values = trees->n_values;
	image->has_sets = layout.of.n_sets > 0;
	image->rounds_to_float32 = trees->rounds_to_float32;
	image->category_range = (uint32_t) trees->category_range;
	image->divisor = trees->divisor;
	return mx_trees_blend(&layout.of, w, image, err);
}
