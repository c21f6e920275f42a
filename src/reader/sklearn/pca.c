/* pca.c */
/* Reads PCA: centre, project, and whiten when it was asked to. */
#include "reader/linear.h"

#include <float.h>
#include <math.h>

/* (x - mean) * components^T. */
static MxStatus
centre_and_project(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAffine *params, MxNodeId *out, MxError *err)
{
	MxScale centre = {.kind = MX_SCALE_DIVIDE, .n = params->n_in};

	if (mx_has(object, "mean_"))
	{
		MX_TRY(mx_read_vector(ctx, object, "mean_", MX_FINITE, params->n_in,
		                      &centre.first, NULL, err));
		MX_TRY(mx_builder_scale(ctx->builder, in, &centre, &in, err));
	}
	return mx_builder_affine(ctx->builder, in, params, out, err);
}

static bool
is_float32(const MxValue *object, const char *attr)
{
	const MxValue *value = mx_value_attribute(object, attr);

	return value != NULL && value->kind == MX_VALUE_ARRAY &&
	       value->as.array->dtype->kind == MX_DTYPE_FLOAT &&
	       value->as.array->dtype->itemsize == sizeof(float);
}

/*
 * x * components^T - mean * components^T, the order of 1.5 and later.  Fitted
 * on float32, the second product is in float32, in the order of some BLAS.
 */
static MxStatus
project_and_centre(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAffine *params, MxNodeId *out, MxError *err)
{
	double *bias = mx_arena_array(ctx->scratch, double, params->n_out, err);
	const double *mean;
	size_t i;
	size_t j;

	MX_NEED(bias, err);
	if (is_float32(object, "mean_") && is_float32(object, "components_"))
		return mx_refuse(ctx, object, "mean_",
		                 "is of float32, so that scikit-learn rounds to it on "
		                 "the way, which is not supported",
		                 err);
	MX_TRY(mx_read_vector(ctx, object, "mean_", MX_FINITE, params->n_in, &mean,
	                      NULL, err));
	for (i = 0; i < params->n_out; i++)
	{
		for (j = 0; j < params->n_in; j++)
			bias[i] += mean[j] * params->weights[i * params->n_in + j];
		bias[i] = -bias[i];
	}
	params->bias = bias;
	return mx_builder_affine(ctx->builder, in, params, out, err);
}

static MxStatus
whiten(MxReadContext *ctx, const MxValue *object, size_t n, MxNodeId *out,
       MxError *err)
{
	MxScale params = {.kind = MX_SCALE_DIVIDE, .n = n};
	double *deviations = mx_arena_array(ctx->scratch, double, n, err);
	const double *variances;
	bool wanted;
	size_t i;

	MX_NEED(deviations, err);
	MX_TRY(mx_read_bool(ctx, object, "whiten", false, &wanted, err));
	if (!wanted)
		return MX_OK;
	MX_TRY(mx_read_vector(ctx, object, "explained_variance_", MX_FINITE, n,
	                      &variances, NULL, err));
	for (i = 0; i < n; i++)
	{
		if (variances[i] < 0)
			return mx_malformed(ctx, object, "explained_variance_",
			                    "is negative", err);
		deviations[i] = sqrt(variances[i]);
		if (ctx->version >= MX_SKLEARN(1, 5) && deviations[i] < DBL_EPSILON)
			deviations[i] = DBL_EPSILON;
	}
	params.second = deviations;
	return mx_builder_scale(ctx->builder, *out, &params, out, err);
}

static MxStatus
read_pca(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
         MxError *err)
{
	MxAffine params = {0};

	MX_TRY(mx_read_matrix(ctx, object, "components_", MX_FINITE, MX_ANY_SIZE,
	                      MX_ANY_SIZE, &params.weights, &params.n_out,
	                      &params.n_in, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	if (ctx->version < MX_SKLEARN(1, 5))
		MX_TRY(
		    centre_and_project(ctx, object, in, &params, &out->transform, err));
	else
		MX_TRY(
		    project_and_centre(ctx, object, in, &params, &out->transform, err));
	return whiten(ctx, object, params.n_out, &out->transform, err);
}

static const MxClassName classes[] = {{"PCA", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_pca = {
    .classes = classes,
    .limits = "not fitted on float32 by 1.5 or later",
    .read = read_pca};
