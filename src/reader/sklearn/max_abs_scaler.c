/* max_abs_scaler.c */
/* Reads MaxAbsScaler: x / scale_, held within 1 when it clips. */
#include "reader/scaler.h"

static MxStatus
read_max_abs_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                    MxAnswers *out, MxError *err)
{
	MxScale params = {.kind = MX_SCALE_DIVIDE, .low = -1, .high = 1};

	MX_TRY(mx_read_vector(ctx, object, "scale_", MX_ALLOW_NAN, MX_ANY_SIZE,
	                      &params.second, &params.n, err));
	/* Since 1.8. */
	MX_TRY(mx_read_bool(ctx, object, "clip", false, &params.clip, err));
	return mx_make_scaler(ctx, object, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {{"MaxAbsScaler", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_max_abs_scaler = {.classes = classes,
                                                 .read = read_max_abs_scaler};
