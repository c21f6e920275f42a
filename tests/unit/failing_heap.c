/* failing_heap.c */
/* Counts allocations and fails the one that a test chose. */
#include "failing_heap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* In front of each piece; keeps malloc's alignment of what follows. */
#define HEADER_SIZE ((size_t) 16)

static bool
refuses(const FailingHeap *failing, size_t size)
{
	if (failing->n_allocs == failing->fails_at)
		return true;
	return failing->capacity != 0 && (size > failing->capacity ||
	                                  failing->live > failing->capacity - size);
}

static void *
failing_alloc(void *ctx, size_t size)
{
	FailingHeap *failing = ctx;
	char *piece;

	failing->n_allocs++;
	if (refuses(failing, size) || size > SIZE_MAX - HEADER_SIZE)
		return NULL;
	piece = malloc(size + HEADER_SIZE);
	if (piece == NULL)
		return NULL;
	memcpy(piece, &size, sizeof(size));
	failing->n_live++;
	failing->live += size;
	if (failing->live > failing->peak)
		failing->peak = failing->live;
	return piece + HEADER_SIZE;
}

static void
failing_free(void *ctx, void *ptr)
{
	FailingHeap *failing = ctx;
	char *piece = (char *) ptr - HEADER_SIZE;
	size_t size;

	if (ptr == NULL)
		return;
	memcpy(&size, piece, sizeof(size));
	failing->n_live--;
	failing->live -= size;
	free(piece);
}

void
failing_heap_begin(FailingHeap *failing, size_t fails_at)
{
	memset(failing, 0, sizeof(*failing));
	failing->heap.alloc = failing_alloc;
	failing->heap.free = failing_free;
	failing->heap.ctx = failing;
	failing->fails_at = fails_at;
}

bool
failing_heap_failed(const FailingHeap *failing)
{
	return failing->fails_at != 0 && failing->n_allocs >= failing->fails_at;
}
