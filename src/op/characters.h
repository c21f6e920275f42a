/*
 * characters.h: the characters of a text as a vectorizer sees them, in lower
 * case and without accents where it says so.
 */
#ifndef MX_OP_CHARACTERS_H
#define MX_OP_CHARACTERS_H

#include "base/unicode.h"
#include "model/nodes.h"

typedef struct MxCharacters
{
	MxText text;
	const char *at;
	bool lowercase;
	MxStripAccents accents;
	/* Made of a character already read, to be handed out next. */
	uint32_t lowered[2];
	size_t n_lowered;
	const char *pending; /* a decomposition */
	const char *pending_end;
	char hangul[MX_HANGUL_SIZE];
} MxCharacters;

/* text is not missing and outlives *out. */
void mx_characters_begin(MxCharacters *out, MxText text, bool lowercase,
                         MxStripAccents accents);

/* Whether nothing waits: the next character is that at c->at. */
static inline bool
mx_characters_is_settled(const MxCharacters *c)
{
	return c->n_lowered == 0 && c->pending == c->pending_end;
}

/* All but plain ASCII; false at the end. */
bool mx_characters_next_any(MxCharacters *c, uint32_t *code);

/* The next character; false at the end. */
static inline bool
mx_characters_next(MxCharacters *c, uint32_t *code)
{
	const char *end = c->text.data + c->text.size;

	if (mx_characters_is_settled(c) && c->at < end && (uint8_t) *c->at < 0x80)
	{
		uint32_t ascii = (uint8_t) *c->at++;

		*code = c->lowercase && ascii - 'A' < 26 ? ascii + 32 : ascii;
		return true;
	}
	return mx_characters_next_any(c, code);
}

#endif
