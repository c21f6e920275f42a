/*
 * sort.h: sorting in place, without memory, and never quadratic.
 */
#ifndef MX_BASE_SORT_H
#define MX_BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>

/* Elements are known by their place; not stable. */
typedef struct MxSortable
{
	bool (*less)(void *ctx, size_t i, size_t j);
	void (*swap)(void *ctx, size_t i, size_t j);
	void *ctx;
} MxSortable;

void mx_sort(const MxSortable *sortable, size_t n);

#endif
