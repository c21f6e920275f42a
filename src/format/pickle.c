/* pickle.c */
/* The pickle machine: fetches opcodes, minds frames, stops at STOP. */
#include "format/pickle.h"
#include "format/pickle_machine.h"

#define HIGHEST_PROTOCOL 5
/* So many values, and it is no accident. */
#define LIKELY_PICKLE 8

#define POLL_BYTES ((size_t) 64 * 1024)

/* Only as the first opcode: no pickler writes it elsewhere. */
static MxStatus
read_protocol(MxPickle *p, MxError *err)
{
	uint8_t protocol;

	if (p->offset != p->start)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle names its protocol in its middle");
	MX_TRY(mx_bytes_u8(&p->parse->in, &protocol, err));
	if (protocol > HIGHEST_PROTOCOL)
		return mx_fail(err, MX_ERR_UNSUPPORTED, p->offset,
		               "pickle protocol %d is not supported", protocol);
	if (protocol > p->parse->protocol)
		p->parse->protocol = protocol;
	return MX_OK;
}

static MxStatus
read_frame(MxPickle *p, MxError *err)
{
	MxBytes *in = &p->parse->in;
	uint64_t length;

	if (p->frame_end != 0)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle frame begins inside another");
	MX_TRY(mx_bytes_u64le(in, &length, err));
	if (length > in->size - in->pos)
		return mx_fail(err, MX_ERR_TRUNCATED, p->offset,
		               "artifact ends inside a pickle frame of %llu bytes",
		               (unsigned long long) length);
	p->frame_end = in->pos + (size_t) length;
	return MX_OK;
}

static MxStatus
stop(MxPickle *p, MxError *err)
{
	MX_TRY(mx_pickle_pop(p, &p->result, err));
	if (p->n_stack != 0 || p->n_marks != 0)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle ends with unused items on its stack");
	if (p->frame_end > p->parse->in.pos)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle ends inside a frame");
	return MX_OK;
}

/* The buffers are outside of the file, so that nothing is lost by ignoring. */
static MxStatus
ignore_readonly(MxPickle *p, MxError *err)
{
	MxValue *buffer;

	return mx_pickle_top(p, &buffer, err);
}

static MxStatus
refuse_outside(MxPickle *p, MxError *err)
{
	const char *what = p->opcode == 'P' || p->opcode == 'Q' ? "persistent id"
	                   : p->opcode == 0x97 ? "out-of-band buffer"
	                                       : "extension code";

	mx_set_error(err, MX_ERR_UNSUPPORTED, p->offset,
	             "pickle refers to something outside of it (%s)", what);
	return err->status;
}

static const MxOpcode opcodes[256] = {
    [0x80] = read_protocol,
    [0x95] = read_frame,
    ['.'] = stop,
    [0x98] = ignore_readonly,
    ['P'] = refuse_outside,
    ['Q'] = refuse_outside,
    [0x82] = refuse_outside, /* EXT1, EXT2, EXT4 */
    [0x83] = refuse_outside,
    [0x84] = refuse_outside,
    [0x97] = refuse_outside, /* NEXT_BUFFER */

    ['('] = mx_pickle_mark,
    ['0'] = mx_pickle_drop,
    ['1'] = mx_pickle_drop_mark,
    ['2'] = mx_pickle_dup,
    ['N'] = mx_pickle_constant,
    [0x88] = mx_pickle_constant, /* NEWTRUE, NEWFALSE */
    [0x89] = mx_pickle_constant,
    [']'] = mx_pickle_empty,
    ['}'] = mx_pickle_empty,
    [')'] = mx_pickle_empty,
    [0x8f] = mx_pickle_empty,       /* EMPTY_SET */
    [0x85] = mx_pickle_short_tuple, /* TUPLE1 to TUPLE3 */
    [0x86] = mx_pickle_short_tuple,
    [0x87] = mx_pickle_short_tuple,
    ['t'] = mx_pickle_marked_items,
    ['l'] = mx_pickle_marked_items,
    [0x91] = mx_pickle_marked_items, /* FROZENSET */
    ['d'] = mx_pickle_marked_dict,
    ['a'] = mx_pickle_append,
    ['e'] = mx_pickle_appends,
    [0x90] = mx_pickle_appends, /* ADDITEMS */
    ['s'] = mx_pickle_setitem,
    ['u'] = mx_pickle_setitems,

    ['p'] = mx_pickle_put,
    ['q'] = mx_pickle_put,
    ['r'] = mx_pickle_put,
    [0x94] = mx_pickle_put, /* MEMOIZE */
    ['g'] = mx_pickle_get,
    ['h'] = mx_pickle_get,
    ['j'] = mx_pickle_get,

    ['I'] = mx_pickle_int_line,
    ['L'] = mx_pickle_long_line,
    ['F'] = mx_pickle_float_line,
    ['J'] = mx_pickle_binint,
    ['K'] = mx_pickle_binint,
    ['M'] = mx_pickle_binint,
    [0x8a] = mx_pickle_long, /* LONG1, LONG4 */
    [0x8b] = mx_pickle_long,
    ['G'] = mx_pickle_binfloat,

    ['S'] = mx_pickle_string_line,
    ['V'] = mx_pickle_unicode_line,
    ['T'] = mx_pickle_binstring,
    ['U'] = mx_pickle_binstring,
    ['X'] = mx_pickle_binunicode,
    [0x8c] = mx_pickle_binunicode, /* SHORT_BINUNICODE, BINUNICODE8 */
    [0x8d] = mx_pickle_binunicode,
    ['C'] = mx_pickle_binbytes,
    ['B'] = mx_pickle_binbytes,
    [0x8e] = mx_pickle_binbytes, /* BINBYTES8, BYTEARRAY8 */
    [0x96] = mx_pickle_binbytes,

    ['c'] = mx_pickle_global,
    [0x93] = mx_pickle_stack_global,
    ['R'] = mx_pickle_reduce,
    [0x81] = mx_pickle_newobj, /* NEWOBJ, NEWOBJ_EX */
    [0x92] = mx_pickle_newobj,
    ['i'] = mx_pickle_inst,
    ['o'] = mx_pickle_obj,
    ['b'] = mx_pickle_build,
};

static MxStatus
run_opcode(MxPickle *p, MxError *err)
{
	MxBytes *in = &p->parse->in;
	MxOpcode run;

	p->offset = in->pos;
	MX_TRY(mx_bytes_u8(in, &p->opcode, err));
	run = opcodes[p->opcode];
	if (run == NULL && p->offset == 0)
		return mx_fail(err, MX_ERR_MALFORMED, 0, "artifact is not a pickle");
	if (run == NULL)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "unknown pickle opcode 0x%02x", p->opcode);
	MX_TRY(run(p, err));
	/* Readers disagree on items that straddle frames, so there are none. */
	if (p->frame_end != 0 && in->pos > p->frame_end)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "pickle frame ends inside an item");
	if (in->pos == p->frame_end)
		p->frame_end = 0;
	return MX_OK;
}

static MxStatus
poll(MxParse *parse, MxError *err)
{
	if (parse->in.pos < parse->next_poll)
		return MX_OK;
	parse->next_poll = parse->in.pos + POLL_BYTES;
	return mx_poll(parse->nodes.limits, err);
}

MxStatus
mx_pickle_run(MxParse *parse, unsigned nesting, MxValue **result, MxError *err)
{
	MxPickle p = {.parse = parse, .nesting = nesting, .start = parse->in.pos};

	if (nesting > MX_MAX_NESTED_PICKLES)
		return mx_fail(err, MX_ERR_LIMIT, parse->in.pos,
		               "pickles are nested too deep");
	while (p.result == NULL)
	{
		MxStatus status = poll(parse, err);

		if (status == MX_OK)
			status = run_opcode(&p, err);
		if (status == MX_OK)
			continue;
		if (err->offset == MX_NO_OFFSET)
			err->offset = p.offset;
		return status;
	}
	*result = p.result;
	return MX_OK;
}

MxStatus
mx_pickle_parse(const uint8_t *data, size_t size, const MxLimits *limits,
                MxArena *arena, const MxValue **root, MxArtifactFormat *format,
                MxError *err)
{
	MxParse parse = {
	    .in = {.data = data, .size = size},
	    .nodes = {.arena = arena, .limits = limits},
	};
	MxValue *result;
	MxStatus status = mx_pickle_run(&parse, 0, &result, err);

	/* Protocols 0 and 1 have no mark; most bytes are some opcode. */
	if (status == MX_ERR_MALFORMED && parse.protocol == 0 &&
	    parse.nodes.n < LIKELY_PICKLE)
		mx_set_detail(err, "The artifact may be no pickle at all.");
	MX_TRY(status);
	if (parse.in.pos != size)
		return mx_fail(err, MX_ERR_MALFORMED, parse.in.pos,
		               "%zu bytes follow the end of the pickle",
		               size - parse.in.pos);
	MX_TRY(mx_nodes_finish(&parse.nodes, err));
	*root = result;
	format->format = parse.is_joblib ? "joblib" : "pickle";
	format->protocol = parse.protocol;
	format->n_nodes = parse.nodes.n;
	return MX_OK;
}
