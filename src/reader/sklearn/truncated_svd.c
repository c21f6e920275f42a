/* truncated_svd.c */
/* Reads TruncatedSVD: a projection without a centre. */
#include "reader/linear.h"

static MxStatus
read_truncated_svd(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAnswers *out, MxError *err)
{
	MxAffine params = {0};

	MX_TRY(mx_read_matrix(ctx, object, "components_", MX_FINITE, MX_ANY_SIZE,
	                      MX_ANY_SIZE, &params.weights, &params.n_out,
	                      &params.n_in, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	return mx_builder_affine(ctx->builder, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {{"TruncatedSVD", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_truncated_svd = {.classes = classes,
                                                .read = read_truncated_svd};
