/*
 * trees_trial.h: which way of adding trees is faster, found out by timing both
 * on blocks that are to be scored anyway.
 *
 * Either way gives the same bits.  Only where a rule by shape cannot tell are
 * blocks timed: a few of each way, of which the fastest counts.
 */
#ifndef MX_OP_TREES_TRIAL_H
#define MX_OP_TREES_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

typedef enum MxTreesWay
{
	MX_TREES_FOLD,
	MX_TREES_WALK,
	MX_TREES_WAYS
} MxTreesWay;

/* All zeros at first. */
typedef struct MxTreesTrial
{
	unsigned n[MX_TREES_WAYS];   /* blocks timed */
	double least[MX_TREES_WAYS]; /* nanoseconds a row */
} MxTreesTrial;

/* Blocks of each way that are timed. */
#define MX_TREES_TRIES 4

/* The way for the next block. */
MxTreesWay mx_trial_way(const MxTreesTrial *trial);
/* Whether that block is to be timed. */
bool mx_trial_goes_on(const MxTreesTrial *trial);
void mx_trial_add(MxTreesTrial *trial, MxTreesWay way, double nanoseconds,
                  size_t n_rows);

/* Nanoseconds since some moment. */
double mx_trial_clock(void);

#endif
