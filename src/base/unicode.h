/*
 * unicode.h: characters as Python's str methods see them.
 *
 * The tables are those of one Python, named in unicode_tables.inc (made by
 * tools/make_unicode.py).  Which Python fitted a model matters little: later
 * Unicode versions add characters, and hardly change one.
 */
#ifndef MX_BASE_UNICODE_H
#define MX_BASE_UNICODE_H

#include "base/text.h"

#include <stdint.h>

/*
 * The character at *at, which moves behind it; *at < end.  A byte that starts
 * no well-formed character is U+FFFD.
 */
uint32_t mx_utf8_next(const char **at, const char *end);

#define MX_UTF8_SIZE 4
/* Bytes written. */
size_t mx_utf8_put(uint32_t code, char out[MX_UTF8_SIZE]);

/* str.isalnum() or "_": what \w matches. */
bool mx_is_word_character(uint32_t code);
/* str.isspace(): what \s matches and split() splits at. */
bool mx_is_space(uint32_t code);
/* unicodedata.combining(): the canonical combining class. */
unsigned mx_combining_class(uint32_t code);

/*
 * str.lower() of the character that lies at text.data[start] to [end - 1],
 * which the rule for the final sigma looks around from.  One or two
 * characters; returns how many.
 */
size_t mx_to_lower(MxText text, size_t start, size_t end, uint32_t code,
                   uint32_t out[2]);

#define MX_HANGUL_SIZE 9
/*
 * Form NFKD of one character in UTF-8, static or in buffer; size 0 when that
 * is the character itself.  (The order of combining characters that follow
 * each other is not settled.)
 */
MxText mx_decomposition(uint32_t code, char buffer[MX_HANGUL_SIZE]);

#endif
