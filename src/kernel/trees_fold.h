/*
 * trees_fold.h: folds trees from their leaves up, as many rows to a vector as
 * it has bytes.
 *
 * Included once per kind of vector, by trees_blend.c and trees_blend_wide.c
 * alone, behind what defines the vectors, with MX_FOLD defined: the name of
 * this kind's mx_blend_add().
 */
#include "kernel/trees_blend.h"

#include <string.h>

/* Where there are the vectors that their names say. */
void mx_fold_vector(const MxBlend *blend, uint8_t *codes, size_t n_rows,
                    double *const *out, size_t first);
void mx_fold_wide(const MxBlend *blend, uint8_t *codes, size_t n_rows,
                  double *const *out, size_t first);

#ifdef MX_FOLD

/* Inlined with a constant number of vectors. */
#define INLINE MX_VECTOR __attribute__((always_inline)) static inline

#define VECTORS (MX_BLEND_ROWS / MX_VECTOR_BYTES)
/* From one vector of a place to the next. */
#define STRIDES (MX_VECTOR_BYTES / MX_BLEND_VECTOR)
/* Trees of one output whose leaves are added together. */
#define TOGETHER 8
/* Tiles whose rows one tree is folded for, if their codes are so few bytes. */
#define TILES 4
#define NEAR_BYTES ((size_t) 24 * 1024)

/* Leaf numbers of MX_BLEND_ROWS rows. */
typedef struct Found
{
	MxVector of[VECTORS];
} Found;

/* What pieces and joins found, and every leaf as all rows would find it. */
typedef struct Places
{
	Found pieces[MX_BLEND_PIECES];
	uint8_t leaves[MX_BLEND_LEAVES][MX_BLEND_LEAF_STEP];
} Places;

/* Where the next tree's parts are. */
typedef struct Parts
{
	const MxBlendSet *set;
	const MxBlendSeven *seven;
	const MxBlendThree *three;
	const MxBlendPair *pair;
	const MxBlendJoin *join;
	const MxBlendTop *top;
} Parts;

INLINE void
test_set(const MxBlend *blend, const MxBlendSet *test, uint8_t *codes)
{
	const uint32_t *set = blend->sets + test->set * MX_SET_WORDS;

	for (size_t v = 0; v < VECTORS; v++)
	{
		const uint8_t *at = codes + test->column + v * MX_VECTOR_BYTES;

		mx_vector_store(codes + test->outcome + v * MX_VECTOR_BYTES,
		                mx_vector_in_set(mx_vector_load(at),
		                                 mx_vector_load(at + MX_BLEND_ROWS),
		                                 set));
	}
}

/* ---- pieces ------------------------------------------------------------ */

/* Where rows go left. */
INLINE MxMask
goes_left(const uint8_t *column, MxVector limit, size_t v)
{
	return mx_vector_above(limit, mx_vector_load(column + v * MX_VECTOR_BYTES));
}

INLINE void
choose_leaf(const uint8_t *column, int8_t limit, uint8_t right,
            size_t n_vectors, MxVector *to)
{
	MxVector wide = mx_vector_all((uint8_t) limit);
	MxVector leaf = mx_vector_all(right);

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		to[v] = mx_vector_lower(leaf, goes_left(column, wide, v));
}

/* right becomes left where a row goes there. */
INLINE void
choose(const uint8_t *column, int8_t limit, const MxVector *left,
       size_t n_vectors, MxVector *right)
{
	MxVector wide = mx_vector_all((uint8_t) limit);

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		right[v] =
		    mx_vector_choose(right[v], left[v], goes_left(column, wide, v));
}

/* Three tests and two leaf numbers, of a three or half a seven. */
INLINE void
find_three(const uint8_t *codes, const uint32_t columns[3],
           const int8_t limits[3], const uint8_t rights[2], size_t n_vectors,
           MxVector *found)
{
	MxVector left[VECTORS];

	choose_leaf(codes + columns[0], limits[0], rights[0], n_vectors, left);
	choose_leaf(codes + columns[1], limits[1], rights[1], n_vectors, found);
	choose(codes + columns[2], limits[2], left, n_vectors, found);
}

INLINE void
find_seven(const uint8_t *codes, const MxBlendSeven *seven, size_t n_vectors,
           MxVector *found)
{
	MxVector left[VECTORS];

	find_three(codes, seven->columns, seven->limits, seven->rights, n_vectors,
	           left);
	find_three(codes, seven->columns + 3, seven->limits + 3, seven->rights + 2,
	           n_vectors, found);
	choose(codes + seven->columns[6], seven->limits[6], left, n_vectors, found);
}

INLINE void
put(Found *place, const MxVector *found, size_t n_vectors)
{
#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		place->of[v] = found[v];
}

/* ---- trees ------------------------------------------------------------- */

INLINE void
choose_place(const uint8_t *column, int8_t limit, const MxBlendPlace places[2],
             const uint8_t *base, size_t n_vectors, MxVector *to)
{
	MxVector wide = mx_vector_all((uint8_t) limit);
	const uint8_t *left = base + places[0].at;
	const uint8_t *right = base + places[1].at;
	size_t left_stride = places[0].stride * STRIDES;
	size_t right_stride = places[1].stride * STRIDES;

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
	{
		to[v] = mx_vector_choose(mx_vector_load(right), mx_vector_load(left),
		                         goes_left(column, wide, v));
		left += left_stride;
		right += right_stride;
	}
}

INLINE void
join_three(const uint8_t *codes, const uint32_t columns[3],
           const int8_t limits[3], const MxBlendPlace places[4],
           const uint8_t *base, size_t n_vectors, MxVector *found)
{
	MxVector left[VECTORS];

	choose_place(codes + columns[0], limits[0], places, base, n_vectors, left);
	choose_place(codes + columns[1], limits[1], places + 2, base, n_vectors,
	             found);
	choose(codes + columns[2], limits[2], left, n_vectors, found);
}

INLINE void
join_top(const uint8_t *codes, const MxBlendTop *top, const uint8_t *base,
         size_t n_vectors, MxVector *found)
{
	MxVector left[VECTORS];

	join_three(codes, top->columns, top->limits, top->places, base, n_vectors,
	           left);
	join_three(codes, top->columns + 3, top->limits + 3, top->places + 4, base,
	           n_vectors, found);
	choose(codes + top->columns[6], top->limits[6], left, n_vectors, found);
}

/* Leaf numbers of one tree; the parts are then those of the next. */
INLINE void
fold(const MxBlend *blend, const MxBlendTree *tree, Parts *parts,
     uint8_t *codes, size_t n_vectors, Places *places, Found *found)
{
	uint8_t *base = (uint8_t *) places;
	Found *piece = places->pieces;
	MxVector top[VECTORS];

	for (size_t i = 0; i < tree->n_sets; i++)
		test_set(blend, parts->set++, codes);
	for (size_t i = 0; i < tree->n_sevens; i++)
	{
		find_seven(codes, parts->seven++, n_vectors, top);
		put(piece++, top, n_vectors);
	}
	for (size_t i = 0; i < tree->n_threes; i++, parts->three++)
	{
		find_three(codes, parts->three->columns, parts->three->limits,
		           parts->three->rights, n_vectors, top);
		put(piece++, top, n_vectors);
	}
	for (size_t i = 0; i < tree->n_pairs; i++, parts->pair++)
	{
		choose_leaf(codes + parts->pair->columns[0], parts->pair->limits[0],
		            parts->pair->rights[0], n_vectors, top);
		put(piece++, top, n_vectors);
	}
	for (size_t i = 0; i < tree->n_joins; i++, parts->join++)
	{
		choose_place(codes + parts->join->columns[0], parts->join->limits[0],
		             parts->join->places, base, n_vectors, top);
		put((Found *) (void *) (base + parts->join->to), top, n_vectors);
	}
	if (tree->has_top)
		join_top(codes, parts->top++, base, n_vectors, top);
	put(found, tree->has_top ? top : places->pieces[0].of, n_vectors);
}

/* ---- sums -------------------------------------------------------------- */

/* Where a tree that is not there leads: adding it changes no sum. */
static const double nothing[1] = {-0.0};

/* A byte of each tree, row by row. */
typedef struct Packed
{
	uint64_t rows[MX_BLEND_ROWS];
} Packed;

/* From some rows of each tree to all trees of a row: bytes, words, longs. */
INLINE void
pack_vector(const Found found[TOGETHER], size_t v, uint64_t *to)
{
	MxVector two[TOGETHER], four[TOGETHER];

#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		MxVector a = found[2 * i].of[v];
		MxVector b = found[2 * i + 1].of[v];

		two[i] = mx_vector_zip_low_8(a, b);
		two[i + TOGETHER / 2] = mx_vector_zip_high_8(a, b);
	}
#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		four[2 * i] = mx_vector_zip_low_16(two[2 * i], two[2 * i + 1]);
		four[2 * i + 1] = mx_vector_zip_high_16(two[2 * i], two[2 * i + 1]);
	}
	/* [0] and [1] are trees 0 to 3 of rows 0 to 7; [2], [3] trees 4 to 7. */
#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		size_t first = i / 2 * 4 + i % 2;

		mx_vector_store_lanes(
		    to + 4 * i, mx_vector_zip_low_32(four[first], four[first + 2]));
		mx_vector_store_lanes(
		    to + 4 * i + 2,
		    mx_vector_zip_high_32(four[first], four[first + 2]));
	}
}

/* Leaf numbers j of the trees, in their order. */
INLINE void
add_leaves(const double *const at[TOGETHER], const Packed *packed,
           size_t n_rows, double *to)
{
	const double *leaves[TOGETHER];

	for (size_t t = 0; t < TOGETHER; t++)
	{
		leaves[t] = at[t];
		/* Else gcc adds the distance to the first, row by row. */
		__asm__("" : "+r"(leaves[t]));
	}
	for (size_t row = 0; row < n_rows; row++)
	{
		uint64_t numbers = packed->rows[row];
		double sum = to[row];

#pragma GCC unroll 4
		for (size_t t = 0; t < TOGETHER; t += 2, numbers >>= 16)
		{
			/* Else gcc shifts anew from the start for every byte. */
			__asm__("" : "+Q"(numbers));
			sum += leaves[t][numbers & 255];
			sum += leaves[t + 1][(numbers >> 8) & 255];
		}
		to[row] = sum;
	}
}

/* Adds what up to TOGETHER trees found for the rows of one tile. */
INLINE void
add_found(const MxBlend *blend, const MxBlendTree *tree, size_t n,
          const Found found[TOGETHER], size_t n_vectors, size_t n_rows,
          double *const *out, size_t first)
{
	const double *leaves[TOGETHER];
	Packed packed;

	for (size_t v = 0; v < n_vectors; v++)
		pack_vector(found, v, packed.rows + v * MX_VECTOR_BYTES);
	for (size_t j = 0; j < blend->n_values; j++)
	{
		for (size_t i = 0; i < TOGETHER; i++)
			leaves[i] = i < n
			                ? blend->leaves + j * blend->n_leaves + tree[i].leaf
			                : nothing;
		add_leaves(leaves, &packed, n_rows, out[tree->output + j] + first);
	}
}

/*
 * Up to TOGETHER trees for some tiles of n_rows rows each; returns the parts
 * after.  One tree's tiles follow each other, so that the CPU foretells where
 * its loops end.
 */
INLINE Parts
add(const MxBlend *blend, const MxBlendTree *tree, size_t n, Parts parts,
    uint8_t *codes, size_t n_tiles, size_t n_vectors, size_t n_rows,
    Places *places, double *const *out, size_t first)
{
	Found found[TILES][TOGETHER];
	size_t tile = blend->n_columns * MX_BLEND_ROWS;

	if (n < TOGETHER)
		memset(found, 0, sizeof(found));
	for (size_t i = 0; i < n; i++)
	{
		Parts next = parts;

		for (size_t k = 0; k < n_tiles; k++)
		{
			next = parts;
			fold(blend, &tree[i], &next, codes + k * tile, n_vectors, places,
			     &found[k][i]);
		}
		parts = next;
	}
	for (size_t k = 0; k < n_tiles; k++)
		add_found(blend, tree, n, found[k], n_vectors, n_rows, out,
		          first + k * MX_BLEND_ROWS);
	return parts;
}

/* The same for all tiles, the last of which may have few rows. */
INLINE Parts
add_tiles(const MxBlend *blend, const MxBlendTree *tree, size_t n, Parts parts,
          uint8_t *codes, size_t n_rows, Places *places, double *const *out,
          size_t first)
{
	size_t tile = blend->n_columns * MX_BLEND_ROWS;
	size_t most = NEAR_BYTES / tile;
	Parts next = parts;
	size_t row = 0;
	size_t k;

	most = most < 1 ? 1 : (most > TILES ? TILES : most);
	for (; n_rows - row >= MX_BLEND_ROWS; row += k * MX_BLEND_ROWS)
	{
		k = (n_rows - row) / MX_BLEND_ROWS;
		k = k > most ? most : k;
		next = add(blend, tree, n, parts, codes, k, VECTORS, MX_BLEND_ROWS,
		           places, out, first + row);
		codes += k * tile;
	}
	if (VECTORS > 2 && n_rows - row > 2 * MX_VECTOR_BYTES)
		next = add(blend, tree, n, parts, codes, 1, VECTORS, n_rows - row,
		           places, out, first + row);
	else if (n_rows - row > MX_VECTOR_BYTES)
		next = add(blend, tree, n, parts, codes, 1, 2, n_rows - row, places,
		           out, first + row);
	else if (n_rows > row)
		next = add(blend, tree, n, parts, codes, 1, 1, n_rows - row, places,
		           out, first + row);
	return next;
}

MX_VECTOR void
MX_FOLD(const MxBlend *blend, uint8_t *codes, size_t n_rows, double *const *out,
        size_t first)
{
	Parts parts = {blend->set_tests, blend->sevens, blend->threes,
	               blend->pairs,     blend->joins,  blend->tops};
	const MxBlendTree *end = blend->trees + blend->n_trees;
	const MxBlendTree *tree = blend->trees;
	Places places;
	size_t n;

	for (size_t i = 0; i < MX_BLEND_LEAVES; i++)
		mx_vector_store(places.leaves[i], mx_vector_all((uint8_t) i));
	for (; tree < end; tree += n)
	{
		n = 1;
		while (n < TOGETHER && tree + n < end && tree[n].output == tree->output)
			n++;
		parts = add_tiles(blend, tree, n, parts, codes, n_rows, &places, out,
		                  first);
	}
}

#endif
