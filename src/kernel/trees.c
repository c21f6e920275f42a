/* trees.c */
/* Walks trees for many rows, or many trees for one row, side by side. */
#include "kernel/trees.h"

/* Walks in flight: enough to hide the latency of the caches. */
#define LANES 8
/* Shallow trees are walked to their depth, deep ones until all stand still. */
#define DEPTH_FIXED 12
#define STEPS_PER_CHECK 3

/* What one lane walks on. */
typedef struct Lane
{
	const MxTreeNode *nodes; /* of its tree */
	const int64_t *keys;     /* of its row */
	uint32_t at;
} Lane;

static inline bool
goes_right(const MxTreeNode *node, const int64_t *keys, const uint32_t *sets)
{
	int64_t key = keys[node->column & ~MX_TREE_SET];

	if (sets != NULL && (node->column & MX_TREE_SET) != 0)
	{
		const uint32_t *set = sets + node->key * MX_SET_WORDS;

		return ((set[key >> 5] >> (key & 31)) & 1) == 0;
	}
	return key > node->key;
}

/* One step of every lane; whether any moved. */
static inline bool
step(Lane lanes[LANES], const uint32_t *sets)
{
	uint32_t moved = 0;

#pragma GCC unroll 8
	for (size_t i = 0; i < LANES; i++)
	{
		const MxTreeNode *node = &lanes[i].nodes[lanes[i].at];
		uint32_t to = node->left + goes_right(node, lanes[i].keys, sets);

		moved |= to ^ lanes[i].at;
		lanes[i].at = to;
	}
	return moved != 0;
}

static inline void
descend(Lane lanes[LANES], uint32_t depth, const uint32_t *sets)
{
	bool moving = true;

	for (size_t i = 0; i < LANES; i++)
		lanes[i].at = 1;
	if (depth <= DEPTH_FIXED)
		while (depth-- > 0)
			step(lanes, sets);
	else
		while (moving)
			for (size_t i = 0; i < STEPS_PER_CHECK; i++)
				moving = step(lanes, sets);
}

static inline void
add_leaf(const MxForest *forest, size_t t, const Lane *lane, double *const *out,
         size_t row)
{
	size_t number = forest->trees[t].leaf + (size_t) lane->nodes[lane->at].key;
	const double *leaf = forest->leaves + number * forest->n_values;
	double *const *to = out + forest->trees[t].output;

	for (size_t v = 0; v < forest->n_values; v++)
		to[v][row] += leaf[v];
}

/* LANES rows, tree by tree: a tree is fetched once for many rows. */
static inline void
walk_rows(const MxForest *forest, const int64_t *keys, size_t n_rows,
          double *const *out, size_t first, const uint32_t *sets)
{
	Lane lanes[LANES];

	for (size_t t = 0; t < forest->n_trees; t++)
		for (size_t row = 0; row < n_rows; row += LANES)
		{
			for (size_t i = 0; i < LANES; i++)
			{
				lanes[i].nodes = forest->nodes + forest->trees[t].first;
				lanes[i].keys = keys + (row + i) * forest->n_columns;
			}
			descend(lanes, forest->trees[t].depth, sets);
			for (size_t i = 0; i < LANES; i++)
				add_leaf(forest, t, &lanes[i], out, first + row + i);
		}
}

/* One row, LANES trees at a time. */
static inline void
walk_trees(const MxForest *forest, const int64_t *keys, double *const *out,
           size_t row, const uint32_t *sets)
{
	Lane lanes[LANES];

	for (size_t t = 0; t < forest->n_trees; t += LANES)
	{
		size_t n = forest->n_trees - t < LANES ? forest->n_trees - t : LANES;
		uint32_t depth = 0;

		for (size_t i = 0; i < LANES; i++)
		{
			const MxTreeSpan *tree = &forest->trees[t + (i < n ? i : 0)];

			lanes[i].nodes = forest->nodes + tree->first;
			lanes[i].keys = keys;
			if (tree->depth > depth)
				depth = tree->depth;
		}
		descend(lanes, depth, sets);
		for (size_t i = 0; i < n; i++)
			add_leaf(forest, t + i, &lanes[i], out, row);
	}
}

static inline void
walk(const MxForest *forest, const int64_t *keys, size_t n_rows,
     double *const *out, size_t first, const uint32_t *sets)
{
	size_t n_together = n_rows - n_rows % LANES;

	walk_rows(forest, keys, n_together, out, first, sets);
	for (size_t row = n_together; row < n_rows; row++)
		walk_trees(forest, keys + row * forest->n_columns, out, first + row,
		           sets);
}

void
mx_forest_walk(const MxForest *forest, const int64_t *keys, size_t n_rows,
               double *const *out, size_t first)
{
	/* Two copies of the loops: most models have no sets to ask for. */
	if (forest->has_sets)
		walk(forest, keys, n_rows, out, first, forest->sets);
	else
		walk(forest, keys, n_rows, out, first, NULL);
}
