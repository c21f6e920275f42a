/* densify.c */
/* Sparse rows to dense columns, for steps that need all of them. */
#include "op/op.h"

#include <string.h>

typedef struct DensifyParams
{
	uint64_t n_columns;
} DensifyParams;

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	DensifyParams p = {.n_columns = step->in_columns[0]};

	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) in;
	(void) n_in;
	*out = (MxShape){
	    .n_columns = (size_t) mx_at(image, DensifyParams, params)->n_columns,
	    .kind = MX_COLUMN_NUMBER};
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxSparseRows *rows = in[0].sparse;
	size_t row;
	size_t j;
	size_t e;

	(void) image;
	(void) params;
	(void) n_in;
	(void) err;
	for (j = 0; j < in[0].n_columns; j++)
		memset(run->numbers[j], 0, in[0].n_rows * sizeof(double));
	for (row = 0; row < in[0].n_rows; row++)
		for (e = rows->start[row]; e < rows->start[row + 1]; e++)
			run->numbers[rows->columns[e]][row] = rows->values[e];
	return MX_OK;
}

static size_t
origin(const void *image, MxRef params, size_t j)
{
	(void) image;
	(void) params;
	return j;
}

const MxOp mx_op_densify = {
    .kind = MX_STEP_DENSIFY,
    .name = "densify",
    .takes_sparse = true,
    .compile = compile,
    .shape = shape,
    .score = score,
    .origin = origin,
};
