/* affine.c */
/* Linear models: in * weights^T + bias. */
#include "op/panels.h"

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxAffine *affine = &step->node->as.affine;
	MxPanelParams p = {.n_in = affine->n_in,
	                   .n_out = affine->n_out,
	                   .width = mx_panels_width(affine->n_out)};

	MX_TRY(mx_panels_store(w, affine->weights, affine->n_out, affine->n_in,
	                       &p.a, err));
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

static void
add_bias(const double *bias, size_t n_out, size_t n_rows, double *const *out)
{
	size_t i;
	size_t row;

	for (i = 0; i < n_out; i++)
		for (row = 0; row < n_rows; row++)
			out[i][row] += bias[i];
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);
	MxPanels panels = mx_panels_at(image, p, MX_TERM_PRODUCT);

	(void) n_in;
	if (in[0].sparse != NULL)
		score_sparse(&panels, &in[0], run);
	else
		MX_TRY(mx_panels_run(&panels, &in[0], run, err));
	if (p->last != 0)
		add_bias(mx_at(image, double, p->last), panels.n_out, in[0].n_rows,
		         run->numbers);
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
