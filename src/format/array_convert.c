/* array_convert.c */
/* Whole arrays as doubles, integers or bools in C order. */
#include "format/element.h"

/* Integers from here on are not all doubles. */
#define LARGEST_EXACT ((int64_t) 1 << 53)

/* Reads one element into a slot of the result. */
typedef MxStatus (*Converter)(const MxValue *element, void *slot, MxError *err);

static MxStatus
refuse(const MxValue *element, const char *wanted, MxError *err)
{
	return mx_fail(err, MX_ERR_UNSUPPORTED, element->offset,
	               "array holds a value of type %s, expected %s",
	               mx_value_kind_name(element), wanted);
}

static MxStatus
to_f64(const MxValue *element, void *slot, MxError *err)
{
	double *out = slot;

	if (element->kind == MX_VALUE_NONE)
	{
		*out = __builtin_nan("");
		return MX_OK;
	}
	if (element->kind == MX_VALUE_INTEGER &&
	    (element->as.integer > LARGEST_EXACT ||
	     element->as.integer < -LARGEST_EXACT))
		return mx_fail(err, MX_ERR_UNSUPPORTED, element->offset,
		               "array holds the integer %lld, beyond 2^53",
		               (long long) element->as.integer);
	if (element->kind == MX_VALUE_BIG || !mx_value_to_number(element, out))
		return refuse(element, "numbers", err);
	return MX_OK;
}

static MxStatus
to_i64(const MxValue *element, void *slot, MxError *err)
{
	int64_t *out = slot;
	double number;

	if (mx_value_to_integer(element, out))
		return MX_OK;
	if (!mx_value_to_number(element, &number))
		return refuse(element, "integers", err);
	if (!(number >= -0x1p63 && number < 0x1p63) ||
	    (double) (int64_t) number != number)
		return mx_fail(err, MX_ERR_UNSUPPORTED, element->offset,
		               "array holds %g, expected integers", number);
	*out = (int64_t) number;
	return MX_OK;
}

static MxStatus
to_bool(const MxValue *element, void *slot, MxError *err)
{
	bool *out = slot;
	double number;

	if (!mx_value_to_number(element, &number))
		return refuse(element, "true or false", err);
	if (number != 0.0 && number != 1.0)
		return mx_fail(err, MX_ERR_UNSUPPORTED, element->offset,
		               "array holds %g, expected 0 or 1", number);
	*out = number == 1.0;
	return MX_OK;
}

static MxStatus
convert(const MxArray *array, Converter to, char *out, size_t size,
        MxError *err)
{
	const MxDtype *dtype = array->dtype;
	MxValue plain = {.offset = MX_NO_OFFSET};
	MxCursor cursor;
	size_t i;

	mx_cursor_begin(&cursor, array);
	for (i = 0; i < array->n; i++)
	{
		size_t position = mx_cursor_next(&cursor);
		const MxValue *element = &plain;

		if (dtype->kind == MX_DTYPE_OBJECT)
			element = array->items[position];
		else if (!mx_element_to_value(array->data + position * dtype->itemsize,
		                              dtype, &plain))
			return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
			               "array holds an integer beyond 2^63");
		MX_TRY(to(element, out + i * size, err));
	}
	return MX_OK;
}

static MxStatus
convert_to_new(MxArena *arena, const MxArray *array, Converter to, size_t size,
               const void **out, MxError *err)
{
	char name[32];
	char *made;

	if (array->dtype->kind != MX_DTYPE_OBJECT &&
	    !mx_dtype_is_number(array->dtype))
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "array holds %s, expected numbers",
		               mx_dtype_name(array->dtype, name));
	made = mx_arena_alloc(arena, array->n, size, err);
	MX_NEED(made, err);
	*out = made;
	return convert(array, to, made, size, err);
}

/* Whether the bytes of the artifact are already what is asked for. */
static bool
is_usable(const MxArray *array, MxDtypeKind kind, size_t alignment)
{
	const MxDtype *dtype = array->dtype;

	return dtype->kind == kind && dtype->itemsize == 8 &&
	       dtype->swapped == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) &&
	       array->n != 0 && (uintptr_t) array->data % alignment == 0 &&
	       mx_array_is_c_order(array);
}

MxStatus
mx_array_f64(MxArena *arena, const MxArray *array, const double **out,
             MxError *err)
{
	const void *made;

	if (is_usable(array, MX_DTYPE_FLOAT, _Alignof(double)))
	{
		*out = (const double *) (const void *) array->data;
		return MX_OK;
	}
	MX_TRY(convert_to_new(arena, array, to_f64, sizeof(double), &made, err));
	*out = made;
	return MX_OK;
}

MxStatus
mx_array_i64(MxArena *arena, const MxArray *array, const int64_t **out,
             MxError *err)
{
	const void *made;

	if (is_usable(array, MX_DTYPE_INTEGER, _Alignof(int64_t)))
	{
		*out = (const int64_t *) (const void *) array->data;
		return MX_OK;
	}
	MX_TRY(convert_to_new(arena, array, to_i64, sizeof(int64_t), &made, err));
	*out = made;
	return MX_OK;
}

MxStatus
mx_array_bool(MxArena *arena, const MxArray *array, const bool **out,
              MxError *err)
{
	const void *made;

	MX_TRY(convert_to_new(arena, array, to_bool, sizeof(bool), &made, err));
	*out = made;
	return MX_OK;
}
