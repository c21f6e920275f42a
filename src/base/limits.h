/*
 * limits.h: how much one artifact may ask for, and how to stop.
 */
#ifndef MX_BASE_LIMITS_H
#define MX_BASE_LIMITS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ratio is not looked at while fewer bytes than this were produced. */
#define MX_RATIO_FREE_BYTES ((size_t) 64 * 1024 * 1024)

typedef struct MxLimits
{
	size_t max_decompressed;     /* bytes produced, all layers together */
	uint32_t max_ratio;          /* produced : consumed, above 64 MB */
	size_t max_memory;           /* arena budget in bytes */
	size_t max_nodes;            /* document items, not tree nodes */
	uint32_t max_depth;          /* nesting of the document */
	bool allow_untested;         /* artifacts of newer releases */
	bool (*canceled)(void *ctx); /* polled every 64 KB or so; may be NULL */
	void *ctx;
} MxLimits;

/* The defaults of the settings (1 GB memory, 2 GB decompressed, ...). */
extern const MxLimits mx_default_limits;

/* A size in words, as messages show limits: "%zu %s". */
typedef struct MxSize
{
	size_t n;
	const char *unit;
} MxSize;

MxSize mx_size(size_t bytes);

/* MX_ERR_CANCELED with its message when the hook says stop. */
MxStatus mx_poll(const MxLimits *limits, MxError *err);

#endif
