/* classes.c */
/* The classes of a classifier: numbers or texts, and how Python shows them. */
#include "reader/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the elements of classes_ all are. */
typedef enum ClassKind
{
	CLASS_TEXT,
	CLASS_BOOL,
	CLASS_INTEGER,
	CLASS_FLOAT,
	CLASS_SINGLE /* float32, which str() shows with fewer digits */
} ClassKind;

static MxStatus
kind_of(MxReadContext *ctx, const MxValue *value, const char *attr,
        ClassKind *kind, MxError *err)
{
	switch (value->kind)
	{
		case MX_VALUE_TEXT:
			*kind = CLASS_TEXT;
			return MX_OK;
		case MX_VALUE_BOOL:
			*kind = CLASS_BOOL;
			return MX_OK;
		case MX_VALUE_INTEGER:
			*kind = CLASS_INTEGER;
			return MX_OK;
		case MX_VALUE_FLOAT:
			*kind = CLASS_FLOAT;
			return MX_OK;
		case MX_VALUE_NONE:
		case MX_VALUE_BIG:
		case MX_VALUE_BYTES:
		case MX_VALUE_LIST:
		case MX_VALUE_TUPLE:
		case MX_VALUE_SET:
		case MX_VALUE_DICT:
		case MX_VALUE_GLOBAL:
		case MX_VALUE_OBJECT:
		case MX_VALUE_ARRAY:
		case MX_VALUE_OPAQUE:
			break;
	}
	return mx_wrong_kind(ctx, NULL, attr, value, "only numbers or texts", err);
}

/* The text of a number as str() spells it, in the model's arena. */
static MxStatus
spell_number(MxReadContext *ctx, const MxValue *value, ClassKind kind,
             MxText *out, MxError *err)
{
	char buffer[MX_REPR_SIZE];
	MxText text;

	if (kind == CLASS_BOOL)
		text = mx_text_from(value->as.boolean ? "True" : "False");
	else if (kind == CLASS_INTEGER)
	{
		snprintf(buffer, sizeof(buffer), "%lld", (long long) value->as.integer);
		text = mx_text_from(buffer);
	}
	else
		text = mx_text_from(
		    mx_repr_number(value->as.number, kind == CLASS_SINGLE, buffer));
	return mx_text_copy(mx_builder_arena(ctx->builder), text, out, err);
}

static MxStatus
number_of(MxReadContext *ctx, const MxValue *value, const char *attr,
          double *out, MxError *err)
{
	const int64_t exact = (int64_t) 1 << 53;

	mx_value_to_number(value, out);
	if (!isfinite(*out))
		return mx_malformed(ctx, NULL, attr,
		                    "holds a number that is not finite", err);
	if (value->kind == MX_VALUE_INTEGER &&
	    (value->as.integer > exact || value->as.integer < -exact))
		return mx_refuse(ctx, NULL, attr,
		                 "holds %lld, which has no exact double", err,
		                 (long long) value->as.integer);
	return MX_OK;
}

static MxStatus
fill_numbers(MxReadContext *ctx, MxItems items, const char *attr,
             ClassKind kind, MxClasses *out, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);
	double *numbers = mx_arena_array(arena, double, items.n, err);
	MxText *labels = mx_arena_array(arena, MxText, items.n, err);
	size_t i;

	MX_NEED(numbers, err);
	MX_NEED(labels, err);
	for (i = 0; i < items.n; i++)
	{
		MX_TRY(number_of(ctx, items.items[i], attr, &numbers[i], err));
		MX_TRY(spell_number(ctx, items.items[i], kind, &labels[i], err));
	}
	out->numbers = numbers;
	out->labels = labels;
	return MX_OK;
}

static MxStatus
fill_texts(MxReadContext *ctx, MxItems items, MxClasses *out, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);
	MxText *texts = mx_arena_array(arena, MxText, items.n, err);
	size_t i;

	MX_NEED(texts, err);
	for (i = 0; i < items.n; i++)
		MX_TRY(mx_text_copy(arena, items.items[i]->as.text, &texts[i], err));
	out->texts = texts;
	out->labels = texts;
	return MX_OK;
}

static bool
is_single(const MxValue *value)
{
	return value->kind == MX_VALUE_ARRAY &&
	       value->as.array->dtype->kind == MX_DTYPE_FLOAT &&
	       value->as.array->dtype->itemsize == sizeof(float);
}

MxStatus
mx_value_classes(MxReadContext *ctx, const MxValue *value, const char *attr,
                 MxClasses *out, MxError *err)
{
	ClassKind kind = CLASS_TEXT;
	ClassKind other = CLASS_TEXT;
	MxItems items;
	size_t i;

	memset(out, 0, sizeof(*out));
	MX_TRY(mx_value_items(ctx, value, attr, &items, err));
	if (items.n == 0)
		return mx_malformed(ctx, NULL, attr, "is empty", err);
	MX_TRY(kind_of(ctx, items.items[0], attr, &kind, err));
	for (i = 1; i < items.n; i++)
	{
		MX_TRY(kind_of(ctx, items.items[i], attr, &other, err));
		if (other != kind)
			return mx_refuse(ctx, NULL, attr, "mixes types of classes", err);
	}
	if (kind == CLASS_FLOAT && is_single(value))
		kind = CLASS_SINGLE;
	out->n = items.n;
	if (kind == CLASS_TEXT)
		return fill_texts(ctx, items, out, err);
	return fill_numbers(ctx, items, attr, kind, out, err);
}

MxStatus
mx_read_classes(MxReadContext *ctx, const MxValue *object, const char *attr,
                MxClasses *out, MxError *err)
{
	const MxValue *value;

	memset(out, 0, sizeof(*out));
	MX_TRY(mx_require(ctx, object, attr, &value, err));
	return mx_value_classes(ctx, value, attr, out, err);
}

MxStatus
mx_set_classes(MxReadContext *ctx, const MxValue *object, MxAnswers *out,
               size_t *n_classes, MxError *err)
{
	MxClasses *classes =
	    mx_arena_array(mx_builder_arena(ctx->builder), MxClasses, 1, err);

	MX_NEED(classes, err);
	MX_TRY(mx_read_classes(ctx, object, "classes_", classes, err));
	out->classes = classes;
	out->n_outputs = 1;
	*n_classes = classes->n;
	return MX_OK;
}
