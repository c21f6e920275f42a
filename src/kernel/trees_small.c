/* trees_small.c */
/* Walks trees of small nodes, 32-bit keys, many walks side by side. */
#include "kernel/trees.h"

#include <string.h>

/* Walks in flight: enough to hide the latency of the caches. */
#define ROW_LANES 16
#define TREE_LANES 12
/* Shallow trees are walked to their depth, deep ones until all stand still. */
#define DEPTH_FIXED 12
/* Fewer rows than this at a node are walked on from there, not sorted. */
#define FEW 24
#define MOST_WAITING (MX_SMALL_TILE / FEW + 2)

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

/* Rows of which only the first n count; the others are copies. */
INLINE void
walk_lanes(const MxForest *forest, const MxTreeSpan *tree, const int32_t *keys,
           const uint16_t *rows, uint32_t at[ROW_LANES], size_t n,
           const Sums *sums, unsigned bits)
{
	const MxSmallNode *nodes = forest->small + tree->first;
	const int32_t *lane_keys[ROW_LANES];

	for (size_t i = 0; i < ROW_LANES; i++)
		lane_keys[i] = keys + rows[i < n ? i : 0] * forest->n_columns;
	for (size_t i = n; i < ROW_LANES; i++)
		at[i] = at[0];
	descend_rows(nodes, lane_keys, at, tree->depth, bits);
	for (size_t i = 0; i < n; i++)
		add_leaf(forest, tree, nodes[at[i]].key, sums, rows[i]);
}

/* ---- rows sorted by where they go -------------------------------------- */

/*
 * With many rows for a deep tree: at each node the rows that are there are
 * split into those that go left and those that go right, without waiting for
 * any cache, until few are left.  What remains of the walks is done side by
 * side, in the order of the subtrees: each is fetched once.
 */
typedef struct Range
{
	uint32_t slot;
	uint16_t first, n; /* of rows */
} Range;

typedef struct Sorter
{
	const MxForest *forest;
	const MxTreeSpan *tree;
	const int32_t *keys;
	uint16_t *rows;  /* (n_rows) */
	uint16_t *spare; /* (n_rows) */
	uint32_t *slots; /* (n_rows) where the walk of rows[i] goes on */
	size_t n_waiting;
	Range waiting[MOST_WAITING]; /* apart, and none of them small */
} Sorter;

/* Those that go left first; how many they are. */
INLINE size_t
split(const Sorter *s, const MxSmallNode *node, uint16_t *rows, size_t n,
      unsigned bits)
{
	size_t stride = s->forest->n_columns;
	const int32_t *keys = s->keys + (node->link & ((1u << bits) - 1));
	size_t n_left = 0;
	size_t n_right = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint16_t row = rows[i];
		bool right = keys[row * stride] > node->key;

		rows[n_left] = row;
		s->spare[n_right] = row;
		n_left += !right;
		n_right += right;
	}
	memcpy(rows + n_left, s->spare, n_right * sizeof(uint16_t));
	return n_left;
}

/* The range is split later, or not at all. */
INLINE void
put_range(Sorter *s, Range range, unsigned bits)
{
	const MxSmallNode *nodes = s->forest->small + s->tree->first;

	if (range.n >= FEW && nodes[range.slot].link >> bits != range.slot)
	{
		s->waiting[s->n_waiting++] = range;
		return;
	}
	for (size_t i = 0; i < range.n; i++)
		s->slots[range.first + i] = range.slot;
}

INLINE void
sort_rows(Sorter *s, size_t n_rows, unsigned bits)
{
	const MxSmallNode *nodes = s->forest->small + s->tree->first;

	put_range(s, (Range){.slot = 1, .n = (uint16_t) n_rows}, bits);
	while (s->n_waiting > 0)
	{
		Range at = s->waiting[--s->n_waiting];
		uint32_t left = nodes[at.slot].link >> bits;
		uint16_t n = (uint16_t) split(s, &nodes[at.slot], s->rows + at.first,
		                              at.n, bits);

		put_range(
		    s,
		    (Range){left + 1, (uint16_t) (at.first + n), (uint16_t) (at.n - n)},
		    bits);
		put_range(s, (Range){left, at.first, n}, bits);
	}
}

INLINE void
walk_sorted(const MxForest *forest, const int32_t *keys, size_t n_rows,
            const Sums *sums, void *scratch, unsigned bits)
{
	Sorter s = {.forest = forest, .keys = keys, .slots = scratch};

	s.rows = (uint16_t *) (void *) (s.slots + n_rows);
	s.spare = s.rows + n_rows;
	for (size_t i = 0; i < n_rows; i++)
		s.rows[i] = (uint16_t) i;
	for (size_t t = 0; t < forest->n_trees; t++)
	{
		s.tree = &forest->trees[t];
		sort_rows(&s, n_rows, bits);
		for (size_t i = 0; i < n_rows; i += ROW_LANES)
		{
			size_t n = n_rows - i < ROW_LANES ? n_rows - i : ROW_LANES;
			uint32_t at[ROW_LANES];

			memcpy(at, s.slots + i, n * sizeof(uint32_t));
			walk_lanes(forest, s.tree, keys, s.rows + i, at, n, sums, bits);
		}
	}
}

/* ---- rows as they come, trees side by side ----------------------------- */

INLINE void
walk_rows(const MxForest *forest, const int32_t *keys, size_t n_rows,
          const Sums *sums, unsigned bits)
{
	uint16_t rows[ROW_LANES];
	uint32_t at[ROW_LANES];

	for (size_t t = 0; t < forest->n_trees; t++)
		for (size_t row = 0; row < n_rows; row += ROW_LANES)
		{
			for (size_t i = 0; i < ROW_LANES; i++)
			{
				rows[i] = (uint16_t) (row + i);
				at[i] = 1;
			}
			walk_lanes(forest, &forest->trees[t], keys, rows, at,
			           n_rows - row < ROW_LANES ? n_rows - row : ROW_LANES,
			           sums, bits);
		}
}

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
     const Sums *sums, void *scratch, unsigned bits)
{
	if (n_rows >= MX_SMALL_SORTED && forest->is_deep)
		walk_sorted(forest, keys, n_rows, sums, scratch, bits);
	else if (n_rows >= ROW_LANES / 2)
		walk_rows(forest, keys, n_rows, sums, bits);
	else
		for (size_t row = 0; row < n_rows; row++)
			walk_trees(forest, keys + row * forest->n_columns, sums, row, bits);
}

void
mx_small_walk(const MxForest *forest, const int32_t *keys, size_t n_rows,
              double *const *out, size_t first, void *scratch)
{
	Sums sums = {out, first};

	switch (forest->column_bits)
	{
		case MX_SMALL_BITS_FEW:
			walk(forest, keys, n_rows, &sums, scratch, MX_SMALL_BITS_FEW);
			break;
		case MX_SMALL_BITS_SOME:
			walk(forest, keys, n_rows, &sums, scratch, MX_SMALL_BITS_SOME);
			break;
		default:
			walk(forest, keys, n_rows, &sums, scratch, MX_SMALL_BITS_MANY);
			break;
	}
}
