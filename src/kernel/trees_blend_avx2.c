/* trees_blend_avx2.c */
/* Folds trees from their leaves up, 32 rows to a vector. */
#include "kernel/trees_blend.h"

#include "kernel/trees.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
/* Inlined with a constant number of vectors. */
#define AVX2_INLINE AVX2 __attribute__((always_inline)) static inline

#define VECTORS (MX_BLEND_ROWS / MX_BLEND_VECTOR)
/* Trees of one output whose leaves are added together. */
#define TOGETHER 8

bool
mx_blend_available(void)
{
	return __builtin_cpu_supports("avx2");
}

/* Leaf numbers of MX_BLEND_ROWS rows. */
typedef struct Found
{
	__m256i of[VECTORS];
} Found;

/* What pieces and joins found, and every leaf as all rows would find it. */
typedef struct Places
{
	Found pieces[MX_BLEND_PIECES];
	__m256i leaves[MX_BLEND_LEAVES];
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

AVX2_INLINE __m256i
load(const uint8_t *at)
{
	return _mm256_loadu_si256((const __m256i *) (const void *) at);
}

/* ---- categories -------------------------------------------------------- */

/*
 * Bytes 255 where the category is in the set: its byte among 32 is found
 * by two shuffles of 16, its bit by a third.
 */
AVX2_INLINE __m256i
in_set(const uint8_t *codes, const uint32_t *set)
{
	const __m256i bits = _mm256_setr_epi8(
	    1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8,
	    16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
	__m256i category = load(codes);
	__m256i absent = load(codes + MX_BLEND_ROWS);
	__m256i low = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *) (const void *) set));
	__m256i high = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *) (const void *) (set + 4)));
	__m256i byte =
	    _mm256_and_si256(_mm256_srli_epi16(category, 3), _mm256_set1_epi8(31));
	__m256i bit = _mm256_shuffle_epi8(
	    bits, _mm256_and_si256(category, _mm256_set1_epi8(7)));
	__m256i found = _mm256_blendv_epi8(
	    _mm256_shuffle_epi8(low, byte),
	    _mm256_shuffle_epi8(high, _mm256_and_si256(byte, _mm256_set1_epi8(15))),
	    _mm256_cmpgt_epi8(byte, _mm256_set1_epi8(15)));
	__m256i inside = _mm256_cmpeq_epi8(_mm256_and_si256(found, bit), bit);
	/* What is no category goes where bit 256 says. */
	__m256i otherwise =
	    _mm256_set1_epi8((set[MX_SET_WORDS - 1] & 1) != 0 ? -1 : 0);

	return _mm256_blendv_epi8(inside, otherwise, absent);
}

AVX2_INLINE void
test_set(const MxBlend *blend, const MxBlendSet *test, uint8_t *codes)
{
	const uint32_t *set = blend->sets + test->set * MX_SET_WORDS;

	for (size_t v = 0; v < VECTORS; v++)
		_mm256_storeu_si256(
		    (__m256i *) (void *) (codes + test->outcome + v * MX_BLEND_VECTOR),
		    in_set(codes + test->column + v * MX_BLEND_VECTOR, set));
}

/* ---- pieces ------------------------------------------------------------ */

/* Bytes 255 where a row goes left. */
AVX2_INLINE __m256i
goes_left(const uint8_t *column, __m256i limit, size_t v)
{
	return _mm256_cmpgt_epi8(limit, load(column + v * MX_BLEND_VECTOR));
}

AVX2_INLINE void
choose_leaf(const uint8_t *column, int8_t limit, uint8_t right,
            size_t n_vectors, __m256i *to)
{
	__m256i wide = _mm256_set1_epi8(limit);
	__m256i leaf = _mm256_set1_epi8((char) right);

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		to[v] = _mm256_add_epi8(leaf, goes_left(column, wide, v));
}

/* right becomes left where a row goes there. */
AVX2_INLINE void
choose(const uint8_t *column, int8_t limit, const __m256i *left,
       size_t n_vectors, __m256i *right)
{
	__m256i wide = _mm256_set1_epi8(limit);

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		right[v] =
		    _mm256_blendv_epi8(right[v], left[v], goes_left(column, wide, v));
}

/* Three tests and two leaf numbers, of a three or half a seven. */
AVX2_INLINE void
find_three(const uint8_t *codes, const uint32_t columns[3],
           const int8_t limits[3], const uint8_t rights[2], size_t n_vectors,
           __m256i *found)
{
	__m256i left[VECTORS];

	choose_leaf(codes + columns[0], limits[0], rights[0], n_vectors, left);
	choose_leaf(codes + columns[1], limits[1], rights[1], n_vectors, found);
	choose(codes + columns[2], limits[2], left, n_vectors, found);
}

AVX2_INLINE void
find_seven(const uint8_t *codes, const MxBlendSeven *seven, size_t n_vectors,
           __m256i *found)
{
	__m256i left[VECTORS];

	find_three(codes, seven->columns, seven->limits, seven->rights, n_vectors,
	           left);
	find_three(codes, seven->columns + 3, seven->limits + 3, seven->rights + 2,
	           n_vectors, found);
	choose(codes + seven->columns[6], seven->limits[6], left, n_vectors, found);
}

AVX2_INLINE void
put(Found *place, const __m256i *found, size_t n_vectors)
{
#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
		place->of[v] = found[v];
}

/* ---- trees ------------------------------------------------------------- */

AVX2_INLINE void
choose_place(const uint8_t *column, int8_t limit, const MxBlendPlace places[2],
             const char *base, size_t n_vectors, __m256i *to)
{
	__m256i wide = _mm256_set1_epi8(limit);
	const char *left = base + places[0].at;
	const char *right = base + places[1].at;

#pragma GCC unroll 4
	for (size_t v = 0; v < n_vectors; v++)
	{
		to[v] = _mm256_blendv_epi8(*(const __m256i *) (const void *) right,
		                           *(const __m256i *) (const void *) left,
		                           goes_left(column, wide, v));
		left += places[0].stride;
		right += places[1].stride;
	}
}

AVX2_INLINE void
join_three(const uint8_t *codes, const uint32_t columns[3],
           const int8_t limits[3], const MxBlendPlace places[4],
           const char *base, size_t n_vectors, __m256i *found)
{
	__m256i left[VECTORS];

	choose_place(codes + columns[0], limits[0], places, base, n_vectors, left);
	choose_place(codes + columns[1], limits[1], places + 2, base, n_vectors,
	             found);
	choose(codes + columns[2], limits[2], left, n_vectors, found);
}

AVX2_INLINE void
join_top(const uint8_t *codes, const MxBlendTop *top, const char *base,
         size_t n_vectors, __m256i *found)
{
	__m256i left[VECTORS];

	join_three(codes, top->columns, top->limits, top->places, base, n_vectors,
	           left);
	join_three(codes, top->columns + 3, top->limits + 3, top->places + 4, base,
	           n_vectors, found);
	choose(codes + top->columns[6], top->limits[6], left, n_vectors, found);
}

/* Leaf numbers of one tree; the parts are then those of the next. */
AVX2_INLINE void
fold(const MxBlend *blend, const MxBlendTree *tree, Parts *parts,
     uint8_t *codes, size_t n_vectors, Places *places, Found *found)
{
	char *base = (char *) places;
	Found *piece = places->pieces;
	__m256i top[VECTORS];

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

/* Rows of the low halves of 8 vectors, then those of the high halves. */
AVX2_INLINE void
put_rows(uint64_t *to, __m256i rows)
{
	_mm_storeu_si128((__m128i *) (void *) to, _mm256_castsi256_si128(rows));
	_mm_storeu_si128((__m128i *) (void *) (to + MX_BLEND_VECTOR / 2),
	                 _mm256_extracti128_si256(rows, 1));
}

/* From 32 rows of each tree to all trees of 32 rows: bytes, words, longs. */
AVX2_INLINE void
pack_vector(const Found found[TOGETHER], size_t v, uint64_t *to)
{
	__m256i two[TOGETHER], four[TOGETHER];

#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		__m256i a = found[2 * i].of[v];
		__m256i b = found[2 * i + 1].of[v];

		two[i] = _mm256_unpacklo_epi8(a, b);
		two[i + TOGETHER / 2] = _mm256_unpackhi_epi8(a, b);
	}
#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		four[2 * i] = _mm256_unpacklo_epi16(two[2 * i], two[2 * i + 1]);
		four[2 * i + 1] = _mm256_unpackhi_epi16(two[2 * i], two[2 * i + 1]);
	}
	/* four[0], [1] are trees 0 to 3 of rows 0 to 7; [2], [3] trees 4 to 7. */
#pragma GCC unroll 4
	for (size_t i = 0; i < TOGETHER / 2; i++)
	{
		size_t first = i / 2 * 4 + i % 2;

		put_rows(to + 4 * i,
		         _mm256_unpacklo_epi32(four[first], four[first + 2]));
		put_rows(to + 4 * i + 2,
		         _mm256_unpackhi_epi32(four[first], four[first + 2]));
	}
}

/* Leaf numbers j of the trees, in their order. */
AVX2_INLINE void
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

/* Up to TOGETHER trees for the rows of one tile; returns the parts after. */
AVX2_INLINE Parts
add(const MxBlend *blend, const MxBlendTree *tree, size_t n, Parts parts,
    uint8_t *codes, size_t n_vectors, size_t n_rows, Places *places,
    double *const *out, size_t first)
{
	const double *leaves[TOGETHER];
	Found found[TOGETHER] = {0};
	Packed packed;

	for (size_t i = 0; i < n; i++)
		fold(blend, &tree[i], &parts, codes, n_vectors, places, &found[i]);
	for (size_t v = 0; v < n_vectors; v++)
		pack_vector(found, v, packed.rows + v * MX_BLEND_VECTOR);
	for (size_t j = 0; j < blend->n_values; j++)
	{
		for (size_t i = 0; i < TOGETHER; i++)
			leaves[i] = i < n
			                ? blend->leaves + j * blend->n_leaves + tree[i].leaf
			                : nothing;
		add_leaves(leaves, &packed, n_rows, out[tree->output + j] + first);
	}
	return parts;
}

/* The same for all tiles, the last of which may have few rows. */
AVX2_INLINE Parts
add_tiles(const MxBlend *blend, const MxBlendTree *tree, size_t n, Parts parts,
          uint8_t *codes, size_t n_rows, Places *places, double *const *out,
          size_t first)
{
	size_t tile = blend->n_columns * MX_BLEND_ROWS;
	Parts next = parts;
	size_t row = 0;

	for (; n_rows - row >= MX_BLEND_ROWS; row += MX_BLEND_ROWS, codes += tile)
		next = add(blend, tree, n, parts, codes, VECTORS, MX_BLEND_ROWS, places,
		           out, first + row);
	if (n_rows - row > MX_BLEND_VECTOR)
		next = add(blend, tree, n, parts, codes, VECTORS, n_rows - row, places,
		           out, first + row);
	else if (n_rows > row)
		next = add(blend, tree, n, parts, codes, 1, n_rows - row, places, out,
		           first + row);
	return next;
}

AVX2 void
mx_blend_add(const MxBlend *blend, uint8_t *codes, size_t n_rows,
             double *const *out, size_t first)
{
	Parts parts = {blend->set_tests, blend->sevens, blend->threes,
	               blend->pairs,     blend->joins,  blend->tops};
	const MxBlendTree *end = blend->trees + blend->n_trees;
	const MxBlendTree *tree = blend->trees;
	Places places;
	size_t n;

	for (size_t i = 0; i < MX_BLEND_LEAVES; i++)
		places.leaves[i] = _mm256_set1_epi8((char) i);
	for (; tree < end; tree += n)
	{
		n = 1;
		while (n < TOGETHER && tree + n < end && tree[n].output == tree->output)
			n++;
		parts = add_tiles(blend, tree, n, parts, codes, n_rows, &places, out,
		                  first);
	}
}

#else

bool
mx_blend_available(void)
{
	return false;
}

void
mx_blend_add(const MxBlend *blend, uint8_t *codes, size_t n_rows,
             double *const *out, size_t first)
{
	(void) blend;
	(void) codes;
	(void) n_rows;
	(void) out;
	(void) first;
}

#endif
