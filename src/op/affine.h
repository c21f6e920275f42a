/*
 * affine.h: what a step needs that runs a linear model inside.
 */
#ifndef MX_OP_AFFINE_H
#define MX_OP_AFFINE_H

#include "op/op.h"

/*
 * Scores, but leaves it to the caller to mend the first output where it is
 * not finite: terms that have been raised may have overflown.
 */
MxStatus mx_affine_sum(const void *image, MxRef params, const MxBlock *in,
                       MxRun *run, MxError *err);

/* The first output of one row, without raised terms; in is dense. */
void mx_affine_mend(const void *image, MxRef params, const MxBlock *in,
                    size_t row, MxRun *run);

#endif
