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

/*
 * With so many times as many rows as one vector has, one way may be the faster
 * one or the other: whole tiles are timed.
 */
#define LEAST_CLOSE 0.6
#define MOST_CLOSE 3.0

void
mx_blending_choose(const MxBlending *f, MxTreesImage *image)
{
	double fold = FOLD_COLUMN * (double) f->n_features +
	              FOLD_TREE * (double) f->trees->n_trees +
	              FOLD_PART * (double) f->cost;
	double rows = ceil(fold / walk_cost(image, f->trees));

	image->is_close =
	    rows > LEAST_CLOSE * VECTOR_ROWS && rows <= MOST_CLOSE * VECTOR_ROWS;
	if (rows <= VECTOR_ROWS)
		image->fewest_folded = rows < 2 ? 2 : (uint64_t) rows;
	else if (image->is_close)
		image->fewest_folded = MX_BLEND_ROWS;
	else
		image->fewest_folded = UINT64_MAX;
}
