/* interpret.c */
/* The few calls of a pickle that mean a plain value: sets, bytes, arrays. */
#include "format/interpret.h"

#include <string.h>

/* bytes() of protocols 0 to 2 is empty; others come from codecs.encode. */
static MxStatus
make_bytes(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	const uint8_t *data = (const uint8_t *) "";
	size_t size = 0;
	bool found = true;

	if (args->n >= 1)
		MX_TRY(
		    mx_pickle_raw_bytes(p, args->items[0], &data, &size, &found, err));
	if (args->n > 1 || !found)
		return MX_OK;
	*out = mx_node_bytes(&p->parse->nodes, data, size, p->offset, err);
	MX_NEED(*out, err);
	return MX_OK;
}

/*
 * Text whose characters are bytes: encode(text, "latin1").  Returns false
 * when one of them is no byte.
 */
static bool
narrow_text(MxText text, uint8_t *out, size_t *n)
{
	const uint8_t *at = (const uint8_t *) text.data;
	size_t i;

	*n = 0;
	for (i = 0; i < text.size; i++)
	{
		/* Valid UTF-8, so that C2 and C3 lead U+0080 to U+00FF. */
		if (at[i] < 0x80)
			out[(*n)++] = at[i];
		else if (at[i] <= 0xC3)
		{
			out[(*n)++] = (uint8_t) (at[i] << 6 | (at[i + 1] & 0x3F));
			i++;
		}
		else
			return false;
	}
	return true;
}

static bool
is_latin1(const MxValue *encoding)
{
	MxText name;

	return mx_value_to_text(encoding, &name) &&
	       (mx_text_is(name, "latin1") || mx_text_is(name, "latin-1"));
}

/* _codecs.encode(text, "latin1"), bytearray(text, "latin-1") */
static MxStatus
make_encoded(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	uint8_t *data;
	size_t n;
	MxText text;

	if (args->n != 2 || !is_latin1(args->items[1]) ||
	    !mx_value_to_text(args->items[0], &text))
		return MX_OK;
	data = mx_node_alloc(nodes, text.size, 1, err);
	MX_NEED(data, err);
	if (!narrow_text(text, data, &n))
		return MX_OK;
	*out = mx_node_bytes(nodes, data, n, p->offset, err);
	MX_NEED(*out, err);
	return MX_OK;
}

static MxStatus
make_bytearray(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	return args->n == 2 ? make_encoded(p, args, out, err)
	                    : make_bytes(p, args, out, err);
}

/* set(list), frozenset(list) */
static MxStatus
make_set(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxItems items = {0};
	MxValue *set;

	if (args->n > 1 ||
	    (args->n == 1 && !mx_value_to_items(args->items[0], &items)))
		return MX_OK;
	set = mx_node_new(nodes, MX_VALUE_SET, p->offset, err);
	MX_NEED(set, err);
	MX_TRY(mx_node_append(nodes, set, (MxValue *const *) items.items, items.n,
	                      err));
	*out = set;
	return MX_OK;
}

/* The pairs that OrderedDict of Python 2 is made from, or a dict. */
static MxStatus
put_all(MxPickle *p, MxValue *to, const MxValue *from, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *pair[2];
	MxItems items;
	size_t i;

	if (from->kind == MX_VALUE_DICT)
	{
		for (i = 0; i < from->as.entries.n; i++)
		{
			pair[0] = (MxValue *) from->as.entries.keys[i];
			pair[1] = (MxValue *) from->as.entries.values[i];
			MX_TRY(mx_node_put(nodes, to, pair, 1, err));
		}
		return MX_OK;
	}
	if (from->kind != MX_VALUE_LIST)
		return MX_OK;
	for (i = 0; i < from->as.items.n; i++)
	{
		if (!mx_value_to_items(from->as.items.items[i], &items) || items.n != 2)
			return mx_fail(err, MX_ERR_MALFORMED, p->offset,
			               "dict is made from items that are no pairs");
		MX_TRY(mx_node_put(nodes, to, (MxValue *const *) items.items, 1, err));
	}
	return MX_OK;
}

/* OrderedDict(pairs), Counter(dict): objects, with the entries put on them */
static MxStatus
make_dict_object(MxPickle *p, const MxItems *args, MxValue **out, MxError *err)
{
	if (args->n != 1)
		return MX_OK;
	*out = mx_node_new(&p->parse->nodes, MX_VALUE_OBJECT, p->offset, err);
	MX_NEED(*out, err);
	return put_all(p, *out, args->items[0], err);
}

typedef MxStatus (*Maker)(MxPickle *p, const MxItems *args, MxValue **out,
                          MxError *err);

/* Python 2 says __builtin__ for builtins. */
static const struct
{
	const char *modules[2];
	const char *name;
	Maker make;
} makers[] = {
    {{"builtins", "__builtin__"}, "bytes", make_bytes},
    {{"builtins", "__builtin__"}, "bytearray", make_bytearray},
    {{"builtins", "__builtin__"}, "set", make_set},
    {{"builtins", "__builtin__"}, "frozenset", make_set},
    {{"_codecs", "_codecs"}, "encode", make_encoded},
    {{"collections", "collections"}, "OrderedDict", make_dict_object},
    {{"collections", "collections"}, "Counter", make_dict_object},
    {{"dill._dill", "dill.dill"}, "_create_array", mx_dill_array},
};

bool
mx_interpret_in_package(MxText module, const char *package)
{
	size_t n = strlen(package);

	return module.size >= n && memcmp(module.data, package, n) == 0 &&
	       (module.size == n || module.data[n] == '.');
}

MxStatus
mx_interpret_call(MxPickle *p, const MxGlobal *callable, const MxItems *args,
                  MxValue **out, MxError *err)
{
	size_t i;

	if (mx_interpret_in_package(callable->module, "numpy"))
		return mx_numpy_call(p, callable->name, args, out, err);
	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (mx_text_is(callable->name, makers[i].name) &&
		    (mx_text_is(callable->module, makers[i].modules[0]) ||
		     mx_text_is(callable->module, makers[i].modules[1])))
			return makers[i].make(p, args, out, err);
	return MX_OK;
}

/* Whether an object is what a function of NumPy would have returned. */
static bool
comes_from_numpy(const MxValue *object, const char *name)
{
	const MxValue *callable = object->as.object.callable;

	return callable->kind == MX_VALUE_GLOBAL &&
	       mx_text_is(callable->as.global.name, name) &&
	       mx_interpret_in_package(callable->as.global.module, "numpy");
}

/* joblib, or the copy of it inside old scikit-learn. */
static bool
is_joblib_class(const MxGlobal *class, const char *name)
{
	return mx_text_is(class->name, name) &&
	       (mx_interpret_in_package(class->module, "joblib") ||
	        mx_interpret_in_package(class->module, "sklearn.externals.joblib"));
}

MxStatus
mx_interpret_state(MxPickle *p, MxValue *object, const MxValue *state,
                   bool *done, MxError *err)
{
	const MxGlobal *class = mx_value_class(object);

	*done = true;
	if (comes_from_numpy(object, "dtype"))
		return mx_numpy_dtype_state(p, object, state, err);
	if (comes_from_numpy(object, "_reconstruct"))
		return mx_numpy_array_state(p, object, state, err);
	if (class != NULL && is_joblib_class(class, "NumpyArrayWrapper"))
		return mx_joblib_array_state(p, object, state, err);
	if (class != NULL && (is_joblib_class(class, "NDArrayWrapper") ||
	                      is_joblib_class(class, "ZNDArrayWrapper")))
		return mx_joblib_refuse_old(p->offset, err);
	*done = false;
	return MX_OK;
}
