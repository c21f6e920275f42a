/* hist_gradient_boosting.c */
/* Reads HistGradientBoosting*: trees on float64, with categories. */
#include "reader/sk_predictor.h"

/* The first is what stands for the default; the last two have a log link. */
static const char *const value_losses[] = {
    "squared_error",  "least_squares",
    "absolute_error", "least_absolute_deviation",
    "quantile",       "poisson",
    "gamma",          NULL};
#define LOSS_POISSON 5

static MxStatus
read_n_outputs(MxReadContext *ctx, const MxValue *object, size_t *out,
               MxError *err)
{
	const char *attr = "n_trees_per_iteration_";
	int64_t n;

	MX_TRY(mx_read_integer(ctx, object, attr, &n, err));
	if (n < 1 || n > INT32_MAX)
		return mx_malformed(ctx, object, attr, "is %lld", err, (long long) n);
	*out = (size_t) n;
	return MX_OK;
}

/* A number, or an array of n numbers in one of several shapes. */
static MxStatus
read_baseline(MxReadContext *ctx, const MxValue *object, size_t n,
              const double **out, MxError *err)
{
	const char *attr = "_baseline_prediction";
	double *base =
	    mx_arena_array(mx_builder_arena(ctx->builder), double, n, err);
	const double *numbers;
	const MxValue *value;
	size_t rows;
	size_t columns;

	MX_NEED(base, err);
	*out = base;
	MX_TRY(mx_read_value(ctx, object, attr, &value, err));
	if (n == 1 && mx_value_to_number(value, base))
		return MX_OK;
	MX_TRY(mx_read_matrix(ctx, object, attr, MX_FINITE, MX_ANY_SIZE,
	                      MX_ANY_SIZE, &numbers, &rows, &columns, err));
	if (rows * columns != n)
		return mx_malformed(ctx, object, attr, "has %zu elements, expected %zu",
		                    err, rows * columns, n);
	for (size_t k = 0; k < n; k++)
		base[k] = numbers[k];
	return MX_OK;
}

/*
 * From 1.4 on, with categories, the trees see what an inner ColumnTransformer
 * makes of X: encoded categories first, then the other columns.
 */
static MxStatus
preprocess(MxReadContext *ctx, const MxValue *object, MxNodeId *in,
           MxError *err)
{
	MxAnswers child;

	MX_TRY(mx_expect_features(ctx, object, *in, MX_ANY_SIZE, err));
	if (!mx_has(object, "_preprocessor"))
	{
		/* 0.21 knew no missing values, all others take what comes. */
		if (ctx->version >= MX_SKLEARN(0, 22))
			return MX_OK;
		return mx_builder_guard(ctx->builder, *in,
		                        MX_GUARD_NAN | MX_GUARD_INFINITE, in, err);
	}
	MX_TRY(mx_read_child(ctx, object, "_preprocessor", *in, &child, err));
	if (child.transform == 0)
		return mx_malformed(ctx, object, "_preprocessor",
		                    "is not a transformer", err);
	*in = child.transform;
	return MX_OK;
}

static MxStatus
read_sums(MxReadContext *ctx, const MxValue *object, size_t n_outputs,
          MxNodeId in, MxNodeId *out, MxError *err)
{
	MxTreeArrays arrays;
	size_t n_features;

	MX_TRY(preprocess(ctx, object, &in, err));
	n_features = mx_builder_width(ctx->builder, in);
	if (n_features == MX_OPEN_WIDTH)
		return mx_malformed(ctx, object, NULL,
		                    "does not say how many features it has", err);
	MX_TRY(
	    mx_read_predictors(ctx, object, n_features, n_outputs, &arrays, err));
	MX_TRY(mx_read_known_categories(ctx, object, n_features,
	                                &arrays.trees.known, err));
	MX_TRY(read_baseline(ctx, object, n_outputs, &arrays.trees.base, err));
	return mx_builder_trees(ctx->builder, in, 0, &arrays.trees, out, err);
}

/* Up to 1.4 the largest probability decides, then the raw predictions. */
static MxStatus
decide(MxReadContext *ctx, size_t n_outputs, MxAnswers *out, MxError *err)
{
	MxDecide decide = {MX_DECIDE_ARGMAX};
	MxNodeId from = out->proba;

	if (ctx->version >= MX_SKLEARN(1, 5))
	{
		from = out->decision;
		if (n_outputs == 1)
			decide.kind = MX_DECIDE_POSITIVE;
	}
	return mx_builder_decide(ctx->builder, from, &decide, &out->label, err);
}

static MxStatus
read_classifier(MxReadContext *ctx, const MxValue *object, size_t n_outputs,
                MxNodeId in, MxAnswers *out, MxError *err)
{
	static const char *const losses[] = {"log_loss", "auto",
	                                     "binary_crossentropy",
	                                     "categorical_crossentropy", NULL};
	MxLink link = {.kind = MX_LINK_EXPIT, .factor = 1};
	size_t n_classes;
	size_t loss;

	MX_TRY(mx_set_classes(ctx, object, out, &n_classes, err));
	MX_TRY(mx_read_choice(ctx, object, "loss", losses, &loss, err));
	if (n_outputs == 1 ? n_classes != 2 : n_classes != n_outputs)
		return mx_malformed(ctx, object, "n_trees_per_iteration_",
		                    "is %zu, which does not fit %zu classes", err,
		                    n_outputs, n_classes);
	MX_TRY(read_sums(ctx, object, n_outputs, in, &out->decision, err));
	if (n_outputs > 1)
		link.kind =
		    ctx->version >= MX_SKLEARN(1, 1) ? MX_LINK_SOFTMAX : MX_LINK_NORMAL;
	MX_TRY(
	    mx_builder_link(ctx->builder, out->decision, &link, &out->proba, err));
	return decide(ctx, n_outputs, out, err);
}

static MxStatus
read_regressor(MxReadContext *ctx, const MxValue *object, size_t n_outputs,
               MxNodeId in, MxAnswers *out, MxError *err)
{
	const MxFunction exp = {MX_FUNCTION_EXP};
	size_t loss;

	MX_TRY(mx_read_choice(ctx, object, "loss", value_losses, &loss, err));
	if (n_outputs != 1)
		return mx_malformed(ctx, object, "n_trees_per_iteration_",
		                    "is %zu, expected 1", err, n_outputs);
	out->n_outputs = 1;
	MX_TRY(read_sums(ctx, object, 1, in, &out->value, err));
	if (loss < LOSS_POISSON)
		return MX_OK;
	return mx_builder_function(ctx->builder, out->value, &exp, &out->value,
	                           err);
}

static MxStatus
read_hist_gradient_boosting(MxReadContext *ctx, const MxValue *object,
                            MxNodeId in, MxAnswers *out, MxError *err)
{
	size_t n_outputs = 0;

	MX_TRY(read_n_outputs(ctx, object, &n_outputs, err));
	if (mx_class_ends(object, "Classifier"))
		return read_classifier(ctx, object, n_outputs, in, out, err);
	return read_regressor(ctx, object, n_outputs, in, out, err);
}

static const MxClassName classes[] = {
    {"HistGradientBoostingClassifier", "sklearn"},
    {"HistGradientBoostingRegressor", "sklearn"},
    {NULL, NULL}};

const MxClassReader mx_sklearn_hist_gradient_boosting = {
    .classes = classes,
    .limits = "loss: as a text.",
    .read = read_hist_gradient_boosting};
