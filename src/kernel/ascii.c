/* ascii.c */
/* Bytes to masks of what they are. */
#include "kernel/ascii.h"

#include "kernel/twins.h"

#include <string.h>

static void
classify(bool lowercase, MxAsciiWindow *out)
{
	size_t i;

	for (i = 0; i < MX_ASCII_WINDOW; i++)
	{
		uint8_t byte = (uint8_t) out->bytes[i];
		bool is_word = (uint8_t) ((byte | 0x20) - 'a') < 26 ||
		               (uint8_t) (byte - '0') < 10 || byte == '_';

		if (lowercase && (uint8_t) (byte - 'A') < 26)
			out->bytes[i] = (char) (byte | 0x20);
		out->words |= (uint64_t) is_word << i;
		out->others |= (uint64_t) (byte >> 7) << i;
	}
}

#if defined(__SSE2__)

#include <emmintrin.h>

/* All ones where first <= byte <= last; bytes beyond ASCII are negative. */
static inline __m128i
between(__m128i bytes, char first, char last)
{
	return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(first - 1)),
	                     _mm_cmplt_epi8(bytes, _mm_set1_epi8(last + 1)));
}

static void
classify_vectors(bool lowercase, MxAsciiWindow *out)
{
	__m128i change = _mm_set1_epi8(lowercase ? 0x20 : 0);
	size_t i;

	for (i = 0; i < MX_ASCII_WINDOW; i += 16)
	{
		__m128i *at = (__m128i *) (void *) (out->bytes + i);
		__m128i bytes = _mm_loadu_si128(at);
		__m128i capitals = between(bytes, 'A', 'Z');
		__m128i words = _mm_or_si128(
		    _mm_or_si128(capitals, between(bytes, 'a', 'z')),
		    _mm_or_si128(between(bytes, '0', '9'),
		                 _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_'))));

		_mm_storeu_si128(at,
		                 _mm_or_si128(bytes, _mm_and_si128(capitals, change)));
		out->words |= (uint64_t) (uint32_t) _mm_movemask_epi8(words) << i;
		out->others |= (uint64_t) (uint32_t) _mm_movemask_epi8(bytes) << i;
	}
}

#endif

void
mx_kernel_ascii(const char *text, size_t size, bool lowercase,
                MxAsciiWindow *out)
{
	out->words = 0;
	out->others = 0;
	if (size >= MX_ASCII_WINDOW)
		memcpy(out->bytes, text, MX_ASCII_WINDOW);
	else
	{
		memset(out->bytes, 0, MX_ASCII_WINDOW);
		memcpy(out->bytes, text, size);
	}
#if defined(__SSE2__)
	if (mx_twin_limit > MX_TWIN_PLAIN)
	{
		classify_vectors(lowercase, out);
		return;
	}
#endif
	classify(lowercase, out);
}
