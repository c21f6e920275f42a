/* expand.c */
/* Codes to groups of 0/1 columns, dense when few, sparse when many. */
#include "op/expand.h"

#include "op/op.h"

#include <string.h>

typedef struct Params
{
	uint64_t n;
	uint64_t width;
	MxRef offsets; /* n + 1: first column of each group, and the width */
} Params;

static MxStatus
expand_compile(const MxStep *step, MxImageWriter *w, MxRef *ref, MxError *err)
{
	const MxExpand *from = &step->node->as.expand;
	Params *params;
	uint64_t *offsets;
	void *space;
	size_t j;

	MX_TRY(mx_image_reserve(w, 1, sizeof(Params), 8, ref, &space, err));
	params = space;
	params->n = from->n;
	MX_TRY(mx_image_reserve(w, from->n + 1, sizeof(uint64_t), 8,
	                        &params->offsets, &space, err));
	offsets = space;
	for (j = 0; j < from->n; j++)
		offsets[j + 1] = offsets[j] + from->widths[j];
	params->width = offsets[from->n];
	return MX_OK;
}

static void
expand_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
             MxShape *out)
{
	const Params *params = mx_at(image, Params, ref);

	(void) in;
	(void) n_in;
	out->n_columns = (size_t) params->width;
	out->is_sparse = out->n_columns > MX_EXPAND_DENSE_COLUMNS;
	out->kind = MX_COLUMN_NUMBER;
}

/* Column of the group that a code sets; false when it sets none. */
static inline bool
position(double code, uint64_t width, size_t *out)
{
	if (!(code >= 0 && code < (double) width))
		return false;
	*out = (size_t) code;
	return true;
}

static void
expand_dense(const Params *params, const uint64_t *offsets, const MxBlock *in,
             double *const *out)
{
	size_t c;
	size_t j;
	size_t i;

	for (c = 0; c < params->width; c++)
		memset(out[c], 0, in->n_rows * sizeof(double));
	for (j = 0; j < params->n; j++)
		for (i = 0; i < in->n_rows; i++)
			if (position(in->columns[j].numbers[i], offsets[j + 1] - offsets[j],
			             &c))
				out[offsets[j] + c][i] = 1.0;
}

static MxStatus
expand_sparse(const Params *params, const uint64_t *offsets, const MxBlock *in,
              MxSparseBuffer *out, MxError *err)
{
	size_t c;
	size_t j;
	size_t i;

	out->n = 0;
	out->start[0] = 0;
	MX_TRY(mx_sparse_reserve(out, in->n_rows * (size_t) params->n, err));
	for (i = 0; i < in->n_rows; i++)
	{
		for (j = 0; j < params->n; j++)
			if (position(in->columns[j].numbers[i], offsets[j + 1] - offsets[j],
			             &c))
			{
				out->columns[out->n] = (uint32_t) (offsets[j] + c);
				out->values[out->n++] = 1.0;
			}
		out->start[i + 1] = out->n;
	}
	return MX_OK;
}

static MxStatus
expand_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
             MxRun *run, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const uint64_t *offsets = mx_at(image, uint64_t, params->offsets);

	(void) n_in;
	if (run->sparse != NULL)
		return expand_sparse(params, offsets, in, run->sparse, err);
	expand_dense(params, offsets, in, run->numbers);
	return MX_OK;
}

static size_t
expand_origin(const void *image, MxRef ref, size_t j)
{
	const Params *params = mx_at(image, Params, ref);
	const uint64_t *offsets = mx_at(image, uint64_t, params->offsets);
	size_t group = 0;

	while (offsets[group + 1] <= j)
		group++;
	return group;
}

const MxOp mx_op_expand = {
    .kind = MX_STEP_EXPAND,
    .name = "expand",
    .compile = expand_compile,
    .shape = expand_shape,
    .score = expand_score,
    .origin = expand_origin,
};
