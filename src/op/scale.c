/* scale.c */
/* Arithmetic with constants per column. */
#include "op/op.h"
#include "op/scale.h"

#include "kernel/kernel.h"

#include <math.h>

/*
 * An operation left out is one that changes nothing, not even the sign of a
 * zero: x - 0, x / 1, x * 1, x + -0.
 */
typedef struct ScaleParams
{
	uint64_t n;
	MxRef first;
	MxRef second;
	uint64_t divides;
	double low;
	double high;
} ScaleParams;

MxStatus
mx_scale_store(MxImageWriter *w, const double *from, size_t n, double neutral,
               MxRef *ref, MxError *err)
{
	void *ptr;
	double *to;
	size_t j;

	MX_TRY(mx_image_reserve(w, n, sizeof(double), 64, ref, &ptr, err));
	to = ptr;
	for (j = 0; j < n; j++)
		to[j] = from == NULL ? neutral : from[j];
	return MX_OK;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxScale *scale = &step->node->as.scale;
	bool divides = scale->kind == MX_SCALE_DIVIDE;
	ScaleParams p = {.n = scale->n,
	                 .divides = divides,
	                 .low = scale->clip ? scale->low : -INFINITY,
	                 .high = scale->clip ? scale->high : INFINITY};

	MX_TRY(mx_scale_store(w, scale->first, scale->n, divides ? 0.0 : 1.0,
	                      &p.first, err));
	MX_TRY(mx_scale_store(w, scale->second, scale->n, divides ? 1.0 : -0.0,
	                      &p.second, err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) image;
	(void) params;
	(void) n_in;
	*out = (MxShape){.n_columns = in[0].n_columns, .kind = MX_COLUMN_NUMBER};
}

double
mx_scaled(const void *image, MxRef params, size_t j, double x)
{
	const ScaleParams *p = mx_at(image, ScaleParams, params);
	double first = mx_at(image, double, p->first)[j];
	double second = mx_at(image, double, p->second)[j];

	return p->divides ? mx_divide(x, first, second, p->low, p->high)
	                  : mx_multiply(x, first, second, p->low, p->high);
}

void
mx_scale_row(const void *image, MxRef params, const MxBlock *in, double *x)
{
	const ScaleParams *p = mx_at(image, ScaleParams, params);
	const double *first = mx_at(image, double, p->first);
	const double *second = mx_at(image, double, p->second);
	size_t j;

	for (j = 0; j < in->n_columns; j++)
		x[j] = in->columns[j].numbers[0];
	if (p->divides)
		mx_kernel_divide_row(first, second, in->n_columns, p->low, p->high, x);
	else
		mx_kernel_multiply_row(first, second, in->n_columns, p->low, p->high,
		                       x);
}

/* One row: a call per column would cost more than the arithmetic. */
static void
score_row(const ScaleParams *p, const double *first, const double *second,
          const MxBlock *in, double *const *out)
{
	size_t j;

	if (p->divides)
		for (j = 0; j < in->n_columns; j++)
			out[j][0] = mx_divide(in->columns[j].numbers[0], first[j],
			                      second[j], p->low, p->high);
	else
		for (j = 0; j < in->n_columns; j++)
			out[j][0] = mx_multiply(in->columns[j].numbers[0], first[j],
			                        second[j], p->low, p->high);
}

static void
score_column(const ScaleParams *p, double first, double second,
             const MxColumn *in, size_t n_rows, double *out)
{
	if (p->divides)
		mx_kernel_divide(in->numbers, n_rows, first, second, p->low, p->high,
		                 out);
	else
		mx_kernel_multiply(in->numbers, n_rows, first, second, p->low, p->high,
		                   out);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const ScaleParams *p = mx_at(image, ScaleParams, params);
	const double *first = mx_at(image, double, p->first);
	const double *second = mx_at(image, double, p->second);
	size_t j;

	(void) n_in;
	(void) err;
	if (in[0].n_rows == 1)
	{
		score_row(p, first, second, &in[0], run->numbers);
		return MX_OK;
	}
	for (j = 0; j < in[0].n_columns; j++)
		score_column(p, first[j], second[j], &in[0].columns[j], in[0].n_rows,
		             run->numbers[j]);
	return MX_OK;
}

static size_t
origin(const void *image, MxRef params, size_t j)
{
	(void) image;
	(void) params;
	return j;
}

const MxOp mx_op_scale = {
    .kind = MX_STEP_SCALE,
    .name = "scale",
    .compile = compile,
    .shape = shape,
    .score = score,
    .origin = origin,
};
