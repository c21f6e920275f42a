/* min_max_scaler.c */
/* Reads MinMaxScaler: x * scale_ + min_, held in the range when it clips. */
#include "reader/scaler.h"

static MxStatus
read_range(MxReadContext *ctx, const MxValue *object, MxScale *params,
           MxError *err)
{
	const double *range;

	/* Since 0.24. */
	MX_TRY(mx_read_bool(ctx, object, "clip", false, &params->clip, err));
	if (!params->clip)
		return MX_OK;
	MX_TRY(mx_read_vector(ctx, object, "feature_range", MX_FINITE, 2, &range,
	                      NULL, err));
	if (range[0] > range[1])
		return mx_malformed(ctx, object, "feature_range", "is out of order",
		                    err);
	params->low = range[0];
	params->high = range[1];
	return MX_OK;
}

static MxStatus
read_min_max_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                    MxAnswers *out, MxError *err)
{
	MxScale params = {.kind = MX_SCALE_MULTIPLY};

	MX_TRY(mx_read_vector(ctx, object, "scale_", MX_ALLOW_NAN, MX_ANY_SIZE,
	                      &params.first, &params.n, err));
	MX_TRY(mx_read_vector(ctx, object, "min_", MX_ALLOW_NAN, params.n,
	                      &params.second, NULL, err));
	MX_TRY(read_range(ctx, object, &params, err));
	return mx_make_scaler(ctx, object, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {{"MinMaxScaler", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_min_max_scaler = {.classes = classes,
                                                 .read = read_min_max_scaler};
