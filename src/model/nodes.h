/*
 * nodes.h: the node kinds and their parameters.
 *
 * Shapes are given as (rows of the array, columns), C order.  "in" is the
 * input block, x one of its values, n_in its width.  Parameters are borrowed
 * when handed to the builder, which copies what it keeps.
 */
#ifndef MX_MODEL_NODES_H
#define MX_MODEL_NODES_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t MxNodeId; /* 0 is "none" */

typedef enum MxColumnKind
{
	MX_COLUMN_NUMBER,
	MX_COLUMN_TEXT
} MxColumnKind;

typedef enum MxNodeKind
{
	MX_NODE_INPUT,      /* the model's columns */
	MX_NODE_SELECT,     /* columns of one node, by index */
	MX_NODE_CONCAT,     /* columns of several nodes side by side */
	MX_NODE_GUARD,      /* the same columns; rows not allowed are marked */
	MX_NODE_SCALE,      /* arithmetic with constants per column */
	MX_NODE_IMPUTE,     /* missing values replaced */
	MX_NODE_INDICATOR,  /* 1 where missing, else 0 */
	MX_NODE_CATEGORIZE, /* categories to codes */
	MX_NODE_EXPAND,     /* codes to groups of 0/1 columns */
	MX_NODE_FUNCTION,   /* one function of one number, element by element */
	MX_NODE_AFFINE,     /* in * weights^T + bias */
	MX_NODE_TREES,      /* sums or averages over trees */
	MX_NODE_LINK,       /* margins of a row to probabilities */
	MX_NODE_DECIDE,     /* margins or probabilities to a class index */
	MX_NODE_DISTANCE,   /* distances to centres */
	MX_NODE_GAUSSIAN,   /* joint log likelihood of Gaussian naive Bayes */
	MX_NODE_COUNT,      /* text to counts of terms */
	MX_NODE_TFIDF,      /* counts to weighted, normalised counts */
	MX_NODE_KINDS
} MxNodeKind;

/* columns[j] is the column of in that becomes column j. */
typedef struct MxSelect
{
	size_t n;
	const size_t *columns;
} MxSelect;

/*
 * scikit-learn's check of X: which values raise.  A marked row fails with
 * MISSING (NaN) or VALUE (the others).
 */
#define MX_GUARD_NAN 1u      /* NaN or NULL is refused */
#define MX_GUARD_INFINITE 2u /* inf and -inf are refused */
#define MX_GUARD_FLOAT32 4u  /* |x| that overflows float32 is refused */
typedef struct MxGuard
{
	unsigned flags;
} MxGuard;

/*
 * MX_SCALE_DIVIDE:   ((x - first[j]) / second[j])
 * MX_SCALE_MULTIPLY: ((x * first[j]) + second[j])
 * first or second NULL: that operation is left out.  Then, if clip, the result
 * is held between low and high.  NaN stays NaN.  These are scikit-learn's
 * operations in its order; a linear model that follows may take the division
 * into its weights.
 */
typedef enum MxScaleKind
{
	MX_SCALE_DIVIDE,
	MX_SCALE_MULTIPLY
} MxScaleKind;

typedef struct MxScale
{
	MxScaleKind kind;
	size_t n; /* columns */
	const double *first, *second;
	bool clip;
	double low, high;
} MxScale;

/*
 * What counts as missing besides NULL and NaN: nothing, or one number, or one
 * text.
 */
typedef struct MxMissing
{
	bool has_number;
	double number;
	MxText text; /* missing: no such text */
} MxMissing;

/*
 * Column j of in, with missing values replaced by numbers[j] (NaN allowed) or
 * texts[j] (missing allowed).  Exactly one of the two arrays is given.
 */
typedef struct MxImpute
{
	size_t n;
	MxMissing missing;
	const double *numbers;
	const MxText *texts;
} MxImpute;

/* One 0/1 column for each listed column of in. */
typedef struct MxIndicator
{
	size_t n;
	const size_t *columns;
	MxMissing missing;
	MxColumnKind kind; /* of the columns of in */
} MxIndicator;

/*
 * Categories of one column: numbers or texts, never both, in any order, no
 * two alike; the missing category stands apart.  codes[i] is what category i
 * becomes.
 */
typedef struct MxCategories
{
	size_t n; /* without the missing category */
	MxColumnKind kind;
	const double *numbers;
	const MxText *texts;
	const double *codes;
	bool has_missing; /* NULL is a category of its own */
	double missing_code;
	/* What scikit-learn's check of X refuses before it looks for categories. */
	bool missing_fails, infinite_fails;
	/*
	 * Numbers are cut to integers first, and one below 0 fails: how encoders
	 * of integers worked up to 0.21.
	 */
	bool cuts_to_integer;
	/* Of this column alone, in place of the one for all columns. */
	bool has_unknown_code;
	double unknown_code;
} MxCategories;

/*
 * An unknown value, or a missing one where missing is no category, becomes
 * unknown_code, or fails the row when unknown_fails.
 */
typedef struct MxCategorize
{
	size_t n; /* columns */
	const MxCategories *columns;
	bool unknown_fails;
	double unknown_code; /* may be NaN; one for all columns */
} MxCategorize;

/*
 * Code c of column j sets column c of group j to 1; a code below 0 sets
 * none.  widths[j] may be 0.  Output width: the sum of widths.
 */
typedef struct MxExpand
{
	size_t n; /* columns of in */
	const size_t *widths;
} MxExpand;

typedef enum MxFunctionKind
{
	MX_FUNCTION_EXP,
	MX_FUNCTION_EXPM1,
	MX_FUNCTION_LOG,
	MX_FUNCTION_LOG2,
	MX_FUNCTION_LOG10,
	MX_FUNCTION_LOG1P,
	MX_FUNCTION_SQRT,
	MX_FUNCTION_CBRT,
	MX_FUNCTION_SQUARE,
	MX_FUNCTION_ABSOLUTE,
	MX_FUNCTION_SIGN,
	MX_FUNCTION_NEGATIVE,
	MX_FUNCTION_RECIPROCAL,
	MX_FUNCTION_FLOOR,
	MX_FUNCTION_CEIL,
	MX_FUNCTION_RINT, /* to even */
	MX_FUNCTION_TANH,
	MX_FUNCTION_EXPIT,
	MX_FUNCTION_LOGIT,
	MX_FUNCTION_ISNAN
} MxFunctionKind;

typedef struct MxFunction
{
	MxFunctionKind kind;
} MxFunction;

/*
 * out[i] = (sum over j ascending, from 0, of in[j] * weights[i][j]) + bias[i].
 * bias may be NULL (nothing is added).
 */
typedef struct MxAffine
{
	size_t n_out, n_in;
	const double *weights; /* (n_out, n_in) */
	const double *bias;    /* (n_out) */
} MxAffine;

/*
 * An ensemble.  Trees lie one after another in the node arrays: tree t is
 * nodes start[t] to start[t + 1] - 1, its root first.  left and right are
 * indexes within the same tree, always greater than the parent's; a leaf has
 * left = right = -1.
 *
 * At an inner node with feature f and value x = in[f] (rounded to float32 when
 * the ensemble says so):
 *   NaN                        left if MX_TREE_MISSING_LEFT, else right
 *   MX_TREE_CATEGORICAL        x is a category v, see MxCategoryRange:
 *                              bit v of the node's bitset: left; else bit v
 *                              of the feature's known categories: right; else
 *                              (also when x is no category) as NaN
 *   otherwise                  x <= threshold: left
 *
 * Leaf vectors are added to the outputs in tree order, starting from base (or
 * from the columns of a second input node, when given), and then divided by
 * divisor when it is not 0.  A tree adds its n_values numbers to the outputs
 * output[t] to output[t] + n_values - 1.
 */
#define MX_TREE_MISSING_LEFT 1u
#define MX_TREE_CATEGORICAL 2u
#define MX_BITSET_WORDS 8

/*
 * Which numbers are categories.  STRICT: 0 <= x < 256, the fraction cut off.
 * WRAP: all, v being the last byte of x as an int32 (0 when it does not fit),
 * which is how x86-64 converts a double to a byte.  WRAP_POSITIVE: the same,
 * but no x below 0.
 */
typedef enum MxCategoryRange
{
	MX_CATEGORIES_STRICT,
	MX_CATEGORIES_WRAP,
	MX_CATEGORIES_WRAP_POSITIVE
} MxCategoryRange;

typedef struct MxTrees
{
	size_t n_features;
	size_t n_trees;
	const size_t *start; /* (n_trees + 1) */
	/* Per node. */
	const int32_t *left, *right, *feature;
	const double *threshold;
	const uint8_t *flags;
	const uint32_t *bitset; /* index into bitsets; NULL without categories */
	/* Per bitset, MX_BITSET_WORDS words: bit v is word v / 32, bit v % 32. */
	size_t n_bitsets;
	const uint32_t *bitsets;
	/* Per feature, MX_BITSET_WORDS words; NULL without categories. */
	const uint32_t *known;
	MxCategoryRange category_range;
	bool rounds_to_float32;
	/*
	 * Made when a plan is made, not by readers: per feature -1, or the code for
	 * which, in place of the number, 1 is tested, and 0 for all else.  NULL: all
	 * -1.
	 */
	const int32_t *codes;
	size_t n_values;        /* numbers per leaf */
	const double *values;   /* (nodes, n_values); inner nodes' are not read */
	const uint32_t *output; /* (n_trees) first output; NULL: all 0 */
	size_t n_outputs;
	const double *base; /* (n_outputs); NULL: zeros */
	double divisor;
} MxTrees;

/*
 * Row by row; n is the width of in.
 *   EXPIT        n = 1 -> 2: p = expit(factor * x); 1 - p, p
 *   SOFTMAX      n -> n: exp(x - max) / sum
 *   SOFTMAX_PAIR n = 1 -> 2: softmax of (-x, x)
 *   OVR          n -> n: expit of each, divided by their sum
 *   LOG_NORMAL   n -> n: x - logsumexp(x)
 *   NORMAL       n -> n: exp(x - logsumexp(x))
 *   HUBER        modified Huber: n = 1 -> 2: p = (clip(x, -1, 1) + 1) / 2;
 *                1 - p, p.  n > 1 -> n: p each, divided by their sum; a row
 *                of zeros becomes 1 / n each
 *   COMPLEMENT   n = 1 -> 2: 1 - x, x
 */
typedef enum MxLinkKind
{
	MX_LINK_EXPIT,
	MX_LINK_SOFTMAX,
	MX_LINK_SOFTMAX_PAIR,
	MX_LINK_OVR,
	MX_LINK_LOG_NORMAL,
	MX_LINK_NORMAL,
	MX_LINK_HUBER,
	MX_LINK_COMPLEMENT
} MxLinkKind;

typedef struct MxLink
{
	MxLinkKind kind;
	double factor; /* EXPIT: 1, or 2 for the half logit */
} MxLink;

/*
 * One column, the class index.
 *   ARGMAX   the first of the largest; ARGMIN the first of the smallest
 *   POSITIVE 1 if x > 0, else 0 (n = 1); NONNEGATIVE 1 if x >= 0, else 0
 */
typedef enum MxDecideKind
{
	MX_DECIDE_ARGMAX,
	MX_DECIDE_ARGMIN,
	MX_DECIDE_POSITIVE,
	MX_DECIDE_NONNEGATIVE
} MxDecideKind;

typedef struct MxDecide
{
	MxDecideKind kind;
} MxDecide;

/* out[i] = sum over j of (in[j] - centres[i][j])^2, its root if rooted. */
typedef struct MxDistance
{
	size_t n_out, n_in;
	const double *centres; /* (n_out, n_in) */
	bool rooted;
} MxDistance;

/*
 * out[i] = constant[i] - 0.5 * sum over j of (in[j] - mean[i][j])^2 / var[i][j]
 */
typedef struct MxGaussian
{
	size_t n_out, n_in;
	const double *mean, *variance; /* (n_out, n_in) */
	const double *constant;        /* (n_out) */
} MxGaussian;

typedef enum MxAnalyzer
{
	MX_ANALYZER_WORD,
	MX_ANALYZER_CHAR,
	MX_ANALYZER_CHAR_WB
} MxAnalyzer;

typedef enum MxStripAccents
{
	MX_ACCENTS_KEEP,
	MX_ACCENTS_ASCII,
	MX_ACCENTS_UNICODE,
	/* Up to 0.21: a text that is in form NFKD already keeps its accents. */
	MX_ACCENTS_UNICODE_COMPOSED
} MxStripAccents;

/*
 * CountVectorizer: one text column to counts of the terms; terms[i] is column
 * i.  Words are runs of at least min_token_size word characters (Unicode
 * alphanumeric or underscore).
 */
typedef struct MxCount
{
	size_t n_terms;
	const MxText *terms;
	MxAnalyzer analyzer;
	bool lowercase;
	MxStripAccents strip_accents;
	size_t min_token_size; /* in characters */
	size_t min_n, max_n;   /* n-grams */
	size_t n_stop_words;
	const MxText *stop_words; /* one may occur twice */
	bool binary;
} MxCount;

typedef enum MxNorm
{
	MX_NORM_NONE,
	MX_NORM_L1,
	MX_NORM_L2
} MxNorm;

/* sublinear: 1 + ln x of each count; times idf[j]; divided by the row's norm */
typedef struct MxTfidf
{
	size_t n;
	bool sublinear;
	const double *idf; /* (n); NULL: 1 */
	MxNorm norm;
} MxTfidf;

#endif
