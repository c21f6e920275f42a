/* joblib.c */
/* joblib's arrays: their bytes lie in the middle of the pickle. */
#include "format/interpret.h"

/* The wrapper has 5 or 6 attributes; each is searched among all. */
#define MAX_ATTRIBUTES 16

static MxStatus
broken(const MxPickle *p, const char *what, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, p->offset, "joblib array has %s",
	               what);
}

MxStatus
mx_joblib_refuse_old(size_t offset, MxError *err)
{
	mx_set_error(err, MX_ERR_UNSUPPORTED, offset,
	             "artifact was written by joblib older than 0.10");
	mx_set_detail(err, "Its arrays may be in other files.");
	mx_set_hint(err, "Load it with that joblib, and save it with a newer one.");
	return err->status;
}

/* Since joblib 1.2: a count, and so many bytes to align what follows. */
static MxStatus
skip_padding(MxPickle *p, const MxValue *state, MxError *err)
{
	const MxValue *alignment =
	    mx_value_entry(state, "numpy_array_alignment_bytes");
	const uint8_t *padding;
	uint8_t n;

	if (mx_value_is_none(alignment))
		return MX_OK;
	MX_TRY(mx_bytes_u8(&p->parse->in, &n, err));
	return mx_bytes_take(&p->parse->in, n, &padding, err);
}

static MxStatus
read_bytes(MxPickle *p, const MxValue *state, const MxDtype *dtype,
           MxValue *wrapper, MxError *err)
{
	const MxValue *shape = mx_value_entry(state, "shape");
	const MxValue *order = mx_value_entry(state, "order");
	MxArray *array = NULL;
	MxText letter;

	if (shape == NULL || !mx_value_to_text(order, &letter))
		return broken(p, "no shape or order", err);
	MX_TRY(mx_numpy_new_array(p, dtype, shape, mx_text_is(letter, "F"), &array,
	                          err));
	if (array == NULL)
		return broken(p, "a shape that is not read", err);
	MX_TRY(skip_padding(p, state, err));
	MX_TRY(mx_bytes_take(&p->parse->in, array->n * dtype->itemsize,
	                     &array->data, err));
	wrapper->kind = MX_VALUE_ARRAY;
	wrapper->as.array = array;
	return MX_OK;
}

/* An array of objects is a pickle of its own. */
static MxStatus
read_nested(MxPickle *p, MxValue *wrapper, MxError *err)
{
	MxValue *inner;

	MX_TRY(mx_pickle_run(p->parse, p->nesting + 1, &inner, err));
	MX_TRY(mx_node_deepen(&p->parse->nodes, wrapper, inner, err));
	if (inner->kind == MX_VALUE_ARRAY)
	{
		wrapper->kind = MX_VALUE_ARRAY;
		wrapper->as.array = inner->as.array;
		return MX_OK;
	}
	wrapper->kind = MX_VALUE_OPAQUE;
	wrapper->as.opaque = "array of a dtype or rank that is not read";
	return MX_OK;
}

/* In place, so that the wrapper fetched from the memo is the array too. */
MxStatus
mx_joblib_array_state(MxPickle *p, MxValue *wrapper, const MxValue *state,
                      MxError *err)
{
	const MxDtype *dtype;

	if (state->kind != MX_VALUE_DICT || state->as.entries.n > MAX_ATTRIBUTES)
		return broken(p, "no attributes", err);
	dtype = mx_value_dtype(mx_value_entry(state, "dtype"));
	if (dtype == NULL)
		return broken(p, "a dtype that is not read", err);
	p->parse->is_joblib = true;
	/* joblib ends the frame first, for the bytes are in none. */
	if (p->frame_end == p->parse->in.pos)
		p->frame_end = 0;
	if (dtype->has_objects)
		return read_nested(p, wrapper, err);
	return read_bytes(p, state, dtype, wrapper, err);
}
