/* concat_sparse.c */
/* Blocks side by side as sparse rows, when one of them is sparse. */
#include "op/op.h"

typedef struct ConcatParams
{
	uint64_t n_columns;
} ConcatParams;

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	ConcatParams p = {0};
	size_t i;

	for (i = 0; i < step->n_in; i++)
		p.n_columns += step->in_columns[i];
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) in;
	(void) n_in;
	*out = (MxShape){.n_columns =
	                     (size_t) mx_at(image, ConcatParams, params)->n_columns,
	                 .is_sparse = true,
	                 .kind = MX_COLUMN_NUMBER};
}

static MxStatus
append_sparse(const MxBlock *in, size_t row, size_t offset, MxSparseBuffer *to,
              MxError *err)
{
	const MxSparseRows *rows = in->sparse;
	size_t e;

	MX_TRY(mx_sparse_reserve(to, rows->start[row + 1] - rows->start[row], err));
	for (e = rows->start[row]; e < rows->start[row + 1]; e++)
	{
		to->columns[to->n] = (uint32_t) (offset + rows->columns[e]);
		to->values[to->n++] = rows->values[e];
	}
	return MX_OK;
}

static MxStatus
append_dense(const MxBlock *in, size_t row, size_t offset, MxSparseBuffer *to,
             MxError *err)
{
	size_t j;

	MX_TRY(mx_sparse_reserve(to, in->n_columns, err));
	for (j = 0; j < in->n_columns; j++)
	{
		double x = in->columns[j].numbers[row];

		if (x == 0)
			continue;
		to->columns[to->n] = (uint32_t) (offset + j);
		to->values[to->n++] = x;
	}
	return MX_OK;
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	MxSparseBuffer *to = run->sparse;
	size_t row;
	size_t i;

	(void) image;
	(void) params;
	for (row = 0; row < in[0].n_rows; row++)
	{
		size_t offset = 0;

		for (i = 0; i < n_in; i++)
		{
			if (in[i].sparse != NULL)
				MX_TRY(append_sparse(&in[i], row, offset, to, err));
			else
				MX_TRY(append_dense(&in[i], row, offset, to, err));
			offset += in[i].n_columns;
		}
		to->start[row + 1] = to->n;
	}
	return MX_OK;
}

static size_t
origin(const void *image, MxRef params, size_t j)
{
	(void) image;
	(void) params;
	return j;
}

const MxOp mx_op_concat_sparse = {
    .kind = MX_STEP_CONCAT_SPARSE,
    .name = "concat",
    .takes_sparse = true,
    .compile = compile,
    .shape = shape,
    .score = score,
    .origin = origin,
};
