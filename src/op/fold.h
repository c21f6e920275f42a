/*
 * fold.h: the scale before a linear model as a part of its terms.
 *
 * A division per number costs more than all else that a linear model does, so
 * that (x - mean) / scale * weight becomes (x - mean) * (weight / scale).  The
 * subtraction stays what it was, and each way rounds the same three times:
 * the terms differ by a few last bits and cannot cancel otherwise.
 * (x * scale + min) * weight is left in that order: its sum may cancel.
 */
#ifndef MX_OP_FOLD_H
#define MX_OP_FOLD_H

#include "op/op.h"

#include <stdbool.h>

/*
 * Whether affine takes scale into its terms.  These three alone decide, so
 * that every way of compiling a model comes to the same numbers; scaled_guard
 * looks at what the scale makes, NULL: nothing does.
 */
bool mx_fold_works(const MxNode *affine, const MxNode *scale,
                   const MxNode *scaled_guard);

/*
 * What a scale that divides is folded into: weights (n_out, n_in), those of
 * the first output times 2^raise.  The result is that of raised terms.
 */
int mx_fold_raise(const MxNode *affine, const MxNode *scale);
void mx_fold_weights(const MxNode *affine, const MxNode *scale,
                     double *weights);

/*
 * Weights are raised so that a number that is scaled to infinity shows in the
 * first output.  It does not where the weight is 0: such a column is within
 * this limit, or has to be looked at.  INFINITY for all others.
 */
double mx_fold_limit(const MxNode *affine, const MxNode *scale, size_t j);

#endif
