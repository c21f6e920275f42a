/* numpy.c */
/* NumPy's arrays and scalars, from the calls that would have made them. */
#include "format/interpret.h"

#include "base/checked.h"

/* Rows of a shape, or false when it has too many or is none. */
static bool
read_shape(const MxValue *shape, MxArray *array)
{
	size_t i;

	if (shape->kind != MX_VALUE_TUPLE || shape->as.items.n > MX_MAX_RANK)
		return false;
	array->rank = shape->as.items.n;
	for (i = 0; i < array->rank; i++)
	{
		int64_t extent;

		if (!mx_value_to_integer(shape->as.items.items[i], &extent) ||
		    extent < 0)
			return false;
		array->shape[i] = (size_t) extent;
	}
	return true;
}

/* The number of elements, and how far apart they lie along each axis. */
static bool
set_strides(MxArray *array, bool fortran)
{
	size_t i;

	array->n = 1;
	for (i = 0; i < array->rank; i++)
	{
		size_t axis = fortran ? i : array->rank - 1 - i;

		array->strides[axis] = array->n;
		if (!mx_size_mul(array->n, array->shape[axis], &array->n))
			return false;
	}
	return true;
}

MxStatus
mx_numpy_new_array(MxPickle *p, const MxDtype *dtype, const MxValue *shape,
                   bool fortran, MxArray **out, MxError *err)
{
	MxArray *array = mx_node_alloc(&p->parse->nodes, 1, sizeof(*array), err);
	size_t size;

	*out = NULL;
	MX_NEED(array, err);
	if (!read_shape(shape, array))
		return MX_OK;
	array->dtype = dtype;
	if (!set_strides(array, fortran) ||
	    !mx_size_mul(array->n, dtype->itemsize, &size))
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "array is larger than memory can be");
	/* Nothing in the file limits a count of elements without bytes. */
	if (dtype->itemsize == 0)
		MX_TRY(mx_node_charge(&p->parse->nodes, array->n, err));
	*out = array;
	return MX_OK;
}

static MxStatus
set_items(const MxPickle *p, MxArray *array, const MxValue *data, MxError *err)
{
	MxItems list;

	if (data->kind != MX_VALUE_LIST || data->as.items.n != array->n)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "array of %zu objects does not hold as many", array->n);
	list = data->as.items;
	array->items = list.items;
	return MX_OK;
}

static MxStatus
set_data(MxPickle *p, MxArray *array, const MxValue *data, MxError *err)
{
	size_t size;
	bool found;

	if (array->dtype->has_objects)
		return set_items(p, array, data, err);
	MX_TRY(mx_pickle_raw_bytes(p, data, &array->data, &size, &found, err));
	if (!found)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "data of an array is a %s, not bytes",
		               mx_value_kind_name(data));
	if (size != array->n * array->dtype->itemsize)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "array of %zu elements of %zu bytes holds %zu bytes",
		               array->n, array->dtype->itemsize, size);
	return MX_OK;
}

/* A record with objects comes as tuples, which nothing here can read. */
static bool
is_readable(const MxDtype *dtype)
{
	return dtype != NULL &&
	       (!dtype->has_objects || dtype->kind == MX_DTYPE_OBJECT);
}

/* *out stays NULL when the array is well formed but of no readable kind. */
static MxStatus
make_array(MxPickle *p, const MxDtype *dtype, const MxValue *shape,
           bool fortran, const MxValue *data, MxArray **out, MxError *err)
{
	*out = NULL;
	if (!is_readable(dtype))
		return MX_OK;
	/* A list of objects is in C order, whatever the array says of its own. */
	MX_TRY(mx_numpy_new_array(p, dtype, shape, fortran && !dtype->has_objects,
	                          out, err));
	if (*out == NULL)
		return MX_OK;
	return set_data(p, *out, data, err);
}

bool
mx_numpy_is_array_class(const MxValue *class)
{
	static const char *const names[] = {"ndarray", "matrix", "memmap",
	                                    "recarray"};
	size_t i;

	if (class->kind != MX_VALUE_GLOBAL ||
	    !mx_interpret_in_package(class->as.global.module, "numpy"))
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mx_text_is(class->as.global.name, names[i]))
			return true;
	return false;
}

/* (1, shape, dtype, is_fortran, data), without the 1 in ancient files */
static MxStatus
array_of_state(MxPickle *p, const MxValue *state, MxArray **out, MxError *err)
{
	const MxValue *const *items;
	bool fortran;

	if (state->kind != MX_VALUE_TUPLE || state->as.items.n < 4 ||
	    state->as.items.n > 5)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "state of an array is not as NumPy writes it");
	items = state->as.items.items + state->as.items.n - 4;
	if (!mx_value_to_bool(items[2], &fortran))
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "array does not say its order");
	return make_array(p, mx_value_dtype(items[1]), items[0], fortran, items[3],
	                  out, err);
}

/* In place, so that all who hold the object hold the array. */
static void
become_array(MxValue *object, const MxArray *array)
{
	if (array == NULL)
	{
		object->kind = MX_VALUE_OPAQUE;
		object->as.opaque = "array of a dtype or rank that is not read";
		return;
	}
	object->kind = MX_VALUE_ARRAY;
	object->as.array = array;
}

MxStatus
mx_numpy_array_state(MxPickle *p, MxValue *object, const MxValue *state,
                     MxError *err)
{
	const MxValue *args = object->as.object.args;
	MxArray *array;

	/* Subclasses of others keep more in their state. */
	if (args->as.items.n == 0 ||
	    !mx_numpy_is_array_class(args->as.items.items[0]))
	{
		object->as.object.state = state;
		return mx_node_deepen(&p->parse->nodes, object, state, err);
	}
	MX_TRY(array_of_state(p, state, &array, err));
	MX_TRY(mx_node_deepen(&p->parse->nodes, object, state, err));
	become_array(object, array);
	return MX_OK;
}

static MxStatus
new_array_value(MxPickle *p, const MxArray *array, MxValue **out, MxError *err)
{
	*out = mx_node_new(&p->parse->nodes, MX_VALUE_ARRAY, p->offset, err);
	MX_NEED(*out, err);
	become_array(*out, array);
	return MX_OK;
}

/* NumPy keeps the memory's order: array.reshape(shape).transpose(axes). */
static MxStatus
permute_axes(const MxPickle *p, MxArray *array, const MxValue *axes,
             MxError *err)
{
	MxArray before = *array;
	unsigned seen = 0;
	size_t i;

	if (axes->kind != MX_VALUE_TUPLE || axes->as.items.n != array->rank)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "array does not say its order");
	for (i = 0; i < array->rank; i++)
	{
		int64_t axis;

		if (!mx_value_to_integer(axes->as.items.items[i], &axis) || axis < 0 ||
		    (uint64_t) axis >= array->rank || (seen & 1u << axis) != 0)
			return mx_fail(err, MX_ERR_MALFORMED, p->offset,
			               "axes of an array are no permutation");
		seen |= 1u << axis;
		array->shape[i] = before.shape[axis];
		array->strides[i] = before.strides[axis];
	}
	return MX_OK;
}

/* _frombuffer(bytes, dtype, shape, order[, axes]) */
static MxStatus
make_from_buffer(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	MxArray *array;
	MxText order;

	if (args->n < 4 || args->n > 5 || !mx_value_to_text(args->items[3], &order))
		return MX_OK;
	MX_TRY(make_array(p, mx_value_dtype(args->items[1]), args->items[2],
	                  mx_text_is(order, "F"), args->items[0], &array, err));
	if (array != NULL && mx_text_is(order, "K") && args->n == 5)
		MX_TRY(permute_axes(p, array, args->items[4], err));
	return new_array_value(p, array, out, err);
}

/* dill: _create_array(_reconstruct, its arguments, the state, ...) */
MxStatus
mx_dill_array(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	const MxItems *inner;
	MxArray *array;

	if (args->n < 3 || args->items[1]->kind != MX_VALUE_TUPLE)
		return MX_OK;
	inner = &args->items[1]->as.items;
	if (inner->n == 0 || !mx_numpy_is_array_class(inner->items[0]))
		return MX_OK;
	MX_TRY(array_of_state(p, args->items[2], &array, err));
	return new_array_value(p, array, out, err);
}

/* scalar(dtype, bytes), or the object itself where the dtype is O */
static MxStatus
make_scalar(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	MxArray one = {.n = 1};
	const MxValue *made;
	size_t size;
	bool found;

	if (args->n == 0 || mx_value_dtype(args->items[0]) == NULL)
		return MX_OK;
	one.dtype = mx_value_dtype(args->items[0]);
	if (one.dtype->kind == MX_DTYPE_OBJECT && args->n == 2)
	{
		*out = (MxValue *) args->items[1];
		return MX_OK;
	}
	if (one.dtype->kind == MX_DTYPE_OBJECT ||
	    one.dtype->kind == MX_DTYPE_STRUCTURE ||
	    one.dtype->kind == MX_DTYPE_OTHER || args->n != 2)
		return MX_OK;
	MX_TRY(
	    mx_pickle_raw_bytes(p, args->items[1], &one.data, &size, &found, err));
	if (!found || size != one.dtype->itemsize)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "NumPy scalar does not hold %zu bytes",
		               one.dtype->itemsize);
	MX_TRY(mx_node_charge(&p->parse->nodes, 1, err));
	MX_TRY(mx_array_element(p->parse->nodes.arena, &one, 0, &made, err));
	*out = (MxValue *) made;
	(*out)->offset = p->offset;
	return MX_OK;
}

MxStatus
mx_numpy_call(MxPickle *p, MxText name, const MxItems *args, MxValue **out,
              MxError *err)
{
	if (mx_text_is(name, "dtype"))
		return mx_numpy_dtype(p, args, out, err);
	if (mx_text_is(name, "scalar"))
		return make_scalar(p, args, out, err);
	if (mx_text_is(name, "_frombuffer"))
		return make_from_buffer(p, args, out, err);
	return MX_OK;
}
