/*
 * trees.h: sums over decision trees, laid out for walking.
 *
 * A row is first turned into keys: unsigned integers whose order is that of
 * the numbers, so that a test is one integer comparison and missing values
 * need no branch.  Where numbers are rounded to float32 a key is made of the
 * float's bits, else it is the number's rank among the thresholds that the
 * trees test.  A feature whose missing values go left at some nodes and right
 * at others has two columns of keys.  Nothing here allocates or fails; what
 * the arrays hold was proven before.
 *
 * A tree has a top of a few levels, complete and without pointers, where a
 * step is a comparison and an addition with carry.  Below each exit of the top
 * is a leaf, or the nodes of a subtree, in which children are found by
 * offsets.
 */
#ifndef MX_KERNEL_TREES_H
#define MX_KERNEL_TREES_H

#include "kernel/trees_stop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Asks for the cache line of an address that is needed soon. */
#if defined(__GNUC__)
#define mx_prefetch(address) __builtin_prefetch(address)
#else
#define mx_prefetch(address) ((void) (address))
#endif

/* Where a column's missing values end; the kind of its keys. */
#define MX_KEYS_CONSTANT 0u      /* 0: the column that leaves test */
#define MX_KEYS_MISSING_RIGHT 1u /* missing is above every number */
#define MX_KEYS_MISSING_LEFT 2u  /* missing is below every number */
#define MX_KEYS_CATEGORY 3u      /* 0 to 255, or MX_NO_CATEGORY */
#define MX_KEYS_CODE 4u          /* that of 1 for one code, of 0 for others */

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
	/* Of ranks: distinct thresholds in ascending order. */
	uint64_t first;
	uint64_t n;
	double code; /* of MX_KEYS_CODE */
} MxTreeColumn;

/* Of a top: right when the row's key in column is greater than key. */
typedef struct MxTopNode
{
	uint32_t key;
	uint32_t column;
} MxTopNode;

/*
 * Tops of all trees lie in blocks of three levels, a cache line each: first a
 * block for each tree, then one for each way out of those, and so on.  What
 * remains of a number of levels that three does not divide is in the first
 * blocks, which are shorter then.  In a block at some byte the ways of two
 * steps to the right are 32, 16 and 8 bytes long, so that its ways out are
 * numbered and the place of the next block is eight times the way; these are
 * where the nodes lie beside the ways.  The room that is left is unused.
 */
#define MX_TOP_BLOCK_LEVELS 3u
#define MX_TOP_UPPER 16u
#define MX_TOP_MIDDLE 0u
#define MX_TOP_LOWER 8u
#define MX_TOP_UPPER_WIDTH 32u
#define MX_TOP_MIDDLE_WIDTH 16u
#define MX_TOP_LOWER_WIDTH 8u

/* How many levels the first blocks have. */
static inline unsigned
mx_top_first_levels(unsigned levels)
{
	return levels == 0 ? 0 : (levels - 1) % MX_TOP_BLOCK_LEVELS + 1;
}

/* Levels of a top with subtrees below it: their numbers are sorted by. */
#define MX_TOP_MOST_ABOVE 9u

/*
 * Inner node: right when the row's key in column is greater than key.  The
 * left child is link >> column_bits further on, the right one follows it.  A
 * leaf leads to itself: it tests column 0, which is 0, and key is the number
 * of its leaf vector.
 */
typedef struct MxTreeNode
{
	uint32_t key;
	uint32_t link;
} MxTreeNode;

#define MX_COLUMN_BITS_FEW 8u
#define MX_COLUMN_BITS_SOME 12u
#define MX_COLUMN_BITS_MANY 16u

/*
 * The same where link would be too small or some nodes test sets: when column
 * has MX_TREE_SET, right when set number key lacks the row's category.
 */
#define MX_TREE_SET 0x80000000u
typedef struct MxWideNode
{
	uint32_t key;
	uint32_t column;
	uint32_t offset;
} MxWideNode;

typedef struct MxForest
{
	size_t n_trees, n_columns, n_values;
	unsigned category_range;
	const MxTreeColumn *columns; /* (n_columns) */
	const double *thresholds;    /* NULL: keys are those of float32 */
	const uint32_t *outputs;     /* first of each tree; NULL: all 0 */
	unsigned top_levels;
	const MxTopNode *top;
	/*
	 * Per exit of a top the first node of what is below it, in ascending
	 * order, and the end of the last; NULL: exits are leaves, and their numbers those of the leaf vectors.
	 */
	const uint64_t *exits;
	unsigned column_bits;    /* of nodes; 0: they are wide */
	const MxTreeNode *nodes; /* either these */
	const MxWideNode *wide;  /* or these */
	const double *leaves;    /* (leaves, n_values) */
	const uint32_t *sets;    /* (sets, MX_SET_WORDS) */
} MxForest;

/* The key of float32(x), for a column of that kind. */
static inline uint32_t
mx_float_key(double x, uint32_t kind)
{
	union
	{
		float number;
		uint32_t bits;
	} as = {(float) x + 0.0f}; /* the two zeros are one */
	uint32_t key;

	/* Negative numbers are stored as sign and magnitude. */
	key = as.bits ^ ((uint32_t) - (int32_t) (as.bits >> 31) | 0x80000000u);
	if (x != x)
		key = kind == MX_KEYS_MISSING_LEFT ? 0 : UINT32_MAX;
	return key;
}

/*
 * Codes are cut to integers, as where columns of 0 and 1 are made of them.
 * Without a branch, for which code comes no one can foretell.
 */
static inline uint32_t
mx_is_code(double x, double code)
{
	return (uint32_t) (x >= code) & (uint32_t) (x < code + 1);
}

/* The key of 1 if the number is that code, else that of 0. */
static inline uint32_t
mx_code_key(double x, double code)
{
	uint32_t zero = mx_float_key(0, MX_KEYS_MISSING_RIGHT);
	uint32_t one = mx_float_key(1, MX_KEYS_MISSING_RIGHT);

	return zero + (one - zero) * mx_is_code(x, code);
}

/* The key of float32(x) in any column but the constant and categories. */
static inline uint32_t
mx_float_column_key(const MxTreeColumn *column, double x)
{
	if (column->kind == MX_KEYS_CODE)
		return mx_code_key(x, column->code);
	return mx_float_key(x, column->kind);
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
                    size_t n_rows, uint32_t *keys);

/* Keys of one row; x[c], for c > 0, is the number of column c's feature. */
void mx_forest_row_keys(const MxForest *forest, const double *x,
                        uint32_t *keys);

/*
 * Adds each row's leaf vectors, in the order of the trees, to
 * out[output][first + row]; with stop, unless it is NULL, only as long as that
 * says.
 */
void mx_forest_walk(const MxForest *forest, const uint32_t *keys, size_t n_rows,
                    double *const *out, size_t first, MxTreesStop *stop);

/* The same when exits are leaves. */
void mx_top_walk(const MxForest *forest, const uint32_t *keys, size_t n_rows,
                 double *const *out, size_t first);

#endif
