/*
 * coded.h: linear models of one-hot columns that are never made.
 *
 * Where the ones column of a category would have added 1 * weight to a sum,
 * and the other columns of its group 0 * weight, the weight is looked up by
 * the category's code and added.  The sum is the same bit for bit when all
 * weights are finite: it starts at +0 and never becomes -0, so that the zeros
 * would not have changed it.
 */
#ifndef MX_OP_CODED_H
#define MX_OP_CODED_H

#include "op/panels.h"

/* Fills in the runs of p for the columns of the step's input. */
MxStatus mx_coded_store(const MxStep *step, MxImageWriter *w, MxPanelParams *p,
                        MxError *err);

/* The sums of a dense block. */
MxStatus mx_coded_run(const void *image, const MxPanelParams *p,
                      const MxBlock *in, MxRun *run, MxError *err);

#endif
