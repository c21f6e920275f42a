/* robust_scaler.c */
/* Reads RobustScaler: (x - center_) / scale_, as far as it was asked to. */
#include "reader/scaler.h"

static MxStatus
read_robust_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAnswers *out, MxError *err)
{
	MxScale params = {.kind = MX_SCALE_DIVIDE, .n = MX_ANY_SIZE};
	bool with_centering;
	bool with_scaling;

	MX_TRY(mx_read_bool(ctx, object, "with_centering", true, &with_centering,
	                    err));
	MX_TRY(mx_read_bool(ctx, object, "with_scaling", true, &with_scaling, err));
	if (with_centering)
		MX_TRY(mx_read_vector(ctx, object, "center_", MX_ALLOW_NAN, params.n,
		                      &params.first, &params.n, err));
	if (with_scaling)
		MX_TRY(mx_read_vector(ctx, object, "scale_", MX_ALLOW_NAN, params.n,
		                      &params.second, &params.n, err));
	return mx_make_scaler(ctx, object, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {{"RobustScaler", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_robust_scaler = {.classes = classes,
                                                .read = read_robust_scaler};
