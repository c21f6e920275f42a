/* cost.c */
/* Rough costs, for PostgreSQL's planner and for the size of blocks. */
#include "engine/lower.h"

/* Bytes of columns that stay in a small second-level cache, with room. */
#define CACHED_BYTES ((size_t) 192 * 1024)
/* Blocks may grow beyond the cache for deep forests, but not without end. */
#define LARGEST_BYTES ((size_t) 32 * 1024 * 1024)
#define SMALLEST_BLOCK ((size_t) 64)
#define USUAL_BLOCK ((size_t) 1024)
#define DEEP_BLOCK ((size_t) 8192)
/* Nodes per tree above which a tree leaves the first-level cache. */
#define DEEP_TREE ((size_t) 1024)

/* Steps from the root of an average tree to a leaf. */
static double
tree_depth(const MxTrees *trees)
{
	size_t nodes =
	    trees->n_trees == 0 ? 0 : trees->start[trees->n_trees] / trees->n_trees;
	double depth = 1;

	for (; nodes > 1; nodes /= 2)
		depth += 1;
	return depth;
}

double
mx_node_cost(const MxModel *model, MxNodeId id)
{
	const MxNode *node = &model->nodes[id];
	double n_in =
	    node->n_in == 0 ? 0 : (double) model->nodes[node->in[0]].n_columns;
	double n_out = (double) node->n_columns;

	switch (node->kind)
	{
		case MX_NODE_INPUT:
		case MX_NODE_SELECT:
		case MX_NODE_CONCAT:
		case MX_NODE_KINDS:
			return 0;
		case MX_NODE_GUARD:
			return 0.3 * n_in;
		case MX_NODE_SCALE:
		case MX_NODE_IMPUTE:
		case MX_NODE_INDICATOR:
		case MX_NODE_DECIDE:
			return 1 + n_in;
		case MX_NODE_CATEGORIZE:
			return 30 * n_in;
		case MX_NODE_EXPAND:
			return 1 + n_in + (n_out > 256 ? 0 : n_out);
		case MX_NODE_FUNCTION:
			return 5 * n_in;
		case MX_NODE_LINK:
			return 10 * n_out;
		case MX_NODE_AFFINE:
			/* Wide inputs are sparse rows: far fewer products. */
			return 2 + 0.3 * n_out * (n_in > 4096 ? 200 : n_in);
		case MX_NODE_DISTANCE:
			return 2 + 0.5 * n_out * n_in;
		case MX_NODE_GAUSSIAN:
			return 2 + 2 * n_out * n_in;
		case MX_NODE_TREES:
			return 2 * tree_depth(&node->as.trees) *
			       (double) node->as.trees.n_trees;
		case MX_NODE_COUNT:
			return 3000;
		case MX_NODE_TFIDF:
			return 500;
	}
	return 0;
}

/* Whether there are trees of more nodes each. */
static bool
has_trees(const MxModel *model, size_t n_nodes)
{
	size_t id;

	for (id = 1; id <= model->n_nodes; id++)
	{
		const MxTrees *trees = &model->nodes[id].as.trees;

		if (model->nodes[id].kind == MX_NODE_TREES && trees->n_trees > 0 &&
		    trees->start[trees->n_trees] / trees->n_trees > n_nodes)
			return true;
	}
	return false;
}

size_t
mx_choose_block_rows(const MxModel *model, size_t row_bytes)
{
	bool is_deep = has_trees(model, DEEP_TREE);
	size_t most = is_deep ? DEEP_BLOCK : USUAL_BLOCK;
	size_t rows = (is_deep ? LARGEST_BYTES : CACHED_BYTES) /
	              (row_bytes + model->n_inputs * sizeof(double) + 1);

	if (rows > most)
		rows = most;
	if (rows < SMALLEST_BLOCK)
		rows = SMALLEST_BLOCK;
	/* Trees are folded for 128 rows at once. */
	return rows & ~(size_t) (rows > 128 && has_trees(model, 0) ? 127 : 7);
}
