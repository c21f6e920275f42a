/*
 * xxh32.h: the checksum of LZ4 frames; private.
 */
#ifndef MX_FORMAT_XXH32_H
#define MX_FORMAT_XXH32_H

#include <stddef.h>
#include <stdint.h>

typedef struct MxXxh32
{
	uint32_t lanes[4];
	uint64_t n; /* bytes seen */
	uint8_t rest[16];
} MxXxh32;

/* The seed is 0, as LZ4 has it. */
void mx_xxh32_begin(MxXxh32 *hash);
void mx_xxh32_add(MxXxh32 *hash, const uint8_t *data, size_t size);
uint32_t mx_xxh32_end(const MxXxh32 *hash);

#endif
