/*
 * trees.h: trees in a plan image; shared by the files of this step.
 */
#ifndef MX_OP_TREES_H
#define MX_OP_TREES_H

#include "kernel/trees.h"
#include "op/image.h"
#include "op/step.h"

/* How the nodes are stored and walked; append only. */
#define MX_TREES_WALK 1u /* MxTreeNode, 64-bit keys */

typedef struct MxTreesImage
{
	uint32_t engine;
	uint32_t n_columns; /* of keys */
	uint64_t n_trees, n_outputs, n_values;
	uint64_t tile_rows; /* rows walked together */
	uint32_t has_sets;
	uint32_t rounds_to_float32;
	uint32_t category_range;
	uint32_t reserved;
	double divisor;
	MxRef columns, spans, nodes, leaves, sets;
	MxRef base; /* (n_outputs) */
} MxTreesImage;

/* Lays the trees out; the exact thresholds stay, as keys. */
MxStatus mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                          MxError *err);

#endif
