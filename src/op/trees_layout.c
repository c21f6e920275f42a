/* trees_layout.c */
/* Lays trees out for walking: complete tops, and subtrees below them. */
#include "op/trees.h"

#include <string.h>

/* A slot that waits for none. */
#define NO_SLOT UINT32_MAX

typedef struct Layout
{
	const MxTreesLayout *of;
	const MxTrees *trees;
	const MxTreesImage *image;
	MxTopNode *top;
	uint64_t *exits;     /* NULL: exits are leaves */
	double *exit_leaves; /* of those */
	MxTreeNode *nodes;   /* or */
	MxWideNode *wide;
	MxLeafTable leaves;
	uint32_t *sets;
	uint32_t *sizes;        /* of subtrees, when the larger child goes first */
	uint32_t *here;         /* nodes of a level of a top */
	uint32_t *below;        /* and those of the next one */
	size_t n_slots, n_sets; /* so far */
} Layout;

/* ---- nodes ------------------------------------------------------------- */

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
write_node(const Layout *layout, size_t slot, uint32_t key, uint32_t column,
           uint32_t offset)
{
	if (layout->wide != NULL)
		layout->wide[slot] = (MxWideNode){key, column, offset};
	else
		layout->nodes[slot] =
		    (MxTreeNode){key, offset << layout->image->column_bits | column};
}

static const double *
values_of(const Layout *layout, size_t node)
{
	return layout->trees->values + node * layout->trees->n_values;
}

static MxStatus
write_leaf(Layout *layout, size_t first, size_t node, size_t slot, MxError *err)
{
	uint32_t leaf;

	if (layout->sizes != NULL)
		leaf = layout->sizes[node];
	else
		MX_TRY(mx_leaf_number(&layout->leaves, values_of(layout, first + node),
		                      &leaf, err));
	write_node(layout, slot, leaf, 0, 0);
	return MX_OK;
}

static void
write_split(Layout *layout, size_t node, size_t slot, size_t pair)
{
	const MxTrees *trees = layout->trees;
	uint32_t column = *mx_trees_column(layout->of, node);
	uint32_t key;

	if (mx_trees_kind(trees, node) == MX_KEYS_CATEGORY)
	{
		column |= MX_TREE_SET;
		key = (uint32_t) layout->n_sets;
		write_set(trees, node, layout->sets + layout->n_sets++ * MX_SET_WORDS);
	}
	else
		key = mx_trees_key(layout->of, node);
	write_node(layout, slot, key, column, (uint32_t) (pair - slot));
}

/* ---- subtrees ---------------------------------------------------------- */

/* Leaves are fetched so many nodes before they are numbered. */
#define NODES_AHEAD 16

static uint32_t
size_of(const Layout *layout, size_t first, size_t node)
{
	return layout->trees->left[first + node] < 0 ? 1 : layout->sizes[node];
}

/* Children lie behind their parents. */
static MxStatus
measure_subtrees(Layout *layout, size_t t, MxError *err)
{
	size_t first = layout->trees->start[t];
	const int32_t *left = layout->trees->left + first;
	const int32_t *right = layout->trees->right + first;

	for (size_t i = layout->trees->start[t + 1] - first; i-- > 0;)
	{
		if (i >= NODES_AHEAD && left[i - NODES_AHEAD] < 0)
			mx_leaf_expect(&layout->leaves,
			               values_of(layout, first + i - NODES_AHEAD));
		if (left[i] < 0)
			MX_TRY(mx_leaf_number(&layout->leaves, values_of(layout, first + i),
			                      &layout->sizes[i], err));
		else
			layout->sizes[i] = size_of(layout, first, (size_t) left[i]) +
			                   size_of(layout, first, (size_t) right[i]);
	}
	return MX_OK;
}

static bool
right_is_larger(const Layout *layout, size_t first, const uint32_t children[2])
{
	return layout->sizes != NULL && size_of(layout, first, children[1]) >
	                                    size_of(layout, first, children[0]);
}

/* A slot that is not written yet holds its node and who waits behind it. */
static void
set_waiting(const Layout *layout, size_t slot, uint32_t node, uint32_t behind)
{
	if (layout->wide != NULL)
		layout->wide[slot] = (MxWideNode){node, 0, behind};
	else
		layout->nodes[slot] = (MxTreeNode){node, behind};
}

static void
get_waiting(const Layout *layout, size_t slot, uint32_t *node, uint32_t *behind)
{
	if (layout->wide != NULL)
	{
		*node = layout->wide[slot].key;
		*behind = layout->wide[slot].offset;
	}
	else
	{
		*node = layout->nodes[slot].key;
		*behind = layout->nodes[slot].link;
	}
}

/*
 * Depth first, so that a walk stays in few cache lines, by way of the larger
 * child where walks are long: most rows go there.  Siblings are even and odd,
 * so that they share a line.  A child that waits for its turn keeps its node
 * and the slot that waits behind it, counted from root, in its own slot: no
 * memory but the output.
 */
static MxStatus
lay_out_subtree(Layout *layout, size_t first, uint32_t node, MxError *err)
{
	const int32_t *left = layout->trees->left + first;
	const int32_t *right = layout->trees->right + first;
	size_t root = layout->n_slots + 1;
	uint32_t waiting = NO_SLOT;
	size_t slot = root;

	layout->n_slots += 2;
	for (;;)
	{
		if (left[node] >= 0)
		{
			size_t pair = layout->n_slots;
			uint32_t children[2] = {(uint32_t) left[node],
			                        (uint32_t) right[node]};
			size_t next = right_is_larger(layout, first, children);

			layout->n_slots += 2;
			write_split(layout, first + node, slot, pair);
			set_waiting(layout, pair + 1 - next, children[1 - next], waiting);
			waiting = (uint32_t) (pair + 1 - next - root);
			slot = pair + next;
			node = children[next];
			continue;
		}
		MX_TRY(write_leaf(layout, first, node, slot, err));
		if (waiting == NO_SLOT)
			return MX_OK;
		slot = root + waiting;
		get_waiting(layout, slot, &node, &waiting);
	}
}

/* ---- tops -------------------------------------------------------------- */

/* Node i of a level of all trees, counted from the left. */
static MxTopNode *
top_node(const Layout *layout, unsigned level, size_t i)
{
	unsigned last = mx_top_first_levels(layout->image->top_levels);
	size_t first = 0;

	for (; last <= level; last += MX_TOP_BLOCK_LEVELS)
		first += layout->trees->n_trees << last;
	switch (last - level)
	{
		case 1:
			return layout->top + first +
			       (i * MX_TOP_LOWER_WIDTH * 2 + MX_TOP_LOWER) /
			           sizeof(MxTopNode);
		case 2:
			return layout->top + first +
			       (i * MX_TOP_MIDDLE_WIDTH * 2 + MX_TOP_MIDDLE) /
			           sizeof(MxTopNode);
		default:
			return layout->top + first +
			       (i * MX_TOP_UPPER_WIDTH * 2 + MX_TOP_UPPER) /
			           sizeof(MxTopNode);
	}
}

/*
 * Leaves the nodes at the exits in layout->here.  A leaf within the top is
 * that of all exits below: there all nodes are zero, which no key is less
 * than.
 */
static void
lay_out_top(Layout *layout, size_t t)
{
	const MxTrees *trees = layout->trees;
	size_t first = trees->start[t];

	layout->here[0] = 0;
	for (unsigned level = 0; level < layout->image->top_levels; level++)
	{
		uint32_t *was = layout->here;

		for (size_t i = 0; i < (size_t) 1 << level; i++)
		{
			size_t node = first + was[i];
			bool is_leaf = trees->left[node] < 0;

			layout->below[2 * i] =
			    is_leaf ? was[i] : (uint32_t) trees->left[node];
			layout->below[2 * i + 1] =
			    is_leaf ? was[i] : (uint32_t) trees->right[node];
			if (!is_leaf)
				*top_node(layout, level, (t << level) + i) =
				    (MxTopNode){mx_trees_key(layout->of, node),
				                *mx_trees_column(layout->of, node)};
		}
		layout->here = layout->below;
		layout->below = was;
	}
}

/* All exits below one leaf are the same. */
static MxStatus
lay_out_exits(Layout *layout, size_t t, MxError *err)
{
	size_t n_exits = (size_t) 1 << layout->image->top_levels;
	size_t first = layout->trees->start[t];
	size_t n = layout->trees->n_values;

	for (size_t i = 0; i < n_exits; i++)
	{
		const double *values =
		    layout->trees->values + (first + layout->here[i]) * n;
		size_t exit = t * n_exits + i;
		bool is_new = i == 0 || layout->here[i] != layout->here[i - 1];

		if (layout->exits == NULL)
			memcpy(layout->exit_leaves + exit * n, values, n * sizeof(double));
		else if (is_new)
		{
			layout->exits[exit] = layout->n_slots + 1;
			MX_TRY(lay_out_subtree(layout, first, layout->here[i], err));
		}
		else
			layout->exits[exit] = layout->exits[exit - 1];
	}
	return MX_OK;
}

/* ---- all --------------------------------------------------------------- */

/* As many as each level of blocks has ways out. */
static size_t
n_top_nodes(const MxTreesImage *image)
{
	size_t n = 0;

	for (unsigned level = mx_top_first_levels(image->top_levels);
	     level > 0 && level <= image->top_levels; level += MX_TOP_BLOCK_LEVELS)
		n += (size_t) image->n_trees << level;
	return n;
}

/* Slots: a tree's nodes below its top, and one for each exit. */
static MxStatus
reserve_nodes(Layout *layout, MxImageWriter *w, MxTreesImage *image,
              MxError *err)
{
	const MxTrees *trees = layout->trees;
	size_t n = trees->start[trees->n_trees] + trees->n_trees;
	size_t n_exits = trees->n_trees << image->top_levels;

	if (image->is_shallow)
		return mx_image_reserve(w, n_exits * trees->n_values, sizeof(double),
		                        64, &image->leaves,
		                        (void **) &layout->exit_leaves, err);
	MX_TRY(mx_image_reserve(w, n_exits + 1, sizeof(uint64_t), 64, &image->exits,
	                        (void **) &layout->exits, err));
	if (image->column_bits == 0)
		return mx_image_reserve(w, n, sizeof(MxWideNode), 64, &image->nodes,
		                        (void **) &layout->wide, err);
	return mx_image_reserve(w, n, sizeof(MxTreeNode), 64, &image->nodes,
	                        (void **) &layout->nodes, err);
}

static MxStatus
reserve(Layout *layout, MxImageWriter *w, MxTreesImage *image, MxError *err)
{
	size_t n_exits = (size_t) 1 << image->top_levels;

	MX_TRY(reserve_nodes(layout, w, image, err));
	MX_TRY(mx_image_reserve(w, n_top_nodes(image), sizeof(MxTopNode), 64,
	                        &image->top, (void **) &layout->top, err));
	MX_TRY(mx_image_reserve(w, layout->of->n_sets * MX_SET_WORDS,
	                        sizeof(uint32_t), 8, &image->sets,
	                        (void **) &layout->sets, err));
	layout->here = mx_image_scratch(w, n_exits, sizeof(uint32_t), err);
	MX_NEED(layout->here, err);
	layout->below = mx_image_scratch(w, n_exits, sizeof(uint32_t), err);
	MX_NEED(layout->below, err);
	return MX_OK;
}

MxStatus
mx_trees_lay_out(const MxTreesLayout *of, MxImageWriter *w, MxTreesImage *image,
                 MxError *err)
{
	const MxTrees *trees = of->trees;
	bool is_large = mx_trees_are_large(trees);
	Layout layout = {.of = of,
	                 .trees = trees,
	                 .image = image,
	                 .leaves = {.writer = w,
	                            .n_values = trees->n_values,
	                            .is_shared = is_large}};

	MX_TRY(reserve(&layout, w, image, err));
	/* Sets stay in pre-order. */
	if (is_large && of->n_sets == 0)
	{
		layout.sizes = mx_image_scratch(w, mx_trees_most_nodes(trees),
		                                sizeof(uint32_t), err);
		MX_NEED(layout.sizes, err);
	}
	for (size_t t = 0; t < trees->n_trees; t++)
	{
		if (layout.sizes != NULL)
			MX_TRY(measure_subtrees(&layout, t, err));
		lay_out_top(&layout, t);
		MX_TRY(lay_out_exits(&layout, t, err));
	}
	if (image->is_shallow)
		return MX_OK;
	layout.exits[trees->n_trees << image->top_levels] = layout.n_slots;
	return mx_image_store(w, layout.leaves.vectors, layout.leaves.n,
	                      trees->n_values * sizeof(double), 64, &image->leaves,
	                      err);
}
