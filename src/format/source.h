/*
 * source.h: the stored bytes of an artifact in order, piece by piece.
 */
#ifndef MX_FORMAT_SOURCE_H
#define MX_FORMAT_SOURCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* size 0 is the end; a piece is valid until the next call. */
typedef struct MxSource
{
	MxStatus (*next)(void *ctx, const uint8_t **data, size_t *size,
	                 MxError *err);
	void *ctx;
	size_t total; /* bytes in all pieces */
} MxSource;

/* A source over bytes in memory: set data and left, then use source. */
typedef struct MxMemorySource
{
	const uint8_t *data;
	size_t left;
} MxMemorySource;

MxSource mx_memory_source(MxMemorySource *memory, const void *data,
                          size_t size);

#endif
