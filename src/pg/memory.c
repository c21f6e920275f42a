/* memory.c */
/* What the core is handed: memory that never throws, limits, a cancel hook. */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include <sys/mman.h>

#include "pg/mxpg.h"
#include "pg/settings.h"

/* Below this there is too little to gain. */
#define LARGE (2 * MXPG_HUGE_PAGE)

void
mxpg_prefer_huge_pages(void *start, size_t size)
{
#ifdef MADV_HUGEPAGE
	char *first = (char *) TYPEALIGN(MXPG_HUGE_PAGE, start);
	char *end = (char *) TYPEALIGN_DOWN(MXPG_HUGE_PAGE, (char *) start + size);

	/* A kernel without them refuses, which does not matter. */
	if (size >= LARGE)
		(void) madvise(first, (size_t) (end - first), MADV_HUGEPAGE);
#endif
}

static void *
heap_alloc(void *context, size_t size)
{
	void *block;

	/* Above this even MCXT_ALLOC_NO_OOM raises an error. */
	if (size > MaxAllocHugeSize)
		return NULL;
	block = MemoryContextAllocExtended(context, size,
	                                   MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
	if (block != NULL)
		mxpg_prefer_huge_pages(block, size);
	return block;
}

static void
heap_free(void *context, void *block)
{
	if (block != NULL)
		pfree(block);
}

MxHeap
mxpg_heap(MemoryContext context)
{
	MxHeap heap = {heap_alloc, heap_free, context};

	return heap;
}

bool
mxpg_canceled(void *unused)
{
	return InterruptPending && (QueryCancelPending || ProcDiePending) &&
	       InterruptHoldoffCount == 0 && CritSectionCount == 0;
}

static size_t
from_kb(int kb)
{
	return (size_t) kb * 1024;
}

MxLimits
mxpg_limits(void)
{
	MxLimits limits = {0};

	limits.max_decompressed = from_kb(mxpg_max_decompressed_size);
	limits.max_ratio = (uint32_t) mxpg_max_compression_ratio;
	limits.max_memory = from_kb(mxpg_max_model_memory);
	limits.max_nodes = (size_t) mxpg_max_nodes;
	limits.max_depth = (uint32_t) mxpg_max_nesting_depth;
	limits.allow_untested = mxpg_allow_untested_versions;
	limits.canceled = mxpg_canceled;
	return limits;
}
