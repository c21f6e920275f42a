/* sk_record.c */
/* Copies fields of tree nodes out of the artifact's bytes. */
#include "reader/sk_record.h"

#include <string.h>

/* Whether elements lie as C would lay them out, without gaps. */
static bool
is_contiguous(const MxArray *array)
{
	size_t stride = 1;

	for (size_t i = array->rank; i-- > 0; stride *= array->shape[i])
		if (array->shape[i] > 1 && array->strides[i] != stride)
			return false;
	return true;
}

/* Native bytes of a field of so many bytes, or NULL: then field by field. */
static const uint8_t *
native_field(const MxArray *records, const MxField *field, MxDtypeKind kind,
             size_t itemsize)
{
	if (!is_contiguous(records) || field->dtype->kind != kind ||
	    field->dtype->swapped || field->dtype->itemsize != itemsize)
		return NULL;
	return records->data + field->offset;
}

MxStatus
mx_read_records(MxReadContext *ctx, const MxValue *object, const char *attr,
                const MxArray **out, MxError *err)
{
	const MxValue *value;

	MX_TRY(mx_read_value(ctx, object, attr, &value, err));
	if (value->kind != MX_VALUE_ARRAY || value->as.array->rank != 1 ||
	    value->as.array->dtype->kind != MX_DTYPE_STRUCTURE ||
	    value->as.array->dtype->has_objects)
		return mx_malformed(ctx, object, attr, "is not an array of records",
		                    err);
	*out = value->as.array;
	return MX_OK;
}

MxStatus
mx_record_field(MxReadContext *ctx, const MxValue *object, const char *attr,
                const MxArray *records, const char *name, const MxField **out,
                MxError *err)
{
	*out = mx_dtype_field(records->dtype, name);
	if (*out == NULL || !mx_field_is_number(*out))
		return mx_malformed(ctx, object, attr,
		                    "has no numbers in a field \"%s\"", err, name);
	return MX_OK;
}

static int32_t
narrow(int64_t index)
{
	return index < INT32_MIN || index > INT32_MAX ? INT32_MIN : (int32_t) index;
}

void
mx_record_indexes(const MxArray *records, const MxField *field, int32_t *out)
{
	size_t stride = records->dtype->itemsize;
	const uint8_t *at = native_field(records, field, MX_DTYPE_INTEGER, 8);
	int64_t index;

	if (at == NULL)
	{
		for (size_t i = 0; i < records->n; i++)
			out[i] = narrow(mx_field_i64(records, field, i));
		return;
	}
	for (size_t i = 0; i < records->n; i++, at += stride)
	{
		memcpy(&index, at, sizeof(index));
		out[i] = narrow(index);
	}
}

void
mx_record_numbers(const MxArray *records, const MxField *field, double *out)
{
	size_t stride = records->dtype->itemsize;
	const uint8_t *at = native_field(records, field, MX_DTYPE_FLOAT, 8);

	if (at == NULL)
	{
		for (size_t i = 0; i < records->n; i++)
			out[i] = mx_field_f64(records, field, i);
		return;
	}
	for (size_t i = 0; i < records->n; i++, at += stride)
		memcpy(&out[i], at, sizeof(*out));
}

void
mx_record_bytes(const MxArray *records, const MxField *field, uint8_t *out)
{
	size_t stride = records->dtype->itemsize;
	const uint8_t *at = native_field(records, field, MX_DTYPE_UNSIGNED, 1);

	for (size_t i = 0; i < records->n; i++)
	{
		int64_t byte =
		    at != NULL ? at[i * stride] : mx_field_i64(records, field, i);

		out[i] = byte < 0 || byte > UINT8_MAX ? UINT8_MAX : (uint8_t) byte;
	}
}

MxStatus
mx_array_double_bytes(MxReadContext *ctx, const MxArray *array,
                      const uint8_t **out, MxError *err)
{
	const double *numbers;

	if (array->dtype->kind == MX_DTYPE_FLOAT && array->dtype->itemsize == 8 &&
	    !array->dtype->swapped && is_contiguous(array))
	{
		*out = array->data;
		return MX_OK;
	}
	MX_TRY(mx_array_f64(ctx->scratch, array, &numbers, err));
	*out = (const uint8_t *) numbers;
	return MX_OK;
}
