/*
 * trees_blend.h: sums over trees of at most 256 leaves, all nodes at once.
 *
 * Every number of a row becomes a byte: its rank among the thresholds that
 * the trees test.  A test is then one comparison for as many rows as a vector
 * has bytes, and a tree is folded from its leaves up: each inner node chooses,
 * row by row, between the leaf numbers that its children found.  The sums are
 * those of the walk, bit for bit: ranks decide as the numbers do, and leaf
 * vectors are added in the order of the trees.
 */
#ifndef MX_KERNEL_TREES_BLEND_H
#define MX_KERNEL_TREES_BLEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows that are folded together, and as bytes of one vector. */
#define MX_BLEND_ROWS 128
#define MX_BLEND_VECTOR 32
/* Thresholds that one byte tells apart; a feature with more has more bytes. */
#define MX_BLEND_RANKS 254
#define MX_BLEND_LEAVES 256
/* Levels of a tree with so many leaves. */
#define MX_BLEND_DEPTH 256

/*
 * How the numbers of a feature become bytes, kinds as in trees.h.  Those of
 * categories take two columns: the category, and 255 where there is none.
 */
typedef struct MxBlendFeature
{
	uint32_t feature;
	uint32_t kind;
	uint32_t first_column;
	uint32_t n_columns;
	/* Thresholds, ascending, no two alike, MX_BLEND_PADDING NaN behind them. */
	uint64_t first;
	uint64_t n;
	/* How many thresholds lie in lower buckets, per bucket. */
	uint64_t first_bucket;
	uint64_t n_buckets; /* 0: they are too uneven */
	double low, scale;  /* finite, scale positive */
} MxBlendFeature;

#define MX_BLEND_PADDING 8

/*
 * The bucket of a number: it never falls when the number grows, for each step
 * rounds monotonically.  So what lies in lower buckets than x is less than x,
 * and what lies in higher ones is greater.
 */
static inline size_t
mx_blend_bucket(const MxBlendFeature *feature, double x)
{
	double at = (x - feature->low) * feature->scale;
	double last = (double) (feature->n_buckets - 1);

	at = at > 0 ? at : 0;
	return (size_t) (at < last ? at : last);
}

/*
 * Nodes of a tree in post-order, left before right: what a node makes is on
 * top of a stack.  A leaf is no node of its own.
 */
typedef enum MxBlendOp
{
	MX_BLEND_PAIR,       /* push leaf or, to the right, leaf + 1 */
	MX_BLEND_LEAF_LEFT,  /* leaf, or the top */
	MX_BLEND_LEAF_RIGHT, /* the top, or leaf */
	MX_BLEND_JOIN        /* what lies below the top, or the top */
} MxBlendOp;

/* Right when the byte in column is above code, or, with sets, not in set. */
typedef struct MxBlendNode
{
	uint32_t column;
	uint32_t set; /* + 1; 0: none */
	uint8_t op;
	int8_t code; /* bytes of ranks are stored less 128 */
	uint8_t leaf;
	uint8_t reserved;
} MxBlendNode;

typedef struct MxBlendTree
{
	uint64_t first; /* of nodes */
	uint64_t leaf;  /* first of the leaf vectors, left to right */
	uint32_t n;
	uint32_t output;
} MxBlendTree;

typedef struct MxBlend
{
	size_t n_trees, n_features, n_columns, n_values;
	bool rounds_to_float32;
	unsigned category_range;
	const MxBlendFeature *features;
	const double *thresholds;
	const uint16_t *buckets;
	const MxBlendTree *trees;
	const MxBlendNode *nodes;
	const double *leaves;
	const uint32_t *sets; /* as of trees.h */
} MxBlend;

/* Whether this machine has the vectors. */
bool mx_blend_available(void);

/*
 * Ranks of n_rows numbers that are rounded already, for a feature with
 * buckets; needs the vectors.  What NaN becomes means nothing.
 */
void mx_blend_ranks(const MxBlend *blend, const MxBlendFeature *feature,
                    const double x[MX_BLEND_ROWS], size_t n_rows,
                    uint32_t ranks[MX_BLEND_ROWS]);

/*
 * Bytes of feature i for x[0] to x[n_rows - 1], n_rows <= MX_BLEND_ROWS, into
 * codes[column * MX_BLEND_ROWS + row].
 */
void mx_blend_codes(const MxBlend *blend, size_t i, const double *x,
                    size_t n_rows, uint8_t *codes);

/*
 * As mx_forest_walk; needs the vectors.  Codes of each MX_BLEND_ROWS rows
 * follow those of the rows before.
 */
void mx_blend_add(const MxBlend *blend, const uint8_t *codes, size_t n_rows,
                  double *const *out, size_t first);

#endif
