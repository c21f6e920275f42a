/*
 * trees_blend.h: how trees are laid out for folding; shared by its files.
 */
#ifndef MX_OP_TREES_BLEND_H
#define MX_OP_TREES_BLEND_H

#include "op/trees.h"

typedef struct MxBlending
{
	const MxTreesLayout *layout;
	const MxTrees *trees;
	MxBlendFeature *features;
	size_t n_features;
	uint32_t *feature_of; /* (columns of keys), the constant's is not used */
	size_t n_columns;     /* of bytes, without those of outcomes */
	double *thresholds;   /* as keys are stored */
	uint64_t cost;        /* of the parts of all trees, beside each other */
} MxBlending;

static inline bool
mx_blending_is_set(const MxBlending *f, size_t node)
{
	return (f->trees->flags[node] & MX_TREE_CATEGORICAL) != 0;
}

static inline MxBlendFeature *
mx_blending_feature(const MxBlending *f, size_t node)
{
	return &f->features[f->feature_of[*mx_trees_column(f->layout, node)]];
}

/*
 * Features, their thresholds and buckets; sets n_columns to 0 when a row would
 * have too many bytes.
 */
MxStatus mx_blending_features(MxBlending *f, MxImageWriter *w,
                              MxTreesImage *image, MxError *err);

/* The place of a node's threshold among those of its feature. */
size_t mx_blending_rank(const MxBlending *f, size_t node);

/* The first column of bytes that a node may test. */
size_t mx_blending_column(const MxBlending *f, size_t node);

/* ---- trees_choose.c ---------------------------------------------------- */

/* From how many rows on they are folded, and whether that is close. */
void mx_blending_choose(const MxBlending *f, MxTreesImage *image);

/* ---- trees_cut.c ------------------------------------------------------- */

/* Of a tree with MX_BLEND_LEAVES leaves. */
#define MX_CUT_NODES (2 * MX_BLEND_LEAVES - 1)
#define MX_CUT_TALLEST 3

/* One tree, node by node. */
typedef struct MxTreeCut
{
	size_t first; /* of its nodes in the ensemble */
	size_t n;
	uint8_t height[MX_CUT_NODES]; /* MX_CUT_TALLEST + 1 stands for more */
	bool is_piece[MX_CUT_NODES];
	bool is_top[MX_CUT_NODES]; /* a join that is part of the top */
	uint16_t cost[MX_CUT_NODES];
	uint16_t place[MX_CUT_NODES]; /* of what is found there */
	uint16_t leaf[MX_CUT_NODES];  /* number of a leaf, outcome of a set */
	/* Roots of pieces and joins, parents first. */
	uint16_t roots[MX_BLEND_PIECES];
	uint16_t joins[MX_BLEND_LEAVES];
	MxBlendTree counts;
} MxTreeCut;

static inline size_t
mx_cut_left(const MxBlending *f, const MxTreeCut *cut, size_t node)
{
	return (size_t) f->trees->left[cut->first + node];
}

static inline size_t
mx_cut_right(const MxBlending *f, const MxTreeCut *cut, size_t node)
{
	return (size_t) f->trees->right[cut->first + node];
}

static inline bool
mx_cut_is_leaf(const MxBlending *f, const MxTreeCut *cut, size_t node)
{
	return f->trees->left[cut->first + node] < 0;
}

/* Parts of tree t; counts but its first leaf. */
void mx_cut_tree(const MxBlending *f, size_t t, MxTreeCut *cut);

#endif
