/* arena.c */
/* Memory taken piece by piece from chained blocks, given back all at once. */
#include "base/arena.h"

#include "base/limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t) 8 * 1024)
#define LARGEST_BLOCK ((size_t) 1024 * 1024)
#define BLOCK_ALIGNMENT ((size_t) 64)

typedef struct Block
{
	struct Block *next;
	size_t size; /* of the whole block, header included */
} Block;

/* Memory that others took from the heap. */
typedef struct Adopted
{
	struct Adopted *next;
	void *piece;
} Adopted;

struct MxArena
{
	MxHeap heap;
	size_t budget;
	size_t used;
	size_t next_size;
	Block *blocks;
	Adopted *adopted; /* in the blocks */
	char *free_start;
	char *free_end;
};

static void *
libc_alloc(void *ctx, size_t size)
{
	(void) ctx;
	return malloc(size);
}

static void
libc_free(void *ctx, void *ptr)
{
	(void) ctx;
	free(ptr);
}

const MxHeap mx_libc_heap = {libc_alloc, libc_free, NULL};

MxArena *
mx_arena_create(const MxHeap *heap, size_t budget)
{
	MxArena *arena = heap->alloc(heap->ctx, sizeof(MxArena));

	if (arena == NULL)
		return NULL;
	memset(arena, 0, sizeof(*arena));
	arena->heap = *heap;
	arena->budget = budget;
	arena->next_size = FIRST_BLOCK;
	return arena;
}

void
mx_arena_destroy(MxArena *arena)
{
	Adopted *adopted;
	Block *block;
	MxHeap heap;

	if (arena == NULL)
		return;
	heap = arena->heap;
	for (adopted = arena->adopted; adopted != NULL; adopted = adopted->next)
		heap.free(heap.ctx, adopted->piece);
	block = arena->blocks;
	while (block != NULL)
	{
		Block *next = block->next;

		heap.free(heap.ctx, block);
		block = next;
	}
	heap.free(heap.ctx, arena);
}

size_t
mx_arena_used(const MxArena *arena)
{
	return arena->used;
}

static char *
align_up(char *at, size_t alignment)
{
	uintptr_t value = (uintptr_t) at;

	return at + (-value & (alignment - 1));
}

static Block *
add_block(MxArena *arena, size_t size, MxError *err)
{
	Block *block;

	if (size > arena->budget || arena->used > arena->budget - size)
	{
		MxSize budget = mx_size(arena->budget);

		mx_set_error(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		             "model needs more than %zu %s of memory", budget.n,
		             budget.unit);
		mx_set_hint(
		    err, "You might need to increase \"model_ext.max_model_memory\".");
		return NULL;
	}
	block = arena->heap.alloc(arena->heap.ctx, size);
	if (block == NULL)
	{
		mx_set_error(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
		mx_set_detail(err, "Failed on request of size %zu.", size);
		return NULL;
	}
	block->next = arena->blocks;
	block->size = size;
	arena->blocks = block;
	arena->used += size;
	return block;
}

/* A piece too large to share a block gets one of its own. */
static void *
alloc_own_block(MxArena *arena, size_t bytes, MxError *err)
{
	Block *block;
	char *piece;

	if (bytes > SIZE_MAX - sizeof(Block) - BLOCK_ALIGNMENT)
	{
		mx_set_error(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
		return NULL;
	}
	block = add_block(arena, bytes + sizeof(Block) + BLOCK_ALIGNMENT, err);
	if (block == NULL)
		return NULL;
	piece = align_up((char *) (block + 1), BLOCK_ALIGNMENT);
	memset(piece, 0, bytes);
	return piece;
}

void *
mx_arena_alloc(MxArena *arena, size_t count, size_t size, MxError *err)
{
	size_t bytes;
	size_t alignment;
	char *piece;

	if (size != 0 && count > SIZE_MAX / size)
	{
		mx_set_error(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
		return NULL;
	}
	bytes = count * size;
	if (bytes == 0)
		bytes = 1;
	if (bytes > arena->next_size / 2)
		return alloc_own_block(arena, bytes, err);
	alignment = bytes >= BLOCK_ALIGNMENT ? BLOCK_ALIGNMENT : 16;
	piece = arena->free_start == NULL ? NULL
	                                  : align_up(arena->free_start, alignment);
	if (piece == NULL || piece > arena->free_end ||
	    bytes > (size_t) (arena->free_end - piece))
	{
		Block *block = add_block(arena, arena->next_size, err);

		if (block == NULL)
			return NULL;
		arena->free_start = (char *) (block + 1);
		arena->free_end = (char *) block + block->size;
		if (arena->next_size < LARGEST_BLOCK)
			arena->next_size *= 2;
		piece = align_up(arena->free_start, alignment);
	}
	arena->free_start = piece + bytes;
	memset(piece, 0, bytes);
	return piece;
}

MxStatus
mx_arena_adopt(MxArena *arena, void *piece, size_t size, MxError *err)
{
	Adopted *adopted = mx_arena_array(arena, Adopted, 1, err);

	MX_NEED(adopted, err);
	adopted->piece = piece;
	adopted->next = arena->adopted;
	arena->adopted = adopted;
	arena->used += size;
	return MX_OK;
}

void *
mx_arena_copy(MxArena *arena, const void *from, size_t count, size_t size,
              MxError *err)
{
	void *to = mx_arena_alloc(arena, count, size, err);

	if (to != NULL && count != 0 && size != 0)
		memcpy(to, from, count * size);
	return to;
}

MxStatus
mx_arena_grow(MxArena *arena, void **items, size_t n, size_t *capacity,
              size_t size, MxError *err)
{
	size_t wanted;
	void *larger;

	if (n < *capacity)
		return MX_OK;
	if (*capacity > SIZE_MAX / 2)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	wanted = *capacity == 0 ? 8 : *capacity * 2;
	larger = mx_arena_alloc(arena, wanted, size, err);
	MX_NEED(larger, err);
	if (n != 0)
		memcpy(larger, *items, n * size);
	*items = larger;
	*capacity = wanted;
	return MX_OK;
}
