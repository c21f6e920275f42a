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

bool
mx_blend_available(void)
{
	return __builtin_cpu_supports("avx2");
}

AVX2_INLINE __m256i
load(const uint8_t *at)
{
	return _mm256_loadu_si256((const __m256i *) (const void *) at);
}

/*
 * Bytes 255 where the category is not in the set: its byte among 32 is found
 * by two shuffles of 16, its bit by a third.
 */
AVX2_INLINE __m256i
outside_set(const uint8_t *codes, const uint32_t *set)
{
	const __m256i bits = _mm256_setr_epi8(
	    1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8,
	    16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
	const __m256i zero = _mm256_setzero_si256();
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
	__m256i outside = _mm256_cmpeq_epi8(_mm256_and_si256(found, bit), zero);
	/* What is no category goes where bit 256 says. */
	__m256i otherwise =
	    _mm256_set1_epi8((set[MX_SET_WORDS - 1] & 1) != 0 ? 0 : -1);

	return _mm256_blendv_epi8(outside, otherwise, absent);
}

/* Bytes 255 where a row goes right. */
AVX2_INLINE __m256i
goes_right(const MxBlend *blend, const MxBlendNode *node, const uint8_t *codes,
           size_t vector)
{
	const uint8_t *at = codes + (size_t) node->column * MX_BLEND_ROWS +
	                    vector * MX_BLEND_VECTOR;

	if (node->set != 0)
		return outside_set(at, blend->sets +
		                           (size_t) (node->set - 1) * MX_SET_WORDS);
	return _mm256_cmpgt_epi8(load(at), _mm256_set1_epi8(node->code));
}

/* Leaf numbers of all rows into found. */
AVX2_INLINE void
fold(const MxBlend *blend, const MxBlendTree *tree, const uint8_t *codes,
     size_t n_vectors, uint8_t found[MX_BLEND_ROWS])
{
	__m256i waiting[MX_BLEND_DEPTH / 2][VECTORS];
	__m256i top[VECTORS];
	const MxBlendNode *node = blend->nodes + tree->first;
	const MxBlendNode *end = node + tree->n;
	size_t n_waiting = 0;
	size_t n_made = 0;

	for (size_t v = 0; v < n_vectors; v++)
		top[v] = _mm256_setzero_si256();
	for (; node < end; node++)
	{
		__m256i leaf = _mm256_set1_epi8((char) node->leaf);

		switch ((MxBlendOp) node->op)
		{
			case MX_BLEND_PAIR:
				/* The first has nothing below it. */
				if (n_made++ > 0)
				{
					for (size_t v = 0; v < n_vectors; v++)
						waiting[n_waiting][v] = top[v];
					n_waiting++;
				}
				for (size_t v = 0; v < n_vectors; v++)
					top[v] = _mm256_sub_epi8(leaf,
					                         goes_right(blend, node, codes, v));
				break;
			case MX_BLEND_LEAF_LEFT:
				for (size_t v = 0; v < n_vectors; v++)
					top[v] = _mm256_blendv_epi8(
					    leaf, top[v], goes_right(blend, node, codes, v));
				break;
			case MX_BLEND_LEAF_RIGHT:
				for (size_t v = 0; v < n_vectors; v++)
					top[v] = _mm256_blendv_epi8(
					    top[v], leaf, goes_right(blend, node, codes, v));
				break;
			case MX_BLEND_JOIN:
				n_waiting--;
				for (size_t v = 0; v < n_vectors; v++)
					top[v] =
					    _mm256_blendv_epi8(waiting[n_waiting][v], top[v],
					                       goes_right(blend, node, codes, v));
				break;
		}
	}
	for (size_t v = 0; v < n_vectors; v++)
		_mm256_storeu_si256((__m256i *) (void *) (found + v * MX_BLEND_VECTOR),
		                    top[v]);
}

AVX2_INLINE void
add(const MxBlend *blend, const MxBlendTree *tree, const uint8_t *codes,
    size_t n_vectors, size_t n_rows, double *const *out, size_t first)
{
	const double *leaves = blend->leaves + tree->leaf * blend->n_values;
	uint8_t found[MX_BLEND_ROWS];

	fold(blend, tree, codes, n_vectors, found);
	for (size_t j = 0; j < blend->n_values; j++)
	{
		double *to = out[tree->output + j] + first;

		for (size_t row = 0; row < n_rows; row++)
			to[row] += leaves[found[row] * blend->n_values + j];
	}
}

/*
 * Tree by tree: the second time, the processor foresees which operations
 * follow each other.
 */
AVX2 void
mx_blend_add(const MxBlend *blend, const uint8_t *codes, size_t n_rows,
             double *const *out, size_t first)
{
	size_t tile = blend->n_columns * MX_BLEND_ROWS;

	for (size_t t = 0; t < blend->n_trees; t++)
	{
		const MxBlendTree *tree = &blend->trees[t];
		const uint8_t *at = codes;
		size_t row = 0;

		for (; n_rows - row >= MX_BLEND_ROWS; row += MX_BLEND_ROWS, at += tile)
			add(blend, tree, at, VECTORS, MX_BLEND_ROWS, out, first + row);
		if (n_rows - row > 2 * MX_BLEND_VECTOR)
			add(blend, tree, at, VECTORS, n_rows - row, out, first + row);
		else if (n_rows - row > MX_BLEND_VECTOR)
			add(blend, tree, at, 2, n_rows - row, out, first + row);
		else if (n_rows > row)
			add(blend, tree, at, 1, n_rows - row, out, first + row);
	}
}

#else

bool
mx_blend_available(void)
{
	return false;
}

void
mx_blend_add(const MxBlend *blend, const uint8_t *codes, size_t n_rows,
             double *const *out, size_t first)
{
	(void) blend;
	(void) codes;
	(void) n_rows;
	(void) out;
	(void) first;
}

#endif
