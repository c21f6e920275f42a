/* trees_choose.c */
/* From how many rows on trees are folded, by what either way costs. */
#include "op/trees_blend.h"

#include <math.h>

/*
 * Nanoseconds, of ensembles without pattern, measured: all that counts is how
 * one way compares with the other.  Folded are so many rows at once, or as
 * few as there are.
 */
#define VECTOR_ROWS 32
#define FOLD_COLUMN 110.0
#define FOLD_TREE 15.0
#define FOLD_PART 0.1 /* of what parts cost beside each other */
/* Walked, for each row. */
#define KEY_OF_FLOAT 4.0
#define KEY_OF_RANK 12.0
#define WALK_TOP 0.5
#define WALK_LEVEL 0.6
#define WALK_SUBTREE 14.0
#define WALK_NODE 0.02
/* So much more than one vector of rows do many of them gain. */
#define GAIN_OF_MANY 1.6

static double
walk_cost(const MxTreesImage *image, const MxTrees *trees)
{
	double n_trees = (double) trees->n_trees;
	double n_nodes = (double) trees->start[trees->n_trees];
	double keys = trees->rounds_to_float32 ? KEY_OF_FLOAT : KEY_OF_RANK;

	keys *= (double) image->n_columns - 1;
	if (image->is_shallow)
		return keys + n_trees * (WALK_TOP + WALK_LEVEL * image->top_levels);
	return keys + n_trees * WALK_SUBTREE + n_nodes * WALK_NODE;
}

uint64_t
mx_blending_fewest_rows(const MxBlending *f, const MxTreesImage *image)
{
	double fold = FOLD_COLUMN * (double) f->n_features +
	              FOLD_TREE * (double) f->trees->n_trees +
	              FOLD_PART * (double) f->cost;
	double rows = ceil(fold / walk_cost(image, f->trees));

	if (rows <= VECTOR_ROWS)
		return rows < 2 ? 2 : (uint64_t) rows;
	return rows <= GAIN_OF_MANY * VECTOR_ROWS ? MX_BLEND_ROWS : UINT64_MAX;
}
