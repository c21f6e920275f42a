/* trees_small.c */
/* Walks trees of small nodes, 32-bit keys, many walks side by side. */
#include "kernel/trees.h"

/* Walks in flight: enough to hide the latency of the caches. */
#define ROW_LANES 16
#define TREE_LANES 12
/* Shallow trees are walked to their depth, deep ones until all stand still. */
#define DEPTH_FIXED 12

/* Inlined with constant bits. */
#define INLINE __attribute__((always_inline)) static inline

/* Where a row goes from a node. */
INLINE uint32_t
next_slot(const MxSmallNode *node, const int32_t *keys, unsigned bits)
{
	uint32_t column = node->link & ((1u << bits) - 1);

	return (node->link >> bits) + (keys[column] > node->key);
}

/* Where row i of those that are walked adds: out[output][first + i]. */
typedef struct Sums
{
	double *const *out;
	size_t first;
} Sums;

static inline void
add_leaf(const MxForest *forest, const MxTreeSpan *tree, int32_t leaf,
         const Sums *sums, size_t row)
{
	const double *vector =
	    forest->leaves + (tree->leaf + (size_t) leaf) * forest->n_values;
	double *const *to = sums->out + tree->output;

	row += sums->first;
	for (size_t v = 0; v < forest->n_values; v++)
		to[v][row] += vector[v];
}

/* ---- rows side by side ------------------------------------------------- */

/* One step of every lane; whether any moved. */
INLINE bool
step_rows(const MxSmallNode *nodes, const int32_t *const keys[ROW_LANES],
          uint32_t at[ROW_LANES], unsigned bits)
{
	uint32_t moved = 0;

#pragma GCC unroll 16
	for (size_t i = 0; i < ROW_LANES; i++)
	{
		uint32_t to = next_slot(&nodes[at[i]], keys[i], bits);

		moved |= to ^ at[i];
		at[i] = to;
	}
	return moved != 0;
}

INLINE void
descend_rows(const MxSmallNode *nodes, const int32_t *const keys[ROW_LANES],
             uint32_t at[ROW_LANES], uint32_t depth, unsigned bits)
{
	if (depth <= DEPTH_FIXED)
		while (depth-- > 0)
			step_rows(nodes, keys, at, bits);
	else
		do
			step_rows(nodes, keys, at, bits);
		while (step_rows(nodes, keys, at, bits));
}

/* Tree by tree: each is fetched once for many rows. */
INLINE void
walk_rows(const MxForest *forest, const int32_t *keys, size_t n_rows,
          const Sums *sums, unsigned bits)
{
	const int32_t *lanes[ROW_LANES];
	uint32_t at[ROW_LANES];

	for (size_t t = 0; t < forest->n_trees; t++)
	{
		const MxTreeSpan *tree = &forest->trees[t];
		const MxSmallNode *nodes = forest->small + tree->first;

		for (size_t row = 0; row < n_rows; row += ROW_LANES)
		{
			size_t n = n_rows - row < ROW_LANES ? n_rows - row : ROW_LANES;

			for (size_t i = 0; i < ROW_LANES; i++)
			{
				lanes[i] = keys + (row + (i < n ? i : 0)) * forest->n_columns;
				at[i] = 1;
			}
			descend_rows(nodes, lanes, at, tree->depth, bits);
			for (size_t i = 0; i < n; i++)
				add_leaf(forest, tree, nodes[at[i]].key, sums, row + i);
		}
	}
}

/* ---- trees side by side ------------------------------------------------ */

/* One step in every tree; whether any moved. */
INLINE bool
step_trees(const MxSmallNode *const nodes[TREE_LANES], const int32_t *keys,
           uint32_t at[TREE_LANES], unsigned bits)
{
	uint32_t moved = 0;

#pragma GCC unroll 12
	for (size_t i = 0; i < TREE_LANES; i++)
	{
		uint32_t to = next_slot(&nodes[i][at[i]], keys, bits);

		moved |= to ^ at[i];
		at[i] = to;
	}
	return moved != 0;
}

INLINE void
descend_trees(const MxSmallNode *const nodes[TREE_LANES], const int32_t *keys,
              uint32_t at[TREE_LANES], uint32_t depth, unsigned bits)
{
	if (depth <= DEPTH_FIXED)
		while (depth-- > 0)
			step_trees(nodes, keys, at, bits);
	else
		do
			step_trees(nodes, keys, at, bits);
		while (step_trees(nodes, keys, at, bits));
}

/* One row, some trees at a time. */
INLINE void
walk_trees(const MxForest *forest, const int32_t *keys, const Sums *sums,
           size_t row, unsigned bits)
{
	const MxSmallNode *nodes[TREE_LANES];
	uint32_t at[TREE_LANES];

	for (size_t t = 0; t < forest->n_trees; t += TREE_LANES)
	{
		size_t n =
		    forest->n_trees - t < TREE_LANES ? forest->n_trees - t : TREE_LANES;
		uint32_t depth = 0;

		for (size_t i = 0; i < TREE_LANES; i++)
		{
			const MxTreeSpan *tree = &forest->trees[t + (i < n ? i : 0)];

			nodes[i] = forest->small + tree->first;
			at[i] = 1;
			if (tree->depth > depth)
				depth = tree->depth;
		}
		descend_trees(nodes, keys, at, depth, bits);
		for (size_t i = 0; i < n; i++)
			add_leaf(forest, &forest->trees[t + i], nodes[i][at[i]].key, sums,
			         row);
	}
}

INLINE void
walk(const MxForest *forest, const int32_t *keys, size_t n_rows,
     const Sums *sums, unsigned bits)
{
	if (n_rows >= ROW_LANES / 2)
		walk_rows(forest, keys, n_rows, sums, bits);
	else
		for (size_t row = 0; row < n_rows; row++)
			walk_trees(forest, keys + row * forest->n_columns, sums, row, bits);
}

void
mx_small_walk(const MxForest *forest, const int32_t *keys, size_t n_rows,
              double *const *out, size_t first)
{
	Sums sums = {out, first};

	switch (forest->column_bits)
	{
		case MX_SMALL_BITS_FEW:
			walk(forest, keys, n_rows, &sums, MX_SMALL_BITS_FEW);
			break;
		case MX_SMALL_BITS_SOME:
			walk(forest, keys, n_rows, &sums, MX_SMALL_BITS_SOME);
			break;
		default:
			walk(forest, keys, n_rows, &sums, MX_SMALL_BITS_MANY);
			break;
	}
}
