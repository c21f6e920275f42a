/* characters.c */
/* Lower case and accents of a text, character by character. */
#include "op/characters.h"

/*
 * Whether the text, in lower case if asked, is its own form NFKD: nothing
 * decomposes, and combining classes never fall but to 0.
 */
static bool
is_decomposed(MxText text, bool lowercase)
{
	MxCharacters c;
	char hangul[MX_HANGUL_SIZE];
	unsigned before = 0;
	uint32_t code;

	mx_characters_begin(&c, text, lowercase, MX_ACCENTS_KEEP);
	while (mx_characters_next(&c, &code))
	{
		unsigned combining = mx_combining_class(code);

		if (mx_decomposition(code, hangul).size != 0 ||
		    (combining != 0 && combining < before))
			return false;
		before = combining;
	}
	return true;
}

void
mx_characters_begin(MxCharacters *out, MxText text, bool lowercase,
                    MxStripAccents accents)
{
	out->text = text;
	out->at = text.data;
	out->lowercase = lowercase;
	out->accents = accents;
	out->n_lowered = 0;
	out->pending = NULL;
	out->pending_end = NULL;
	if (accents == MX_ACCENTS_UNICODE_COMPOSED)
		out->accents = is_decomposed(text, lowercase) ? MX_ACCENTS_KEEP
		                                              : MX_ACCENTS_UNICODE;
}

/* Next in lower case; a second character of it waits. */
static bool
next_lowered(MxCharacters *c, uint32_t *code)
{
	const char *end = c->text.data + c->text.size;
	const char *start = c->at;

	if (c->n_lowered != 0)
	{
		*code = c->lowered[1];
		c->n_lowered = 0;
		return true;
	}
	if (c->at >= end)
		return false;
	*code = mx_utf8_next(&c->at, end);
	if (!c->lowercase)
		return true;
	if (mx_to_lower(c->text, (size_t) (start - c->text.data),
	                (size_t) (c->at - c->text.data), *code, c->lowered) == 2)
		c->n_lowered = 1;
	*code = c->lowered[0];
	return true;
}

/* Next after decomposition. */
static bool
next_decomposed(MxCharacters *c, uint32_t *code)
{
	MxText parts;

	if (c->pending == c->pending_end)
	{
		if (!next_lowered(c, code))
			return false;
		parts = mx_decomposition(*code, c->hangul);
		if (parts.size == 0)
			return true;
		c->pending = parts.data;
		c->pending_end = parts.data + parts.size;
	}
	*code = mx_utf8_next(&c->pending, c->pending_end);
	return true;
}

bool
mx_characters_next_any(MxCharacters *c, uint32_t *code)
{
	if (c->accents == MX_ACCENTS_KEEP)
		return next_lowered(c, code);
	while (next_decomposed(c, code))
		if (c->accents == MX_ACCENTS_ASCII ? *code < 0x80
		                                   : mx_combining_class(*code) == 0)
			return true;
	return false;
}
