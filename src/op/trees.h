/*
 * trees.h: trees in a plan image; shared by the files of this step.
 */
#ifndef MX_OP_TREES_H
#define MX_OP_TREES_H

#include "kernel/trees.h"
#include "kernel/trees_blend.h"
#include "kernel/trees_stop.h"
#include "op/image.h"
#include "op/step.h"

typedef struct MxTreesImage
{
	uint32_t n_columns; /* of keys */
	uint32_t top_levels;
	uint32_t column_bits; /* of nodes; 0: they are wide */
	uint32_t is_shallow;  /* no nodes below the tops */
	uint64_t n_trees, n_outputs, n_values;
	uint64_t tile_rows; /* rows walked together */
	uint64_t n_blend_features;
	uint64_t n_leaves;
	uint32_t has_outputs;
	uint32_t rounds_to_float32; /* keys are not ranks */
	uint32_t category_range;
	uint32_t n_blend_columns; /* 0: the trees are not laid out for folding */
	uint64_t fewest_folded;   /* rows: fewer are walked */
	uint32_t can_stop;        /* ranges are there */
	uint32_t is_close;        /* whole tiles are timed both ways */
	double divisor;
	MxRef columns, thresholds, outputs, top, exits, nodes, sets;
	MxRef leaves; /* of nodes, or, shallow, of exits */
	MxRef base;   /* (n_outputs) */
	MxRef ranges; /* MxGap (n_trees, n_values): least and most of the leaves */
	MxRef blend_features, blend_thresholds, blend_buckets;
	MxRef blend_trees, blend_sevens, blend_threes, blend_pairs, blend_joins;
	MxRef blend_tops, blend_sets, blend_leaves;
} MxTreesImage;

/* Which columns of keys the trees test. */
#define MX_KEYS_KINDS 5
typedef struct MxTreesLayout
{
	const MxTrees *trees;
	uint32_t *column_of; /* (n_features, MX_KEYS_KINDS), 0 when unused */
	uint32_t n_columns;
	size_t n_leaves, n_sets;
	MxTreeColumn *columns;
	double *thresholds; /* of the columns; NULL when keys are no ranks */
} MxTreesLayout;

static inline unsigned
mx_trees_kind(const MxTrees *trees, size_t node)
{
	if ((trees->flags[node] & MX_TREE_CATEGORICAL) != 0)
		return MX_KEYS_CATEGORY;
	if (trees->codes != NULL && trees->codes[trees->feature[node]] >= 0)
		return MX_KEYS_CODE;
	return (trees->flags[node] & MX_TREE_MISSING_LEFT) != 0
	           ? MX_KEYS_MISSING_LEFT
	           : MX_KEYS_MISSING_RIGHT;
}

static inline uint32_t *
mx_trees_column(const MxTreesLayout *layout, size_t node)
{
	size_t feature = (size_t) layout->trees->feature[node];

	return &layout->column_of[feature * MX_KEYS_KINDS +
	                          mx_trees_kind(layout->trees, node)];
}

static inline bool
mx_trees_has_threshold(const MxTrees *trees, size_t node)
{
	return trees->left[node] >= 0 &&
	       (trees->flags[node] & MX_TREE_CATEGORICAL) == 0;
}

/* A threshold as the rows' numbers, rounded or not, are compared with it. */
static inline double
mx_trees_threshold(const MxTrees *trees, size_t node)
{
	return trees->rounds_to_float32
	           ? (double) mx_tree_floor(trees->threshold[node])
	           : trees->threshold[node];
}

/* can_stop and stop of op.h. */
bool mx_trees_can_stop(const void *image, MxRef params);
MxStatus mx_trees_stop(const void *image, MxRef params, size_t column,
                       const MxGap *gaps, size_t n_gaps, MxArena *arena,
                       MxTreesStop **out, MxError *err);

/* Chooses how the trees are laid out, and does it; sets are in pre-order. */
MxStatus mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                          MxError *err);

/* Trees of too many leaves to be folded. */
bool mx_trees_are_large(const MxTrees *trees);
/* Nodes of the largest tree. */
size_t mx_trees_most_nodes(const MxTrees *trees);

/*
 * The ensemble for rows in which column j holds numbers[j] where is_known[j]:
 * every row goes to the same leaves.  What changes is made in arena; out may
 * be from itself.
 */
MxStatus mx_trees_prune(const MxTrees *from, const bool *is_known,
                        const double *numbers, MxArena *arena, MxTrees *out,
                        MxError *err);

typedef struct MxLeafSlot
{
	uint64_t hash;
	uint32_t number; /* + 1; 0: empty */
} MxLeafSlot;

/* Leaf vectors so far; zero but for the first three to begin with. */
typedef struct MxLeafTable
{
	MxImageWriter *writer;
	size_t n_values;
	bool is_shared; /* equal vectors get one number */
	double *vectors;
	size_t n, capacity;
	MxLeafSlot *slots; /* a power of two of them */
	size_t n_slots;
	size_t n_asked;
} MxLeafTable;

/* The number of a vector, a new one unless it is shared. */
MxStatus mx_leaf_number(MxLeafTable *table, const double *vector,
                        uint32_t *number, MxError *err);
/* Fetches what will be asked with a vector. */
void mx_leaf_expect(const MxLeafTable *table, const double *vector);

/*
 * Stores the distinct thresholds of each column in order; columns are listed
 * already.
 */
MxStatus mx_trees_rank(MxTreesLayout *layout, MxImageWriter *w,
                       MxTreesImage *image, MxError *err);

/* Sorts x with as much room and drops repeats: how many are left. */
size_t mx_thresholds_sort(double *x, double *room, size_t n);
/* The place of a threshold that is there. */
size_t mx_thresholds_rank(const double *x, size_t n, double threshold);

/* The key that stands for a node's threshold. */
uint32_t mx_trees_key(const MxTreesLayout *layout, size_t node);

/* Stores tops, nodes, leaves and sets. */
MxStatus mx_trees_lay_out(const MxTreesLayout *layout, MxImageWriter *w,
                          MxTreesImage *image, MxError *err);

/* Stores what each tree adds at least and at most, when it may be of use. */
MxStatus mx_trees_store_ranges(const MxTrees *trees, MxImageWriter *w,
                               MxTreesImage *image, MxError *err);

/* Adds the form that is folded, when it suits. */
MxStatus mx_trees_blend(const MxTreesLayout *layout, MxImageWriter *w,
                        MxTreesImage *image, MxError *err);

#endif
