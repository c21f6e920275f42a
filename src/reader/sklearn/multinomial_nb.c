/* multinomial_nb.c */
/* Reads MultinomialNB: an affine joint log likelihood, normalised. */
#include "reader/linear.h"
#include "reader/naive_bayes.h"

#include <math.h>

/* -inf comes of alpha=0, and what 0 * -inf gives is up to the BLAS. */
static MxStatus
read_log_probabilities(MxReadContext *ctx, const MxValue *object,
                       MxAffine *params, MxError *err)
{
	size_t i;

	MX_TRY(mx_read_matrix(ctx, object, "feature_log_prob_", MX_ALLOW_INFINITE,
	                      params->n_out, MX_ANY_SIZE, &params->weights, NULL,
	                      &params->n_in, err));
	for (i = 0; i < params->n_out * params->n_in; i++)
		if (isinf(params->weights[i]))
			return mx_refuse(ctx, object, "feature_log_prob_",
			                 "holds -inf, as alpha=0 leaves it, which is not "
			                 "supported",
			                 err);
	return MX_OK;
}

static MxStatus
read_multinomial_nb(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                    MxAnswers *out, MxError *err)
{
	MxAffine params;
	MxNodeId likelihood;

	MX_TRY(mx_set_classes(ctx, object, out, &params.n_out, err));
	MX_TRY(read_log_probabilities(ctx, object, &params, err));
	MX_TRY(mx_read_vector(ctx, object, "class_log_prior_", MX_FINITE,
	                      params.n_out, &params.bias, NULL, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	MX_TRY(mx_builder_affine(ctx->builder, in, &params, &likelihood, err));
	return mx_answer_likelihood(ctx, likelihood, out, err);
}

static const MxClassName classes[] = {{"MultinomialNB", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_multinomial_nb = {
    .classes = classes,
    .limits = "not with alpha=0 when a feature was never seen with a class",
    .read = read_multinomial_nb};
