/*
 * pickle_machine.h: what the files of the pickle machine share; private.
 *
 * A pickle is a program for a stack machine.  This one makes values and keeps
 * them on a stack of its own, so that nesting never uses the C stack.
 */
#ifndef MX_FORMAT_PICKLE_MACHINE_H
#define MX_FORMAT_PICKLE_MACHINE_H

#include "format/bytes.h"
#include "format/memo.h"
#include "format/node.h"

/* joblib puts whole pickles into a pickle, once; no one goes deeper. */
#define MX_MAX_NESTED_PICKLES 2

/* One artifact: what a pickle and those nested in it share. */
typedef struct MxParse
{
	MxBytes in;
	MxNodes nodes;
	size_t next_poll;
	int protocol; /* the highest named */
	bool is_joblib;
} MxParse;

typedef struct MxPickle
{
	MxParse *parse;
	MxMemo memo;
	MxValue **stack;
	size_t n_stack;
	size_t stack_capacity;
	size_t *marks; /* each is the height of the stack when it was set */
	size_t n_marks;
	size_t mark_capacity;
	size_t start;     /* byte of the first opcode */
	size_t frame_end; /* 0 outside of frames */
	size_t offset;    /* byte of the opcode at work */
	uint8_t opcode;
	unsigned nesting;
	MxValue *result; /* set by STOP, which ends the program */
} MxPickle;

/* Runs one pickle from where parse stands to the byte after its STOP. */
MxStatus mx_pickle_run(MxParse *parse, unsigned nesting, MxValue **result,
                       MxError *err);

/* pickle_stack.c */
MxStatus mx_pickle_push(MxPickle *p, MxValue *value, MxError *err);
/* As push, for values just made: NULL is the failure that err holds. */
MxStatus mx_pickle_push_new(MxPickle *p, MxValue *value, MxError *err);
/* Fails rather than to take what lies below the last mark. */
MxStatus mx_pickle_pop(MxPickle *p, MxValue **out, MxError *err);
MxStatus mx_pickle_top(MxPickle *p, MxValue **out, MxError *err);
/* Takes all above the last mark, and the mark; valid until the next push. */
MxStatus mx_pickle_pop_mark(MxPickle *p, MxValue ***items, size_t *n,
                            MxError *err);

/* pickle_text.c: the bytes of a value that Python 2 may have called str. */
MxStatus mx_pickle_raw_bytes(MxPickle *p, const MxValue *value,
                             const uint8_t **data, size_t *size, bool *found,
                             MxError *err);

/*
 * interpret.c: what some calls would have made, for those calls that have a
 * meaning here.  *out is NULL when the call has none: then it stays an object.
 */
MxStatus mx_interpret_call(MxPickle *p, const MxGlobal *callable,
                           const MxItems *args, MxValue **out, MxError *err);
/* BUILD on an object; may turn it into an array.  *done tells if it did so. */
MxStatus mx_interpret_state(MxPickle *p, MxValue *object, const MxValue *state,
                            bool *done, MxError *err);

/* One function per opcode, or per few alike: they look at p->opcode. */
typedef MxStatus (*MxOpcode)(MxPickle *p, MxError *err);

MxStatus mx_pickle_mark(MxPickle *p, MxError *err);
MxStatus mx_pickle_drop(MxPickle *p, MxError *err);
MxStatus mx_pickle_drop_mark(MxPickle *p, MxError *err);
MxStatus mx_pickle_dup(MxPickle *p, MxError *err);
MxStatus mx_pickle_constant(MxPickle *p, MxError *err);
MxStatus mx_pickle_empty(MxPickle *p, MxError *err);
MxStatus mx_pickle_short_tuple(MxPickle *p, MxError *err);
MxStatus mx_pickle_marked_items(MxPickle *p, MxError *err);
MxStatus mx_pickle_marked_dict(MxPickle *p, MxError *err);
MxStatus mx_pickle_append(MxPickle *p, MxError *err);
MxStatus mx_pickle_appends(MxPickle *p, MxError *err);
MxStatus mx_pickle_setitem(MxPickle *p, MxError *err);
MxStatus mx_pickle_setitems(MxPickle *p, MxError *err);

MxStatus mx_pickle_put(MxPickle *p, MxError *err);
MxStatus mx_pickle_get(MxPickle *p, MxError *err);

MxStatus mx_pickle_int_line(MxPickle *p, MxError *err);
MxStatus mx_pickle_long_line(MxPickle *p, MxError *err);
MxStatus mx_pickle_float_line(MxPickle *p, MxError *err);
MxStatus mx_pickle_binint(MxPickle *p, MxError *err);
MxStatus mx_pickle_long(MxPickle *p, MxError *err);
MxStatus mx_pickle_binfloat(MxPickle *p, MxError *err);

MxStatus mx_pickle_string_line(MxPickle *p, MxError *err);
MxStatus mx_pickle_unicode_line(MxPickle *p, MxError *err);
MxStatus mx_pickle_binstring(MxPickle *p, MxError *err);
MxStatus mx_pickle_binunicode(MxPickle *p, MxError *err);
MxStatus mx_pickle_binbytes(MxPickle *p, MxError *err);

MxStatus mx_pickle_global(MxPickle *p, MxError *err);
MxStatus mx_pickle_stack_global(MxPickle *p, MxError *err);
MxStatus mx_pickle_reduce(MxPickle *p, MxError *err);
MxStatus mx_pickle_newobj(MxPickle *p, MxError *err);
MxStatus mx_pickle_inst(MxPickle *p, MxError *err);
MxStatus mx_pickle_obj(MxPickle *p, MxError *err);
MxStatus mx_pickle_build(MxPickle *p, MxError *err);

/* A decimal line that must fit 32 bits: the numbers of PUT and GET. */
MxStatus mx_pickle_line_number(MxPickle *p, uint32_t *out, MxError *err);

#endif
