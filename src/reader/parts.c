/* parts.c */
/* Outputs of several transformers, weighted and side by side. */
#include "reader/parts.h"
#include "reader/internal.h"
#include "reader/scaler.h"

#include <math.h>

#define STEPS_OF_PART 64 /* for mx_charge, of one that is skipped */

bool
mx_step_is(const MxValue *step, const char *text)
{
	MxText found;

	return step != NULL && mx_value_to_text(step, &found) &&
	       mx_text_is(found, text);
}

MxStatus
mx_read_parts(MxReadContext *ctx, const MxValue *object, const char *attr,
              MxItems *out, MxError *err)
{
	MX_TRY(mx_read_items(ctx, object, attr, out, err));
	return mx_charge(ctx, STEPS_OF_PART * out->n, err);
}

static const MxValue *
find_weight(const MxValue *weights, MxText name)
{
	MxText key;
	size_t i;

	for (i = 0; i < weights->as.entries.n; i++)
		if (mx_value_to_text(weights->as.entries.keys[i], &key) &&
		    mx_text_equals(key, name))
			return weights->as.entries.values[i];
	return NULL;
}

/* 1 when it has none. */
static MxStatus
read_weight(MxReadContext *ctx, const MxValue *object, MxText name, double *out,
            MxError *err)
{
	const char *attr = "transformer_weights";
	const MxValue *weights = mx_attribute(object, attr);
	const MxValue *weight;

	*out = 1;
	if (mx_value_is_none(weights))
		return MX_OK;
	if (weights->kind != MX_VALUE_DICT)
		return mx_wrong_kind(ctx, object, attr, weights, "a dict", err);
	MX_TRY(mx_charge(ctx, weights->as.entries.n, err));
	weight = find_weight(weights, name);
	if (mx_value_is_none(weight))
		return MX_OK;
	if (!mx_value_to_number(weight, out) || !isfinite(*out))
		return mx_wrong_kind(ctx, object, attr, weight, "finite numbers", err);
	return MX_OK;
}

MxStatus
mx_add_part(MxReadContext *ctx, const MxValue *object, MxText name,
            MxNodeId node, MxParts *parts, MxError *err)
{
	double weight;

	MX_TRY(read_weight(ctx, object, name, &weight, err));
	if (weight != 1)
		MX_TRY(mx_make_weighted(ctx, node, weight, &node, err));
	MX_TRY(mx_arena_grow(ctx->scratch, (void **) &parts->nodes, parts->n,
	                     &parts->capacity, sizeof(*parts->nodes), err));
	parts->nodes[parts->n++] = node;
	return MX_OK;
}

MxStatus
mx_join_parts(MxReadContext *ctx, const MxValue *object, const MxParts *parts,
              MxNodeId *out, MxError *err)
{
	if (parts->n == 0)
		return mx_refuse(ctx, object, NULL, "gives no columns at all", err);
	*out = parts->nodes[0];
	if (parts->n == 1)
		return MX_OK;
	return mx_builder_concat(ctx->builder, parts->nodes, parts->n, out, err);
}
