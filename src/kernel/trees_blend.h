/*
 * trees_blend.h: sums over trees of at most 256 leaves, all nodes at once.
 *
 * Every number of a row becomes a byte: its rank among the thresholds that
 * the trees test.  A test is then one comparison for as many rows as a vector
 * has bytes, and a tree is folded from its leaves up: each inner node chooses,
 * row by row, between the leaf numbers that its children found.  The sums are
 * those of the walk, bit for bit: ranks decide as the numbers do, and leaf
 * vectors are added in the order of the trees.
 *
 * What a tree looks like decides no branch: its lower parts are cut into
 * pieces of three shapes, each a complete tree of 3, 2 or 1 levels, and every
 * node above them joins what two pieces, joins or leaves found.
 */
#ifndef MX_KERNEL_TREES_BLEND_H
#define MX_KERNEL_TREES_BLEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows that are folded together, and as bytes of the least vector. */
#define MX_BLEND_ROWS 128
#define MX_BLEND_VECTOR 32
/* Thresholds that one byte tells apart; a feature with more has more bytes. */
#define MX_BLEND_RANKS 254
#define MX_BLEND_LEAVES 256
/* Pieces of a tree with so many leaves: each has two at least. */
#define MX_BLEND_PIECES (MX_BLEND_LEAVES / 2)

/*
 * How the numbers of a feature become bytes.  Where a missing value goes right
 * in some tests and left in others, a second set of columns follows in which
 * it is below all thresholds.  Categories take two columns: the category, and
 * 255 where there is none.  Where 1 stands for a code and 0 for all others, their
 * ranks are known.
 */
typedef struct MxBlendFeature
{
	uint32_t feature;
	uint32_t first_column;
	uint32_t n_columns; /* of one set */
	uint8_t has_right, has_left, has_categories;
	uint8_t is_code;
	uint8_t n_in_bucket; /* the most thresholds; 0: they are too uneven */
	/* Keys of thresholds, ascending, MX_BLEND_PADDING greatest behind them. */
	uint64_t first;
	uint64_t n;
	/* How many thresholds lie in lower buckets, from bucket 0 to one more. */
	uint64_t first_bucket;
	uint64_t n_buckets; /* from 1; the others are for missing values */
	double code;
	uint32_t rank_of_zero, rank_of_one;
	double low, scale; /* finite, scale positive, float32 if numbers are */
} MxBlendFeature;

#define MX_BLEND_PADDING 8

/*
 * The bucket of a number, of the type of the numbers, from 1 to last: it never falls when the
 * number grows, for each step rounds monotonically.  So what lies in lower
 * buckets than x is less than x, and what lies in higher ones is greater.
 */
static inline float
mx_blend_bucket_32(float x, float low, float scale, float last)
{
	float at = (x - low) * scale;

	at = at > 1 ? at : 1;
	return at < last ? at : last;
}

static inline double
mx_blend_bucket_64(double x, double low, double scale, double last)
{
	double at = (x - low) * scale;

	at = at > 1 ? at : 1;
	return at < last ? at : last;
}

/*
 * Tests are in post-order: those of the left half, of the right half, the one
 * above them.  A row goes left when limits[i] is greater than its byte at
 * columns[i], which counts bytes from the first of MX_BLEND_ROWS rows.  Each of
 * the lowest tests chooses between leaf number rights[i] and the one before.
 */
typedef struct MxBlendSeven
{
	uint32_t columns[7];
	int8_t limits[7];
	uint8_t rights[4];
	uint8_t reserved;
} MxBlendSeven;

typedef struct MxBlendThree
{
	uint32_t columns[3];
	int8_t limits[3];
	uint8_t rights[2];
	uint8_t reserved[3];
} MxBlendThree;

typedef struct MxBlendPair
{
	uint32_t columns[1];
	int8_t limits[1];
	uint8_t rights[1];
	uint8_t reserved[2];
} MxBlendPair;

/* Greater than every byte but that of a category: always left. */
#define MX_BLEND_ALWAYS 127

/*
 * Where leaf numbers of all rows are.  Pieces are numbered sevens first, then
 * threes, then pairs; piece i is at i * MX_BLEND_ROWS bytes, its vectors one
 * after the other, stride being the size of the least vector.  Leaf i is at
 * MX_BLEND_LEAF + i * MX_BLEND_LEAF_STEP, room for one vector of any kind, for
 * all rows: stride 0.
 */
#define MX_BLEND_LEAF (MX_BLEND_PIECES * MX_BLEND_ROWS)
#define MX_BLEND_LEAF_STEP 64
typedef struct MxBlendPlace
{
	uint16_t at;
	uint16_t stride;
} MxBlendPlace;

/* Chooses between what two places hold, in place of a piece. */
typedef struct MxBlendJoin
{
	uint32_t columns[1];
	MxBlendPlace places[2];
	int8_t limits[1];
	uint8_t reserved;
	uint16_t to;
} MxBlendJoin;

/* The root and the joins up to two levels below, tests as in a seven. */
typedef struct MxBlendTop
{
	uint32_t columns[7];
	MxBlendPlace places[8];
	int8_t limits[7];
	uint8_t reserved;
} MxBlendTop;

/* The bytes at column are below 0 where the category is in set. */
typedef struct MxBlendSet
{
	uint32_t column;  /* of the category */
	uint32_t outcome; /* behind all columns */
	uint64_t set;
} MxBlendSet;

/*
 * Trees of one output follow each other, in their order; parts of trees
 * follow each other, joins what they join.
 */
typedef struct MxBlendTree
{
	uint64_t leaf; /* its first, left to right */
	uint32_t output;
	uint16_t n_sets, n_sevens, n_threes, n_pairs, n_joins;
	uint16_t has_top; /* else piece 0 is what the root found */
	uint16_t reserved;
} MxBlendTree;

typedef struct MxBlend
{
	size_t n_trees, n_features, n_values, n_leaves;
	size_t n_columns; /* of bytes, with those of outcomes */
	bool rounds_to_float32;
	unsigned category_range;
	const MxBlendFeature *features;
	const void *thresholds; /* uint32_t if numbers are rounded, else uint64_t */
	const uint16_t *buckets;
	const MxBlendTree *trees;
	const MxBlendSeven *sevens;
	const MxBlendThree *threes;
	const MxBlendPair *pairs;
	const MxBlendJoin *joins;
	const MxBlendTop *tops;
	const MxBlendSet *set_tests;
	const double *leaves; /* (n_values, n_leaves) */
	const uint32_t *sets; /* as of trees.h */
} MxBlend;

/*
 * Keys of numbers rounded to float32, and of others; x is not NaN.  That of -0
 * is below that of 0: for a threshold take 0.
 */
uint32_t mx_blend_key_32(double x);
uint64_t mx_blend_key_64(double x);

/* Whether this machine has the vectors. */
bool mx_blend_available(void);

/*
 * Bytes of feature i for x[0] to x[n_rows - 1], n_rows <= MX_BLEND_ROWS, into
 * codes[column * MX_BLEND_ROWS + row].
 */
void mx_blend_codes(const MxBlend *blend, size_t i, const double *x,
                    size_t n_rows, uint8_t *codes);

/*
 * As mx_forest_walk; needs the vectors.  Codes of each MX_BLEND_ROWS rows
 * follow those of the rows before; the columns of outcomes are written.
 */
void mx_blend_add(const MxBlend *blend, uint8_t *codes, size_t n_rows,
                  double *const *out, size_t first);

#endif
