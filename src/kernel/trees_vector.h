/*
 * trees_vector.h: 32 bytes at once, for trees_fold.h: AVX2, or a pair of NEON
 * registers.  trees_wide.h has the same for 64 bytes.
 *
 * MX_VECTOR is defined where there are such vectors, and marks functions that
 * use them; whether they run on this machine mx_twin() says.
 */
#ifndef MX_KERNEL_TREES_VECTOR_H
#define MX_KERNEL_TREES_VECTOR_H

#include "kernel/trees.h"
#include "kernel/twins.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a lane, which are of as many rows. */
#define MX_VECTOR_LANE 16

#ifdef MX_AVX2

#include <immintrin.h>

#define MX_VECTOR MX_AVX2
#define MX_VECTOR_INLINE MX_VECTOR __attribute__((always_inline)) static inline

#define MX_VECTOR_BYTES 32

typedef __m256i MxVector;
typedef __m256i MxMask;

MX_VECTOR_INLINE MxVector
mx_vector_load(const uint8_t *at)
{
	return _mm256_loadu_si256((const __m256i *) (const void *) at);
}

MX_VECTOR_INLINE void
mx_vector_store(uint8_t *at, MxVector x)
{
	_mm256_storeu_si256((__m256i *) (void *) at, x);
}

/* Its lanes of 16 bytes, each MX_VECTOR_LANE numbers after the one before. */
MX_VECTOR_INLINE void
mx_vector_store_lanes(uint64_t *at, MxVector x)
{
	_mm_storeu_si128((__m128i *) (void *) at, _mm256_castsi256_si128(x));
	_mm_storeu_si128((__m128i *) (void *) (at + MX_VECTOR_LANE),
	                 _mm256_extracti128_si256(x, 1));
}

MX_VECTOR_INLINE MxVector
mx_vector_all(uint8_t byte)
{
	return _mm256_set1_epi8((char) byte);
}

/* Where the signed byte of x is above that of y. */
MX_VECTOR_INLINE MxMask
mx_vector_above(MxVector x, MxVector y)
{
	return _mm256_cmpgt_epi8(x, y);
}

/* One less where mask says so. */
MX_VECTOR_INLINE MxVector
mx_vector_lower(MxVector x, MxMask mask)
{
	return _mm256_add_epi8(x, mask);
}

/* y where mask says so, else x. */
MX_VECTOR_INLINE MxVector
mx_vector_choose(MxVector x, MxVector y, MxMask mask)
{
	return _mm256_blendv_epi8(x, y, mask);
}

/* Of each lane: elements of both, in turn, from its lower or upper part. */
#define MX_VECTOR_ZIP(which, bits, instruction) \
	MX_VECTOR_INLINE MxVector mx_vector_zip_##which##_##bits(MxVector x, \
	                                                         MxVector y) \
	{ \
		return instruction(x, y); \
	}

MX_VECTOR_ZIP(low, 8, _mm256_unpacklo_epi8)
MX_VECTOR_ZIP(high, 8, _mm256_unpackhi_epi8)
MX_VECTOR_ZIP(low, 16, _mm256_unpacklo_epi16)
MX_VECTOR_ZIP(high, 16, _mm256_unpackhi_epi16)
MX_VECTOR_ZIP(low, 32, _mm256_unpacklo_epi32)
MX_VECTOR_ZIP(high, 32, _mm256_unpackhi_epi32)

/*
 * Bytes 255 where the category is in the set: its byte among 32 is found
 * by two shuffles of 16, its bit by a third.  Where absent is 255 there is no
 * category: bit 256 says.
 */
MX_VECTOR_INLINE MxVector
mx_vector_in_set(MxVector category, MxVector absent, const uint32_t *set)
{
	const __m256i bits = _mm256_setr_epi8(
	    1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8,
	    16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
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
	__m256i otherwise =
	    _mm256_set1_epi8((set[MX_SET_WORDS - 1] & 1) != 0 ? -1 : 0);

	return _mm256_blendv_epi8(inside, otherwise, absent);
}

#elif defined(MX_NEON)

#include <arm_neon.h>

#define MX_VECTOR
#define MX_VECTOR_INLINE __attribute__((always_inline)) static inline

#define MX_VECTOR_BYTES 32

typedef struct MxVector
{
	uint8x16_t low, high;
} MxVector;
typedef MxVector MxMask;

MX_VECTOR_INLINE MxVector
mx_vector_of(uint8x16_t low, uint8x16_t high)
{
	MxVector x = {low, high};

	return x;
}

MX_VECTOR_INLINE MxVector
mx_vector_load(const uint8_t *at)
{
	return mx_vector_of(vld1q_u8(at), vld1q_u8(at + 16));
}

MX_VECTOR_INLINE void
mx_vector_store(uint8_t *at, MxVector x)
{
	vst1q_u8(at, x.low);
	vst1q_u8(at + 16, x.high);
}

MX_VECTOR_INLINE void
mx_vector_store_lanes(uint64_t *at, MxVector x)
{
	vst1q_u64(at, vreinterpretq_u64_u8(x.low));
	vst1q_u64(at + MX_VECTOR_LANE, vreinterpretq_u64_u8(x.high));
}

MX_VECTOR_INLINE MxVector
mx_vector_all(uint8_t byte)
{
	return mx_vector_of(vdupq_n_u8(byte), vdupq_n_u8(byte));
}

MX_VECTOR_INLINE MxVector
mx_vector_lower(MxVector x, MxMask mask)
{
	return mx_vector_of(vaddq_u8(x.low, mask.low), vaddq_u8(x.high, mask.high));
}

MX_VECTOR_INLINE uint8x16_t
mx_vector_half_above(uint8x16_t x, uint8x16_t y)
{
	return vcgtq_s8(vreinterpretq_s8_u8(x), vreinterpretq_s8_u8(y));
}

MX_VECTOR_INLINE MxMask
mx_vector_above(MxVector x, MxVector y)
{
	return mx_vector_of(mx_vector_half_above(x.low, y.low),
	                    mx_vector_half_above(x.high, y.high));
}

MX_VECTOR_INLINE MxVector
mx_vector_choose(MxVector x, MxVector y, MxMask mask)
{
	return mx_vector_of(vbslq_u8(mask.low, y.low, x.low),
	                    vbslq_u8(mask.high, y.high, x.high));
}

#define MX_VECTOR_ZIP(which, bits, instruction) \
	MX_VECTOR_INLINE uint8x16_t mx_vector_half_zip_##which##_##bits( \
	    uint8x16_t x, uint8x16_t y) \
	{ \
		return vreinterpretq_u8_u##bits(instruction( \
		    vreinterpretq_u##bits##_u8(x), vreinterpretq_u##bits##_u8(y))); \
	} \
\
	MX_VECTOR_INLINE MxVector mx_vector_zip_##which##_##bits(MxVector x, \
	                                                         MxVector y) \
	{ \
		return mx_vector_of( \
		    mx_vector_half_zip_##which##_##bits(x.low, y.low), \
		    mx_vector_half_zip_##which##_##bits(x.high, y.high)); \
	}

/* So that bytes are like the wider ones. */
#define vreinterpretq_u8_u8(x) (x)

MX_VECTOR_ZIP(low, 8, vzip1q_u8)
MX_VECTOR_ZIP(high, 8, vzip2q_u8)
MX_VECTOR_ZIP(low, 16, vzip1q_u16)
MX_VECTOR_ZIP(high, 16, vzip2q_u16)
MX_VECTOR_ZIP(low, 32, vzip1q_u32)
MX_VECTOR_ZIP(high, 32, vzip2q_u32)

MX_VECTOR_INLINE uint8x16_t
mx_vector_half_in_set(uint8x16_t category, uint8x16_t absent, uint8x16x2_t set,
                      uint8x16_t otherwise)
{
	uint8x16_t found = vqtbl2q_u8(set, vshrq_n_u8(category, 3));
	int8x16_t shift = vreinterpretq_s8_u8(vandq_u8(category, vdupq_n_u8(7)));
	uint8x16_t bit = vshlq_u8(vdupq_n_u8(1), shift);

	return vbslq_u8(absent, otherwise, vtstq_u8(found, bit));
}

MX_VECTOR_INLINE MxVector
mx_vector_in_set(MxVector category, MxVector absent, const uint32_t *set)
{
	const uint8_t *bytes = (const uint8_t *) (const void *) set;
	uint8x16x2_t table = {{vld1q_u8(bytes), vld1q_u8(bytes + 16)}};
	uint8x16_t otherwise =
	    vdupq_n_u8((set[MX_SET_WORDS - 1] & 1) != 0 ? 255 : 0);

	return mx_vector_of(
	    mx_vector_half_in_set(category.low, absent.low, table, otherwise),
	    mx_vector_half_in_set(category.high, absent.high, table, otherwise));
}

#endif
#endif
