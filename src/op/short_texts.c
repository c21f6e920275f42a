/* short_texts.c */
/* Finds a multiplier that parts a few short texts. */
#include "op/short_texts.h"

/* Tables are 4 to 16 times as large as they have texts. */
#define SMALLEST_BITS 4
#define TRIES_PER_SIZE 400

/* The short texts, and how many there are; too many: one more than allowed. */
static size_t
collect(const MxText *texts, size_t n, MxShortKey *keys)
{
	size_t n_keys = 0;
	size_t i;

	for (i = 0; i < n && n_keys <= MX_SHORT_TEXTS; i++)
		if (texts[i].size <= MX_SHORT_TEXT)
		{
			keys[n_keys] = mx_short_key(texts[i].data, texts[i].size);
			keys[n_keys++].number = (uint32_t) i + 1;
		}
	return n_keys;
}

static bool
is_alike(const MxShortKey *x, const MxShortKey *y)
{
	return x->low == y->low && x->high == y->high && x->size == y->size;
}

static bool
place(const MxShortKey *keys, size_t n, const MxShortTexts *t,
      MxShortKey *slots)
{
	size_t i;

	memset(slots, 0, (sizeof(*slots)) << (64 - t->shift));
	for (i = 0; i < n; i++)
	{
		MxShortKey *slot = &slots[mx_short_slot(t, &keys[i])];

		if (slot->number == 0)
			*slot = keys[i];
		else if (!is_alike(slot, &keys[i]))
			return false;
	}
	return true;
}

uint64_t
mx_next_multiplier(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) | 1;
}

MxStatus
mx_short_compile(MxImageWriter *w, const MxText *texts, size_t n,
                 MxShortTexts *t, MxError *err)
{
	MxShortKey keys[MX_SHORT_TEXTS + 1];
	size_t n_keys = collect(texts, n, keys);
	uint64_t state = n_keys;
	size_t bits = SMALLEST_BITS;
	MxShortKey *slots;
	size_t tries;

	if (n_keys == 0 || n_keys > MX_SHORT_TEXTS)
		return MX_OK;
	while (((size_t) 1 << bits) < 4 * n_keys)
		bits++;
	slots = mx_image_scratch(w, (size_t) 4 << bits, sizeof(MxShortKey), err);
	MX_NEED(slots, err);
	for (tries = 0; tries < 3 * TRIES_PER_SIZE; tries++)
	{
		t->shift = 64 - (bits + tries / TRIES_PER_SIZE);
		t->multiplier = mx_next_multiplier(&state);
		if (place(keys, n_keys, t, slots))
			return mx_image_store(w, slots, (size_t) 1 << (64 - t->shift),
			                      sizeof(MxShortKey), 64, &t->slots, err);
	}
	return MX_OK;
}
