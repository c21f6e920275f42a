/* gradient_boosting.c */
/* Reads GradientBoosting*: stages of trees added to a start. */
#include "reader/sk_boosting_start.h"
#include "reader/sk_tree.h"

/* The losses of classifiers; "deviance" became "log_loss" in 1.1. */
static const char *const class_losses[] = {"log_loss", "deviance",
                                           "exponential", NULL};
#define LOSS_EXPONENTIAL 2

/* estimators_ is an array (stages, trees per stage). */
static MxStatus
read_stages(MxReadContext *ctx, const MxValue *object, MxItems *items,
            size_t *n_outputs, MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_read_value(ctx, object, "estimators_", &value, err));
	if (value->kind != MX_VALUE_ARRAY || value->as.array->rank != 2 ||
	    value->as.array->n == 0)
		return mx_malformed(ctx, object, "estimators_",
		                    "is not an array with 2 dimensions", err);
	*n_outputs = value->as.array->shape[1];
	return mx_read_items(ctx, object, "estimators_", items, err);
}

/* learning_rate times the value of each leaf, as predict() adds them. */
static MxStatus
scale_values(MxReadContext *ctx, const MxValue *object, MxTreeArrays *arrays,
             MxError *err)
{
	double rate;

	MX_TRY(mx_read_number(ctx, object, "learning_rate", MX_FINITE, &rate, err));
	for (size_t i = 0; i < arrays->n_nodes; i++)
		arrays->values[i] *= rate;
	return MX_OK;
}

static MxStatus
read_trees(MxReadContext *ctx, const MxValue *object, const MxSkTree *trees,
           size_t n, size_t n_outputs, MxTreeArrays *arrays, MxError *err)
{
	size_t n_nodes = 0;
	uint32_t *output;

	for (size_t i = 0; i < n; i++)
		n_nodes += trees[i].n_nodes;
	MX_TRY(
	    mx_tree_arrays(ctx, trees[0].n_features, n, n_nodes, 1, arrays, err));
	output = mx_arena_array(mx_builder_arena(ctx->builder), uint32_t, n, err);
	MX_NEED(output, err);
	for (size_t i = 0; i < n; i++)
	{
		output[i] = (uint32_t) (i % n_outputs);
		/* Boosting refuses NaN in every release. */
		MX_TRY(mx_add_tree(ctx, &trees[i], false, arrays, err));
	}
	arrays->trees.output = output;
	arrays->trees.n_outputs = n_outputs;
	arrays->trees.rounds_to_float32 = true;
	return scale_values(ctx, object, arrays, err);
}

/* Start and stages: the raw predictions. */
static MxStatus
read_sums(MxReadContext *ctx, const MxValue *object, MxBoosting *boosting,
          MxItems stages, MxNodeId in, MxNodeId *out, MxError *err)
{
	MxTreeArrays arrays;
	MxSkTree *trees;
	MxNodeId start;

	MX_TRY(mx_open_trees(ctx, stages.items, stages.n, false, &trees, err));
	if (trees[0].n_values != 1)
		return mx_malformed(ctx, object, "estimators_",
		                    "holds trees with several outputs", err);
	MX_TRY(mx_expect_features(ctx, object, in, trees[0].n_features, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_TREES | MX_GUARD_NAN,
	                        &in, err));
	MX_TRY(read_trees(ctx, object, trees, stages.n, boosting->n_outputs,
	                  &arrays, err));
	MX_TRY(mx_read_boosting_start(ctx, object, boosting, in, &arrays.trees.base,
	                              &start, err));
	return mx_builder_trees(ctx->builder, in, start, &arrays.trees, out, err);
}

static MxStatus
decide(MxReadContext *ctx, const MxBoosting *boosting, MxAnswers *out,
       MxError *err)
{
	MxDecide decide = {MX_DECIDE_ARGMAX};
	MxNodeId from = out->decision;

	/* Up to 1.3 the largest probability decides, which differs in ties. */
	if (boosting->is_exponential ||
	    (boosting->n_outputs == 1 && ctx->version >= MX_SKLEARN(1, 4)))
		decide.kind = MX_DECIDE_NONNEGATIVE;
	else if (ctx->version < MX_SKLEARN(1, 4))
		from = out->proba;
	return mx_builder_decide(ctx->builder, from, &decide, &out->label, err);
}

static MxStatus
answer_classes(MxReadContext *ctx, const MxBoosting *boosting, MxAnswers *out,
               MxError *err)
{
	const MxFunction log = {MX_FUNCTION_LOG};
	MxLink link = {.kind = MX_LINK_EXPIT, .factor = 1};

	if (boosting->is_exponential)
		link.factor = 2;
	if (boosting->n_outputs > 1)
		link.kind =
		    ctx->version >= MX_SKLEARN(1, 4) ? MX_LINK_SOFTMAX : MX_LINK_NORMAL;
	MX_TRY(
	    mx_builder_link(ctx->builder, out->decision, &link, &out->proba, err));
	MX_TRY(mx_builder_function(ctx->builder, out->proba, &log, &out->log_proba,
	                           err));
	return decide(ctx, boosting, out, err);
}

static MxStatus
read_classifier(MxReadContext *ctx, const MxValue *object, MxItems stages,
                MxBoosting *boosting, MxNodeId in, MxAnswers *out, MxError *err)
{
	size_t loss;

	MX_TRY(mx_set_classes(ctx, object, out, &boosting->n_classes, err));
	MX_TRY(mx_read_choice(ctx, object, "loss", class_losses, &loss, err));
	boosting->is_exponential = loss == LOSS_EXPONENTIAL;
	if (boosting->n_classes < 2 ||
	    boosting->n_outputs !=
	        (boosting->n_classes == 2 ? 1 : boosting->n_classes) ||
	    (boosting->is_exponential && boosting->n_classes != 2))
		return mx_malformed(ctx, object, "estimators_",
		                    "has %zu trees per stage, which does not fit %zu "
		                    "classes",
		                    err, boosting->n_outputs, boosting->n_classes);
	MX_TRY(read_sums(ctx, object, boosting, stages, in, &out->decision, err));
	return answer_classes(ctx, boosting, out, err);
}

static MxStatus
read_gradient_boosting(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                       MxAnswers *out, MxError *err)
{
	MxBoosting boosting = {0};
	MxItems stages;

	MX_TRY(read_stages(ctx, object, &stages, &boosting.n_outputs, err));
	if (mx_class_ends(object, "Classifier"))
		return read_classifier(ctx, object, stages, &boosting, in, out, err);
	if (boosting.n_outputs != 1)
		return mx_malformed(ctx, object, "estimators_",
		                    "has %zu trees per stage, expected 1", err,
		                    boosting.n_outputs);
	out->n_outputs = 1;
	return read_sums(ctx, object, &boosting, stages, in, &out->value, err);
}

static const MxClassName classes[] = {{"GradientBoostingClassifier", "sklearn"},
                                      {"GradientBoostingRegressor", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_gradient_boosting = {
    .classes = classes,
    .limits = "init: a constant (the default), \"zero\", or a decision tree, "
              "forest or gradient boosting.",
    .read = read_gradient_boosting};
