/* unicode.c */
/* Properties, lower case and decompositions of characters. */
#include "base/unicode.h"

#define LAST_CHARACTER 0x10FFFF
#define REPLACEMENT 0xFFFD

/* As tools/make_unicode.py has them. */
#define IS_WORD 1u
#define IS_SPACE 2u
#define IS_CASE_IGNORABLE 4u
#define IS_CASED 8u /* and not case-ignorable */
#define HAS_LOWER 16u

typedef struct CharacterRecord
{
	uint8_t flags;
	uint8_t combining_class;
	int32_t lower; /* added to the character */
} CharacterRecord;

/* The tables have pages of so many characters. */
#define PAGE_BITS 7
#define PAGE_MASK ((1u << PAGE_BITS) - 1)

#include "base/unicode_tables.inc"

static const CharacterRecord *
record_of(uint32_t code)
{
	size_t page;

	if (code > LAST_CHARACTER)
		return &records[0];
	page = record_index[code >> PAGE_BITS];
	return &records[record_pages[(page << PAGE_BITS) + (code & PAGE_MASK)]];
}

/* One of 80 to BF follows, so that *code gains six bits. */
static bool
take_trail(const uint8_t *at, uint32_t *code)
{
	if ((*at & 0xC0) != 0x80)
		return false;
	*code = *code << 6 | (*at & 0x3F);
	return true;
}

uint32_t
mx_utf8_next(const char **at, const char *end)
{
	const uint8_t *bytes = (const uint8_t *) *at;
	/* The smallest code of each size: shorter ones are not well formed. */
	static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code = bytes[0];
	size_t size = code < 0x80 ? 1 : code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
	size_t i;

	(*at)++;
	if (size == 1)
		return code;
	if (code < 0xC2 || code > 0xF4 || size > (size_t) (end - *at) + 1)
		return REPLACEMENT;
	code &= 0x7Fu >> size;
	for (i = 1; i < size; i++)
		if (!take_trail(bytes + i, &code))
			return REPLACEMENT;
	if (code < smallest[size] || code > LAST_CHARACTER ||
	    (code >= 0xD800 && code < 0xE000))
		return REPLACEMENT;
	*at += size - 1;
	return code;
}

size_t
mx_utf8_put(uint32_t code, char out[MX_UTF8_SIZE])
{
	size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t i;

	for (i = size; i-- > 1;)
	{
		out[i] = (char) (0x80 | (code & 0x3F));
		code >>= 6;
	}
	out[0] = (char) (lead[size] | code);
	return size;
}

bool
mx_is_word_character(uint32_t code)
{
	return record_of(code)->flags & IS_WORD;
}

bool
mx_is_space(uint32_t code)
{
	return record_of(code)->flags & IS_SPACE;
}

unsigned
mx_combining_class(uint32_t code)
{
	return record_of(code)->combining_class;
}

/* Whether a cased character comes before, case-ignorable ones left out. */
static bool
follows_cased(MxText text, size_t start)
{
	const char *end = text.data + start;

	while (end > text.data)
	{
		const char *at = end - 1;
		unsigned flags;

		while (at > text.data && ((uint8_t) *at & 0xC0) == 0x80)
			at--;
		end = at;
		flags = record_of(mx_utf8_next(&at, text.data + text.size))->flags;
		if (!(flags & IS_CASE_IGNORABLE))
			return flags & IS_CASED;
	}
	return false;
}

static bool
precedes_cased(MxText text, size_t end)
{
	const char *at = text.data + end;

	while (at < text.data + text.size)
	{
		unsigned flags =
		    record_of(mx_utf8_next(&at, text.data + text.size))->flags;

		if (!(flags & IS_CASE_IGNORABLE))
			return flags & IS_CASED;
	}
	return false;
}

size_t
mx_to_lower(MxText text, size_t start, size_t end, uint32_t code,
            uint32_t out[2])
{
	const CharacterRecord *record = record_of(code);

	out[0] = code;
	if (!(record->flags & HAS_LOWER))
		return 1;
	if (code == 0x0130) /* I with a dot: i and the dot */
	{
		out[0] = 0x69;
		out[1] = 0x0307;
		return 2;
	}
	if (code == 0x03A3 && follows_cased(text, start) &&
	    !precedes_cased(text, end))
		out[0] = 0x03C2;
	else
		out[0] = (uint32_t) ((int32_t) code + record->lower);
	return 1;
}

/* Conjoining letters of a Hangul syllable (Unicode standard 3.12). */
static MxText
hangul_decomposition(uint32_t code, char buffer[MX_HANGUL_SIZE])
{
	uint32_t i = code - 0xAC00;
	char *at = buffer;

	at += mx_utf8_put(0x1100 + i / (21 * 28), at);
	at += mx_utf8_put(0x1161 + i / 28 % 21, at);
	if (i % 28 != 0)
		at += mx_utf8_put(0x11A7 + i % 28, at);
	return (MxText){buffer, (size_t) (at - buffer)};
}

MxText
mx_decomposition(uint32_t code, char buffer[MX_HANGUL_SIZE])
{
	MxText none = {"", 0};
	size_t page;
	size_t at;

	if (code >= 0xAC00 && code < 0xAC00 + 19 * 21 * 28)
		return hangul_decomposition(code, buffer);
	if (code > LAST_CHARACTER)
		return none;
	page = decomposition_index[code >> PAGE_BITS];
	at = decomposition_pages[(page << PAGE_BITS) + (code & PAGE_MASK)];
	if (at == 0)
		return none;
	return (MxText){(const char *) decompositions + at + 1, decompositions[at]};
}
