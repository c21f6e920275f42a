/* decide.c */
/* Margins or probabilities of a row to the index of a class. */
#include "op/op.h"

typedef struct DecideImage
{
	uint32_t kind;
} DecideImage;

/* Rows for which the best so far is kept at a time. */
#define STRIP 128

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	DecideImage image = {(uint32_t) step->node->as.decide.kind};

	return mx_image_store(w, &image, 1, sizeof(image), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) image;
	(void) params;
	(void) in;
	(void) n_in;
	out->n_columns = 1;
	out->kind = MX_COLUMN_NUMBER;
	out->is_sparse = false;
}

/* The first of the largest; of sign * x, so that -1 finds the smallest. */
static void
find_largest(const MxBlock *in, double sign, size_t first, size_t n_rows,
             double *out)
{
	double best[STRIP];

	for (size_t i = 0; i < n_rows; i++)
	{
		best[i] = sign * in->columns[0].numbers[first + i];
		out[first + i] = 0;
	}
	for (size_t j = 1; j < in->n_columns; j++)
	{
		const double *x = in->columns[j].numbers + first;

		for (size_t i = 0; i < n_rows; i++)
		{
			bool is_better = sign * x[i] > best[i];

			best[i] = is_better ? sign * x[i] : best[i];
			out[first + i] = is_better ? (double) j : out[first + i];
		}
	}
}

static void
find_all(const MxBlock *in, double sign, double *out)
{
	size_t n;

	for (size_t first = 0; first < in->n_rows; first += n)
	{
		n = in->n_rows - first < STRIP ? in->n_rows - first : STRIP;
		find_largest(in, sign, first, n, out);
	}
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const double *x = in[0].columns[0].numbers;
	double *out = run->numbers[0];

	(void) n_in;
	(void) err;
	switch ((MxDecideKind) mx_at(image, DecideImage, params)->kind)
	{
		case MX_DECIDE_ARGMAX:
			find_all(&in[0], 1, out);
			break;
		case MX_DECIDE_ARGMIN:
			find_all(&in[0], -1, out);
			break;
		case MX_DECIDE_POSITIVE:
			for (size_t row = 0; row < in[0].n_rows; row++)
				out[row] = x[row] > 0 ? 1 : 0;
			break;
		case MX_DECIDE_NONNEGATIVE:
			for (size_t row = 0; row < in[0].n_rows; row++)
				out[row] = x[row] >= 0 ? 1 : 0;
			break;
	}
	return MX_OK;
}

static bool
decides_by(const void *image, MxRef params, size_t n, size_t *column,
           double *limit)
{
	switch ((MxDecideKind) mx_at(image, DecideImage, params)->kind)
	{
		case MX_DECIDE_ARGMAX:
			*column = 1;
			*limit = 0.5;
			return n == 2;
		case MX_DECIDE_ARGMIN:
			return false;
		case MX_DECIDE_POSITIVE:
		case MX_DECIDE_NONNEGATIVE:
			*column = 0;
			*limit = 0;
			return n == 1;
	}
	return false;
}

const MxOp mx_op_decide = {
    .kind = MX_STEP_DECIDE,
    .name = "decide",
    .compile = compile,
    .shape = shape,
    .score = score,
    .decides_by = decides_by,
};
