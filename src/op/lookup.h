/*
 * lookup.h: from a text to its number, a hash table in the image.
 */
#ifndef MX_OP_LOOKUP_H
#define MX_OP_LOOKUP_H

#include "op/packed_texts.h"
#include "op/short_texts.h"

#include <stdbool.h>

/*
 * Open addressing, at most half full.  A slot holds enough to turn most
 * unknown texts away without looking at another.  Texts of a few bytes have a
 * table of their own, one or the other.
 */
typedef struct MxLookup
{
	MxRef slots;
	MxRef bytes;      /* the texts, one after another */
	uint64_t n_slots; /* a power of two */
	uint64_t seed;
	uint64_t longest;     /* bytes of the longest text */
	MxShortTexts shorts;  /* beside the slots */
	MxPackedTexts packed; /* in place of the slots */
} MxLookup;

#define MX_LOOKUP_NONE UINT32_MAX

/*
 * texts[i] gets number i.  When two are alike, the first counts if may_repeat,
 * else MX_ERR_MALFORMED; what names them in that message.
 */
MxStatus mx_lookup_compile(MxImageWriter *w, const MxText *texts, size_t n,
                           bool may_repeat, const char *what, MxLookup *out,
                           MxError *err);

/* By hash, whatever the text. */
uint32_t mx_lookup_probe(const void *image, const MxLookup *lookup,
                         const char *data, size_t size);

/* MX_LOOKUP_NONE when there is no such text. */
static inline uint32_t
mx_lookup_find(const void *image, const MxLookup *lookup, const char *data,
               size_t size)
{
	/* No number's 0 turns into MX_LOOKUP_NONE. */
	if (lookup->shorts.slots != 0 && size <= MX_SHORT_TEXT)
		return mx_short_find(image, &lookup->shorts, data, size) - 1;
	if (lookup->packed.slots != 0 && mx_packs(data, size))
	{
		MxPackedKey key = mx_packed_key(data, size);

		return mx_packed_find(image, &lookup->packed, &key,
		                      mx_packed_slot(&lookup->packed, &key)) -
		       1;
	}
	return mx_lookup_probe(image, lookup, data, size);
}

#endif
