/*
 * sniff.h: what the first bytes of a file tell about it; private.
 */
#ifndef MX_FORMAT_SNIFF_H
#define MX_FORMAT_SNIFF_H

#include "format/stream.h"

typedef struct MxContainer
{
	const char *name;
	MxStatus (*unpack)(MxInput *in, MxOutput *out, MxError *err);
} MxContainer;

/* NULL when the bytes are not compressed in a way that is known. */
const MxContainer *mx_sniff_container(const uint8_t *head, size_t n);

/*
 * Fails for files that are known to be something else, with a word on what
 * to do; anything that may be a pickle is fine.
 */
MxStatus mx_sniff_refuse(const uint8_t *head, size_t n, MxError *err);

#endif
