/*
 * packed_texts.h: a table for many texts of a few bytes, as most words are.
 *
 * A slot holds the text itself, so that looking one up touches one cache line
 * of the table and nothing else, and can be begun ahead.
 */
#ifndef MX_OP_PACKED_TEXTS_H
#define MX_OP_PACKED_TEXTS_H

#include "base/text.h"
#include "op/image.h"

#include <stdbool.h>
#include <string.h>

#define MX_PACKED_TEXT ((size_t) 12)
/* Never part of UTF-8: what follows the text tells its size, too. */
#define MX_PACKED_FILLER 0xff

typedef struct MxPackedKey
{
	uint64_t low;
	uint32_t high;
	uint32_t number; /* plus 1; 0 is an empty slot */
} MxPackedKey;

typedef struct MxPackedTexts
{
	MxRef slots; /* 0: there is no table */
	uint64_t mask;
	uint64_t shift;
	uint64_t first; /* multipliers */
	uint64_t second;
} MxPackedTexts;

/* Whether such a table would hold the text. */
static inline bool
mx_packs(const char *data, size_t size)
{
	return size == 0 || (size <= MX_PACKED_TEXT &&
	                     (uint8_t) data[size - 1] != MX_PACKED_FILLER);
}

static inline MxPackedKey
mx_packed_read(const char bytes[MX_PACKED_TEXT])
{
	MxPackedKey key = {.number = 0};

	memcpy(&key.low, bytes, sizeof(key.low));
	memcpy(&key.high, bytes + sizeof(key.low), sizeof(key.high));
	return key;
}

/* Of a text that packs; no byte beyond it is read. */
static inline MxPackedKey
mx_packed_key(const char *data, size_t size)
{
	char bytes[MX_PACKED_TEXT];

	memset(bytes, MX_PACKED_FILLER, sizeof(bytes));
	if (size >= 8)
	{
		memcpy(bytes, data, 8);
		memcpy(bytes + size - 4, data + size - 4, 4);
	}
	else if (size >= 4)
	{
		memcpy(bytes, data, 4);
		memcpy(bytes + size - 4, data + size - 4, 4);
	}
	else if (size > 0)
	{
		bytes[0] = data[0];
		bytes[size / 2] = data[size / 2];
		bytes[size - 1] = data[size - 1];
	}
	return mx_packed_read(bytes);
}

/* The same, where MX_PACKED_TEXT bytes can be read whatever the size. */
static inline MxPackedKey
mx_packed_key_of(const char *data, size_t size)
{
	static const uint8_t filler[2 * MX_PACKED_TEXT] = {
	    [12] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
	MxPackedKey key = mx_packed_read(data);
	MxPackedKey rest = mx_packed_read((const char *) filler + sizeof(filler) -
	                                  MX_PACKED_TEXT - size);

	key.low |= rest.low;
	key.high |= rest.high;
	return key;
}

/* Where a key is, or where the search for it starts. */
static inline uint32_t
mx_packed_slot(const MxPackedTexts *t, const MxPackedKey *key)
{
	uint64_t mixed = key->low * t->first;

	return (uint32_t) (((mixed ^ mixed >> 32 ^ key->high) * t->second) >>
	                   t->shift);
}

/* A number plus 1, or 0; there is a table, and the search starts at slot. */
static inline uint32_t
mx_packed_find(const void *image, const MxPackedTexts *t,
               const MxPackedKey *key, size_t slot)
{
	const MxPackedKey *slots = mx_at(image, MxPackedKey, t->slots);

	while (slots[slot].number != 0 &&
	       (slots[slot].low != key->low || slots[slot].high != key->high))
		slot = (slot + 1) & (size_t) t->mask;
	return slots[slot].number;
}

static inline void
mx_packed_prefetch(const void *image, const MxPackedTexts *t, size_t slot)
{
#if defined(__GNUC__)
	__builtin_prefetch(mx_at(image, MxPackedKey, t->slots) + slot);
#else
	(void) image;
	(void) t;
	(void) slot;
#endif
}

/*
 * Of the texts, those that fit.  Leaves t->slots 0 when there are none, or no
 * multipliers of those tried keep searches short.  Of texts that are alike
 * the first counts; *repeats says whether there were any.
 */
MxStatus mx_packed_compile(MxImageWriter *w, const MxText *texts, size_t n,
                           uint64_t seed, MxPackedTexts *t, bool *repeats,
                           MxError *err);

#endif
