/* trees_blend.c */
/* From trees laid out for walking to trees laid out for folding. */
#include "op/trees.h"

#include "base/sort.h"

#include <math.h>

/* Bytes of a row: with more of them codes would leave the caches. */
#define MAX_COLUMNS ((size_t) 2048)
/* Per threshold, and in all; with more thresholds in one, search halves. */
#define BUCKETS_PER_THRESHOLD 2
#define MAX_BUCKETS ((size_t) 4096)
#define MAX_IN_BUCKET 64

typedef struct Folding
{
	const MxTreesLayout *layout;
	const MxTrees *trees;
	MxBlendFeature *features; /* one per column of keys but the constant */
	size_t n_features;
	double *thresholds;
	uint16_t *buckets;
	MxBlendNode *nodes;
	size_t n_made;
	size_t n_sets;
	size_t n_leaves; /* of the tree */
} Folding;

static bool
has_set(const Folding *f, size_t node)
{
	return (f->trees->flags[node] & MX_TREE_CATEGORICAL) != 0;
}

static MxBlendFeature *
feature_of(const Folding *f, size_t node)
{
	return &f->features[*mx_trees_column(f->layout, node) - 1];
}

/* Trees of few leaves, and few bytes to a row. */
static bool
suits(const Folding *f)
{
	size_t n_columns = 0;

	for (size_t i = 0; i < f->n_features; i++)
		n_columns += 2 + f->features[i].n / MX_BLEND_RANKS;
	return n_columns <= MAX_COLUMNS;
}

static bool
has_few_leaves(const MxTrees *trees)
{
	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->start[t + 1] - trees->start[t] >= 2 * MX_BLEND_LEAVES)
			return false;
	return true;
}

/* Whether the node compares. */
static bool
has_threshold(const Folding *f, size_t node)
{
	return f->trees->left[node] >= 0 && !has_set(f, node);
}

static void
count_thresholds(Folding *f)
{
	size_t n_nodes = f->trees->start[f->trees->n_trees];

	for (size_t node = 0; node < n_nodes; node++)
		if (has_threshold(f, node))
			feature_of(f, node)->n++;
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
	for (size_t i = n; i < feature->n + MX_BLEND_PADDING; i++)
		x[i] = NAN;
	feature->n = n;
}

static size_t
n_buckets_for(size_t n)
{
	size_t wanted = n * BUCKETS_PER_THRESHOLD;

	return wanted < 2 ? 2 : wanted > MAX_BUCKETS ? MAX_BUCKETS : wanted;
}

/* Even buckets over all thresholds but the outermost ones. */
static void
place_buckets(const Folding *f, MxBlendFeature *feature)
{
	const double *x = f->thresholds + feature->first;
	size_t edge = feature->n / 64;
	double low = x[edge];
	double scale =
	    (double) feature->n_buckets / (x[feature->n - 1 - edge] - low);

	if (isfinite(low) && isfinite(scale) && scale > 0)
	{
		feature->low = low;
		feature->scale = scale;
		return;
	}
	feature->low = 0;
	feature->scale = 1;
}

static void
fill_buckets(const Folding *f, MxBlendFeature *feature)
{
	const double *x = f->thresholds + feature->first;
	uint16_t *starts = f->buckets + feature->first_bucket;
	size_t n = 0;
	size_t most = 0;

	for (size_t b = 0; b < feature->n_buckets; b++)
	{
		size_t start = n;

		starts[b] = (uint16_t) n;
		while (n < feature->n && mx_blend_bucket(feature, x[n]) == b)
			n++;
		if (n - start > most)
			most = n - start;
	}
	if (most > MAX_IN_BUCKET || feature->n > UINT16_MAX)
		feature->n_buckets = 0;
}

/* n of the features is how many thresholds they have at most. */
static size_t
room_for_buckets(const Folding *f)
{
	size_t room = 0;

	for (size_t i = 0; i < f->n_features; i++)
		room += n_buckets_for(f->features[i].n);
	return room;
}

static void
make_buckets(const Folding *f)
{
	size_t first = 0;

	for (size_t i = 0; i < f->n_features; i++)
	{
		MxBlendFeature *feature = &f->features[i];

		if (feature->n == 0)
			continue;
		feature->first_bucket = first;
		feature->n_buckets = n_buckets_for(feature->n);
		first += feature->n_buckets;
		place_buckets(f, feature);
		fill_buckets(f, feature);
	}
}

static void
collect_thresholds(Folding *f)
{
	size_t first = 0;

	for (size_t i = 0; i < f->n_features; i++)
	{
		f->features[i].first = first;
		first += f->features[i].n + MX_BLEND_PADDING;
		f->features[i].n = 0;
	}
	for (size_t node = 0; node < f->trees->start[f->trees->n_trees]; node++)
		if (has_threshold(f, node))
		{
			MxBlendFeature *feature = feature_of(f, node);

			f->thresholds[feature->first + feature->n++] =
			    mx_trees_threshold(f->trees, node);
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
make_node(Folding *f, size_t node, uint32_t set, MxBlendOp op, size_t leaf)
{
	const MxBlendFeature *feature = feature_of(f, node);
	MxBlendNode *to = &f->nodes[f->n_made++];
	size_t rank;

	to->op = (uint8_t) op;
	to->leaf = (uint8_t) leaf;
	to->column = feature->first_column;
	to->set = set;
	if (set != 0)
		return;
	rank = rank_of(f, feature, mx_trees_threshold(f->trees, node));
	to->column += (uint32_t) (rank / MX_BLEND_RANKS);
	to->code = (int8_t) ((int) (rank % MX_BLEND_RANKS) - 128);
}

/* A node whose children may be done. */
typedef struct Visit
{
	size_t node;
	uint32_t set; /* + 1 */
	uint32_t n_done;
	size_t leaf; /* of a child, the left one if both are leaves */
} Visit;

static Visit
visit(Folding *f, size_t node)
{
	Visit v = {.node = node};

	if (has_set(f, node))
		v.set = (uint32_t) ++f->n_sets;
	return v;
}

static bool
is_leaf(const Folding *f, size_t node)
{
	return f->trees->left[node] < 0;
}

/* Which child of a node is to be visited next; 0 when none is left. */
static size_t
next_child(Folding *f, size_t first, Visit *v)
{
	while (v->n_done < 2)
	{
		int32_t child = v->n_done++ == 0 ? f->trees->left[v->node]
		                                 : f->trees->right[v->node];
		size_t leaf;

		if (!is_leaf(f, first + (size_t) child))
			return first + (size_t) child;
		leaf = f->n_leaves++;
		if (v->n_done == 1 ||
		    !is_leaf(f, first + (size_t) f->trees->left[v->node]))
			v->leaf = leaf;
	}
	return 0;
}

static void
finish_node(Folding *f, size_t first, const Visit *v)
{
	bool left = is_leaf(f, first + (size_t) f->trees->left[v->node]);
	bool right = is_leaf(f, first + (size_t) f->trees->right[v->node]);
	MxBlendOp op = MX_BLEND_JOIN;

	if (left)
		op = right ? MX_BLEND_PAIR : MX_BLEND_LEAF_LEFT;
	else if (right)
		op = MX_BLEND_LEAF_RIGHT;
	make_node(f, v->node, v->set, op, v->leaf);
}

static void
fold_tree(Folding *f, size_t first)
{
	Visit visits[MX_BLEND_DEPTH];
	size_t n = 0;

	f->n_leaves = 0;
	if (!is_leaf(f, first))
		visits[n++] = visit(f, first);
	while (n > 0)
	{
		size_t child = next_child(f, first, &visits[n - 1]);

		if (child != 0)
			visits[n++] = visit(f, child);
		else
			finish_node(f, first, &visits[--n]);
	}
}

static void
fold_trees(Folding *f, MxBlendTree *to)
{
	const MxTrees *trees = f->trees;
	size_t leaf = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
	{
		to[t].first = f->n_made;
		to[t].leaf = leaf;
		to[t].output = trees->output == NULL ? 0 : trees->output[t];
		fold_tree(f, trees->start[t]);
		to[t].n = (uint32_t) (f->n_made - to[t].first);
		leaf += (trees->start[t + 1] - trees->start[t] + 1) / 2;
	}
}

static MxStatus
reserve_features(Folding *f, MxImageWriter *w, MxTreesImage *image,
                 MxError *err)
{
	f->n_features = f->layout->n_columns - 1;
	MX_TRY(mx_image_reserve(w, f->n_features, sizeof(MxBlendFeature), 8,
	                        &image->blend_features, (void **) &f->features,
	                        err));
	for (size_t i = 0; i < f->n_features; i++)
	{
		f->features[i].feature = f->layout->columns[i + 1].feature;
		f->features[i].kind = f->layout->columns[i + 1].kind;
	}
	count_thresholds(f);
	return MX_OK;
}

MxStatus
mx_trees_fold(const MxTreesLayout *layout, MxImageWriter *w,
              MxTreesImage *image, MxError *err)
{
	const MxTrees *trees = layout->trees;
	Folding f = {.layout = layout, .trees = trees};
	MxBlendTree *to;
	size_t n_splits;

	if (!has_few_leaves(trees))
		return MX_OK;
	n_splits = (trees->start[trees->n_trees] - trees->n_trees) / 2;
	MX_TRY(reserve_features(&f, w, image, err));
	if (!suits(&f))
		return MX_OK;
	MX_TRY(mx_image_reserve(w, n_splits + f.n_features * MX_BLEND_PADDING,
	                        sizeof(double), 64, &image->blend_thresholds,
	                        (void **) &f.thresholds, err));
	MX_TRY(mx_image_reserve(w, room_for_buckets(&f), sizeof(uint16_t), 64,
	                        &image->blend_buckets, (void **) &f.buckets, err));
	MX_TRY(mx_image_reserve(w, trees->n_trees, sizeof(MxBlendTree), 8,
	                        &image->blend_trees, (void **) &to, err));
	MX_TRY(mx_image_reserve(w, n_splits, sizeof(MxBlendNode), 64,
	                        &image->blend_nodes, (void **) &f.nodes, err));
	collect_thresholds(&f);
	make_buckets(&f);
	image->n_blend_columns = (uint32_t) number_columns(&f);
	fold_trees(&f, to);
	return MX_OK;
}
