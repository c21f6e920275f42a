/*
 * ascii.h: the words of a text, 64 bytes at a time.
 */
#ifndef MX_KERNEL_ASCII_H
#define MX_KERNEL_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MX_ASCII_WINDOW ((size_t) 64)
/* So many bytes behind a window can be read, whatever they are. */
#define MX_ASCII_SLACK ((size_t) 16)

/* Bit i of a mask is said of byte i; 0 behind the end. */
typedef struct MxAsciiWindow
{
	uint64_t words;  /* an ASCII letter or digit, or _ */
	uint64_t others; /* beyond ASCII */
	char bytes[MX_ASCII_WINDOW + MX_ASCII_SLACK]; /* ASCII in lower case */
} MxAsciiWindow;

/* The first bytes of a text of that size, as many as there are. */
void mx_kernel_ascii(const char *text, size_t size, bool lowercase,
                     MxAsciiWindow *out);

/* The number of the lowest bit that is set; one is. */
static inline size_t
mx_lowest_bit(uint64_t mask)
{
#if defined(__GNUC__)
	return (size_t) __builtin_ctzll(mask);
#else
	size_t i = 0;

	while ((mask >> i & 1) == 0)
		i++;
	return i;
#endif
}

#endif
