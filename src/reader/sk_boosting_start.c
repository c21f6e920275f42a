/* sk_boosting_start.c */
/* Reads init_ of GradientBoosting*: constants, or an estimator of the user. */
#include "reader/sk_boosting_start.h"

#include "base/math.h"

#include <math.h>

/* The start of probabilities is held this far from 0 and 1. */
#define EPS_SINGLE 0x1p-23
#define EPS_DOUBLE 0x1p-52

/*
 * Estimators that answer the same whether X reaches them as float64 or, as
 * GradientBoosting hands it on, as float32.
 */
static const char *const exact_starts[] = {"DecisionTreeClassifier",
                                           "DecisionTreeRegressor",
                                           "ExtraTreeClassifier",
                                           "ExtraTreeRegressor",
                                           "RandomForestClassifier",
                                           "RandomForestRegressor",
                                           "ExtraTreesClassifier",
                                           "ExtraTreesRegressor",
                                           "GradientBoostingClassifier",
                                           "GradientBoostingRegressor",
                                           NULL};

/* The estimators that boosting made itself up to 0.20, and what they hold. */
static const struct
{
	const char *name;
	const char *attr;
} old_starts[] = {{"MeanEstimator", "mean"},
                  {"QuantileEstimator", "quantile"},
                  {"LogOddsEstimator", "prior"},
                  {"ScaledLogOddsEstimator", "prior"},
                  {"PriorProbabilityEstimator", "priors"},
                  {NULL, NULL}};

static bool
is_named(const MxValue *value, const char *name)
{
	return value->kind == MX_VALUE_OBJECT &&
	       mx_global_is(mx_value_class(value), "sklearn.", name);
}

static double
epsilon(const MxReadContext *ctx)
{
	return ctx->version >= MX_SKLEARN(1, 8) ? EPS_DOUBLE : EPS_SINGLE;
}

static double
clip(double p, double eps)
{
	p = p < eps ? eps : p;
	return p > 1 - eps ? 1 - eps : p;
}

static MxStatus
refuse_start(MxReadContext *ctx, const MxValue *object, const MxValue *init,
             MxError *err)
{
	char shown[MX_SHOWN_SIZE];

	return mx_refuse(ctx, object, "init_", "is %s, which is not supported", err,
	                 mx_show_value(init, shown));
}

/* What the objects of old releases hold is the start itself. */
static MxStatus
read_old_start(MxReadContext *ctx, const MxValue *object, const MxValue *init,
               const MxBoosting *boosting, double *base, MxError *err)
{
	const double *numbers;

	if (is_named(init, "ZeroEstimator"))
		return MX_OK;
	for (size_t i = 0; old_starts[i].name != NULL; i++)
	{
		if (!is_named(init, old_starts[i].name))
			continue;
		if (boosting->n_outputs == 1)
			return mx_read_number(ctx, init, old_starts[i].attr, MX_FINITE,
			                      base, err);
		MX_TRY(mx_read_vector(ctx, init, old_starts[i].attr, MX_FINITE,
		                      boosting->n_outputs, &numbers, NULL, err));
		for (size_t k = 0; k < boosting->n_outputs; k++)
			base[k] = numbers[k];
		return MX_OK;
	}
	return refuse_start(ctx, object, init, err);
}

/* The raw prediction of a probability of the second of two classes. */
static double
link_two(const MxReadContext *ctx, bool is_exponential, double p)
{
	double raw =
	    ctx->version >= MX_SKLEARN(1, 4) ? mx_logit(p) : mx_log(p / (1 - p));

	return is_exponential ? 0.5 * raw : raw;
}

/* That of constant probabilities p, one per class. */
static void
link_constants(const MxReadContext *ctx, const MxBoosting *boosting,
               const double *p, double *base)
{
	size_t n = boosting->n_outputs;
	double eps = epsilon(ctx);
	double sum = 0;
	double mean;

	if (n == 1)
	{
		base[0] = link_two(ctx, boosting->is_exponential, clip(p[1], eps));
		return;
	}
	for (size_t k = 0; k < n; k++)
	{
		base[k] = mx_log(clip(p[k], eps));
		sum += base[k];
	}
	if (ctx->version < MX_SKLEARN(1, 4))
		return;
	/* From then on relative to the geometric mean. */
	mean = mx_exp(sum / (double) n);
	for (size_t k = 0; k < n; k++)
		base[k] = mx_log(clip(p[k], eps) / mean);
}

static MxStatus
read_dummy_classifier(MxReadContext *ctx, const MxValue *init,
                      const MxBoosting *boosting, double *base, MxError *err)
{
	static const char *const strategies[] = {"prior", "most_frequent", NULL};
	size_t n = boosting->n_classes;
	const double *prior;
	double *p;
	size_t strategy;
	size_t best = 0;

	MX_TRY(mx_read_choice(ctx, init, "strategy", strategies, &strategy, err));
	MX_TRY(mx_read_vector(ctx, init, "class_prior_", MX_FINITE, n, &prior, NULL,
	                      err));
	MX_NEED(p = mx_arena_array(ctx->scratch, double, n, err), err);
	for (size_t k = 0; k < n; k++)
	{
		best = prior[k] > prior[best] ? k : best;
		p[k] = strategy == 0 ? prior[k] : 0;
	}
	if (strategy == 1)
		p[best] = 1;
	link_constants(ctx, boosting, p, base);
	return MX_OK;
}

static MxStatus
read_dummy_regressor(MxReadContext *ctx, const MxValue *init, double *base,
                     MxError *err)
{
	const double *constant;

	MX_TRY(mx_read_matrix(ctx, init, "constant_", MX_FINITE, 1, 1, &constant,
	                      NULL, NULL, err));
	base[0] = constant[0];
	return MX_OK;
}

static MxStatus
add_function(MxReadContext *ctx, MxFunctionKind kind, MxNodeId *node,
             MxError *err)
{
	const MxFunction function = {kind};

	return mx_builder_function(ctx->builder, *node, &function, node, err);
}

/* Held between eps and 1 - eps. */
static MxStatus
add_clip(MxReadContext *ctx, size_t n, MxNodeId *node, MxError *err)
{
	double eps = epsilon(ctx);
	MxScale scale = {.kind = MX_SCALE_MULTIPLY,
	                 .n = n,
	                 .clip = true,
	                 .low = eps,
	                 .high = 1 - eps};

	return mx_builder_scale(ctx->builder, *node, &scale, node, err);
}

static MxStatus
link_two_classes(MxReadContext *ctx, bool is_exponential, MxNodeId proba,
                 MxNodeId *node, MxError *err)
{
	const size_t positive = 1;
	const double half = 0.5;
	const MxSelect select = {.n = 1, .columns = &positive};
	const MxScale scale = {.kind = MX_SCALE_MULTIPLY, .n = 1, .first = &half};

	MX_TRY(mx_builder_select(ctx->builder, proba, &select, node, err));
	MX_TRY(add_clip(ctx, 1, node, err));
	MX_TRY(add_function(ctx, MX_FUNCTION_LOGIT, node, err));
	if (!is_exponential)
		return MX_OK;
	return mx_builder_scale(ctx->builder, *node, &scale, node, err);
}

/* log(p), from 1.4 on less the mean of the row's logarithms. */
static MxStatus
link_many_classes(MxReadContext *ctx, size_t n, MxNodeId proba, MxNodeId *node,
                  MxError *err)
{
	MxAffine center = {.n_out = n, .n_in = n};
	double *weights;

	*node = proba;
	MX_TRY(add_clip(ctx, n, node, err));
	MX_TRY(add_function(ctx, MX_FUNCTION_LOG, node, err));
	if (ctx->version < MX_SKLEARN(1, 4))
		return MX_OK;
	MX_NEED(weights = mx_arena_alloc(ctx->scratch, n, n * sizeof(double), err),
	        err);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			weights[i * n + j] = (i == j ? 1 : 0) - 1 / (double) n;
	center.weights = weights;
	return mx_builder_affine(ctx->builder, *node, &center, node, err);
}

static MxStatus
read_estimator_start(MxReadContext *ctx, const MxValue *object,
                     const MxBoosting *boosting, MxNodeId in, MxNodeId *node,
                     MxError *err)
{
	MxAnswers child;

	MX_TRY(mx_read_child(ctx, object, "init_", in, &child, err));
	if (boosting->n_classes == 0)
	{
		*node = child.value;
		if (child.value == 0)
			return mx_malformed(ctx, object, "init_", "is not a regressor",
			                    err);
		return MX_OK;
	}
	if (child.proba == 0 || child.n_outputs != 1 ||
	    child.classes[0].n != boosting->n_classes)
		return mx_malformed(ctx, object, "init_",
		                    "is not a classifier of %zu classes", err,
		                    boosting->n_classes);
	if (boosting->n_outputs == 1)
		return link_two_classes(ctx, boosting->is_exponential, child.proba,
		                        node, err);
	return link_many_classes(ctx, boosting->n_outputs, child.proba, node, err);
}

/* From 0.21 on: the text "zero", a dummy, or what the user gave. */
static MxStatus
read_new_start(MxReadContext *ctx, const MxValue *object, const MxValue *init,
               const MxBoosting *boosting, MxNodeId in, double *base,
               MxNodeId *node, MxError *err)
{
	bool is_classifier = boosting->n_classes > 0;
	MxText text;

	if (mx_value_to_text(init, &text) && mx_text_is(text, "zero"))
		return MX_OK;
	if (is_classifier && is_named(init, "DummyClassifier"))
		return read_dummy_classifier(ctx, init, boosting, base, err);
	if (!is_classifier && is_named(init, "DummyRegressor"))
		return read_dummy_regressor(ctx, init, base, err);
	for (size_t i = 0; exact_starts[i] != NULL; i++)
		if (is_named(init, exact_starts[i]))
			return read_estimator_start(ctx, object, boosting, in, node, err);
	return refuse_start(ctx, object, init, err);
}

MxStatus
mx_read_boosting_start(MxReadContext *ctx, const MxValue *object,
                       const MxBoosting *boosting, MxNodeId in,
                       const double **base, MxNodeId *node, MxError *err)
{
	double *constants = mx_arena_array(mx_builder_arena(ctx->builder), double,
	                                   boosting->n_outputs, err);
	const MxValue *init;

	MX_NEED(constants, err);
	*base = constants;
	*node = 0;
	MX_TRY(mx_read_value(ctx, object, "init_", &init, err));
	if (ctx->version < MX_SKLEARN(0, 21))
		return read_old_start(ctx, object, init, boosting, constants, err);
	return read_new_start(ctx, object, init, boosting, in, constants, node,
	                      err);
}
