/* lookup.c */
/* From a text to its number: SipHash and open addressing, when long. */
#include "op/lookup.h"

#include <string.h>

typedef struct Slot
{
	uint32_t tag;    /* high half of the hash */
	uint32_t number; /* plus 1; 0 is an empty slot */
	uint32_t offset; /* into bytes */
	uint32_t size;
} Slot;

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static inline void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static inline void
sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

/* SipHash-1-3 (Aumasson, Bernstein), with the seed as both halves of the key. */
static uint64_t
hash(const char *data, size_t size, uint64_t seed)
{
	uint64_t v[4] = {seed ^ 0x736f6d6570736575u, ~seed ^ 0x646f72616e646f6du,
	                 seed ^ 0x6c7967656e657261u, ~seed ^ 0x7465646279746573u};
	uint64_t word;
	size_t at;

	for (at = 0; at + 8 <= size; at += 8)
	{
		memcpy(&word, data + at, 8);
		sip_word(v, word);
	}
	word = (uint64_t) size << 56;
	for (; at < size; at++)
		word |= (uint64_t) (uint8_t) data[at] << (8 * (at % 8));
	sip_word(v, word);
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/*
 * A function of all texts: whoever picks texts that collide under one seed
 * picks another seed with them, so that no artifact makes the table slow.
 */
static uint64_t
seed_of(const MxText *texts, size_t n)
{
	uint64_t seed = n;
	size_t i;

	for (i = 0; i < n; i++)
		seed = hash(texts[i].data, texts[i].size, seed);
	return seed;
}

/* The slot of a text, or the empty one where it would go. */
static size_t
probe(const Slot *slots, size_t mask, const char *bytes, const char *data,
      size_t size, uint64_t h)
{
	size_t at = (size_t) h & mask;
	uint32_t tag = (uint32_t) (h >> 32);

	while (slots[at].number != 0)
	{
		const Slot *slot = &slots[at];

		if (slot->tag == tag && slot->size == size &&
		    memcmp(bytes + slot->offset, data, size) == 0)
			break;
		at = (at + 1) & mask;
	}
	return at;
}

static bool
has_slot(const MxLookup *lookup, MxText text)
{
	return lookup->packed.slots == 0 || !mx_packs(text.data, text.size);
}

static MxStatus
fail_alike(const char *what, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET, "two %s are alike",
	               what);
}

static MxStatus
insert_all(const MxText *texts, size_t n, bool may_repeat, const char *what,
           const MxLookup *lookup, Slot *slots, char *bytes, MxError *err)
{
	size_t mask = (size_t) lookup->n_slots - 1;
	size_t used = 0;
	size_t i;

	for (i = 0; i < n; i++)
	{
		MxText text = texts[i];
		uint64_t h;
		Slot *slot;

		if (!has_slot(lookup, text))
			continue;
		h = hash(text.data, text.size, lookup->seed);
		slot = &slots[probe(slots, mask, bytes, text.data, text.size, h)];
		if (slot->number != 0 && may_repeat)
			continue;
		if (slot->number != 0)
			return fail_alike(what, err);
		slot->tag = (uint32_t) (h >> 32);
		slot->number = (uint32_t) i + 1;
		slot->offset = (uint32_t) used;
		slot->size = (uint32_t) text.size;
		memcpy(bytes + used, text.data, text.size);
		used += text.size;
	}
	return MX_OK;
}

static MxStatus
measure(const MxText *texts, size_t n, const char *what, MxLookup *lookup,
        MxError *err)
{
	size_t total = 0;
	size_t i;

	lookup->longest = 0;
	for (i = 0; i < n; i++)
	{
		/* 32 bits must count the bytes of all texts. */
		if (texts[i].size > UINT32_MAX - total)
			return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
			               "the %s are longer than 4 GB", what);
		total += texts[i].size;
		if (texts[i].size > lookup->longest)
			lookup->longest = texts[i].size;
	}
	return MX_OK;
}

/* The tables for texts of a few bytes: the one for few, or for many. */
static MxStatus
compile_short(MxImageWriter *w, const MxText *texts, size_t n, bool may_repeat,
              const char *what, MxLookup *out, MxError *err)
{
	bool repeats = false;

	MX_TRY(mx_short_compile(w, texts, n, &out->shorts, err));
	if (out->shorts.slots == 0)
		MX_TRY(mx_packed_compile(w, texts, n, out->seed, &out->packed, &repeats,
		                         err));
	return repeats && !may_repeat ? fail_alike(what, err) : MX_OK;
}

MxStatus
mx_lookup_compile(MxImageWriter *w, const MxText *texts, size_t n,
                  bool may_repeat, const char *what, MxLookup *out,
                  MxError *err)
{
	size_t n_slots = 0;
	size_t total = 0;
	void *slots;
	void *bytes;
	size_t i;

	if (n > UINT32_MAX / 4)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET, "too many %s", what);
	MX_TRY(measure(texts, n, what, out, err));
	out->seed = seed_of(texts, n);
	MX_TRY(compile_short(w, texts, n, may_repeat, what, out, err));
	for (i = 0; i < n; i++)
		if (has_slot(out, texts[i]))
		{
			n_slots++;
			total += texts[i].size;
		}
	out->n_slots = 2;
	while (out->n_slots < 2 * n_slots)
		out->n_slots *= 2;
	MX_TRY(mx_image_reserve(w, (size_t) out->n_slots, sizeof(Slot), 64,
	                        &out->slots, &slots, err));
	MX_TRY(mx_image_reserve(w, total + 1, 1, 8, &out->bytes, &bytes, err));
	return insert_all(texts, n, may_repeat, what, out, slots, bytes, err);
}

uint32_t
mx_lookup_probe(const void *image, const MxLookup *lookup, const char *data,
                size_t size)
{
	const Slot *slots = mx_at(image, Slot, lookup->slots);
	size_t at;

	if (size > lookup->longest)
		return MX_LOOKUP_NONE;
	at = probe(slots, (size_t) lookup->n_slots - 1,
	           mx_at(image, char, lookup->bytes), data, size,
	           hash(data, size, lookup->seed));
	/* An empty slot's 0 turns into MX_LOOKUP_NONE. */
	return slots[at].number - 1;
}
