/* trees_codes_avx2.c */
/* Ranks of numbers among thresholds: a table of buckets, then 8 at once. */
#include "kernel/trees_blend.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt")))

/* Buckets of 4 numbers, as mx_blend_bucket. */
AVX2 static inline __m128i
buckets(const MxBlendFeature *feature, __m256d x)
{
	__m256d at = _mm256_mul_pd(_mm256_sub_pd(x, _mm256_set1_pd(feature->low)),
	                           _mm256_set1_pd(feature->scale));

	/* Of NaN and zero the second is the greater. */
	at = _mm256_max_pd(at, _mm256_setzero_pd());
	at = _mm256_min_pd(at, _mm256_set1_pd((double) (feature->n_buckets - 1)));
	return _mm256_cvttpd_epi32(at);
}

AVX2 static inline uint32_t
rank(const double *thresholds, uint32_t from, double x)
{
	const __m256d wide = _mm256_set1_pd(x);
	uint32_t n;

	/* NaN behind the last threshold is never below. */
	do
	{
		__m256d low = _mm256_loadu_pd(thresholds + from);
		__m256d high = _mm256_loadu_pd(thresholds + from + 4);
		int below = _mm256_movemask_pd(_mm256_cmp_pd(low, wide, _CMP_LT_OQ)) |
		            _mm256_movemask_pd(_mm256_cmp_pd(high, wide, _CMP_LT_OQ))
		                << 4;

		n = (uint32_t) __builtin_popcount((unsigned) below);
		from += n;
	} while (n == MX_BLEND_PADDING);
	return from;
}

AVX2 void
mx_blend_ranks(const MxBlend *blend, const MxBlendFeature *feature,
               const double x[MX_BLEND_ROWS], size_t n_rows,
               uint32_t ranks[MX_BLEND_ROWS])
{
	const double *thresholds = blend->thresholds + feature->first;
	const uint16_t *starts = blend->buckets + feature->first_bucket;

	for (size_t row = 0; row < n_rows; row += 4)
	{
		uint32_t at[4];

		_mm_storeu_si128((__m128i *) (void *) at,
		                 buckets(feature, _mm256_loadu_pd(x + row)));
		for (size_t i = 0; i < 4; i++)
			ranks[row + i] = rank(thresholds, starts[at[i]], x[row + i]);
	}
}

#else

void
mx_blend_ranks(const MxBlend *blend, const MxBlendFeature *feature,
               const double x[MX_BLEND_ROWS], size_t n_rows,
               uint32_t ranks[MX_BLEND_ROWS])
{
	(void) blend;
	(void) feature;
	(void) x;
	(void) n_rows;
	(void) ranks;
}

#endif
