/* packed_texts.c */
/* Finds multipliers that spread many texts of a few bytes. */
#include "op/packed_texts.h"

#include "op/short_texts.h"

#define TRIES 8
/*
 * Half full, with luck no worse than the average: the longest search among
 * millions of texts is below 100 slots.
 */
#define LONGEST_SEARCH ((size_t) 200)

static bool
place(const MxText *texts, size_t n, const MxPackedTexts *t, MxPackedKey *slots,
      bool *repeats)
{
	size_t i;

	memset(slots, 0, ((size_t) t->mask + 1) * sizeof(*slots));
	*repeats = false;
	for (i = 0; i < n; i++)
	{
		MxPackedKey key;
		size_t at;
		size_t tries = 0;

		if (!mx_packs(texts[i].data, texts[i].size))
			continue;
		key = mx_packed_key(texts[i].data, texts[i].size);
		key.number = (uint32_t) i + 1;
		for (at = mx_packed_slot(t, &key);
		     slots[at].number != 0 &&
		     (slots[at].low != key.low || slots[at].high != key.high);
		     at = (at + 1) & (size_t) t->mask)
			if (++tries == LONGEST_SEARCH)
				return false;
		if (slots[at].number == 0)
			slots[at] = key;
		else
			*repeats = true;
	}
	return true;
}

MxStatus
mx_packed_compile(MxImageWriter *w, const MxText *texts, size_t n,
                  uint64_t seed, MxPackedTexts *t, bool *repeats, MxError *err)
{
	size_t n_keys = 0;
	size_t bits = 1;
	MxPackedKey *slots;
	size_t i;

	*repeats = false;
	for (i = 0; i < n; i++)
		n_keys += mx_packs(texts[i].data, texts[i].size);
	if (n_keys == 0)
		return MX_OK;
	while (((size_t) 1 << bits) < 2 * n_keys)
		bits++;
	t->mask = ((uint64_t) 1 << bits) - 1;
	t->shift = 64 - bits;
	slots = mx_image_scratch(w, (size_t) 1 << bits, sizeof(*slots), err);
	MX_NEED(slots, err);
	for (i = 0; i < TRIES; i++)
	{
		t->first = mx_next_multiplier(&seed);
		t->second = mx_next_multiplier(&seed);
		if (place(texts, n, t, slots, repeats))
			return mx_image_store(w, slots, (size_t) 1 << bits, sizeof(*slots),
			                      64, &t->slots, err);
	}
	*repeats = false;
	return MX_OK;
}
