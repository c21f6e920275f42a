/* variance_threshold.c */
/* Reads VarianceThreshold: the columns that vary more than the threshold. */
#include "reader/linear.h"

static MxStatus
read_variance_threshold(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                        MxAnswers *out, MxError *err)
{
	MxSelect select = {0};
	const double *variances;
	double threshold;
	size_t *columns;
	size_t n;
	size_t i;

	MX_TRY(mx_read_vector(ctx, object, "variances_", MX_ALLOW_NAN, MX_ANY_SIZE,
	                      &variances, &n, err));
	MX_TRY(
	    mx_read_number(ctx, object, "threshold", MX_FINITE, &threshold, err));
	MX_TRY(mx_expect_features(ctx, object, in, n, err));
	/* Since 0.22 NaN and inf pass. */
	if (ctx->version < MX_SKLEARN(0, 22))
		MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	columns = mx_arena_array(ctx->scratch, size_t, n, err);
	MX_NEED(columns, err);
	for (i = 0; i < n; i++)
		if (variances[i] > threshold)
			columns[select.n++] = i;
	select.columns = columns;
	if (select.n == 0)
		return mx_refuse(ctx, object, NULL, "selects no columns", err);
	return mx_builder_select(ctx->builder, in, &select, &out->transform, err);
}

static const MxClassName classes[] = {{"VarianceThreshold", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_variance_threshold = {
    .classes = classes, .read = read_variance_threshold};
