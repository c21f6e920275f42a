/*
 * text.h: UTF-8 text, borrowed, and how to show it in a message.
 */
#ifndef MX_BASE_TEXT_H
#define MX_BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* UTF-8, borrowed, not terminated; data == NULL is missing. */
typedef struct MxText
{
	const char *data;
	size_t size; /* bytes */
} MxText;

#define MX_TEXT_LITERAL(s) ((MxText){(s), sizeof(s) - 1})

MxText mx_text_from(const char *terminated);
bool mx_text_equals(MxText a, MxText b);
bool mx_text_is(MxText a, const char *terminated);
/* Bytewise, shorter first on a common prefix; missing sorts first. */
int mx_text_compare(MxText a, MxText b);
bool mx_text_is_utf8(const char *data, size_t size);

/* Copied into the arena, with a zero byte after the end. */
MxStatus mx_text_copy(MxArena *arena, MxText from, MxText *out, MxError *err);

#define MX_QUOTED_SIZE 272
/*
 * Fills buffer with "..." for a message: at most 64 bytes of the text, whole
 * characters, controls and quotes escaped; cut texts end in an ellipsis of
 * three dots.  Returns buffer.
 */
const char *mx_quote(MxText text, char buffer[MX_QUOTED_SIZE]);

#endif
