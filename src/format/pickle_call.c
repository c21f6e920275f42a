/* pickle_call.c */
/* The opcodes that would import and call: they only note what was meant. */
#include "format/pickle_machine.h"

static MxStatus
push_global(MxPickle *p, MxText module, MxText name, MxError *err)
{
	MxValue *value =
	    mx_node_new(&p->parse->nodes, MX_VALUE_GLOBAL, p->offset, err);

	MX_NEED(value, err);
	value->as.global.module = module;
	value->as.global.name = name;
	return mx_pickle_push(p, value, err);
}

static MxStatus
read_name(MxPickle *p, MxText *out, MxError *err)
{
	const uint8_t *line;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	out->data = (const char *) line;
	out->size = size;
	if (size == 0 || !mx_text_is_utf8(out->data, size))
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "name of a class or function is not text");
	return MX_OK;
}

/* GLOBAL */
MxStatus
mx_pickle_global(MxPickle *p, MxError *err)
{
	MxText module;
	MxText name;

	MX_TRY(read_name(p, &module, err));
	MX_TRY(read_name(p, &name, err));
	return push_global(p, module, name, err);
}

MxStatus
mx_pickle_stack_global(MxPickle *p, MxError *err)
{
	MxValue *module;
	MxValue *name;

	MX_TRY(mx_pickle_pop(p, &name, err));
	MX_TRY(mx_pickle_pop(p, &module, err));
	if (module->kind != MX_VALUE_TEXT || name->kind != MX_VALUE_TEXT)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "name of a class or function is not text");
	return push_global(p, module->as.text, name->as.text, err);
}

static MxStatus
check_callable(const MxPickle *p, const MxValue *callable, const MxValue *args,
               MxError *err)
{
	if (callable->kind != MX_VALUE_GLOBAL &&
	    callable->kind != MX_VALUE_OBJECT && callable->kind != MX_VALUE_OPAQUE)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle calls a value of type %s",
		               mx_value_kind_name(callable));
	if (args->kind != MX_VALUE_TUPLE)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "arguments of a call are a %s, not a tuple",
		               mx_value_kind_name(args));
	return MX_OK;
}

static MxStatus
push_object(MxPickle *p, const MxValue *callable, const MxValue *args,
            const MxValue *kwargs, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *value = mx_node_new(nodes, MX_VALUE_OBJECT, p->offset, err);

	MX_NEED(value, err);
	value->as.object.callable = callable;
	value->as.object.args = args;
	value->as.object.kwargs = kwargs;
	MX_TRY(mx_node_deepen(nodes, value, callable, err));
	MX_TRY(mx_node_deepen(nodes, value, args, err));
	if (kwargs != NULL)
		MX_TRY(mx_node_deepen(nodes, value, kwargs, err));
	return mx_pickle_push(p, value, err);
}

MxStatus
mx_pickle_reduce(MxPickle *p, MxError *err)
{
	MxValue *made = NULL;
	MxValue *callable;
	MxValue *args;

	MX_TRY(mx_pickle_pop(p, &args, err));
	MX_TRY(mx_pickle_pop(p, &callable, err));
	MX_TRY(check_callable(p, callable, args, err));
	if (callable->kind == MX_VALUE_GLOBAL)
		MX_TRY(mx_interpret_call(p, &callable->as.global, &args->as.items,
		                         &made, err));
	if (made == NULL)
		return push_object(p, callable, args, NULL, err);
	/* A dtype or a dict is an object still, which says what it is made from. */
	if (made->kind == MX_VALUE_OBJECT && made->as.object.callable == NULL)
	{
		made->as.object.callable = callable;
		made->as.object.args = args;
		MX_TRY(mx_node_deepen(&p->parse->nodes, made, args, err));
	}
	return mx_pickle_push(p, made, err);
}

/* NEWOBJ, NEWOBJ_EX */
MxStatus
mx_pickle_newobj(MxPickle *p, MxError *err)
{
	MxValue *class;
	MxValue *args;
	MxValue *kwargs = NULL;

	if (p->opcode == 0x92)
	{
		MX_TRY(mx_pickle_pop(p, &kwargs, err));
		if (kwargs->kind != MX_VALUE_DICT)
			return mx_fail(err, MX_ERR_MALFORMED, p->offset,
			               "named arguments of a call are no dict");
	}
	MX_TRY(mx_pickle_pop(p, &args, err));
	MX_TRY(mx_pickle_pop(p, &class, err));
	MX_TRY(check_callable(p, class, args, err));
	return push_object(p, class, args, kwargs, err);
}

static MxStatus
push_instance(MxPickle *p, const MxValue *class, MxValue *const *items,
              size_t n, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *args = mx_node_new(nodes, MX_VALUE_TUPLE, p->offset, err);

	MX_NEED(args, err);
	MX_TRY(mx_node_append(nodes, args, items, n, err));
	MX_TRY(check_callable(p, class, args, err));
	return push_object(p, class, args, NULL, err);
}

MxStatus
mx_pickle_inst(MxPickle *p, MxError *err)
{
	MxValue **items;
	MxValue *class;
	size_t n;

	MX_TRY(mx_pickle_global(p, err));
	MX_TRY(mx_pickle_pop(p, &class, err));
	MX_TRY(mx_pickle_pop_mark(p, &items, &n, err));
	return push_instance(p, class, items, n, err);
}

MxStatus
mx_pickle_obj(MxPickle *p, MxError *err)
{
	MxValue **items;
	size_t n;

	MX_TRY(mx_pickle_pop_mark(p, &items, &n, err));
	if (n == 0)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle makes an object of no class");
	return push_instance(p, items[0], items + 1, n - 1, err);
}

/*
 * A second dict of attributes adds to the first, as it would in Python; any
 * other second state takes the place of the first.
 */
static MxStatus
join_states(MxPickle *p, const MxValue *first, MxValue *second, MxValue **out,
            MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *pair[2];
	MxValue *joined;
	size_t i;

	*out = second;
	if (first == NULL || first->kind != MX_VALUE_DICT ||
	    second->kind != MX_VALUE_DICT)
		return MX_OK;
	joined = mx_node_new(nodes, MX_VALUE_DICT, second->offset, err);
	MX_NEED(joined, err);
	for (i = 0; i < first->as.entries.n + second->as.entries.n; i++)
	{
		const MxEntries *from =
		    i < first->as.entries.n ? &first->as.entries : &second->as.entries;
		size_t at = i < first->as.entries.n ? i : i - first->as.entries.n;

		pair[0] = (MxValue *) from->keys[at];
		pair[1] = (MxValue *) from->values[at];
		MX_TRY(mx_node_put(nodes, joined, pair, 1, err));
	}
	*out = joined;
	return MX_OK;
}

MxStatus
mx_pickle_build(MxPickle *p, MxError *err)
{
	MxValue *state;
	MxValue *target;
	bool done = false;

	MX_TRY(mx_pickle_pop(p, &state, err));
	MX_TRY(mx_pickle_top(p, &target, err));
	if (target->kind == MX_VALUE_OPAQUE)
		return MX_OK;
	if (target->kind != MX_VALUE_OBJECT)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle sets the state of a value of type %s",
		               mx_value_kind_name(target));
	MX_TRY(mx_interpret_state(p, target, state, &done, err));
	if (done)
		return MX_OK;
	MX_TRY(join_states(p, target->as.object.state, state, &state, err));
	target->as.object.state = state;
	return mx_node_deepen(&p->parse->nodes, target, state, err);
}
