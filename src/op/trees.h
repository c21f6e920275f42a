/*
 * trees.h: trees in a plan image; shared by the files of this step.
 */
#ifndef MX_OP_TREES_H
#define MX_OP_TREES_H

#include "kernel/trees.h"
#include "kernel/trees_blend.h"
#include "op/image.h"
#include "op/step.h"

typedef struct MxTreesImage
{
	uint32_t n_columns; /* of keys */
	uint32_t reserved;
	uint64_t n_trees, n_outputs, n_values;
	uint64_t tile_rows; /* rows walked together */
	uint32_t has_sets;
	uint32_t rounds_to_float32;
	uint32_t category_range;
	uint32_t n_blend_columns; /* 0: the trees are not laid out for folding */
	double divisor;
	MxRef columns, spans, nodes, leaves, sets;
	MxRef base; /* (n_outputs) */
	MxRef blend_features, blend_thresholds, blend_trees, blend_nodes;
} MxTreesImage;

/* Lays the trees out; the exact thresholds stay, as keys. */
MxStatus mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                          MxError *err);

/* Adds the form that is folded, when it suits; forest is what was laid out. */
MxStatus mx_trees_fold(const MxTrees *trees, const MxForest *forest,
                       MxImageWriter *w, MxTreesImage *image, MxError *err);

#endif
