/* coded.c */
/* Sums by turns: of a run of numbers, of a column of codes. */
#include "op/coded.h"

#include "kernel/codes.h"

#include <string.h>

/* Columns side by side, of numbers or of codes. */
typedef struct Run
{
	uint64_t first; /* column of the block */
	uint64_t n;
	uint64_t is_coded;
	MxRef numbers; /* panels, or entries */
	MxRef columns; /* MxCodeColumn (n) */
} Run;

/* Adds one more column to the runs. */
static void
push(Run *runs, uint64_t *n_runs, size_t column, bool is_coded)
{
	Run *last = *n_runs == 0 ? NULL : &runs[*n_runs - 1];

	if (last != NULL && last->is_coded == is_coded)
		last->n++;
	else
		runs[(*n_runs)++] = (Run){column, 1, is_coded, 0, 0};
}

/*
 * The weights of one-hot columns from *weight on, those of all outputs beside
 * each other; *weight becomes the one behind them.
 */
static MxStatus
store_codes(const MxAffine *affine, const size_t *n_codes, MxImageWriter *w,
            Run *run, size_t *weight, MxError *err)
{
	size_t n_out = affine->n_out;
	size_t width = mx_codes_width(n_out);
	size_t n_entries = 0;
	MxCodeColumn *columns;
	double *to;
	void *ptr;
	size_t i;
	size_t c;
	size_t j;

	MX_TRY(mx_image_reserve(w, (size_t) run->n, sizeof(MxCodeColumn), 8,
	                        &run->columns, &ptr, err));
	columns = ptr;
	for (j = 0; j < run->n; j++)
	{
		columns[j] =
		    (MxCodeColumn){(uint32_t) n_codes[j], (uint32_t) n_entries};
		n_entries += n_codes[j] + 1;
	}
	MX_TRY(mx_image_reserve(w, n_entries, width * sizeof(double), 64,
	                        &run->numbers, &ptr, err));
	to = ptr;
	for (j = 0; j < run->n; j++)
		for (c = 0; c < n_codes[j]; c++, (*weight)++)
			for (i = 0; i < n_out; i++)
				to[(columns[j].first + c + 1) * width + i] =
				    affine->weights[i * affine->n_in + *weight];
	return MX_OK;
}

static MxStatus
store_numbers(const MxAffine *affine, MxImageWriter *w, Run *run,
              size_t *weight, MxError *err)
{
	size_t n = (size_t) run->n;
	double *weights =
	    mx_image_scratch(w, affine->n_out * n, sizeof(double), err);
	size_t i;

	MX_NEED(weights, err);
	for (i = 0; i < affine->n_out; i++)
		memcpy(weights + i * n, affine->weights + i * affine->n_in + *weight,
		       n * sizeof(double));
	*weight += n;
	return mx_panels_store(w, weights, affine->n_out, n, &run->numbers, err);
}

MxStatus
mx_coded_store(const MxStep *step, MxImageWriter *w, MxPanelParams *p,
               MxError *err)
{
	const MxAffine *affine = &step->node->as.affine;
	size_t n_in = step->in_columns[0];
	Run *runs = mx_image_scratch(w, n_in, sizeof(Run), err);
	size_t weight = 0;
	size_t j;

	MX_NEED(runs, err);
	p->n_in = n_in;
	for (j = 0; j < n_in; j++)
		push(runs, &p->n_runs, j, step->n_codes[j] != MX_NOT_CODED);
	for (j = 0; j < p->n_runs; j++)
		if (runs[j].is_coded)
			MX_TRY(store_codes(affine, step->n_codes + runs[j].first, w,
			                   &runs[j], &weight, err));
		else
			MX_TRY(store_numbers(affine, w, &runs[j], &weight, err));
	return mx_image_store(w, runs, (size_t) p->n_runs, sizeof(Run), 8, &p->runs,
	                      err);
}

static void
clear(const MxPanelParams *p, size_t n_rows, MxRun *run)
{
	size_t i;

	for (i = 0; i < p->n_out; i++)
		memset(run->numbers[i], 0, n_rows * sizeof(double));
}

static void
add_codes(const void *image, const MxPanelParams *p, const Run *from,
          const MxBlock *in, MxRun *run)
{
	MxCodes codes = {.n = (size_t) from->n,
	                 .columns = mx_at(image, MxCodeColumn, from->columns),
	                 .n_out = (size_t) p->n_out,
	                 .width = mx_codes_width((size_t) p->n_out),
	                 .entries = mx_at(image, double, from->numbers)};

	const double *const *first = &in->columns[from->first].numbers;

	if (in->n_rows == 1)
		mx_kernel_row_coded(&codes, first, run->numbers);
	else
		mx_kernel_add_coded(&codes, first, in->n_rows, run->numbers);
}

static MxStatus
add_numbers(const void *image, const MxPanelParams *p, const Run *from,
            bool goes_on, const MxBlock *in, MxRun *run, MxError *err)
{
	MxPanels panels = mx_panels_at(image, p);
	MxBlock numbers = {.n_rows = in->n_rows,
	                   .n_columns = (size_t) from->n,
	                   .columns = in->columns + from->first};

	panels.a = mx_at(image, double, from->numbers);
	panels.n_in = (size_t) from->n;
	panels.goes_on = goes_on;
	return mx_panels_run(&panels, &numbers, run, err);
}

MxStatus
mx_coded_run(const void *image, const MxPanelParams *p, const MxBlock *in,
             MxRun *run, MxError *err)
{
	const Run *runs = mx_at(image, Run, p->runs);
	size_t i;

	if (p->n_runs > 0 && runs[0].is_coded)
		clear(p, in->n_rows, run);
	for (i = 0; i < p->n_runs; i++)
		if (runs[i].is_coded)
			add_codes(image, p, &runs[i], in, run);
		else
			MX_TRY(add_numbers(image, p, &runs[i], i > 0, in, run, err));
	return MX_OK;
}
