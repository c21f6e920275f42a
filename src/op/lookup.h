/*
 * lookup.h: from a text to its number, a hash table in the image.
 */
#ifndef MX_OP_LOOKUP_H
#define MX_OP_LOOKUP_H

#include "op/image.h"

#include <stdbool.h>

/*
 * Open addressing, at most half full.  A slot holds enough to turn most
 * unknown texts away without looking at another.
 */
typedef struct MxLookup
{
	MxRef slots;
	MxRef bytes;      /* the texts, one after another */
	uint64_t n_slots; /* a power of two */
	uint64_t seed;
	uint64_t longest; /* bytes of the longest text */
} MxLookup;

#define MX_LOOKUP_NONE UINT32_MAX

/*
 * texts[i] gets number i.  When two are alike, the first counts if may_repeat,
 * else MX_ERR_MALFORMED; what names them in that message.
 */
MxStatus mx_lookup_compile(MxImageWriter *w, const MxText *texts, size_t n,
                           bool may_repeat, const char *what, MxLookup *out,
                           MxError *err);

/* MX_LOOKUP_NONE when there is no such text. */
uint32_t mx_lookup_find(const void *image, const MxLookup *lookup,
                        const char *data, size_t size);

#endif
