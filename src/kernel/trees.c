/* trees.c */
/* Walks trees for many rows, or many trees for one row, side by side. */
#include "kernel/trees_walk.h"

/* Walks in flight: enough to hide the latency of the caches. */
#define ROW_LANES 10
#define TREE_LANES 10
#define TOP_LANES 8
/* Rows that are sorted together, and how few are not worth it. */
#define MOST_SORTED 8192
#define FEWEST_SORTED 256
/* How many rows ahead nodes are fetched, and so many of a row's keys. */
#define ROWS_AHEAD 40
#define KEYS_AHEAD 64
#define LINE 64
#define MOST_EXITS (1u << MX_TOP_MOST_ABOVE)

/* Where a row goes from a node; adds to *moved when it moves. */
MX_INLINE size_t
next_node(const MxForest *forest, size_t at, const uint32_t *keys,
          unsigned bits, uint32_t *moved)
{
	const MxTreeNode *node = &forest->nodes[at];
	uint32_t link = node->link;
	uint32_t key = keys[link & ((1u << bits) - 1)];

	*moved |= link;
	at += link >> bits;
	/* In these words compilers find the addition with carry. */
	if (node->key < key)
		at++;
	return at;
}

MX_INLINE size_t
next_wide(const MxForest *forest, size_t at, const uint32_t *keys,
          uint32_t *moved)
{
	const MxWideNode *node = &forest->wide[at];
	uint32_t key = keys[node->column & ~MX_TREE_SET];
	bool right = node->key < key;

	if ((node->column & MX_TREE_SET) != 0)
	{
		const uint32_t *set = forest->sets + (size_t) node->key * MX_SET_WORDS;

		right = ((set[key >> 5] >> (key & 31)) & 1) == 0;
	}
	*moved |= node->offset;
	return at + node->offset + right;
}

/* One step of every lane; whether any moved.  No bits: nodes are wide. */
MX_INLINE uint32_t
step(const MxForest *forest, const uint32_t *const *keys,
     size_t at[MX_MOST_LANES], unsigned bits, size_t lanes)
{
	uint32_t moved = 0;

#pragma GCC unroll 16
	for (size_t i = 0; i < lanes; i++)
		at[i] = bits > 0 ? next_node(forest, at[i], keys[i], bits, &moved)
		                 : next_wide(forest, at[i], keys[i], &moved);
	return moved;
}

/* To the leaves. */
MX_INLINE void
descend(const MxForest *forest, const uint32_t *const *keys,
        size_t at[MX_MOST_LANES], unsigned bits, size_t lanes)
{
	uint32_t moved;

	do
		moved = step(forest, keys, at, bits, lanes);
	while (moved != 0);
}

MX_INLINE uint32_t
leaf_at(const MxForest *forest, size_t at, unsigned bits)
{
	return bits > 0 ? forest->nodes[at].key : forest->wide[at].key;
}

static inline void
add_leaf(const MxForest *forest, size_t t, uint32_t leaf, double *const *out,
         size_t row)
{
	const double *vector = forest->leaves + leaf * forest->n_values;
	double *const *to =
	    forest->outputs == NULL ? out : out + forest->outputs[t];

	to[0][row] += vector[0];
	for (size_t v = 1; v < forest->n_values; v++)
		to[v][row] += vector[v];
}

/* ---- rows side by side ------------------------------------------------- */

/* Rows of a tile in the order in which a tree is walked. */
typedef struct Tile
{
	const uint32_t *keys;
	double *const *out;
	size_t first;
	MxTreesStop *stop;
	size_t n_left; /* rows whose sums are not settled, ascending */
	uint16_t left[MOST_SORTED];
	const uint16_t *rows; /* those, sorted or not */
	uint16_t sorted[MOST_SORTED];
	uint16_t exits[MOST_SORTED]; /* by row */
} Tile;

/* The exits of the top of tree t for all rows, and how often each is taken. */
static void
find_exits(const MxForest *forest, size_t t, Tile *tile,
           uint32_t counts[MOST_EXITS])
{
	size_t mask = ((size_t) 1 << forest->top_levels) - 1;
	const uint32_t *keys[MX_MOST_LANES];
	size_t at[MX_MOST_LANES];

	for (size_t j = 0; j < tile->n_left; j += TOP_LANES)
	{
		size_t n = tile->n_left - j < TOP_LANES ? tile->n_left - j : TOP_LANES;

#pragma GCC unroll 16
		for (size_t i = 0; i < TOP_LANES; i++)
		{
			keys[i] = tile->keys +
			          tile->left[j + (i < n ? i : 0)] * forest->n_columns;
			at[i] = mx_top_start(forest->top_levels, t);
		}
		mx_top_descend(forest, forest->top_levels, keys, at, TOP_LANES);
		for (size_t i = 0; i < n; i++)
		{
			size_t exit = (at[i] / sizeof(uint64_t)) & mask;

			tile->exits[tile->left[j + i]] = (uint16_t) exit;
			counts[exit]++;
		}
	}
}

/* Rows that leave the top together follow each other. */
static void
sort_rows(Tile *tile, const uint32_t counts[MOST_EXITS])
{
	uint32_t starts[MOST_EXITS];
	uint32_t n = 0;

	for (size_t i = 0; i < MOST_EXITS; i++)
	{
		starts[i] = n;
		n += counts[i];
	}
	for (size_t j = 0; j < tile->n_left; j++)
		tile->sorted[starts[tile->exits[tile->left[j]]]++] = tile->left[j];
}

/* Bytes of the nodes, and where an exit leads among them. */
MX_INLINE const char *
node_at(const MxForest *forest, uint64_t slot, unsigned bits)
{
	return bits > 0 ? (const char *) (forest->nodes + slot)
	                : (const char *) (forest->wide + slot);
}

/*
 * Rows that are sorted walk the same nodes, and would wait for each of them
 * together: what is below their exits, and their keys, is fetched while others
 * walk.  Up to which slot that is done is returned.
 */
MX_INLINE uint64_t
fetch_ahead(const MxForest *forest, const uint64_t *exits, const Tile *tile,
            size_t j, uint64_t fetched, unsigned bits)
{
	size_t end = tile->n_left - j < ROW_LANES ? tile->n_left : j + ROW_LANES;

	for (; j < end; j++)
	{
		size_t row = tile->rows[j];
		uint64_t from = exits[tile->exits[row]];
		uint64_t to = exits[tile->exits[row] + 1];
		const uint32_t *keys = tile->keys + row * forest->n_columns;

		for (size_t c = 0; c < forest->n_columns && c < KEYS_AHEAD;
		     c += LINE / sizeof(uint32_t))
			mx_prefetch(keys + c);
		if (to <= fetched)
			continue;
		for (const char *at =
		         node_at(forest, from > fetched ? from : fetched, bits);
		     at < node_at(forest, to, bits); at += LINE)
			mx_prefetch(at);
		fetched = to;
	}
	return fetched;
}

/* Tree t from the exits of its top on, which are found. */
MX_INLINE void
walk_below(const MxForest *forest, size_t t, const Tile *tile, unsigned bits)
{
	const uint64_t *exits = forest->exits + (t << forest->top_levels);
	const uint32_t *keys[MX_MOST_LANES];
	size_t at[MX_MOST_LANES];
	uint64_t fetched = 0;

	for (size_t j = 0; j < tile->n_left; j += ROW_LANES)
	{
		size_t n = tile->n_left - j < ROW_LANES ? tile->n_left - j : ROW_LANES;

		if (tile->rows == tile->sorted && j + ROWS_AHEAD < tile->n_left)
			fetched =
			    fetch_ahead(forest, exits, tile, j + ROWS_AHEAD, fetched, bits);
#pragma GCC unroll 16
		for (size_t i = 0; i < ROW_LANES; i++)
		{
			size_t row = tile->rows[j + (i < n ? i : 0)];

			keys[i] = tile->keys + row * forest->n_columns;
			at[i] = (size_t) exits[tile->exits[row]];
		}
		descend(forest, keys, at, bits, ROW_LANES);
		for (size_t i = 0; i < n; i++)
			add_leaf(forest, t, leaf_at(forest, at[i], bits), tile->out,
			         tile->first + tile->rows[j + i]);
	}
}

/* Whether rows are left before tree t. */
static bool
has_rows(Tile *tile, size_t t)
{
	MxTreesStop *stop = tile->stop;

	if (stop != NULL && mx_stop_is_check(stop, t))
		tile->n_left =
		    mx_stop_settle(stop, t, tile->out[stop->column] + tile->first,
		                   tile->left, tile->n_left);
	return tile->n_left > 0;
}

/* Tree by tree: each is fetched once for many rows. */
MX_INLINE void
walk_rows(const MxForest *forest, Tile *tile, unsigned bits)
{
	for (size_t row = 0; row < tile->n_left; row++)
		tile->left[row] = (uint16_t) row;
	for (size_t t = 0; t < forest->n_trees && has_rows(tile, t); t++)
	{
		uint32_t counts[MOST_EXITS] = {0};

		find_exits(forest, t, tile, counts);
		tile->rows = tile->left;
		if (forest->top_levels > 0 && tile->n_left >= FEWEST_SORTED)
		{
			sort_rows(tile, counts);
			tile->rows = tile->sorted;
		}
		walk_below(forest, t, tile, bits);
	}
}

/* ---- trees side by side ------------------------------------------------ */

/*
 * One row, some trees at a time.  Of one output, the sum stays in a register:
 * in memory each would wait for the one before.
 */
MX_INLINE void
walk_trees(const MxForest *forest, const uint32_t *keys, double *const *out,
           size_t row, unsigned bits)
{
	bool is_simple = forest->n_values == 1 && forest->outputs == NULL;
	const uint32_t *same[MX_MOST_LANES];
	size_t at[MX_MOST_LANES];
	double sum = out[0][row];

	for (size_t t = 0; t < forest->n_trees; t += TREE_LANES)
	{
		size_t n =
		    forest->n_trees - t < TREE_LANES ? forest->n_trees - t : TREE_LANES;

#pragma GCC unroll 16
		for (size_t i = 0; i < TREE_LANES; i++)
		{
			same[i] = keys;
			at[i] = mx_top_start(forest->top_levels, t + (i < n ? i : 0));
		}
		mx_top_descend(forest, forest->top_levels, same, at, TREE_LANES);
#pragma GCC unroll 16
		for (size_t i = 0; i < TREE_LANES; i++)
			at[i] = (size_t) forest->exits[at[i] / sizeof(uint64_t)];
		descend(forest, same, at, bits, TREE_LANES);
		for (size_t i = 0; i < n; i++)
			if (is_simple)
				sum += forest->leaves[leaf_at(forest, at[i], bits)];
			else
				add_leaf(forest, t + i, leaf_at(forest, at[i], bits), out, row);
	}
	if (is_simple)
		out[0][row] = sum;
}

MX_INLINE void
walk(const MxForest *forest, const uint32_t *keys, size_t n_rows,
     double *const *out, size_t first, MxTreesStop *stop, unsigned bits)
{
	size_t n;

	if (n_rows < ROW_LANES / 2)
		for (size_t row = 0; row < n_rows; row++)
			walk_trees(forest, keys + row * forest->n_columns, out, first + row,
			           bits);
	else
		for (size_t row = 0; row < n_rows; row += n)
		{
			Tile tile;

			n = n_rows - row < MOST_SORTED ? n_rows - row : MOST_SORTED;
			tile.keys = keys + row * forest->n_columns;
			tile.n_left = n;
			tile.out = out;
			tile.first = first + row;
			tile.stop = stop;
			walk_rows(forest, &tile, bits);
		}
}

void
mx_forest_walk(const MxForest *forest, const uint32_t *keys, size_t n_rows,
               double *const *out, size_t first, MxTreesStop *stop)
{
	switch (forest->column_bits)
	{
		case MX_COLUMN_BITS_FEW:
			walk(forest, keys, n_rows, out, first, stop, MX_COLUMN_BITS_FEW);
			break;
		case MX_COLUMN_BITS_SOME:
			walk(forest, keys, n_rows, out, first, stop, MX_COLUMN_BITS_SOME);
			break;
		case MX_COLUMN_BITS_MANY:
			walk(forest, keys, n_rows, out, first, stop, MX_COLUMN_BITS_MANY);
			break;
		default:
			walk(forest, keys, n_rows, out, first, stop, 0);
			break;
	}
}
