/*
 * scale.h: the arithmetic of a scale, for steps that take one over.
 */
#ifndef MX_OP_SCALE_H
#define MX_OP_SCALE_H

#include "op/image.h"

#include <stddef.h>

/* What the scale of these parameters makes of a number of column j. */
double mx_scaled(const void *image, MxRef params, size_t j, double x);

#endif
