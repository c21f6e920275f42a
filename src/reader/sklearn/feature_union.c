/* feature_union.c */
/* Reads FeatureUnion: several transformers of the same columns. */
#include "reader/parts.h"

#include <stdio.h>

static MxStatus
read_part(MxReadContext *ctx, const MxValue *object, const MxItems *list,
          size_t i, MxNodeId in, MxParts *parts, MxError *err)
{
	MxAnswers answers = {.transform = in};
	const MxValue *step;
	char label[48];
	MxItems items;
	MxText name;

	snprintf(label, sizeof(label), "transformer_list[%zu]", i);
	if (!mx_value_to_items(list->items[i], &items) || items.n != 2 ||
	    !mx_value_to_text(items.items[0], &name))
		return mx_malformed(ctx, object, label,
		                    "is not a name and a transformer", err);
	step = items.items[1];
	if (mx_value_is_none(step) || mx_step_is(step, "drop"))
		return MX_OK;
	if (!mx_step_is(step, "passthrough"))
		MX_TRY(mx_read_estimator(ctx, step, label, in, &answers, err));
	if (answers.transform == 0)
		return mx_malformed(ctx, object, label, "transforms nothing", err);
	return mx_add_part(ctx, object, name, answers.transform, parts, err);
}

static MxStatus
read_feature_union(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAnswers *out, MxError *err)
{
	MxParts parts = {0};
	MxItems list;
	size_t i;

	MX_TRY(mx_read_parts(ctx, object, "transformer_list", &list, err));
	for (i = 0; i < list.n; i++)
		MX_TRY(read_part(ctx, object, &list, i, in, &parts, err));
	/* A lone transformer has none to disturb. */
	if (parts.n > 1 &&
	    mx_builder_has_note(ctx->builder, in, MX_NOTE_OVERWRITTEN))
		return mx_refuse(ctx, object, "transformer_list",
		                 "holds a step with copy=False, which changes what the "
		                 "others see; that is not supported",
		                 err);
	return mx_join_parts(ctx, object, &parts, &out->transform, err);
}

static const MxClassName classes[] = {{"FeatureUnion", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_feature_union = {
    .classes = classes,
    .limits = "no step with copy=False beside others",

    .read = read_feature_union};
