/*
 * trees_fold.h: how trees are laid out for folding; shared by its two files.
 */
#ifndef MX_OP_TREES_FOLD_H
#define MX_OP_TREES_FOLD_H

#include "op/trees.h"

typedef struct MxFolding
{
	const MxTreesLayout *layout;
	const MxTrees *trees;
	MxBlendFeature *features;
	size_t n_features;
	uint32_t *feature_of; /* (columns of keys), the constant's is not used */
	size_t n_columns;     /* of bytes, without those of outcomes */
	double *thresholds;   /* as keys are stored */
} MxFolding;

static inline bool
mx_fold_is_set(const MxFolding *f, size_t node)
{
	return (f->trees->flags[node] & MX_TREE_CATEGORICAL) != 0;
}

static inline MxBlendFeature *
mx_fold_feature(const MxFolding *f, size_t node)
{
	return &f->features[f->feature_of[*mx_trees_column(f->layout, node)]];
}

/*
 * Features, their thresholds and buckets; sets n_columns to 0 when a row would
 * have too many bytes.
 */
MxStatus mx_fold_features(MxFolding *f, MxImageWriter *w, MxTreesImage *image,
                          MxError *err);

/* The place of a node's threshold among those of its feature. */
size_t mx_fold_rank(const MxFolding *f, size_t node);

/* The first column of bytes that a node may test. */
size_t mx_fold_column(const MxFolding *f, size_t node);

#endif
