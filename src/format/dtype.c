/* dtype.c */
/* NumPy's element types: from what a pickle says of them, and their names. */
#include "format/interpret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Records of scikit-learn have 12 fields; the names are searched in turn. */
#define MAX_FIELDS 256
#define MAX_ITEM_SIZE ((int64_t) 1 << 30)

static MxDtypeKind
kind_of(char letter, int64_t size)
{
	switch (letter)
	{
		case 'b':
			return size == 1 ? MX_DTYPE_BOOL : MX_DTYPE_OTHER;
		case 'i':
		case 'u':
			if (size != 1 && size != 2 && size != 4 && size != 8)
				return MX_DTYPE_OTHER;
			return letter == 'i' ? MX_DTYPE_INTEGER : MX_DTYPE_UNSIGNED;
		case 'f':
			return size == 2 || size == 4 || size == 8 ? MX_DTYPE_FLOAT
			                                           : MX_DTYPE_OTHER;
		case 'U':
			return MX_DTYPE_UNICODE;
		case 'S':
			return MX_DTYPE_BYTES;
		case 'O':
			return MX_DTYPE_OBJECT;
		default:
			return MX_DTYPE_OTHER;
	}
}

/* "f8", "U12", "V56": a letter and the size of an element. */
static bool
parse_typestr(MxText text, MxDtype *dtype)
{
	int64_t size = 0;
	size_t i;

	if (text.size < 2 || strchr("biufcUSOMmV", text.data[0]) == NULL)
		return false;
	for (i = 1; i < text.size; i++)
	{
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		size = size * 10 + (text.data[i] - '0');
		if (size > MAX_ITEM_SIZE)
			return false;
	}
	dtype->kind = kind_of(text.data[0], size);
	/* U counts characters of four bytes. */
	dtype->itemsize = (size_t) size * (text.data[0] == 'U' ? 4 : 1);
	dtype->has_objects = text.data[0] == 'O';
	return true;
}

/* dtype("f8", False, True); the class numpy.record stands for its fields. */
MxStatus
mx_numpy_dtype(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	MxDtype parsed = {.kind = MX_DTYPE_OTHER};
	MxDtype *dtype;
	MxText text;

	if (args->n == 0)
		return MX_OK;
	if (args->items[0]->kind != MX_VALUE_GLOBAL &&
	    (!mx_value_to_text(args->items[0], &text) ||
	     !parse_typestr(text, &parsed)))
		return MX_OK;
	dtype = mx_node_alloc(&p->parse->nodes, 1, sizeof(*dtype), err);
	MX_NEED(dtype, err);
	*dtype = parsed;
	*out = mx_node_new(&p->parse->nodes, MX_VALUE_OBJECT, p->offset, err);
	MX_NEED(*out, err);
	(*out)->as.object.dtype = dtype;
	return MX_OK;
}

static MxStatus
broken_dtype(const MxPickle *p, const char *what, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, p->offset,
	               "state of a NumPy dtype has %s", what);
}

/* The value of a key; guess is its place when fields are in order of names. */
static const MxValue *
entry_near(const MxEntries *entries, size_t guess, MxText key)
{
	MxText name;
	size_t i;

	for (i = 0; i < entries->n; i++)
	{
		size_t at = (guess + i) % entries->n;

		if (mx_value_to_text(entries->keys[at], &name) &&
		    mx_text_equals(name, key))
			return entries->values[at];
	}
	return NULL;
}

/* (dtype, offset) or (dtype, offset, title) */
static MxStatus
read_field(const MxPickle *p, const MxValue *value, size_t record_size,
           MxField *field, MxError *err)
{
	int64_t offset;

	if (value == NULL || value->kind != MX_VALUE_TUPLE || value->as.items.n < 2)
		return broken_dtype(p, "a field without a type", err);
	field->dtype = mx_value_dtype(value->as.items.items[0]);
	if (field->dtype == NULL)
		return broken_dtype(p, "a field without a type", err);
	if (!mx_value_to_integer(value->as.items.items[1], &offset) || offset < 0 ||
	    field->dtype->itemsize > record_size ||
	    (uint64_t) offset > record_size - field->dtype->itemsize)
		return broken_dtype(p, "a field outside of the record", err);
	field->offset = (size_t) offset;
	return MX_OK;
}

static MxStatus
read_fields(MxPickle *p, const MxValue *names, const MxValue *by_name,
            MxDtype *dtype, MxError *err)
{
	MxField *fields;
	size_t n;
	size_t i;

	if (names->kind != MX_VALUE_TUPLE || by_name->kind != MX_VALUE_DICT ||
	    names->as.items.n > MAX_FIELDS)
		return broken_dtype(p, "no list of fields", err);
	n = names->as.items.n;
	fields = mx_node_alloc(&p->parse->nodes, n, sizeof(*fields), err);
	MX_NEED(fields, err);
	for (i = 0; i < n; i++)
	{
		if (!mx_value_to_text(names->as.items.items[i], &fields[i].name))
			return broken_dtype(p, "a field without a name", err);
		MX_TRY(read_field(p,
		                  entry_near(&by_name->as.entries, i, fields[i].name),
		                  dtype->itemsize, &fields[i], err));
		dtype->has_objects |= fields[i].dtype->has_objects;
	}
	dtype->kind = MX_DTYPE_STRUCTURE;
	dtype->fields = fields;
	dtype->n_fields = n;
	return MX_OK;
}

/*
 * (version, byteorder, subdtype, names, fields, itemsize, alignment, flags,
 * ...); the size is -1 where the type itself says it.
 */
static MxStatus
read_state(MxPickle *p, const MxItems *state, MxDtype *dtype, MxError *err)
{
	const MxValue *sub = state->items[2];
	int64_t size;
	MxText order;

	if (!mx_value_to_text(state->items[1], &order) ||
	    !mx_value_to_integer(state->items[5], &size) || size > MAX_ITEM_SIZE)
		return broken_dtype(p, "no byte order or size", err);
	dtype->swapped = mx_text_is(order, ">");
	if (size >= 0 &&
	    (dtype->kind == MX_DTYPE_UNICODE || dtype->kind == MX_DTYPE_BYTES ||
	     dtype->kind == MX_DTYPE_OTHER))
		dtype->itemsize = (size_t) size;
	if (dtype->kind == MX_DTYPE_UNICODE && dtype->itemsize % 4 != 0)
		return broken_dtype(p, "half a character", err);
	if (sub->kind == MX_VALUE_TUPLE && sub->as.items.n > 0)
	{
		const MxDtype *base = mx_value_dtype(sub->as.items.items[0]);

		dtype->has_objects |= base == NULL || base->has_objects;
	}
	if (!mx_value_is_none(state->items[3]))
		return read_fields(p, state->items[3], state->items[4], dtype, err);
	return MX_OK;
}

/*
 * The first state counts: NumPy gives no second, and to read one again and
 * again would cost more than its bytes.
 */
MxStatus
mx_numpy_dtype_state(MxPickle *p, MxValue *object, const MxValue *state,
                     MxError *err)
{
	MxObject *call = &object->as.object;
	MxDtype *dtype;

	if (call->state != NULL)
		return MX_OK;
	call->state = state;
	MX_TRY(mx_node_deepen(&p->parse->nodes, object, state, err));
	if (call->dtype == NULL)
		return MX_OK;
	if (state->kind != MX_VALUE_TUPLE || state->as.items.n < 8)
		return broken_dtype(p, "less than 8 items", err);
	dtype = mx_node_alloc(&p->parse->nodes, 1, sizeof(*dtype), err);
	MX_NEED(dtype, err);
	*dtype = *call->dtype;
	MX_TRY(read_state(p, &state->as.items, dtype, err));
	call->dtype = dtype;
	return MX_OK;
}

const MxDtype *
mx_value_dtype(const MxValue *value)
{
	if (value == NULL || value->kind != MX_VALUE_OBJECT)
		return NULL;
	return value->as.object.dtype;
}

const MxField *
mx_dtype_field(const MxDtype *dtype, const char *name)
{
	size_t i;

	for (i = 0; i < dtype->n_fields; i++)
		if (mx_text_is(dtype->fields[i].name, name))
			return &dtype->fields[i];
	return NULL;
}

const char *
mx_dtype_name(const MxDtype *dtype, char buffer[32])
{
	static const char *const names[] = {
	    [MX_DTYPE_BOOL] = "bool",           [MX_DTYPE_INTEGER] = "int",
	    [MX_DTYPE_UNSIGNED] = "uint",       [MX_DTYPE_FLOAT] = "float",
	    [MX_DTYPE_UNICODE] = "<U",          [MX_DTYPE_BYTES] = "S",
	    [MX_DTYPE_OBJECT] = "object",       [MX_DTYPE_STRUCTURE] = "record",
	    [MX_DTYPE_OTHER] = "unknown dtype",
	};
	const char *name = names[dtype->kind];

	switch (dtype->kind)
	{
		case MX_DTYPE_INTEGER:
		case MX_DTYPE_UNSIGNED:
		case MX_DTYPE_FLOAT:
			snprintf(buffer, 32, "%s%zu", name, dtype->itemsize * 8);
			break;
		case MX_DTYPE_UNICODE:
			snprintf(buffer, 32, "%s%zu", name, dtype->itemsize / 4);
			break;
		case MX_DTYPE_BYTES:
			snprintf(buffer, 32, "%s%zu", name, dtype->itemsize);
			break;
		case MX_DTYPE_BOOL:
		case MX_DTYPE_OBJECT:
		case MX_DTYPE_STRUCTURE:
		case MX_DTYPE_OTHER:
			snprintf(buffer, 32, "%s", name);
			break;
	}
	return buffer;
}
