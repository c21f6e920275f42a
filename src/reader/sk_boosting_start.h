/*
 * sk_boosting_start.h: where GradientBoosting's sums begin, from init_.
 */
#ifndef MX_READER_SK_BOOSTING_START_H
#define MX_READER_SK_BOOSTING_START_H

#include "reader/reader.h"

typedef struct MxBoosting
{
	size_t n_outputs; /* trees per stage */
	size_t n_classes; /* 0 for regressors */
	bool is_exponential;
} MxBoosting;

/*
 * Either *node, whose n_outputs columns are the start, or, when that is 0,
 * *base: n_outputs numbers in the model's arena.  in has passed its guard.
 */
MxStatus mx_read_boosting_start(MxReadContext *ctx, const MxValue *object,
                                const MxBoosting *boosting, MxNodeId in,
                                const double **base, MxNodeId *node,
                                MxError *err);

#endif
