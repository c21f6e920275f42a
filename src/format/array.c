/* array.c */
/* Elements of arrays: where they lie, and what they are as values. */
#include "format/element.h"
#include "format/node.h"
#include "format/utf8.h"

bool
mx_array_is_c_order(const MxArray *array)
{
	size_t stride = 1;
	size_t axis;

	for (axis = array->rank; axis > 0; axis--)
	{
		if (array->strides[axis - 1] != stride && array->shape[axis - 1] != 1)
			return false;
		stride *= array->shape[axis - 1];
	}
	return true;
}

size_t
mx_array_position(const MxArray *array, size_t i)
{
	size_t position = 0;
	size_t axis;

	if (mx_array_is_c_order(array))
		return i;
	for (axis = array->rank; axis > 0; axis--)
	{
		position += i % array->shape[axis - 1] * array->strides[axis - 1];
		i /= array->shape[axis - 1];
	}
	return position;
}

void
mx_cursor_begin(MxCursor *cursor, const MxArray *array)
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->array = array;
	cursor->is_c_order = mx_array_is_c_order(array);
}

size_t
mx_cursor_next(MxCursor *cursor)
{
	const MxArray *array = cursor->array;
	size_t position = cursor->position;
	size_t axis;

	if (cursor->is_c_order)
		return cursor->position++;
	for (axis = array->rank; axis > 0; axis--)
	{
		size_t *index = &cursor->index[axis - 1];

		cursor->position += array->strides[axis - 1];
		if (++*index < array->shape[axis - 1])
			break;
		cursor->position -= *index * array->strides[axis - 1];
		*index = 0;
	}
	return position;
}

bool
mx_dtype_is_number(const MxDtype *dtype)
{
	return dtype->kind == MX_DTYPE_BOOL || dtype->kind == MX_DTYPE_INTEGER ||
	       dtype->kind == MX_DTYPE_UNSIGNED || dtype->kind == MX_DTYPE_FLOAT;
}

/* IEEE 754 binary16; all of its values are doubles. */
double
mx_element_half(uint64_t bits)
{
	uint64_t exponent = bits >> 10 & 0x1F;
	uint64_t fraction = bits & 0x3FF;
	bool negative = (bits & 0x8000) != 0;
	double value;

	if (exponent == 0)
		/* Subnormal: so many units of 2^-24, or zero. */
		value = (double) fraction * 0x1p-24;
	else
	{
		/* The biases are 15 and 1023; all ones mean infinity or NaN. */
		bits = (exponent == 31 ? 2047 : exponent + 1008) << 52 | fraction << 42;
		memcpy(&value, &bits, sizeof(value));
	}
	return negative ? -value : value;
}

bool
mx_element_to_value(const uint8_t *at, const MxDtype *dtype, MxValue *out)
{
	switch (dtype->kind)
	{
		case MX_DTYPE_BOOL:
			out->kind = MX_VALUE_BOOL;
			out->as.boolean = at[0] != 0;
			return true;
		case MX_DTYPE_INTEGER:
			out->kind = MX_VALUE_INTEGER;
			out->as.integer = mx_element_signed(at, dtype);
			return true;
		case MX_DTYPE_UNSIGNED:
			out->kind = MX_VALUE_INTEGER;
			out->as.integer = (int64_t) mx_element_bits(at, dtype);
			return out->as.integer >= 0 || dtype->itemsize < 8;
		case MX_DTYPE_FLOAT:
			out->kind = MX_VALUE_FLOAT;
			out->as.number = mx_element_float(at, dtype);
			return true;
		case MX_DTYPE_UNICODE:
		case MX_DTYPE_BYTES:
		case MX_DTYPE_OBJECT:
		case MX_DTYPE_STRUCTURE:
		case MX_DTYPE_OTHER:
			break;
	}
	return false;
}

static MxValue *
new_value(MxArena *arena, MxValueKind kind, MxError *err)
{
	MxValue *value = mx_arena_alloc(arena, 1, mx_node_room(kind), err);

	if (value == NULL)
		return NULL;
	value->kind = kind;
	value->offset = MX_NO_OFFSET;
	return value;
}

/* uint64 from 2^63 on: its bytes, little-endian, and one more for the sign. */
static MxStatus
make_big(MxArena *arena, uint64_t bits, const MxValue **out, MxError *err)
{
	MxValue *value = new_value(arena, MX_VALUE_BIG, err);
	uint8_t *data = mx_arena_alloc(arena, 9, 1, err);
	size_t i;

	MX_NEED(value, err);
	MX_NEED(data, err);
	for (i = 0; i < 8; i++)
		data[i] = (uint8_t) (bits >> 8 * i);
	value->as.bytes.data = data;
	value->as.bytes.size = 9;
	*out = value;
	return MX_OK;
}

static MxStatus
make_number(MxArena *arena, const uint8_t *at, const MxDtype *dtype,
            const MxValue **out, MxError *err)
{
	MxValue plain;
	MxValue *value;

	if (!mx_element_to_value(at, dtype, &plain))
		return make_big(arena, mx_element_bits(at, dtype), out, err);
	value = new_value(arena, plain.kind, err);
	MX_NEED(value, err);
	if (plain.kind == MX_VALUE_BOOL)
		value->as.boolean = plain.as.boolean;
	else if (plain.kind == MX_VALUE_INTEGER)
		value->as.integer = plain.as.integer;
	else
		value->as.number = plain.as.number;
	*out = value;
	return MX_OK;
}

/* S: zeros at the end are padding. */
static MxStatus
make_text_of_bytes(MxArena *arena, const uint8_t *at, const MxDtype *dtype,
                   const MxValue **out, MxError *err)
{
	MxValue *value = new_value(arena, MX_VALUE_TEXT, err);
	size_t size = dtype->itemsize;

	MX_NEED(value, err);
	while (size > 0 && at[size - 1] == 0)
		size--;
	*out = value;
	return mx_utf8_from_str(arena, at, size, &value->as.text, err);
}

static MxStatus
make_opaque(MxArena *arena, const char *why, const MxValue **out, MxError *err)
{
	MxValue *value = new_value(arena, MX_VALUE_OPAQUE, err);

	MX_NEED(value, err);
	value->as.opaque = why;
	*out = value;
	return MX_OK;
}

/* U: UCS-4; zeros at the end are padding. */
static MxStatus
make_text_of_unicode(MxArena *arena, const uint8_t *at, const MxDtype *dtype,
                     const MxValue **out, MxError *err)
{
	MxDtype unit = {.itemsize = 4, .swapped = dtype->swapped};
	MxValue *value;
	size_t n = dtype->itemsize / 4;
	char *text;
	size_t size = 0;
	size_t i;

	while (n > 0 && mx_element_bits(at + 4 * (n - 1), &unit) == 0)
		n--;
	text = mx_arena_alloc(arena, n, MX_UTF8_MAX, err);
	MX_NEED(text, err);
	for (i = 0; i < n; i++)
	{
		uint64_t c = mx_element_bits(at + 4 * i, &unit);

		if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
			return make_opaque(arena, "text that is not Unicode", out, err);
		size += mx_utf8_encode((uint32_t) c, text + size);
	}
	value = new_value(arena, MX_VALUE_TEXT, err);
	MX_NEED(value, err);
	value->as.text.data = text;
	value->as.text.size = size;
	*out = value;
	return MX_OK;
}

MxStatus
mx_array_element(MxArena *arena, const MxArray *array, size_t i,
                 const MxValue **out, MxError *err)
{
	const MxDtype *dtype = array->dtype;
	size_t position = mx_array_position(array, i);
	const uint8_t *at;
	char name[32];

	if (dtype->kind == MX_DTYPE_OBJECT)
	{
		*out = array->items[position];
		return MX_OK;
	}
	at = array->data + position * dtype->itemsize;
	if (mx_dtype_is_number(dtype))
		return make_number(arena, at, dtype, out, err);
	if (dtype->kind == MX_DTYPE_UNICODE)
		return make_text_of_unicode(arena, at, dtype, out, err);
	if (dtype->kind == MX_DTYPE_BYTES)
		return make_text_of_bytes(arena, at, dtype, out, err);
	return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
	               "elements of an array are %s, which is not read",
	               mx_dtype_name(dtype, name));
}

bool
mx_field_is_number(const MxField *field)
{
	return mx_dtype_is_number(field->dtype);
}

static const uint8_t *
field_at(const MxArray *array, const MxField *field, size_t i)
{
	return array->data + mx_array_position(array, i) * array->dtype->itemsize +
	       field->offset;
}

double
mx_field_f64(const MxArray *array, const MxField *field, size_t i)
{
	const uint8_t *at = field_at(array, field, i);

	if (field->dtype->kind == MX_DTYPE_FLOAT)
		return mx_element_float(at, field->dtype);
	if (field->dtype->kind == MX_DTYPE_INTEGER)
		return (double) mx_element_signed(at, field->dtype);
	return (double) mx_element_bits(at, field->dtype);
}

int64_t
mx_field_i64(const MxArray *array, const MxField *field, size_t i)
{
	const uint8_t *at = field_at(array, field, i);
	double number;

	if (field->dtype->kind == MX_DTYPE_INTEGER)
		return mx_element_signed(at, field->dtype);
	if (field->dtype->kind != MX_DTYPE_FLOAT)
		return (int64_t) mx_element_bits(at, field->dtype);
	number = mx_element_float(at, field->dtype);
	/* Beyond int64, and for NaN, C leaves the conversion undefined. */
	return number >= -0x1p63 && number < 0x1p63 ? (int64_t) number : INT64_MIN;
}
