/* pickle_stack.c */
/* The stack of the pickle machine, its memo, and the opcodes on containers. */
#include "format/pickle_machine.h"

/* Where the part of the stack that opcodes may touch begins. */
static size_t
floor_of(const MxPickle *p)
{
	return p->n_marks == 0 ? 0 : p->marks[p->n_marks - 1];
}

MxStatus
mx_pickle_push(MxPickle *p, MxValue *value, MxError *err)
{
	MX_TRY(mx_arena_grow(p->parse->nodes.arena, (void **) &p->stack, p->n_stack,
	                     &p->stack_capacity, sizeof(*p->stack), err));
	p->stack[p->n_stack++] = value;
	return MX_OK;
}

MxStatus
mx_pickle_push_new(MxPickle *p, MxValue *value, MxError *err)
{
	MX_NEED(value, err);
	return mx_pickle_push(p, value, err);
}

MxStatus
mx_pickle_top(MxPickle *p, MxValue **out, MxError *err)
{
	if (p->n_stack == floor_of(p))
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle takes from an empty stack");
	*out = p->stack[p->n_stack - 1];
	return MX_OK;
}

MxStatus
mx_pickle_pop(MxPickle *p, MxValue **out, MxError *err)
{
	MX_TRY(mx_pickle_top(p, out, err));
	p->n_stack--;
	return MX_OK;
}

MxStatus
mx_pickle_pop_mark(MxPickle *p, MxValue ***items, size_t *n, MxError *err)
{
	size_t mark;

	if (p->n_marks == 0)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle looks for a mark that was not set");
	mark = p->marks[--p->n_marks];
	/* Nothing was pushed yet: there is no array to point into. */
	*items = p->stack == NULL ? NULL : p->stack + mark;
	*n = p->n_stack - mark;
	p->n_stack = mark;
	return MX_OK;
}

MxStatus
mx_pickle_mark(MxPickle *p, MxError *err)
{
	MX_TRY(mx_arena_grow(p->parse->nodes.arena, (void **) &p->marks, p->n_marks,
	                     &p->mark_capacity, sizeof(*p->marks), err));
	p->marks[p->n_marks++] = p->n_stack;
	return MX_OK;
}

/* Python's POP takes the mark when nothing lies above it. */
MxStatus
mx_pickle_drop(MxPickle *p, MxError *err)
{
	MxValue *dropped;

	if (p->n_marks != 0 && p->n_stack == floor_of(p))
	{
		p->n_marks--;
		return MX_OK;
	}
	return mx_pickle_pop(p, &dropped, err);
}

MxStatus
mx_pickle_drop_mark(MxPickle *p, MxError *err)
{
	MxValue **items;
	size_t n;

	return mx_pickle_pop_mark(p, &items, &n, err);
}

MxStatus
mx_pickle_dup(MxPickle *p, MxError *err)
{
	MxValue *top;

	MX_TRY(mx_pickle_top(p, &top, err));
	return mx_pickle_push(p, top, err);
}

/* NONE, NEWTRUE, NEWFALSE */
MxStatus
mx_pickle_constant(MxPickle *p, MxError *err)
{
	MxValueKind kind = p->opcode == 'N' ? MX_VALUE_NONE : MX_VALUE_BOOL;
	MxValue *value = mx_node_new(&p->parse->nodes, kind, p->offset, err);

	MX_NEED(value, err);
	if (kind == MX_VALUE_BOOL)
		value->as.boolean = p->opcode == 0x88;
	return mx_pickle_push(p, value, err);
}

MxStatus
mx_pickle_empty(MxPickle *p, MxError *err)
{
	MxValueKind kind = p->opcode == ']'   ? MX_VALUE_LIST
	                   : p->opcode == '}' ? MX_VALUE_DICT
	                   : p->opcode == ')' ? MX_VALUE_TUPLE
	                                      : MX_VALUE_SET;

	return mx_pickle_push_new(
	    p, mx_node_new(&p->parse->nodes, kind, p->offset, err), err);
}

static MxStatus
push_items(MxPickle *p, MxValueKind kind, MxValue *const *items, size_t n,
           MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *value = mx_node_new(nodes, kind, p->offset, err);

	MX_NEED(value, err);
	MX_TRY(mx_node_append(nodes, value, items, n, err));
	return mx_pickle_push(p, value, err);
}

/* TUPLE1, TUPLE2, TUPLE3 */
MxStatus
mx_pickle_short_tuple(MxPickle *p, MxError *err)
{
	size_t n = (size_t) p->opcode - 0x84;

	if (p->n_stack - floor_of(p) < n)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle takes from an empty stack");
	p->n_stack -= n;
	return push_items(p, MX_VALUE_TUPLE, p->stack + p->n_stack, n, err);
}

/* TUPLE, LIST, FROZENSET */
MxStatus
mx_pickle_marked_items(MxPickle *p, MxError *err)
{
	MxValueKind kind = p->opcode == 't'   ? MX_VALUE_TUPLE
	                   : p->opcode == 'l' ? MX_VALUE_LIST
	                                      : MX_VALUE_SET;
	MxValue **items;
	size_t n;

	MX_TRY(mx_pickle_pop_mark(p, &items, &n, err));
	return push_items(p, kind, items, n, err);
}

static MxStatus
append_to(MxPickle *p, MxValue *to, MxValue *const *items, size_t n,
          MxError *err)
{
	MxValueKind builtin = p->opcode == 0x90 ? MX_VALUE_SET : MX_VALUE_LIST;

	if (to->kind == MX_VALUE_OPAQUE)
		return MX_OK;
	if (to->kind != builtin && to->kind != MX_VALUE_OBJECT)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle appends items to a value of type %s",
		               mx_value_kind_name(to));
	return mx_node_append(&p->parse->nodes, to, items, n, err);
}

MxStatus
mx_pickle_append(MxPickle *p, MxError *err)
{
	MxValue *item;
	MxValue *to;

	MX_TRY(mx_pickle_pop(p, &item, err));
	MX_TRY(mx_pickle_top(p, &to, err));
	return append_to(p, to, &item, 1, err);
}

/* APPENDS, ADDITEMS */
MxStatus
mx_pickle_appends(MxPickle *p, MxError *err)
{
	MxValue **items;
	size_t n;
	MxValue *to;

	MX_TRY(mx_pickle_pop_mark(p, &items, &n, err));
	MX_TRY(mx_pickle_top(p, &to, err));
	return append_to(p, to, items, n, err);
}

static MxStatus
put_into(MxPickle *p, MxValue *to, MxValue *const *pairs, size_t n_pairs,
         MxError *err)
{
	if (to->kind == MX_VALUE_OPAQUE)
		return MX_OK;
	if (to->kind != MX_VALUE_DICT && to->kind != MX_VALUE_OBJECT)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle sets items of a value of type %s",
		               mx_value_kind_name(to));
	return mx_node_put(&p->parse->nodes, to, pairs, n_pairs, err);
}

MxStatus
mx_pickle_setitem(MxPickle *p, MxError *err)
{
	MxValue *pair[2];
	MxValue *to;

	MX_TRY(mx_pickle_pop(p, &pair[1], err));
	MX_TRY(mx_pickle_pop(p, &pair[0], err));
	MX_TRY(mx_pickle_top(p, &to, err));
	return put_into(p, to, pair, 1, err);
}

static MxStatus
pop_pairs(MxPickle *p, MxValue ***pairs, size_t *n_pairs, MxError *err)
{
	size_t n;

	MX_TRY(mx_pickle_pop_mark(p, pairs, &n, err));
	if (n % 2 != 0)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle sets a key without a value");
	*n_pairs = n / 2;
	return MX_OK;
}

MxStatus
mx_pickle_setitems(MxPickle *p, MxError *err)
{
	MxValue **pairs;
	size_t n;
	MxValue *to;

	MX_TRY(pop_pairs(p, &pairs, &n, err));
	MX_TRY(mx_pickle_top(p, &to, err));
	return put_into(p, to, pairs, n, err);
}

/* DICT */
MxStatus
mx_pickle_marked_dict(MxPickle *p, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxValue *dict;
	MxValue **pairs;
	size_t n;

	MX_TRY(pop_pairs(p, &pairs, &n, err));
	dict = mx_node_new(nodes, MX_VALUE_DICT, p->offset, err);
	MX_NEED(dict, err);
	MX_TRY(mx_node_put(nodes, dict, pairs, n, err));
	return mx_pickle_push(p, dict, err);
}

/* The argument of PUT, BINPUT, LONG_BINPUT, GET, BINGET, LONG_BINGET. */
static MxStatus
read_number(MxPickle *p, uint32_t *out, MxError *err)
{
	MxBytes *in = &p->parse->in;
	uint8_t byte;

	if (p->opcode == 'p' || p->opcode == 'g')
		return mx_pickle_line_number(p, out, err);
	if (p->opcode == 'r' || p->opcode == 'j')
		return mx_bytes_u32le(in, out, err);
	MX_TRY(mx_bytes_u8(in, &byte, err));
	*out = byte;
	return MX_OK;
}

/* PUT, BINPUT, LONG_BINPUT, MEMOIZE */
MxStatus
mx_pickle_put(MxPickle *p, MxError *err)
{
	MxValue *top;
	uint32_t number = (uint32_t) p->memo.n;

	MX_TRY(mx_pickle_top(p, &top, err));
	if (p->opcode != 0x94)
		MX_TRY(read_number(p, &number, err));
	return mx_memo_put(&p->memo, p->parse->nodes.arena, number, top, err);
}

/* GET, BINGET, LONG_BINGET */
MxStatus
mx_pickle_get(MxPickle *p, MxError *err)
{
	MxValue *value;
	uint32_t number;

	MX_TRY(read_number(p, &number, err));
	value = mx_memo_get(&p->memo, number);
	if (value == NULL)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "memo number %u was never given", (unsigned) number);
	return mx_pickle_push(p, value, err);
}
