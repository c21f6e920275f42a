/* kmeans.c */
/* Reads KMeans: the nearest centre, and the distances to all of them. */
#include "reader/linear.h"

/* Fitted on float32 it refuses rows of doubles itself. */
static MxStatus
refuse_single(MxReadContext *ctx, const MxValue *object, MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_read_value(ctx, object, "cluster_centers_", &value, err));
	if (value->kind == MX_VALUE_ARRAY &&
	    value->as.array->dtype->kind == MX_DTYPE_FLOAT &&
	    value->as.array->dtype->itemsize != sizeof(double))
		return mx_refuse(ctx, object, "cluster_centers_",
		                 "is not of float64, which is not supported", err);
	return MX_OK;
}

static MxStatus
read_kmeans(MxReadContext *ctx, const MxValue *object, MxNodeId in,
            MxAnswers *out, MxError *err)
{
	const MxDecide nearest = {MX_DECIDE_ARGMIN};
	MxDistance params = {.rooted = false};
	MxNodeId squares;

	MX_TRY(refuse_single(ctx, object, err));
	MX_TRY(mx_read_matrix(ctx, object, "cluster_centers_", MX_FINITE,
	                      MX_ANY_SIZE, MX_ANY_SIZE, &params.centres,
	                      &params.n_out, &params.n_in, err));
	MX_TRY(mx_expect_features(ctx, object, in, params.n_in, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_FINITE, &in, err));
	MX_TRY(mx_builder_distance(ctx->builder, in, &params, &squares, err));
	MX_TRY(
	    mx_builder_decide(ctx->builder, squares, &nearest, &out->value, err));
	out->n_outputs = 1;
	params.rooted = true;
	return mx_builder_distance(ctx->builder, in, &params, &out->transform, err);
}

static const MxClassName classes[] = {
    {"KMeans", "sklearn"}, {"MiniBatchKMeans", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_kmeans = {
    .classes = classes, .limits = "not fitted on float32", .read = read_kmeans};
