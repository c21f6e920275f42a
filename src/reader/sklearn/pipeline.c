/* pipeline.c */
/* Reads Pipeline: each step's output is the next one's input. */
#include "reader/parts.h"

#include <stdio.h>

static MxStatus
read_step(MxReadContext *ctx, const MxValue *object, const MxItems *steps,
          size_t i, MxNodeId in, MxAnswers *out, MxError *err)
{
	char label[32];
	MxItems parts;

	snprintf(label, sizeof(label), "steps[%zu]", i);
	if (!mx_value_to_items(steps->items[i], &parts) || parts.n != 2)
		return mx_malformed(ctx, object, label, "is not a name and a step",
		                    err);
	if (mx_value_is_none(parts.items[1]) ||
	    mx_step_is(parts.items[1], "passthrough"))
		*out = (MxAnswers){.transform = in};
	else
		MX_TRY(mx_read_estimator(ctx, parts.items[1], label, in, out, err));
	if (out->transform == 0 && i + 1 < steps->n)
		return mx_malformed(ctx, object, label,
		                    "transforms nothing, but is not the last", err);
	return MX_OK;
}

static MxStatus
read_pipeline(MxReadContext *ctx, const MxValue *object, MxNodeId in,
              MxAnswers *out, MxError *err)
{
	MxItems steps;
	size_t i;

	MX_TRY(mx_read_parts(ctx, object, "steps", &steps, err));
	if (steps.n == 0)
		return mx_malformed(ctx, object, "steps", "is empty", err);
	for (i = 0; i < steps.n; i++)
	{
		MX_TRY(read_step(ctx, object, &steps, i, in, out, err));
		in = out->transform;
	}
	return MX_OK;
}

static const MxClassName classes[] = {{"Pipeline", "sklearn"}, {NULL, NULL}};

const MxClassReader mx_sklearn_pipeline = {.classes = classes,
                                           .read = read_pipeline};
