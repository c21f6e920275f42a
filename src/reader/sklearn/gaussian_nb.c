/* gaussian_nb.c */
/* Reads GaussianNB: the joint log likelihood of independent normals. */
#include "base/math.h"
#include "reader/linear.h"
#include "reader/naive_bayes.h"

#define TWO_PI 6.283185307179586

static MxStatus
read_moments(MxReadContext *ctx, const MxValue *object, MxGaussian *params,
             MxError *err)
{
	/* Renamed in 1.0. */
	const char *attr = mx_has(object, "var_") ? "var_" : "sigma_";
	size_t i;

	MX_TRY(mx_read_matrix(ctx, object, "theta_", MX_FINITE, params->n_out,
	                      MX_ANY_SIZE, &params->mean, NULL, &params->n_in,
	                      err));
	MX_TRY(mx_read_matrix(ctx, object, attr, MX_FINITE, params->n_out,
	                      params->n_in, &params->variance, NULL, NULL, err));
	for (i = 0; i < params->n_out * params->n_in; i++)
		if (!(params->variance[i] > 0))
			return mx_refuse(ctx, object, attr, "holds a variance of 0", err);
	return MX_OK;
}

/* log(prior) - 0.5 * sum of log(2 pi variance), once and for all rows. */
static MxStatus
make_constants(MxReadContext *ctx, const MxValue *object, MxGaussian *params,
               MxError *err)
{
	double *constants =
	    mx_arena_array(ctx->scratch, double, params->n_out, err);
	const double *priors;
	size_t i;
	size_t j;

	MX_NEED(constants, err);
	MX_TRY(mx_read_vector(ctx, object, "class_prior_", MX_FINITE, params->n_out,
	                      &priors, NULL, err));
	for (i = 0; i < params->n_out; i++)
	{
		double sum = 0;

		if (!(priors[i] > 0))
			return mx_refuse(ctx, object, "class_prior_", "holds a 0", err);
		for (j = 0; j < params->n_in; j++)
			sum += mx_log(TWO_PI * params->variance[i * params->n_in + j]);
		constants[i] = mx_log(priors[i]) + -0.5 * sum;
	}
	params->constant = constants;
	return MX_OK;
}

static MxStatus
read_gaussian_nb(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                 MxAnswers *out, MxError *err)
{
	MxGaussian params;
	MxNodeId likelihood;

	MX_TRY(mx_set_classes(ctx, object, out, &params.n_out, err));
	MX_TRY(read_moments(ctx, object, &params, err));
	MX_TRY(make_constants(ctx, object, &params, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	MX_TRY(mx_builder_gaussian(ctx->builder, in, &params, &likelihood, err));
	return mx_answer_likelihood(ctx, likelihood, out, err);
}

static const MxClassName classes[] = {{"GaussianNB", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_gaussian_nb = {.classes = classes,
                                              .read = read_gaussian_nb};
