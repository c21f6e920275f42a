/* trees_trial.c */
/* Times blocks of rows, and picks the faster way. */
#include "op/trees_trial.h"

#include <time.h>

bool
mx_trial_goes_on(const MxTreesTrial *trial)
{
	return trial->n[MX_TREES_FOLD] < MX_TREES_TRIES ||
	       trial->n[MX_TREES_WALK] < MX_TREES_TRIES;
}

/* In turns, so that both have warm caches, and suffer alike from others. */
MxTreesWay
mx_trial_way(const MxTreesTrial *trial)
{
	if (mx_trial_goes_on(trial))
		return trial->n[MX_TREES_WALK] < trial->n[MX_TREES_FOLD]
		           ? MX_TREES_WALK
		           : MX_TREES_FOLD;
	return trial->least[MX_TREES_WALK] < trial->least[MX_TREES_FOLD]
	           ? MX_TREES_WALK
	           : MX_TREES_FOLD;
}

void
mx_trial_add(MxTreesTrial *trial, MxTreesWay way, double nanoseconds,
             size_t n_rows)
{
	double each = nanoseconds / (double) n_rows;

	if (trial->n[way] == 0 || each < trial->least[way])
		trial->least[way] = each;
	trial->n[way]++;
}

double
mx_trial_clock(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}
