/* message.c */
/* How readers say what is wrong: names of classes, attributes and values. */
#include "reader/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Class names come from the file: only plain ones are shown as they are. */
static bool
is_plain_name(MxText name)
{
	size_t i;

	if (name.size == 0 || name.size > 48)
		return false;
	for (i = 0; i < name.size; i++)
	{
		char c = name.data[i];

		if (!(c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		      (c >= 'a' && c <= 'z')))
			return false;
	}
	return true;
}

/* "attribute "coef_" of Ridge " into buffer. */
static void
begin_message(const MxReadContext *ctx, const MxValue *object, const char *attr,
              char *buffer, size_t size)
{
	const MxGlobal *name = object == NULL ? NULL : mx_value_class(object);
	MxText shown = mx_text_from(ctx->class_name == NULL ? "the artifact"
	                                                    : ctx->class_name);

	if (name != NULL && is_plain_name(name->name))
		shown = name->name;
	if (attr == NULL)
		snprintf(buffer, size, "%.*s ", (int) shown.size, shown.data);
	else
		snprintf(buffer, size, "attribute \"%s\" of %.*s ", attr,
		         (int) shown.size, shown.data);
}

static size_t
offset_of(const MxValue *value)
{
	return value == NULL ? MX_NO_OFFSET : value->offset;
}

MxStatus
mx_refuse(MxReadContext *ctx, const MxValue *object, const char *attr,
          const char *fmt, MxError *err, ...)
{
	char start[128];
	char rest[160];
	va_list args;

	begin_message(ctx, object, attr, start, sizeof(start));
	va_start(args, err);
	vsnprintf(rest, sizeof(rest), fmt, args);
	va_end(args);
	return mx_fail(err, MX_ERR_UNSUPPORTED, offset_of(object), "%s%s", start,
	               rest);
}

MxStatus
mx_malformed(MxReadContext *ctx, const MxValue *object, const char *attr,
             const char *fmt, MxError *err, ...)
{
	char start[128];
	char rest[160];
	va_list args;

	begin_message(ctx, object, attr, start, sizeof(start));
	va_start(args, err);
	vsnprintf(rest, sizeof(rest), fmt, args);
	va_end(args);
	return mx_fail(err, MX_ERR_MALFORMED, offset_of(object), "%s%s", start,
	               rest);
}

MxStatus
mx_wrong_kind(MxReadContext *ctx, const MxValue *object, const char *attr,
              const MxValue *value, const char *expected, MxError *err)
{
	char shown[MX_SHOWN_SIZE];

	return mx_malformed(ctx, object, attr, "is %s, expected %s", err,
	                    mx_show_value(value, shown), expected);
}

/* The quoted module and the quoted name, joined inside their quotes. */
const char *
mx_quote_class(const MxGlobal *name, char buffer[MX_SHOWN_SIZE])
{
	char module[MX_QUOTED_SIZE];
	char leaf[MX_QUOTED_SIZE];
	size_t size;

	mx_quote(name->module, module);
	mx_quote(name->name, leaf);
	size = strlen(module) - 1;
	if (size > 90)
		size = 90;
	snprintf(buffer, MX_SHOWN_SIZE, "%.*s.%.60s", (int) size, module, leaf + 1);
	return buffer;
}

static const char *
show_object(const MxValue *value, char buffer[MX_SHOWN_SIZE])
{
	const MxGlobal *name = mx_value_class(value);
	char quoted[MX_SHOWN_SIZE];

	if (name == NULL)
		return strcpy(buffer, "an object");
	snprintf(buffer, MX_SHOWN_SIZE, "an object of %.140s",
	         mx_quote_class(name, quoted));
	return buffer;
}

const char *
mx_show_value(const MxValue *value, char buffer[MX_SHOWN_SIZE])
{
	char quoted[MX_QUOTED_SIZE];

	if (mx_value_is_none(value))
		return strcpy(buffer, "None");
	switch (value->kind)
	{
		case MX_VALUE_BOOL:
			return strcpy(buffer, value->as.boolean ? "True" : "False");
		case MX_VALUE_INTEGER:
			snprintf(buffer, MX_SHOWN_SIZE, "%lld",
			         (long long) value->as.integer);
			return buffer;
		case MX_VALUE_FLOAT:
			return mx_repr_number(value->as.number, false, buffer);
		case MX_VALUE_TEXT:
			snprintf(buffer, MX_SHOWN_SIZE, "%.120s",
			         mx_quote(value->as.text, quoted));
			return buffer;
		case MX_VALUE_GLOBAL:
			return mx_quote_class(&value->as.global, buffer);
		case MX_VALUE_OBJECT:
			return show_object(value, buffer);
		case MX_VALUE_NONE:
		case MX_VALUE_BIG:
		case MX_VALUE_BYTES:
		case MX_VALUE_LIST:
		case MX_VALUE_TUPLE:
		case MX_VALUE_SET:
		case MX_VALUE_DICT:
		case MX_VALUE_ARRAY:
		case MX_VALUE_OPAQUE:
			break;
	}
	snprintf(buffer, MX_SHOWN_SIZE, "of type %s", mx_value_kind_name(value));
	return buffer;
}
