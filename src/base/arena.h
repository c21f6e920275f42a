/*
 * arena.h: memory taken piece by piece, given back all at once.
 *
 * Blocks come from an injected heap, and their sum never passes the budget.
 */
#ifndef MX_BASE_ARENA_H
#define MX_BASE_ARENA_H

#include "base/error.h"

#include <stddef.h>

/* Where blocks come from; alloc returns NULL, it never throws. */
typedef struct MxHeap
{
	void *(*alloc)(void *ctx, size_t size);
	void (*free)(void *ctx, void *ptr);
	void *ctx;
} MxHeap;

/* malloc and free, for programs outside PostgreSQL. */
extern const MxHeap mx_libc_heap;

typedef struct MxArena MxArena;

/* budget in bytes; NULL when the heap has nothing. */
MxArena *mx_arena_create(const MxHeap *heap, size_t budget);
void mx_arena_destroy(MxArena *arena);

/*
 * size bytes that came from the same heap are the arena's from now on, and are
 * given back with it; on failure they are still the caller's.
 */
MxStatus mx_arena_adopt(MxArena *arena, void *piece, size_t size, MxError *err);

/* Bytes taken from the heap so far. */
size_t mx_arena_used(const MxArena *arena);

/*
 * Zeroed and aligned to 64 bytes when the piece is 64 bytes or more, else to
 * 16; NULL with *err filled on failure.  count * size is checked here, so that
 * no caller multiplies.  A count of 0 gives a pointer that must not be read.
 */
void *mx_arena_alloc(MxArena *arena, size_t count, size_t size, MxError *err);
#define mx_arena_array(arena, type, count, err) \
	((type *) mx_arena_alloc((arena), (count), sizeof(type), (err)))

/* A copy of count * size bytes. */
void *mx_arena_copy(MxArena *arena, const void *from, size_t count, size_t size,
                    MxError *err);

/*
 * Makes room for one more element in a growing array: *items holds n elements
 * with room for *capacity; doubles when full.  The old piece stays in the
 * arena, so a list costs at most twice its final size.
 */
MxStatus mx_arena_grow(MxArena *arena, void **items, size_t n, size_t *capacity,
                       size_t size, MxError *err);

#endif
