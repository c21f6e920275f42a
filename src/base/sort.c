/* sort.c */
/* Heap sort: a crafted order costs no more than any other. */
#include "base/sort.h"

static void
sift_down(const MxSortable *s, size_t root, size_t n)
{
	for (;;)
	{
		size_t child = 2 * root + 1;

		if (child >= n)
			return;
		if (child + 1 < n && s->less(s->ctx, child, child + 1))
			child++;
		if (!s->less(s->ctx, root, child))
			return;
		s->swap(s->ctx, root, child);
		root = child;
	}
}

void
mx_sort(const MxSortable *s, size_t n)
{
	size_t i;

	for (i = n / 2; i > 0; i--)
		sift_down(s, i - 1, n);
	for (i = n; i > 1; i--)
	{
		s->swap(s->ctx, 0, i - 1);
		sift_down(s, 0, i - 1);
	}
}
