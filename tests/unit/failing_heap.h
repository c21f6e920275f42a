/*
 * failing_heap.h: a heap whose N-th allocation fails, and that counts.
 *
 *	for (n = 1;; n++)
 *	{
 *		failing_heap_begin(&failing, n);
 *		status = work(&failing.heap, &err);
 *		CHECK(failing.n_live == 0);
 *		if (status == MX_OK)
 *			break;
 *		CHECK(status == MX_ERR_NO_MEMORY);
 *	}
 */
#ifndef MX_TESTS_UNIT_FAILING_HEAP_H
#define MX_TESTS_UNIT_FAILING_HEAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct FailingHeap
{
	MxHeap heap;     /* hand this to what is tested */
	size_t fails_at; /* the allocation that fails, from 1; 0: none does */
	size_t n_allocs; /* asked for so far */
	size_t n_live;   /* not freed yet: 0 at the end, or something leaks */
	size_t live;     /* bytes not freed yet */
	size_t peak;     /* the most of live so far */
	size_t capacity; /* allocations beyond so many live bytes fail; 0: any */
} FailingHeap;

void failing_heap_begin(FailingHeap *failing, size_t fails_at);
/* Whether the failure has been served, so that a larger N is worth trying. */
bool failing_heap_failed(const FailingHeap *failing);

#endif
