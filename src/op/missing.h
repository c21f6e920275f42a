/*
 * missing.h: which values of a column a step takes for missing.
 */
#ifndef MX_OP_MISSING_H
#define MX_OP_MISSING_H

#include "model/nodes.h"
#include "op/image.h"

/* MxMissing as it lies in an image. */
typedef struct MxImageMissing
{
	double number;
	uint64_t has_number;
	MxImageText text;
} MxImageMissing;

static inline MxStatus
mx_store_missing(MxImageWriter *w, const MxMissing *from, MxImageMissing *to,
                 MxError *err)
{
	to->number = from->number;
	to->has_number = from->has_number;
	return mx_image_store_text(w, from->text, &to->text, err);
}

/* NaN is no number equal to itself. */
static inline bool
mx_number_is_missing(const MxImageMissing *missing, double x)
{
	return x != x || (missing->has_number && x == missing->number);
}

static inline bool
mx_text_is_missing(MxText missing, MxText x)
{
	return x.data == NULL ||
	       (missing.data != NULL && mx_text_equals(missing, x));
}

#endif
