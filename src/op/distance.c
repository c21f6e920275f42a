/* distance.c */
/* Distances to centres. */
#include "op/panels.h"

#include "kernel/function.h"

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	const MxDistance *distance = &step->node->as.distance;
	MxPanelParams p = {.n_in = distance->n_in,
	                   .n_out = distance->n_out,
	                   .width = mx_panels_width(distance->n_out),
	                   .kind = MX_TERM_DISTANCE,
	                   .is_rooted = distance->rooted};

	MX_TRY(mx_panels_store(w, distance->centres, distance->n_out,
	                       distance->n_in, &p.a, err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);
	MxPanels panels = mx_panels_at(image, p);
	size_t i;

	(void) n_in;
	MX_TRY(mx_panels_run(&panels, &in[0], run, err));
	for (i = 0; p->is_rooted && i < panels.n_out; i++)
		mx_kernel_sqrt(run->numbers[i], in[0].n_rows, run->numbers[i]);
	return MX_OK;
}

const MxOp mx_op_distance = {
    .kind = MX_STEP_DISTANCE,
    .name = "distance",
    .compile = compile,
    .shape = mx_panels_shape,
    .scratch = mx_panels_scratch,
    .score = score,
};
