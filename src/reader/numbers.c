/* numbers.c */
/* Attributes that are vectors or matrices of numbers. */
#include "reader/internal.h"

#include <math.h>

static MxStatus
check_finite(MxReadContext *ctx, const MxValue *object, const char *attr,
             unsigned flags, const double *numbers, size_t n, MxError *err)
{
	size_t i;

	for (i = 0; i < n; i++)
	{
		if (isnan(numbers[i]) && !(flags & MX_ALLOW_NAN))
			return mx_malformed(ctx, object, attr, "holds NaN", err);
		if (isinf(numbers[i]) && !(flags & MX_ALLOW_INFINITE))
			return mx_malformed(ctx, object, attr,
			                    "holds a number that is not finite", err);
	}
	return MX_OK;
}

/* The numbers of an array, with its attribute named when it has none. */
static MxStatus
array_numbers(MxReadContext *ctx, const MxValue *object, const char *attr,
              unsigned flags, const MxArray *array, const double **out,
              MxError *err)
{
	char name[32];

	switch (array->dtype->kind)
	{
		case MX_DTYPE_BOOL:
		case MX_DTYPE_INTEGER:
		case MX_DTYPE_UNSIGNED:
		case MX_DTYPE_FLOAT:
		case MX_DTYPE_OBJECT:
			break;
		case MX_DTYPE_UNICODE:
		case MX_DTYPE_BYTES:
		case MX_DTYPE_STRUCTURE:
		case MX_DTYPE_OTHER:
			return mx_malformed(ctx, object, attr, "holds %s, expected numbers",
			                    err, mx_dtype_name(array->dtype, name));
	}
	MX_TRY(mx_array_f64(ctx->scratch, array, out, err));
	return check_finite(ctx, object, attr, flags, *out, array->n, err);
}

static MxStatus
list_numbers(MxReadContext *ctx, const MxValue *object, const char *attr,
             unsigned flags, MxItems items, const double **out, MxError *err)
{
	double *numbers = mx_arena_array(ctx->scratch, double, items.n, err);
	size_t i;

	MX_NEED(numbers, err);
	for (i = 0; i < items.n; i++)
		if (!mx_value_to_number(items.items[i], &numbers[i]))
			return mx_wrong_kind(ctx, object, attr, items.items[i],
			                     "only numbers", err);
	*out = numbers;
	return check_finite(ctx, object, attr, flags, numbers, items.n, err);
}

static MxStatus
single_number(MxReadContext *ctx, const MxValue *object, const char *attr,
              unsigned flags, const double **out, MxError *err)
{
	double *number = mx_arena_array(ctx->scratch, double, 1, err);

	MX_NEED(number, err);
	*out = number;
	return mx_read_number(ctx, object, attr, flags, number, err);
}

/* Numbers of a vector in whatever form; a plain number is a vector of one. */
static MxStatus
vector_numbers(MxReadContext *ctx, const MxValue *object, const char *attr,
               unsigned flags, const MxValue *value, const double **out,
               size_t *n, MxError *err)
{
	MxItems items;
	double number;

	*n = 1;
	if (mx_value_to_number(value, &number))
		return single_number(ctx, object, attr, flags, out, err);
	value = mx_value_unwrap(value);
	if (value->kind == MX_VALUE_ARRAY)
	{
		const MxArray *array = value->as.array;

		if (array->rank > 1)
			return mx_malformed(ctx, object, attr,
			                    "has %zu dimensions, expected 1", err,
			                    array->rank);
		*n = array->n;
		return array_numbers(ctx, object, attr, flags, array, out, err);
	}
	if (!mx_value_to_items(value, &items))
		return mx_wrong_kind(ctx, object, attr, value, "numbers", err);
	*n = items.n;
	return list_numbers(ctx, object, attr, flags, items, out, err);
}

MxStatus
mx_read_vector(MxReadContext *ctx, const MxValue *object, const char *attr,
               unsigned flags, size_t n, const double **out, size_t *n_out,
               MxError *err)
{
	const MxValue *value;
	size_t found;

	MX_TRY(mx_require(ctx, object, attr, &value, err));
	MX_TRY(vector_numbers(ctx, object, attr, flags, value, out, &found, err));
	if (n != MX_ANY_SIZE && found != n)
		return mx_malformed(ctx, object, attr, "has %zu elements, expected %zu",
		                    err, found, n);
	if (n_out != NULL)
		*n_out = found;
	return MX_OK;
}

MxStatus
mx_read_matrix(MxReadContext *ctx, const MxValue *object, const char *attr,
               unsigned flags, size_t rows, size_t columns, const double **out,
               size_t *rows_out, size_t *columns_out, MxError *err)
{
	const MxValue *value;
	const MxArray *array;
	size_t n_rows;
	size_t n_columns;

	MX_TRY(mx_require(ctx, object, attr, &value, err));
	if (value->kind != MX_VALUE_ARRAY)
		return mx_wrong_kind(ctx, object, attr, value, "a matrix", err);
	array = value->as.array;
	if (array->rank != 1 && array->rank != 2)
		return mx_malformed(ctx, object, attr, "has %zu dimensions, expected 2",
		                    err, array->rank);
	n_rows = array->rank == 1 ? 1 : array->shape[0];
	n_columns = array->rank == 1 ? array->shape[0] : array->shape[1];
	if ((rows != MX_ANY_SIZE && n_rows != rows) ||
	    (columns != MX_ANY_SIZE && n_columns != columns))
		return mx_malformed(
		    ctx, object, attr, "has shape (%zu, %zu), expected (%zu, %zu)", err,
		    n_rows, n_columns, rows == MX_ANY_SIZE ? n_rows : rows,
		    columns == MX_ANY_SIZE ? n_columns : columns);
	if (rows_out != NULL)
		*rows_out = n_rows;
	if (columns_out != NULL)
		*columns_out = n_columns;
	return array_numbers(ctx, object, attr, flags, array, out, err);
}

static MxStatus
list_integers(MxReadContext *ctx, const MxValue *object, const char *attr,
              MxItems items, const int64_t **out, MxError *err)
{
	int64_t *integers = mx_arena_array(ctx->scratch, int64_t, items.n, err);
	size_t i;

	MX_NEED(integers, err);
	for (i = 0; i < items.n; i++)
		if (!mx_value_to_integer(items.items[i], &integers[i]))
			return mx_wrong_kind(ctx, object, attr, items.items[i],
			                     "only integers", err);
	*out = integers;
	return MX_OK;
}

static MxStatus
vector_integers(MxReadContext *ctx, const MxValue *object, const char *attr,
                const MxValue *value, const int64_t **out, size_t *n,
                MxError *err)
{
	MxItems items = {1, &value};
	int64_t integer;

	*n = 1;
	if (mx_value_to_integer(value, &integer))
		return list_integers(ctx, object, attr, items, out, err);
	value = mx_value_unwrap(value);
	if (value->kind == MX_VALUE_ARRAY && value->as.array->rank == 1)
	{
		*n = value->as.array->n;
		return mx_array_i64(ctx->scratch, value->as.array, out, err);
	}
	if (!mx_value_to_items(value, &items))
		return mx_wrong_kind(ctx, object, attr, value, "integers", err);
	*n = items.n;
	return list_integers(ctx, object, attr, items, out, err);
}

MxStatus
mx_read_integers(MxReadContext *ctx, const MxValue *object, const char *attr,
                 size_t n, const int64_t **out, size_t *n_out, MxError *err)
{
	const MxValue *value;
	size_t found;

	MX_TRY(mx_require(ctx, object, attr, &value, err));
	MX_TRY(vector_integers(ctx, object, attr, value, out, &found, err));
	if (n != MX_ANY_SIZE && found != n)
		return mx_malformed(ctx, object, attr, "has %zu elements, expected %zu",
		                    err, found, n);
	if (n_out != NULL)
		*n_out = found;
	return MX_OK;
}
