/* affine.c */
/* Linear models: in * weights^T + bias. */
#include "op/affine.h"
#include "op/coded.h"
#include "op/fold.h"
#include "op/panels.h"
#include "op/scale.h"

#include <math.h>

/* Fills in the kind of term and what it needs; *weights become folded ones. */
static MxStatus
fold(const MxStep *step, MxImageWriter *w, MxPanelParams *p,
     const double **weights, MxError *err)
{
	const MxScale *scale = &step->scale->as.scale;
	bool divides = scale->kind == MX_SCALE_DIVIDE;
	double *folded =
	    mx_image_scratch(w, (size_t) (p->n_in * p->n_out), sizeof(double), err);

	MX_NEED(folded, err);
	mx_fold_weights(step->node, step->scale, folded);
	*weights = folded;
	p->kind = divides ? MX_TERM_CENTRED : MX_TERM_SHIFTED;
	p->lower = ldexp(1, -mx_fold_raise(step->node, step->scale));
	MX_TRY(mx_scale_store(w, scale->first, scale->n, divides ? 0.0 : 1.0,
	                      &p->first, err));
	return divides ? MX_OK
	               : mx_scale_store(w, scale->second, scale->n, -0.0,
	                                &p->second, err);
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxAffine *affine = &step->node->as.affine;
	const double *weights = affine->weights;
	MxPanelParams p = {.n_in = affine->n_in,
	                   .n_out = affine->n_out,
	                   .width = mx_panels_width(affine->n_out),
	                   .kind = MX_TERM_PRODUCT,
	                   .lower = 1};

	if (step->scale != NULL)
		MX_TRY(fold(step, w, &p, &weights, err));
	if (step->n_codes != NULL)
		MX_TRY(mx_coded_store(step, w, &p, err));
	else
		MX_TRY(mx_panels_store(w, weights, affine->n_out, affine->n_in, &p.a,
		                       err));
	if (affine->bias != NULL)
		MX_TRY(mx_image_store(w, affine->bias, affine->n_out, sizeof(double), 8,
		                      &p.last, err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

/*
 * A weight that is not finite (naive Bayes without smoothing has some) makes
 * NaN of a dense zero and nothing of a sparse one, as in scikit-learn.
 */
static void
score_sparse(const MxPanels *panels, const MxBlock *in, MxRun *run)
{
	const MxSparseRows *rows = in->sparse;
	double *sums = run->scratch;
	size_t row;
	size_t i;

	for (row = 0; row < in->n_rows; row++)
	{
		size_t start = rows->start[row];

		mx_kernel_sparse_panels(panels, rows->columns + start,
		                        rows->values + start,
		                        rows->start[row + 1] - start, sums);
		for (i = 0; i < panels->n_out; i++)
			run->numbers[i][row] = sums[i];
	}
}

static double
bias_of(const void *image, const MxPanelParams *p, size_t i)
{
	return p->last == 0 ? -0.0 : mx_at(image, double, p->last)[i];
}

/* x * 1 and x + -0 change nothing. */
static void
finish(const void *image, const MxPanelParams *p, size_t n_rows, MxRun *run)
{
	size_t i;

	for (i = 0; i < p->n_out; i++)
	{
		double factor = i == 0 ? p->lower : 1;
		double *out = run->numbers[i];

		if (n_rows == 1)
			*out = (*out * factor) + bias_of(image, p, i);
		else
			mx_kernel_finish(out, n_rows, factor, bias_of(image, p, i));
	}
}

MxStatus
mx_affine_sum(const void *image, MxRef params, const MxBlock *in, MxRun *run,
              MxError *err)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);
	MxPanels panels = mx_panels_at(image, p);

	if (in->sparse != NULL)
		score_sparse(&panels, in, run);
	else if (p->n_runs != 0)
		MX_TRY(mx_coded_run(image, p, in, run, err));
	else
		MX_TRY(mx_panels_run(&panels, in, run, err));
	finish(image, p, in->n_rows, run);
	return MX_OK;
}

void
mx_affine_mend(const void *image, MxRef params, const MxBlock *in, size_t row,
               MxRun *run)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);
	const double *weights = mx_at(image, double, p->a);
	const double *centres = mx_at(image, double, p->first);
	double sum = 0;
	size_t j;

	if (p->lower == 1)
		return;
	for (j = 0; j < p->n_in; j++)
		sum += (in->columns[j].numbers[row] - centres[j]) *
		       (weights[j * p->width] * p->lower);
	run->numbers[0][row] = sum + bias_of(image, p, 0);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	size_t row;

	(void) n_in;
	MX_TRY(mx_affine_sum(image, params, &in[0], run, err));
	if (in[0].sparse != NULL || mx_at(image, MxPanelParams, params)->lower == 1)
		return MX_OK;
	for (row = 0; row < in[0].n_rows; row++)
		if (!isfinite(run->numbers[0][row]))
			mx_affine_mend(image, params, &in[0], row, run);
	return MX_OK;
}

const MxOp mx_op_affine = {
    .kind = MX_STEP_AFFINE,
    .name = "affine",
    .takes_sparse = true,
    .compile = compile,
    .shape = mx_panels_shape,
    .scratch = mx_panels_scratch,
    .score = score,
};
