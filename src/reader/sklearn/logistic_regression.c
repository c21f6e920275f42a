/* logistic_regression.c */
/* Reads LogisticRegression, whose probabilities follow the release's rule. */
#include "reader/linear.h"

enum
{
	MULTI_AUTO,
	MULTI_OVR,
	MULTI_MULTINOMIAL,
	MULTI_WARN,
	MULTI_DEPRECATED
};

static const char *const multi_classes[] = {"auto", "ovr",        "multinomial",
                                            "warn", "deprecated", NULL};

/* Solvers that cannot fit all classes at once, so that "auto" is "ovr". */
static MxStatus
fits_one_by_one(MxReadContext *ctx, const MxValue *object, bool *out,
                MxError *err)
{
	MxText solver;

	MX_TRY(mx_read_text(ctx, object, "solver", &solver, err));
	*out = mx_text_is(solver, "liblinear") ||
	       (mx_text_is(solver, "newton-cholesky") &&
	        ctx->version <= MX_SKLEARN(1, 5));
	return MX_OK;
}

static MxStatus
choose_link(MxReadContext *ctx, const MxValue *object, size_t n_classes,
            MxLinkKind *kind, MxError *err)
{
	bool is_binary = n_classes == 2;
	bool one_by_one;
	size_t multi;

	*kind = is_binary ? MX_LINK_EXPIT : MX_LINK_SOFTMAX;
	if (ctx->version >= MX_SKLEARN(1, 8))
		return MX_OK;
	MX_TRY(
	    mx_read_choice(ctx, object, "multi_class", multi_classes, &multi, err));
	MX_TRY(fits_one_by_one(ctx, object, &one_by_one, err));
	if (multi == MULTI_OVR || multi == MULTI_WARN)
		*kind = is_binary ? MX_LINK_EXPIT : MX_LINK_OVR;
	else if (multi == MULTI_MULTINOMIAL)
	{
		/* Up to 0.19 a single row of coef_ meant one against the rest. */
		if (is_binary && ctx->version >= MX_SKLEARN(0, 20))
			*kind = MX_LINK_SOFTMAX_PAIR;
	}
	else if (!is_binary && one_by_one)
		*kind = MX_LINK_OVR;
	return MX_OK;
}

static MxStatus
read_logistic_regression(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                         MxAnswers *out, MxError *err)
{
	MxLinkKind kind;

	MX_TRY(mx_read_linear_classifier(ctx, object, in, out, err));
	MX_TRY(choose_link(ctx, object, out->classes->n, &kind, err));
	return mx_link_decision(ctx, kind, out, err);
}

static const MxClassName classes[] = {{"LogisticRegression", "sklearn"},
                                      {"LogisticRegressionCV", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_logistic_regression = {
    .classes = classes, .read = read_logistic_regression};
