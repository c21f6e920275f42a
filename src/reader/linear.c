/* linear.c */
/* The affine part of all linear models, and what classifiers make of it. */
#include "reader/linear.h"

static MxStatus
read_coefficients(MxReadContext *ctx, const MxValue *object, MxAffine *params,
                  MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_read_value(ctx, object, "coef_", &value, err));
	if (mx_is_sparse_matrix(value))
		return mx_read_sparse_matrix(ctx, object, "coef_", &params->weights,
		                             &params->n_out, &params->n_in, err);
	return mx_read_matrix(ctx, object, "coef_", MX_FINITE, MX_ANY_SIZE,
	                      MX_ANY_SIZE, &params->weights, &params->n_out,
	                      &params->n_in, err);
}

/* fit_intercept=False leaves a plain 0.0 however many outputs there are. */
static MxStatus
read_intercept(MxReadContext *ctx, const MxValue *object, MxAffine *params,
               MxError *err)
{
	const double *found;
	double *bias;
	size_t n;
	size_t i;

	MX_TRY(mx_read_vector(ctx, object, "intercept_", MX_FINITE, MX_ANY_SIZE,
	                      &found, &n, err));
	params->bias = found;
	if (n == params->n_out)
		return MX_OK;
	if (n != 1)
		return mx_malformed(ctx, object, "intercept_",
		                    "has %zu elements, expected %zu", err, n,
		                    params->n_out);
	bias = mx_arena_array(ctx->scratch, double, params->n_out, err);
	MX_NEED(bias, err);
	for (i = 0; i < params->n_out; i++)
		bias[i] = found[0];
	params->bias = bias;
	return MX_OK;
}

MxStatus
mx_read_affine(MxReadContext *ctx, const MxValue *object, MxNodeId in,
               MxNodeId *out, size_t *n_out, MxError *err)
{
	MxAffine params;

	MX_TRY(read_coefficients(ctx, object, &params, err));
	MX_TRY(read_intercept(ctx, object, &params, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	*n_out = params.n_out;
	return mx_builder_affine(ctx->builder, in, &params, out, err);
}

MxStatus
mx_read_linear_decision(MxReadContext *ctx, const MxValue *object,
                        const MxValue *classes, MxNodeId in, MxAnswers *out,
                        MxError *err)
{
	MxDecide decide = {MX_DECIDE_ARGMAX};
	size_t n_classes;
	size_t expected;
	size_t n_out;

	MX_TRY(mx_set_classes(ctx, classes, out, &n_classes, err));
	MX_TRY(mx_read_affine(ctx, object, in, &out->decision, &n_out, err));
	expected = n_classes <= 2 ? 1 : n_classes;
	if (n_classes < 2 || n_out != expected)
		return mx_malformed(ctx, object, "coef_",
		                    "has %zu rows, which does not fit %zu classes", err,
		                    n_out, n_classes);
	if (n_out == 1)
		decide.kind = MX_DECIDE_POSITIVE;
	return mx_builder_decide(ctx->builder, out->decision, &decide, &out->label,
	                         err);
}

MxStatus
mx_read_linear_classifier(MxReadContext *ctx, const MxValue *object,
                          MxNodeId in, MxAnswers *out, MxError *err)
{
	return mx_read_linear_decision(ctx, object, object, in, out, err);
}

MxStatus
mx_link_decision(MxReadContext *ctx, MxLinkKind kind, MxAnswers *out,
                 MxError *err)
{
	const MxFunction log = {MX_FUNCTION_LOG};
	const MxLink link = {.kind = kind, .factor = 1};

	MX_TRY(
	    mx_builder_link(ctx->builder, out->decision, &link, &out->proba, err));
	return mx_builder_function(ctx->builder, out->proba, &log, &out->log_proba,
	                           err);
}
