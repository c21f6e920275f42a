/* xxh32.c */
/* XXH32 as its specification (xxhash_spec.md) has it. */
#include "format/xxh32.h"

#include <string.h>

#define PRIME1 0x9E3779B1u
#define PRIME2 0x85EBCA77u
#define PRIME3 0xC2B2AE3Du
#define PRIME4 0x27D4EB2Fu
#define PRIME5 0x165667B1u
#define STRIPE 16

static uint32_t
rotate(uint32_t x, unsigned bits)
{
	return x << bits | x >> (32 - bits);
}

static uint32_t
read32(const uint8_t *at)
{
	return (uint32_t) at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 |
	       (uint32_t) at[3] << 24;
}

void
mx_xxh32_begin(MxXxh32 *hash)
{
	memset(hash, 0, sizeof(*hash));
	hash->lanes[0] = PRIME1 + PRIME2;
	hash->lanes[1] = PRIME2;
	hash->lanes[3] = 0u - PRIME1;
}

static void
add_stripe(MxXxh32 *hash, const uint8_t *at)
{
	size_t i;

	for (i = 0; i < 4; i++)
		hash->lanes[i] =
		    rotate(hash->lanes[i] + read32(at + 4 * i) * PRIME2, 13) * PRIME1;
}

void
mx_xxh32_add(MxXxh32 *hash, const uint8_t *data, size_t size)
{
	size_t kept = hash->n % STRIPE;

	hash->n += size;
	if (kept + size < STRIPE)
	{
		memcpy(hash->rest + kept, data, size);
		return;
	}
	if (kept != 0)
	{
		memcpy(hash->rest + kept, data, STRIPE - kept);
		add_stripe(hash, hash->rest);
		data += STRIPE - kept;
		size -= STRIPE - kept;
	}
	for (; size >= STRIPE; size -= STRIPE)
	{
		add_stripe(hash, data);
		data += STRIPE;
	}
	memcpy(hash->rest, data, size);
}

uint32_t
mx_xxh32_end(const MxXxh32 *hash)
{
	const uint32_t *lanes = hash->lanes;
	size_t left = hash->n % STRIPE;
	const uint8_t *at = hash->rest;
	uint32_t sum = PRIME5; /* and the seed */

	if (hash->n >= STRIPE)
		sum = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) +
		      rotate(lanes[3], 18);
	sum += (uint32_t) hash->n;
	for (; left >= 4; left -= 4)
	{
		sum = rotate(sum + read32(at) * PRIME3, 17) * PRIME4;
		at += 4;
	}
	for (; left > 0; left--)
		sum = rotate(sum + *at++ * PRIME5, 11) * PRIME1;
	sum = (sum ^ sum >> 15) * PRIME2;
	sum = (sum ^ sum >> 13) * PRIME3;
	return sum ^ sum >> 16;
}
