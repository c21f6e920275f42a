/* scaler.c */
/* Nodes that scale columns, with the checks their estimators make. */
#include "reader/scaler.h"

MxStatus
mx_note_copy(MxReadContext *ctx, const MxValue *object, MxNodeId in,
             MxError *err)
{
	bool copies;

	MX_TRY(mx_read_bool(ctx, object, "copy", true, &copies, err));
	if (!copies)
		mx_builder_note(ctx->builder, in, MX_NOTE_OVERWRITTEN);
	return MX_OK;
}

MxStatus
mx_make_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
               const MxScale *params, MxNodeId *out, MxError *err)
{
	unsigned flags = MX_GUARD_INFINITE;

	if (ctx->version < MX_SKLEARN(0, 20))
		flags |= MX_GUARD_NAN;
	MX_TRY(mx_note_copy(ctx, object, in, err));
	MX_TRY(mx_expect_features(ctx, object, in, params->n, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, flags, out, err));
	if (params->first == NULL && params->second == NULL)
		return MX_OK;
	return mx_builder_scale(ctx->builder, *out, params, out, err);
}

MxStatus
mx_make_weighted(MxReadContext *ctx, MxNodeId in, double weight, MxNodeId *out,
                 MxError *err)
{
	MxScale params = {.kind = MX_SCALE_MULTIPLY};
	double *weights;
	size_t i;

	params.n = mx_builder_width(ctx->builder, in);
	if (params.n == MX_OPEN_WIDTH)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "number of input columns is not known");
	weights = mx_arena_array(ctx->scratch, double, params.n, err);
	MX_NEED(weights, err);
	for (i = 0; i < params.n; i++)
		weights[i] = weight;
	params.first = weights;
	return mx_builder_scale(ctx->builder, in, &params, out, err);
}
