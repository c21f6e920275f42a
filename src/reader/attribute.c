/* attribute.c */
/* Attributes that are one value or a list of values. */
#include "reader/internal.h"

#include <math.h>

const MxValue *
mx_attribute(const MxValue *object, const char *attr)
{
	if (object == NULL)
		return NULL;
	if (object->kind == MX_VALUE_DICT)
		return mx_value_entry(object, attr);
	return mx_value_attribute(object, attr);
}

bool
mx_has(const MxValue *object, const char *attr)
{
	return !mx_value_is_none(mx_attribute(object, attr));
}

MxStatus
mx_read_value(MxReadContext *ctx, const MxValue *object, const char *attr,
              const MxValue **out, MxError *err)
{
	MxStatus status;

	*out = mx_attribute(object, attr);
	if (*out != NULL)
		return MX_OK;
	status = mx_malformed(ctx, object, attr, "is missing", err);
	mx_set_hint(err, "Was the estimator fitted before it was saved?");
	return status;
}

MxStatus
mx_require(MxReadContext *ctx, const MxValue *object, const char *attr,
           const MxValue **out, MxError *err)
{
	MX_TRY(mx_read_value(ctx, object, attr, out, err));
	if (mx_value_is_none(*out))
		return mx_malformed(ctx, object, attr, "is None", err);
	return MX_OK;
}

MxStatus
mx_read_number(MxReadContext *ctx, const MxValue *object, const char *attr,
               unsigned flags, double *out, MxError *err)
{
	const MxValue *value;

	*out = 0;
	MX_TRY(mx_require(ctx, object, attr, &value, err));
	if (!mx_value_to_number(value, out))
		return mx_wrong_kind(ctx, object, attr, value, "a number", err);
	if ((isnan(*out) && !(flags & MX_ALLOW_NAN)) ||
	    (isinf(*out) && !(flags & MX_ALLOW_INFINITE)))
		return mx_wrong_kind(ctx, object, attr, value, "a finite number", err);
	return MX_OK;
}

MxStatus
mx_read_integer(MxReadContext *ctx, const MxValue *object, const char *attr,
                int64_t *out, MxError *err)
{
	const MxValue *value;

	*out = 0;
	MX_TRY(mx_require(ctx, object, attr, &value, err));
	if (!mx_value_to_integer(value, out))
		return mx_wrong_kind(ctx, object, attr, value, "an integer", err);
	return MX_OK;
}

MxStatus
mx_read_bool(MxReadContext *ctx, const MxValue *object, const char *attr,
             bool otherwise, bool *out, MxError *err)
{
	const MxValue *value = mx_attribute(object, attr);

	*out = otherwise;
	if (mx_value_is_none(value) || mx_value_to_bool(value, out))
		return MX_OK;
	return mx_wrong_kind(ctx, object, attr, value, "True or False", err);
}

MxStatus
mx_read_text(MxReadContext *ctx, const MxValue *object, const char *attr,
             MxText *out, MxError *err)
{
	const MxValue *value = mx_attribute(object, attr);

	*out = (MxText){NULL, 0};
	if (mx_value_is_none(value) || mx_value_to_text(value, out))
		return MX_OK;
	return mx_wrong_kind(ctx, object, attr, value, "text", err);
}

MxStatus
mx_read_choice(MxReadContext *ctx, const MxValue *object, const char *attr,
               const char *const *choices, size_t *out, MxError *err)
{
	const MxValue *value = mx_attribute(object, attr);
	char shown[MX_SHOWN_SIZE];
	MxText text;
	size_t i;

	*out = 0;
	if (mx_value_is_none(value))
		return MX_OK;
	if (mx_value_to_text(value, &text))
		for (i = 0; choices[i] != NULL; i++)
			if (mx_text_is(text, choices[i]))
			{
				*out = i;
				return MX_OK;
			}
	return mx_refuse(ctx, object, attr, "is %s, which is not supported", err,
	                 mx_show_value(value, shown));
}

static MxStatus
array_items(MxReadContext *ctx, const MxArray *array, MxItems *out,
            MxError *err)
{
	const MxValue **items;
	size_t i;

	items = mx_arena_array(ctx->scratch, const MxValue *, array->n, err);
	MX_NEED(items, err);
	for (i = 0; i < array->n; i++)
		MX_TRY(mx_array_element(ctx->scratch, array, i, &items[i], err));
	out->n = array->n;
	out->items = items;
	return MX_OK;
}

MxStatus
mx_value_items(MxReadContext *ctx, const MxValue *value, const char *attr,
               MxItems *out, MxError *err)
{
	out->n = 0;
	out->items = NULL;
	value = mx_value_is_none(value) ? NULL : mx_value_unwrap(value);
	if (value != NULL && value->kind == MX_VALUE_ARRAY)
		return array_items(ctx, value->as.array, out, err);
	if (value != NULL && mx_value_to_items(value, out))
		return MX_OK;
	return mx_wrong_kind(ctx, NULL, attr, value, "a list", err);
}

MxStatus
mx_read_items(MxReadContext *ctx, const MxValue *object, const char *attr,
              MxItems *out, MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_require(ctx, object, attr, &value, err));
	return mx_value_items(ctx, value, attr, out, err);
}
