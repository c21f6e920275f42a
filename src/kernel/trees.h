/*
 * trees.h: sums over decision trees, laid out for walking.
 *
 * A row is first turned into keys: integers whose order is that of the
 * numbers, so that a test is one integer comparison and missing values need no
 * branch.  A feature whose missing values go left at some nodes and right at
 * others has two columns of keys.  Nothing here allocates or fails; what the
 * arrays hold was proven before.
 */
#ifndef MX_KERNEL_TREES_H
#define MX_KERNEL_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a column's missing values end; the kind of its keys. */
#define MX_KEYS_CONSTANT 0u      /* -1: the column that leaves test */
#define MX_KEYS_MISSING_RIGHT 1u /* missing is above every number */
#define MX_KEYS_MISSING_LEFT 2u  /* missing is below every number */
#define MX_KEYS_CATEGORY 3u      /* 0 to 255, or MX_NO_CATEGORY */

/* Which numbers are categories; values as MxCategoryRange. */
#define MX_BYTES_STRICT 0u
#define MX_BYTES_WRAP 1u
#define MX_BYTES_WRAP_POSITIVE 2u

#define MX_NO_CATEGORY 256
/* A set of categories: bit v says that v goes left, bit 256 that all else. */
#define MX_SET_WORDS 9

typedef struct MxTreeColumn
{
	uint32_t feature;
	uint32_t kind;
} MxTreeColumn;

/*
 * Inner node: right when the row's key in column is greater than key, or, when
 * column has MX_TREE_SET, when set number key lacks the row's category.
 * The right child follows the left.  A leaf leads to itself: it tests column
 * 0, which is -1, and key is the number of its leaf vector within the tree.
 */
#define MX_TREE_SET 0x80000000u
typedef struct MxTreeNode
{
	int64_t key;
	uint32_t left; /* relative to the tree's first node */
	uint32_t column;
} MxTreeNode;

/*
 * The same in half the room, for ensembles on float32 without sets: keys of
 * 32 bits, and link is left above column_bits bits of column.
 */
typedef struct MxSmallNode
{
	int32_t key;
	uint32_t link;
} MxSmallNode;

#define MX_SMALL_BITS_FEW 8u
#define MX_SMALL_BITS_SOME 12u
#define MX_SMALL_BITS_MANY 16u

typedef struct MxTreeSpan
{
	uint64_t first; /* of nodes; the root is the one after it */
	uint64_t leaf;  /* first of its leaf vectors, which go left to right */
	uint32_t depth;
	uint32_t output;
} MxTreeSpan;

typedef struct MxForest
{
	size_t n_trees, n_columns, n_values;
	bool has_sets;
	bool rounds_to_float32;
	unsigned category_range;
	const MxTreeColumn *columns; /* (n_columns) */
	const MxTreeSpan *trees;
	unsigned column_bits;     /* of small nodes; 0: there are none */
	const MxTreeNode *nodes;  /* either these */
	const MxSmallNode *small; /* or these */
	const double *leaves;     /* (leaves, n_values) */
	const uint32_t *sets;     /* (sets, MX_SET_WORDS) */
} MxForest;

/* The key of a number that is not NaN. */
static inline int64_t
mx_tree_key(double x)
{
	union
	{
		double number;
		int64_t bits;
	} as = {x + 0.0}; /* the two zeros are one */

	/* Negative numbers are stored as sign and magnitude. */
	return as.bits ^ ((as.bits >> 63) & INT64_MAX);
}

/* The number of a key, 0 for either zero. */
static inline double
mx_tree_number(int64_t key)
{
	union
	{
		int64_t bits;
		double number;
	} as = {key ^ ((key >> 63) & INT64_MAX)};

	return as.number;
}

/* The key of 32 bits of float32(x), for a column of that kind. */
static inline int32_t
mx_small_key(double x, uint32_t kind)
{
	union
	{
		float number;
		int32_t bits;
	} as = {(float) x + 0.0f};
	int32_t key = as.bits ^ ((as.bits >> 31) & INT32_MAX);

	if (x != x)
		key = kind == MX_KEYS_MISSING_LEFT ? INT32_MIN : INT32_MAX;
	return key;
}

/* The largest float32 that is not above t, which is not NaN. */
float mx_tree_floor(double t);

/* The category that a number is, or MX_NO_CATEGORY. */
int64_t mx_tree_category(double x, unsigned range);

/*
 * Keys of column c for the rows x[0] to x[n_rows - 1] into
 * keys[row * n_columns + c].  x is NULL for the constant column.
 */
void mx_forest_keys(const MxForest *forest, size_t c, const double *x,
                    size_t n_rows, int64_t *keys);

/* The same for small nodes. */
void mx_small_keys(const MxForest *forest, size_t c, const double *x,
                   size_t n_rows, int32_t *keys);

/*
 * Adds each row's leaf vectors, in the order of the trees, to
 * out[output][first + row].
 */
void mx_forest_walk(const MxForest *forest, const int64_t *keys, size_t n_rows,
                    double *const *out, size_t first);

/* The same for small nodes. */
void mx_small_walk(const MxForest *forest, const int32_t *keys, size_t n_rows,
                   double *const *out, size_t first);

#endif
