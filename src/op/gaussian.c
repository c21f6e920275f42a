/* gaussian.c */
/* Joint log likelihood of Gaussian naive Bayes. */
#include "op/panels.h"

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxGaussian *g = &step->node->as.gaussian;
	MxPanelParams p = {.n_in = g->n_in,
	                   .n_out = g->n_out,
	                   .width = mx_panels_width(g->n_out),
	                   .kind = MX_TERM_STANDARDIZED};

	MX_TRY(mx_panels_store(w, g->mean, g->n_out, g->n_in, &p.a, err));
	MX_TRY(mx_panels_store(w, g->variance, g->n_out, g->n_in, &p.b, err));
	MX_TRY(mx_image_store(w, g->constant, g->n_out, sizeof(double), 8, &p.last,
	                      err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);
	MxPanels panels = mx_panels_at(image, p);
	const double *constant = mx_at(image, double, p->last);
	size_t i;
	size_t row;

	(void) n_in;
	MX_TRY(mx_panels_run(&panels, &in[0], run, err));
	for (i = 0; i < panels.n_out; i++)
		for (row = 0; row < in[0].n_rows; row++)
			run->numbers[i][row] = constant[i] - 0.5 * run->numbers[i][row];
	return MX_OK;
}

const MxOp mx_op_gaussian = {
    .kind = MX_STEP_GAUSSIAN,
    .name = "gaussian",
    .compile = compile,
    .shape = mx_panels_shape,
    .scratch = mx_panels_scratch,
    .score = score,
};
