/*
 * idle_target.h: targets that the next statement may go on with.
 *
 * Opening a target and binding it to arguments takes longer than scoring a
 * row, and the statement that looks up one row by its key comes again and
 * again.
 */
#ifndef MXPG_IDLE_TARGET_H
#define MXPG_IDLE_TARGET_H

#include "pg/values.h"

/* A target for one place that calls; never in the hands of two. */
typedef struct MxpgLease
{
	MxpgTarget *target;
	bool is_bound;     /* target has met the values' types and names */
	MxpgValues values; /* a copy */
} MxpgLease;

/*
 * An idle target for such an answer from such values, or else a new one.  It
 * lives until it is given back, which the caller sees to even after errors.
 */
MxpgLease *mxpg_target_lease(const MxpgVersion *version, MxpgAnswer answer,
                             const MxpgValues *values);
/* Raises nothing.  is_sound: nothing has failed while using it. */
void mxpg_target_give_back(MxpgLease *lease, bool is_sound);

/* Closes those of an artifact that nobody uses: its plan goes. */
void mxpg_idle_targets_drop(const uint8 *sha256);

#endif
