/* trees_stop.c */
/* Settles rows whose sums are known well enough. */
#include "kernel/trees_stop.h"

size_t
mx_stop_settle(MxTreesStop *stop, size_t t, double *sums, uint16_t *rows,
               size_t n)
{
	size_t n_kept = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint16_t row = rows[i];
		size_t gap = mx_stop_gap(stop, t, sums[row]);

		rows[n_kept] = row;
		if (gap == stop->n_gaps)
			n_kept++;
		else
			sums[row] = stop->sums[gap];
	}
	stop->n_skipped += (uint64_t) (n - n_kept) * (stop->n_trees - t);
	return n_kept;
}
