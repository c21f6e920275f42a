/*
 * utf8.h: makes UTF-8 out of other encodings; private.
 */
#ifndef MX_FORMAT_UTF8_H
#define MX_FORMAT_UTF8_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

/* Room for any character. */
#define MX_UTF8_MAX 4

/* Writes code point c, which is below 2^21, and returns the bytes it took. */
size_t mx_utf8_encode(uint32_t c, char *out);

/* Each byte one character. */
MxStatus mx_utf8_from_latin1(MxArena *arena, const uint8_t *data, size_t size,
                             MxText *out, MxError *err);

/* Python 2's str: the bytes themselves where they are UTF-8, else Latin-1. */
MxStatus mx_utf8_from_str(MxArena *arena, const uint8_t *data, size_t size,
                          MxText *out, MxError *err);

#endif
