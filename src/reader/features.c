/* features.c */
/* How many columns an estimator was fitted on, and what they are called. */
#include "reader/internal.h"

/* As releases have called it, the newest first. */
static const char *const count_names[] = {"n_features_in_", "_n_features",
                                          "n_features_", NULL};

static MxStatus
counted_features(MxReadContext *ctx, const MxValue *object, size_t *n,
                 MxError *err)
{
	int64_t count;
	size_t i;

	*n = MX_ANY_SIZE;
	for (i = 0; count_names[i] != NULL; i++)
	{
		if (!mx_has(object, count_names[i]))
			continue;
		MX_TRY(mx_read_integer(ctx, object, count_names[i], &count, err));
		if (count < 0)
			return mx_malformed(ctx, object, count_names[i], "is negative",
			                    err);
		*n = (size_t) count;
		return MX_OK;
	}
	return MX_OK;
}

static MxStatus
name_inputs(MxReadContext *ctx, const MxValue *object, MxError *err)
{
	const char *attr = "feature_names_in_";
	MxItems items;
	MxText *names;
	size_t i;

	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	names = mx_arena_array(ctx->scratch, MxText, items.n, err);
	MX_NEED(names, err);
	for (i = 0; i < items.n; i++)
		if (!mx_value_to_text(items.items[i], &names[i]))
			return mx_wrong_kind(ctx, object, attr, items.items[i],
			                     "only texts", err);
	return mx_builder_name_inputs(ctx->builder, names, items.n, err);
}

MxStatus
mx_expect_features(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   size_t n, MxError *err)
{
	size_t counted;

	MX_TRY(counted_features(ctx, object, &counted, err));
	if (n == MX_ANY_SIZE)
		n = counted;
	else if (counted != MX_ANY_SIZE && counted != n)
		return mx_malformed(ctx, object, NULL,
		                    "was fitted on %zu features, but has parameters "
		                    "for %zu",
		                    err, counted, n);
	if (n != MX_ANY_SIZE)
		MX_TRY(
		    mx_builder_expect_width(ctx->builder, in, n, ctx->class_name, err));
	if (in == mx_builder_input(ctx->builder) &&
	    mx_has(object, "feature_names_in_"))
		return name_inputs(ctx, object, err);
	return MX_OK;
}
