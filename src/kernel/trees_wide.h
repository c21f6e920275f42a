/*
 * trees_wide.h: what trees_vector.h has, for 64 bytes at once: AVX-512.
 * Include one of them.
 */
#ifndef MX_KERNEL_TREES_WIDE_H
#define MX_KERNEL_TREES_WIDE_H

#include "kernel/trees.h"
#include "kernel/twins.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a lane, which are of as many rows. */
#define MX_VECTOR_LANE 16

#ifdef MX_AVX512

#include <immintrin.h>

#define MX_VECTOR MX_AVX512
#define MX_VECTOR_INLINE MX_VECTOR __attribute__((always_inline)) static inline
#define MX_VECTOR_BYTES 64

typedef __m512i MxVector;
typedef __mmask64 MxMask;

MX_VECTOR_INLINE MxVector
mx_vector_load(const uint8_t *at)
{
	return _mm512_loadu_si512(at);
}

MX_VECTOR_INLINE void
mx_vector_store(uint8_t *at, MxVector x)
{
	_mm512_storeu_si512(at, x);
}

MX_VECTOR_INLINE void
mx_vector_store_lanes(uint64_t *at, MxVector x)
{
	_mm_storeu_si128((__m128i *) (void *) at, _mm512_castsi512_si128(x));
	_mm_storeu_si128((__m128i *) (void *) (at + MX_VECTOR_LANE),
	                 _mm512_extracti32x4_epi32(x, 1));
	_mm_storeu_si128((__m128i *) (void *) (at + 2 * MX_VECTOR_LANE),
	                 _mm512_extracti32x4_epi32(x, 2));
	_mm_storeu_si128((__m128i *) (void *) (at + 3 * MX_VECTOR_LANE),
	                 _mm512_extracti32x4_epi32(x, 3));
}

MX_VECTOR_INLINE MxVector
mx_vector_all(uint8_t byte)
{
	return _mm512_set1_epi8((char) byte);
}

MX_VECTOR_INLINE MxMask
mx_vector_above(MxVector x, MxVector y)
{
	return _mm512_cmpgt_epi8_mask(x, y);
}

MX_VECTOR_INLINE MxVector
mx_vector_lower(MxVector x, MxMask mask)
{
	return _mm512_mask_add_epi8(x, mask, x, _mm512_set1_epi8(-1));
}

MX_VECTOR_INLINE MxVector
mx_vector_choose(MxVector x, MxVector y, MxMask mask)
{
	return _mm512_mask_blend_epi8(mask, x, y);
}

#define MX_VECTOR_ZIP(which, bits, instruction) \
	MX_VECTOR_INLINE MxVector mx_vector_zip_##which##_##bits(MxVector x, \
	                                                         MxVector y) \
	{ \
		return instruction(x, y); \
	}

MX_VECTOR_ZIP(low, 8, _mm512_unpacklo_epi8)
MX_VECTOR_ZIP(high, 8, _mm512_unpackhi_epi8)
MX_VECTOR_ZIP(low, 16, _mm512_unpacklo_epi16)
MX_VECTOR_ZIP(high, 16, _mm512_unpackhi_epi16)
MX_VECTOR_ZIP(low, 32, _mm512_unpacklo_epi32)
MX_VECTOR_ZIP(high, 32, _mm512_unpackhi_epi32)

MX_VECTOR_INLINE MxVector
mx_vector_in_set(MxVector category, MxVector absent, const uint32_t *set)
{
	const __m512i bits = _mm512_broadcast_i32x4(_mm_setr_epi8(
	    1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128));
	__m512i low = _mm512_broadcast_i32x4(
	    _mm_loadu_si128((const __m128i *) (const void *) set));
	__m512i high = _mm512_broadcast_i32x4(
	    _mm_loadu_si128((const __m128i *) (const void *) (set + 4)));
	__m512i byte =
	    _mm512_and_si512(_mm512_srli_epi16(category, 3), _mm512_set1_epi8(31));
	__m512i bit = _mm512_shuffle_epi8(
	    bits, _mm512_and_si512(category, _mm512_set1_epi8(7)));
	__m512i found = _mm512_mask_shuffle_epi8(
	    _mm512_shuffle_epi8(low, byte),
	    _mm512_cmpgt_epi8_mask(byte, _mm512_set1_epi8(15)), high, byte);
	__mmask64 inside = _mm512_test_epi8_mask(found, bit);
	__mmask64 none = _mm512_movepi8_mask(absent);
	__mmask64 otherwise = (set[MX_SET_WORDS - 1] & 1) != 0 ? ~(__mmask64) 0 : 0;

	return _mm512_movm_epi8((inside & ~none) | (otherwise & none));
}

#endif
#endif
