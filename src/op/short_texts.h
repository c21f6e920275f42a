/*
 * short_texts.h: a table for a few short texts, as most categories are.
 *
 * Each text has a slot of its own, found by one multiplication: looking one
 * up is a comparison of two words, with no loop and nothing to guess for the
 * CPU.
 */
#ifndef MX_OP_SHORT_TEXTS_H
#define MX_OP_SHORT_TEXTS_H

#include "base/text.h"
#include "op/image.h"

#include <string.h>

#define MX_SHORT_TEXT ((size_t) 16)
#define MX_SHORT_TEXTS ((size_t) 64)

/* The bytes of a text, some of them twice: with the size, a text's own. */
typedef struct MxShortKey
{
	uint64_t low;
	uint64_t high;
	uint32_t size;
	uint32_t number; /* plus 1; 0 is an empty slot */
} MxShortKey;

typedef struct MxShortTexts
{
	MxRef slots; /* 0: there is no table */
	uint64_t multiplier;
	uint64_t shift;
} MxShortTexts;

static inline uint64_t
mx_read_word(const char *data)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return word;
}

static inline uint64_t
mx_read_half(const char *data)
{
	uint32_t half;

	memcpy(&half, data, sizeof(half));
	return half;
}

/* size is at most MX_SHORT_TEXT; no byte beyond it is read. */
static inline MxShortKey
mx_short_key(const char *data, size_t size)
{
	MxShortKey key = {.size = (uint32_t) size};

	if (size >= 8)
	{
		key.low = mx_read_word(data);
		key.high = mx_read_word(data + size - 8);
	}
	else if (size >= 4)
		key.low = mx_read_half(data) | mx_read_half(data + size - 4) << 32;
	else if (size > 0)
		key.low = (uint64_t) (uint8_t) data[0] |
		          (uint64_t) (uint8_t) data[size / 2] << 8 |
		          (uint64_t) (uint8_t) data[size - 1] << 16;
	return key;
}

static inline size_t
mx_short_slot(const MxShortTexts *t, const MxShortKey *key)
{
	uint64_t other = t->multiplier << 32 | t->multiplier >> 32;

	return (
	    size_t) (((key->low ^ key->size) * t->multiplier + key->high * other) >>
	             t->shift);
}

/* A number plus 1, or 0; there is a table. */
static inline uint32_t
mx_short_find(const void *image, const MxShortTexts *t, const char *data,
              size_t size)
{
	MxShortKey key = mx_short_key(data, size);
	const MxShortKey *slot =
	    mx_at(image, MxShortKey, t->slots) + mx_short_slot(t, &key);
	uint64_t differs = (slot->low ^ key.low) | (slot->high ^ key.high) |
	                   (slot->size ^ key.size);

	return differs == 0 ? slot->number : 0;
}

/*
 * Leaves t->slots 0 when there are too many short texts, or no multiplier
 * parts them.  Of texts that are alike the first counts.
 */
MxStatus mx_short_compile(MxImageWriter *w, const MxText *texts, size_t n,
                          MxShortTexts *t, MxError *err);

/* Odd numbers with no pattern, by splitmix64. */
uint64_t mx_next_multiplier(uint64_t *state);

#endif
