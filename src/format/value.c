/* value.c */
/* Looks into the inert document: attributes, entries, plain readings. */
#include "format/value.h"
#include "format/element.h"

#include <string.h>

const char *
mx_value_kind_name(const MxValue *value)
{
	if (value == NULL)
		return "nothing";
	switch (value->kind)
	{
		case MX_VALUE_NONE:
			return "None";
		case MX_VALUE_BOOL:
			return "bool";
		case MX_VALUE_INTEGER:
		case MX_VALUE_BIG:
			return "int";
		case MX_VALUE_FLOAT:
			return "float";
		case MX_VALUE_TEXT:
			return "str";
		case MX_VALUE_BYTES:
			return "bytes";
		case MX_VALUE_LIST:
			return "list";
		case MX_VALUE_TUPLE:
			return "tuple";
		case MX_VALUE_SET:
			return "set";
		case MX_VALUE_DICT:
			return "dict";
		case MX_VALUE_GLOBAL:
			return "class or function";
		case MX_VALUE_OBJECT:
			return "object";
		case MX_VALUE_ARRAY:
			return "ndarray";
		case MX_VALUE_OPAQUE:
			return "value that cannot be read";
	}
	return "value";
}

/* From the end, where a key set again has its last value. */
static const MxValue *
find_entry(const MxEntries *entries, const char *key)
{
	MxText wanted = mx_text_from(key);
	size_t i;

	for (i = entries->n; i > 0; i--)
	{
		const MxValue *candidate = entries->keys[i - 1];

		if (candidate->kind == MX_VALUE_TEXT &&
		    mx_text_equals(candidate->as.text, wanted))
			return entries->values[i - 1];
	}
	return NULL;
}

const MxValue *
mx_value_entry(const MxValue *value, const char *key)
{
	if (value == NULL)
		return NULL;
	if (value->kind == MX_VALUE_DICT)
		return find_entry(&value->as.entries, key);
	if (value->kind == MX_VALUE_OBJECT)
		return find_entry(&value->as.object.entries, key);
	return NULL;
}

const MxValue *
mx_value_attribute(const MxValue *value, const char *name)
{
	const MxValue *state;
	size_t i;

	if (value == NULL || value->kind != MX_VALUE_OBJECT ||
	    value->as.object.state == NULL)
		return NULL;
	state = value->as.object.state;
	if (state->kind == MX_VALUE_DICT)
		return find_entry(&state->as.entries, name);
	if (state->kind != MX_VALUE_TUPLE || state->as.items.n != 2)
		return NULL;
	/* (attributes or None, slots or None) */
	for (i = 0; i < 2; i++)
	{
		const MxValue *part = state->as.items.items[i];
		const MxValue *found = part->kind == MX_VALUE_DICT
		                           ? find_entry(&part->as.entries, name)
		                           : NULL;

		if (found != NULL)
			return found;
	}
	return NULL;
}

/* Functions of copyreg that make an object of the class they are given. */
static bool
is_constructor(const MxGlobal *global)
{
	return (mx_text_is(global->module, "copyreg") ||
	        mx_text_is(global->module, "copy_reg")) &&
	       (mx_text_is(global->name, "_reconstructor") ||
	        mx_text_is(global->name, "__newobj__") ||
	        mx_text_is(global->name, "__newobj_ex__"));
}

const MxGlobal *
mx_value_class(const MxValue *value)
{
	const MxValue *callable;
	const MxValue *args;

	if (value == NULL)
		return NULL;
	if (value->kind == MX_VALUE_GLOBAL)
		return &value->as.global;
	if (value->kind != MX_VALUE_OBJECT || value->as.object.callable == NULL)
		return NULL;
	callable = value->as.object.callable;
	args = value->as.object.args;
	if (callable->kind != MX_VALUE_GLOBAL)
		return NULL;
	if (is_constructor(&callable->as.global) && args != NULL &&
	    args->as.items.n > 0)
	{
		callable = args->as.items.items[0];
		return callable->kind == MX_VALUE_GLOBAL ? &callable->as.global : NULL;
	}
	return &callable->as.global;
}

bool
mx_global_is(const MxGlobal *global, const char *module_prefix,
             const char *name)
{
	size_t n = strlen(module_prefix);
	MxText module;

	if (global == NULL || !mx_text_is(global->name, name))
		return false;
	module = global->module;
	if (module.size < n || memcmp(module.data, module_prefix, n) != 0)
		return false;
	/* "sklearn" is the root of "sklearn.tree", and none of "sklearnex". */
	return n == 0 || module_prefix[n - 1] == '.' || module.size == n ||
	       module.data[n] == '.';
}

/* An array of rank 0 as the value of its element; made holds it. */
static const MxValue *
element_of_scalar(const MxValue *value, MxValue *made)
{
	const MxArray *array;
	const MxValue *item;

	if (value == NULL || value->kind != MX_VALUE_ARRAY)
		return value;
	array = value->as.array;
	if (array->rank != 0)
		return NULL;
	if (array->dtype->kind == MX_DTYPE_OBJECT)
	{
		item = array->items[0];
		return item->kind == MX_VALUE_ARRAY ? NULL : item;
	}
	return mx_element_to_value(array->data, array->dtype, made) ? made : NULL;
}

bool
mx_value_to_number(const MxValue *value, double *out)
{
	MxValue made;

	value = element_of_scalar(value, &made);
	if (value == NULL)
		return false;
	if (value->kind == MX_VALUE_BOOL)
		*out = value->as.boolean ? 1.0 : 0.0;
	else if (value->kind == MX_VALUE_INTEGER)
		*out = (double) value->as.integer;
	else if (value->kind == MX_VALUE_FLOAT)
		*out = value->as.number;
	else
		return false;
	return true;
}

bool
mx_value_to_integer(const MxValue *value, int64_t *out)
{
	MxValue made;

	value = element_of_scalar(value, &made);
	if (value == NULL)
		return false;
	if (value->kind == MX_VALUE_BOOL)
		*out = value->as.boolean;
	else if (value->kind == MX_VALUE_INTEGER)
		*out = value->as.integer;
	else
		return false;
	return true;
}

/* 0 and 1 stand for False and True, as older writers have it. */
bool
mx_value_to_bool(const MxValue *value, bool *out)
{
	int64_t integer;

	if (!mx_value_to_integer(value, &integer) || integer < 0 || integer > 1)
		return false;
	*out = integer == 1;
	return true;
}

bool
mx_value_to_text(const MxValue *value, MxText *out)
{
	if (value == NULL || value->kind != MX_VALUE_TEXT)
		return false;
	*out = value->as.text;
	return true;
}

bool
mx_value_to_items(const MxValue *value, MxItems *out)
{
	const MxValue *data;

	if (value == NULL)
		return false;
	if (value->kind == MX_VALUE_LIST || value->kind == MX_VALUE_TUPLE ||
	    value->kind == MX_VALUE_SET)
	{
		*out = value->as.items;
		return true;
	}
	if (value->kind != MX_VALUE_OBJECT)
		return false;
	/* A UserList has its items in an attribute, a subclass of list itself. */
	data = mx_value_attribute(value, "data");
	if (data != NULL && data->kind == MX_VALUE_LIST)
	{
		*out = data->as.items;
		return true;
	}
	*out = value->as.object.items;
	return value->as.object.items.n > 0;
}

bool
mx_value_is_none(const MxValue *value)
{
	return value == NULL || value->kind == MX_VALUE_NONE;
}

const MxValue *
mx_value_unwrap(const MxValue *value)
{
	const MxGlobal *class = mx_value_class(value);
	const MxValue *args;
	const MxValue *data;

	if (class == NULL || value->kind != MX_VALUE_OBJECT ||
	    !mx_global_is(class, "pandas", "_new_Index"))
		return value;
	args = value->as.object.args;
	if (args == NULL || args->as.items.n != 2)
		return value;
	data = mx_value_entry(args->as.items.items[1], "data");
	if (data == NULL ||
	    (data->kind != MX_VALUE_ARRAY && data->kind != MX_VALUE_LIST))
		return value;
	return data;
}
