/* standard_scaler.c */
/* Reads StandardScaler: (x - mean_) / scale_, as far as it was asked to. */
#include "reader/scaler.h"

static MxStatus
read_standard_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                     MxAnswers *out, MxError *err)
{
	MxScale params = {.kind = MX_SCALE_DIVIDE};
	bool with_mean;
	bool with_std;

	/* mean_ is there without with_mean too: the variance needed it. */
	MX_TRY(mx_read_bool(ctx, object, "with_mean", true, &with_mean, err));
	MX_TRY(mx_read_bool(ctx, object, "with_std", true, &with_std, err));
	params.n = MX_ANY_SIZE;
	if (with_mean)
		MX_TRY(mx_read_vector(ctx, object, "mean_", MX_ALLOW_NAN, params.n,
		                      &params.first, &params.n, err));
	if (with_std)
		MX_TRY(mx_read_vector(ctx, object, "scale_", MX_ALLOW_NAN, params.n,
		                      &params.second, &params.n, err));
	return mx_make_scaler(ctx, object, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {{"StandardScaler", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_standard_scaler = {.classes = classes,
                                                  .read = read_standard_scaler};
