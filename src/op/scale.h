/*
 * scale.h: the arithmetic of a scale, for steps that take one over.
 */
#ifndef MX_OP_SCALE_H
#define MX_OP_SCALE_H

#include "op/block.h"
#include "op/image.h"

/* Stores the n constants of the columns; without any, neutral for each. */
MxStatus mx_scale_store(MxImageWriter *w, const double *from, size_t n,
                        double neutral, MxRef *ref, MxError *err);

/* What the scale of these parameters makes of a number of column j. */
double mx_scaled(const void *image, MxRef params, size_t j, double x);

/* The same for the only row of a block: x[j] for all columns. */
void mx_scale_row(const void *image, MxRef params, const MxBlock *in,
                  double *x);

#endif
