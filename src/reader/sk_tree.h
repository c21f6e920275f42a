/*
 * sk_tree.h: scikit-learn's Tree, and the arrays of an ensemble made of many.
 */
#ifndef MX_READER_SK_TREE_H
#define MX_READER_SK_TREE_H

#include "reader/reader.h"

/* What the float32 family refuses; NaN as the release and estimator say. */
#define MX_GUARD_TREES (MX_GUARD_INFINITE | MX_GUARD_FLOAT32)

/*
 * An MxTrees while it is filled, tree by tree; the arrays are in the model's
 * arena, as large as they will be.
 */
typedef struct MxTreeArrays
{
	MxTrees trees; /* points to the arrays below */
	size_t n_added;
	size_t n_nodes; /* of the trees added */
	size_t *start;
	int32_t *left, *right, *feature;
	double *threshold;
	uint8_t *flags;
	double *values;
} MxTreeArrays;

/* Sets n_trees, n_features, n_values; n_outputs is n_values. */
MxStatus mx_tree_arrays(MxReadContext *ctx, size_t n_features, size_t n_trees,
                        size_t n_nodes, size_t n_values, MxTreeArrays *out,
                        MxError *err);

/* The attribute tree_ of a fitted DecisionTree*, opened and not yet copied. */
typedef struct MxSkTree
{
	const MxValue *estimator;
	const MxValue *tree;
	const MxArray *nodes;
	const uint8_t *values; /* doubles (n_nodes, n_outputs, stride) */
	size_t n_nodes, n_features, n_outputs;
	size_t stride;
	size_t n_values; /* sum of n_classes: what a leaf holds that counts */
	/* Per output; 1 for regressors. */
	const int64_t *n_classes;
} MxSkTree;

/*
 * estimator must be of one of the tree classes; is_classifier: which, as the
 * class says.
 */
MxStatus mx_open_tree(MxReadContext *ctx, const MxValue *estimator,
                      bool *is_classifier, MxSkTree *out, MxError *err);

/*
 * Opens the trees of n estimators, which must agree in all widths and be
 * classifiers or not.
 */
MxStatus mx_open_trees(MxReadContext *ctx, const MxValue *const *estimators,
                       size_t n, bool are_classifiers, MxSkTree **out,
                       MxError *err);

/*
 * Copies nodes and values as the next tree of to.  keeps_missing: rows may
 * lack values; else where they would go is forgotten.
 */
MxStatus mx_add_tree(MxReadContext *ctx, const MxSkTree *tree,
                     bool keeps_missing, MxTreeArrays *to, MxError *err);

/* Whether predict() of this tree takes NaN, in the release that wrote it. */
MxStatus mx_tree_takes_missing(MxReadContext *ctx, const MxValue *estimator,
                               bool is_classifier, bool *out, MxError *err);

/*
 * Makes the answers of estimators[0] to [n - 1], trees fitted on the same
 * data: their average when is_average, else the one tree there is.  object
 * holds classes_.
 */
MxStatus mx_read_tree_family(MxReadContext *ctx, const MxValue *object,
                             const MxValue *const *estimators, size_t n,
                             bool is_average, MxNodeId in, MxAnswers *out,
                             MxError *err);

/* Whether the name of the object's class ends so. */
bool mx_class_ends(const MxValue *object, const char *ending);

#endif
