/* sk_dtype.c */
/* The dtype parameter of encoders and vectorizers. */
#include "reader/sk_categories.h"

typedef struct DtypeName
{
	const char *name;
	MxDtypeKind kind;
	size_t size;
} DtypeName;

/* Leaf names of classes of numpy and Python, and texts numpy.dtype() takes. */
static const DtypeName dtype_names[] = {
    {"float64", MX_DTYPE_FLOAT, 8},    {"float", MX_DTYPE_FLOAT, 8},
    {"float_", MX_DTYPE_FLOAT, 8},     {"double", MX_DTYPE_FLOAT, 8},
    {"float32", MX_DTYPE_FLOAT, 4},    {"single", MX_DTYPE_FLOAT, 4},
    {"float16", MX_DTYPE_FLOAT, 2},    {"half", MX_DTYPE_FLOAT, 2},
    {"int64", MX_DTYPE_INTEGER, 8},    {"int", MX_DTYPE_INTEGER, 8},
    {"int_", MX_DTYPE_INTEGER, 8},     {"intp", MX_DTYPE_INTEGER, 8},
    {"longlong", MX_DTYPE_INTEGER, 8}, {"int32", MX_DTYPE_INTEGER, 4},
    {"intc", MX_DTYPE_INTEGER, 4},     {"int16", MX_DTYPE_INTEGER, 2},
    {"int8", MX_DTYPE_INTEGER, 1},     {"uint64", MX_DTYPE_UNSIGNED, 8},
    {"uint", MX_DTYPE_UNSIGNED, 8},    {"uint32", MX_DTYPE_UNSIGNED, 4},
    {"uint16", MX_DTYPE_UNSIGNED, 2},  {"uint8", MX_DTYPE_UNSIGNED, 1},
    {"bool", MX_DTYPE_BOOL, 1},        {"bool_", MX_DTYPE_BOOL, 1},
};

static const DtypeName *
find_name(MxText name)
{
	size_t i;

	for (i = 0; i < sizeof(dtype_names) / sizeof(dtype_names[0]); i++)
		if (mx_text_is(name, dtype_names[i].name))
			return &dtype_names[i];
	return NULL;
}

MxStatus
mx_read_dtype(MxReadContext *ctx, const MxValue *object, const char *attr,
              MxDtypeKind *kind, size_t *size, MxError *err)
{
	const MxValue *value = mx_value_attribute(object, attr);
	const DtypeName *found = NULL;
	const MxDtype *dtype;
	char shown[MX_SHOWN_SIZE];
	MxText text;

	*kind = MX_DTYPE_FLOAT;
	*size = 8;
	if (mx_value_is_none(value))
		return MX_OK;
	dtype = mx_value_dtype(value);
	if (dtype != NULL)
	{
		*kind = dtype->kind;
		*size = dtype->itemsize;
		return MX_OK;
	}
	if (value->kind == MX_VALUE_GLOBAL)
		found = find_name(value->as.global.name);
	else if (mx_value_to_text(value, &text))
		found = find_name(text);
	if (found == NULL)
		return mx_refuse(ctx, object, attr, "is %s, which is not supported",
		                 err, mx_show_value(value, shown));
	*kind = found->kind;
	*size = found->size;
	return MX_OK;
}

void
mx_note_dtype(MxReadContext *ctx, MxNodeId node, MxDtypeKind kind, size_t size)
{
	if (kind == MX_DTYPE_FLOAT)
		return;
	mx_builder_note(ctx->builder, node,
	                kind == MX_DTYPE_INTEGER && size >= 4 ? MX_NOTE_INTEGERS
	                                                      : MX_NOTE_NARROW);
}
