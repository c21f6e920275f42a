/* trees_blend.c */
/* From trees laid out for walking to trees laid out for folding. */
#include "op/trees.h"

#include "base/sort.h"

/* Bytes of a row: with more of them codes would leave the caches. */
#define MAX_COLUMNS ((size_t) 2048)

typedef struct Folding
{
	const MxForest *forest;
	size_t n_nodes;           /* slots of all trees */
	MxBlendFeature *features; /* one per column of keys but the constant */
	size_t n_features;
	double *thresholds;
	MxBlendNode *nodes;
	size_t n_made;
} Folding;

static bool
is_leaf(const MxTreeNode *node)
{
	return node->column == 0;
}

static bool
has_set(const MxTreeNode *node)
{
	return (node->column & MX_TREE_SET) != 0;
}

static MxBlendFeature *
feature_of(const Folding *f, const MxTreeNode *node)
{
	return &f->features[(node->column & ~MX_TREE_SET) - 1];
}

/* Trees of few leaves, and few bytes to a row. */
static bool
suits(const MxTrees *trees, const Folding *f)
{
	size_t n_columns = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->start[t + 1] - trees->start[t] >= 2 * MX_BLEND_LEAVES)
			return false;
	for (size_t i = 0; i < f->n_features; i++)
		n_columns += 2 + f->features[i].n / MX_BLEND_RANKS;
	return n_columns <= MAX_COLUMNS;
}

/* Inner nodes that compare, per column of keys. */
static void
count_thresholds(Folding *f)
{
	for (size_t i = 0; i < f->n_nodes; i++)
	{
		const MxTreeNode *node = &f->forest->nodes[i];

		/* Slot 0 of a tree is empty, and looks like a leaf. */
		if (!is_leaf(node) && !has_set(node))
			feature_of(f, node)->n++;
	}
}

static bool
is_less(void *ctx, size_t i, size_t j)
{
	const double *x = ctx;

	return x[i] < x[j];
}

static void
swap(void *ctx, size_t i, size_t j)
{
	double *x = ctx;
	double was = x[i];

	x[i] = x[j];
	x[j] = was;
}

static void
sort_thresholds(Folding *f, MxBlendFeature *feature)
{
	double *x = f->thresholds + feature->first;
	MxSortable sortable = {is_less, swap, x};
	size_t n = 0;

	mx_sort(&sortable, feature->n);
	for (size_t i = 0; i < feature->n; i++)
		if (n == 0 || x[i] != x[n - 1])
			x[n++] = x[i];
	feature->n = n;
}

static void
collect_thresholds(Folding *f)
{
	size_t first = 0;

	for (size_t i = 0; i < f->n_features; i++)
	{
		f->features[i].first = first;
		first += f->features[i].n;
		f->features[i].n = 0;
	}
	for (size_t i = 0; i < f->n_nodes; i++)
	{
		const MxTreeNode *node = &f->forest->nodes[i];
		MxBlendFeature *feature;

		if (is_leaf(node) || has_set(node))
			continue;
		feature = feature_of(f, node);
		f->thresholds[feature->first + feature->n++] =
		    mx_tree_number(node->key);
	}
	for (size_t i = 0; i < f->n_features; i++)
		sort_thresholds(f, &f->features[i]);
}

/* Columns of bytes, in all. */
static size_t
number_columns(Folding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_features; i++)
	{
		MxBlendFeature *feature = &f->features[i];

		feature->first_column = (uint32_t) n;
		feature->n_columns =
		    feature->kind == MX_KEYS_CATEGORY
		        ? 2
		        : (uint32_t) ((feature->n + MX_BLEND_RANKS - 1) /
		                      MX_BLEND_RANKS);
		n += feature->n_columns;
	}
	return n;
}

/* The place of a threshold that is there. */
static size_t
rank_of(const Folding *f, const MxBlendFeature *feature, double threshold)
{
	const double *x = f->thresholds + feature->first;
	size_t low = 0;
	size_t high = feature->n;

	while (high - low > 1)
	{
		size_t middle = low + (high - low) / 2;

		if (x[middle] <= threshold)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void
make_node(Folding *f, const MxTreeNode *from, MxBlendOp op, size_t leaf)
{
	const MxBlendFeature *feature = feature_of(f, from);
	MxBlendNode *to = &f->nodes[f->n_made++];
	size_t rank;

	to->op = (uint8_t) op;
	to->leaf = (uint8_t) leaf;
	to->column = feature->first_column;
	if (has_set(from))
	{
		to->set = (uint32_t) from->key + 1;
		return;
	}
	rank = rank_of(f, feature, mx_tree_number(from->key));
	to->column += (uint32_t) (rank / MX_BLEND_RANKS);
	to->code = (int8_t) ((int) (rank % MX_BLEND_RANKS) - 128);
}

/* A node whose children may be done. */
typedef struct Visit
{
	uint32_t slot;
	uint32_t n_done;
} Visit;

/* Which child of a node is to be visited next; 0 when none is left. */
static uint32_t
next_child(const MxTreeNode *slots, Visit *visit)
{
	uint32_t left = slots[visit->slot].left;

	while (visit->n_done < 2)
	{
		uint32_t child = left + visit->n_done++;

		if (!is_leaf(&slots[child]))
			return child;
	}
	return 0;
}

static void
finish_node(Folding *f, const MxTreeNode *slots, uint32_t slot,
            size_t first_leaf)
{
	const MxTreeNode *left = &slots[slots[slot].left];
	const MxTreeNode *right = left + 1;
	size_t leaf = 0;
	MxBlendOp op = MX_BLEND_JOIN;

	if (is_leaf(left))
	{
		op = is_leaf(right) ? MX_BLEND_PAIR : MX_BLEND_LEAF_LEFT;
		leaf = (size_t) left->key - first_leaf;
	}
	else if (is_leaf(right))
	{
		op = MX_BLEND_LEAF_RIGHT;
		leaf = (size_t) right->key - first_leaf;
	}
	make_node(f, &slots[slot], op, leaf);
}

/* Leaf vectors stay where the walk has them: left to right, tree by tree. */
static void
fold_tree(Folding *f, const MxTreeNode *slots, size_t first_leaf)
{
	Visit visits[MX_BLEND_DEPTH] = {{.slot = 1}};
	size_t n = is_leaf(&slots[1]) ? 0 : 1;

	while (n > 0)
	{
		uint32_t child = next_child(slots, &visits[n - 1]);

		if (child != 0)
			visits[n++] = (Visit){.slot = child};
		else
			finish_node(f, slots, visits[--n].slot, first_leaf);
	}
}

static void
fold_trees(Folding *f, const MxTrees *trees, MxBlendTree *to)
{
	size_t leaf = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
	{
		to[t].first = f->n_made;
		to[t].leaf = leaf;
		to[t].output = f->forest->trees[t].output;
		fold_tree(f, f->forest->nodes + f->forest->trees[t].first, leaf);
		to[t].n = (uint32_t) (f->n_made - to[t].first);
		leaf += (trees->start[t + 1] - trees->start[t] + 1) / 2;
	}
}

static MxStatus
reserve_features(Folding *f, MxImageWriter *w, MxTreesImage *image,
                 MxError *err)
{
	f->n_features = f->forest->n_columns - 1;
	MX_TRY(mx_image_reserve(w, f->n_features, sizeof(MxBlendFeature), 8,
	                        &image->blend_features, (void **) &f->features,
	                        err));
	for (size_t i = 0; i < f->n_features; i++)
	{
		f->features[i].feature = f->forest->columns[i + 1].feature;
		f->features[i].kind = f->forest->columns[i + 1].kind;
	}
	count_thresholds(f);
	return MX_OK;
}

MxStatus
mx_trees_fold(const MxTrees *trees, const MxForest *forest, MxImageWriter *w,
              MxTreesImage *image, MxError *err)
{
	Folding f = {.forest = forest};
	MxBlendTree *to;
	size_t n_splits;

	f.n_nodes = trees->start[trees->n_trees] + trees->n_trees;
	n_splits = (trees->start[trees->n_trees] - trees->n_trees) / 2;
	MX_TRY(reserve_features(&f, w, image, err));
	if (!suits(trees, &f))
		return MX_OK;
	MX_TRY(mx_image_reserve(w, n_splits, sizeof(double), 8,
	                        &image->blend_thresholds, (void **) &f.thresholds,
	                        err));
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxBlendTree), 8,
	                        &image->blend_trees, (void **) &to, err));
	MX_TRY(mx_image_reserve(w, n_splits, sizeof(MxBlendNode), 64,
	                        &image->blend_nodes, (void **) &f.nodes, err));
	collect_thresholds(&f);
	image->n_blend_columns = (uint32_t) number_columns(&f);
	fold_trees(&f, trees, to);
	return MX_OK;
}
