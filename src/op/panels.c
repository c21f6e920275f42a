/* panels.c */
/* Packing, scratch and running of the sums over all columns. */
#include "op/panels.h"

_Static_assert(sizeof(double *) <= sizeof(double), "scratch holds either");
_Static_assert(sizeof(MxColumn) == MX_ROW_STEP * sizeof(double *),
               "columns of a row are so far apart");

/* Terms between two polls: some milliseconds. */
#define POLL_TERMS ((size_t) 8 * 1024 * 1024)
#define CHUNK_ROWS ((size_t) 64)

size_t
mx_panels_width(size_t n_out)
{
	return n_out == 1 ? 1 : MX_PANEL_WIDTH;
}

/* What panels are made of. */
typedef struct Matrix
{
	const double *numbers; /* (n_out, n_in) */
	size_t n_out, n_in, width;
} Matrix;

/* Columns j to j + n - 1 of one panel. */
static void
fill_panel(const Matrix *matrix, size_t panel, size_t j, size_t n, double *to)
{
	size_t width = matrix->width;
	size_t first = panel * width;
	size_t k;
	size_t i;

	for (k = 0; k < width && first + k < matrix->n_out; k++)
	{
		const double *from = matrix->numbers + (first + k) * matrix->n_in + j;

		for (i = 0; i < n; i++)
			to[i * width + k] = from[i];
	}
}

/* An element is a column of a panel. */
static void
fill_panels(const void *ctx, size_t first, size_t n, void *to)
{
	const Matrix *matrix = ctx;
	double *numbers = to;
	size_t end = first + n;
	size_t part;

	for (; first < end; first += part)
	{
		size_t j = first % matrix->n_in;

		part = end - first < matrix->n_in - j ? end - first : matrix->n_in - j;
		fill_panel(matrix, first / matrix->n_in, j, part, numbers);
		numbers += part * matrix->width;
	}
}

MxStatus
mx_panels_store(MxImageWriter *w, const double *numbers, size_t n_out,
                size_t n_in, MxRef *ref, MxError *err)
{
	size_t width = mx_panels_width(n_out);
	size_t n_panels = (n_out + width - 1) / width;
	Matrix *matrix = mx_image_scratch(w, 1, sizeof(*matrix), err);

	MX_NEED(matrix, err);
	*matrix = (Matrix){numbers, n_out, n_in, width};
	/* n_in * 32 cannot overflow: widths are limited by the builder. */
	return mx_image_promise(w, n_panels * n_in, width * sizeof(double), 64,
	                        fill_panels, matrix, ref, err);
}

MxPanels
mx_panels_at(const void *image, const MxPanelParams *p)
{
	return (MxPanels){.kind = (MxTermKind) p->kind,
	                  .n_in = (size_t) p->n_in,
	                  .n_out = (size_t) p->n_out,
	                  .width = (size_t) p->width,
	                  .a = mx_at(image, double, p->a),
	                  .b = mx_at(image, double, p->b),
	                  .first = mx_at(image, double, p->first),
	                  .second = mx_at(image, double, p->second)};
}

void
mx_panels_shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
                MxShape *out)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);

	(void) in;
	(void) n_in;
	*out = (MxShape){.n_columns = (size_t) p->n_out, .kind = MX_COLUMN_NUMBER};
}

/* Pointers to the columns that come in and to those that go out. */
size_t
mx_panels_scratch(const void *image, MxRef params, const MxShape *in,
                  size_t n_rows)
{
	const MxPanelParams *p = mx_at(image, MxPanelParams, params);

	(void) n_rows;
	return in[0].is_sparse
	           ? (size_t) (p->n_out + MX_PANEL_WIDTH) * sizeof(double)
	           : (size_t) (p->n_in + p->n_out) * sizeof(double);
}

static MxStatus
poll(const MxRun *run, MxError *err)
{
	if (run->canceled != NULL && run->canceled(run->ctx))
		return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
	return MX_OK;
}

/* Most blocks are one chunk: nothing is set up twice. */
static MxStatus
run_rows(const MxPanels *panels, const MxBlock *in, MxRun *run, MxError *err)
{
	const double **from = run->scratch;
	double **to = (double **) (from + panels->n_in);
	size_t row_terms = panels->n_in * panels->n_out + 1;
	size_t chunk = POLL_TERMS / row_terms / CHUNK_ROWS * CHUNK_ROWS;
	size_t done;
	size_t i;

	if (chunk == 0)
		chunk = CHUNK_ROWS;
	for (i = 0; i < panels->n_in; i++)
		from[i] = in->columns[i].numbers;
	for (i = 0; i < panels->n_out; i++)
		to[i] = run->numbers[i];
	for (done = 0; done < in->n_rows; done += chunk)
	{
		size_t n = in->n_rows - done < chunk ? in->n_rows - done : chunk;

		if (done > 0)
		{
			MX_TRY(poll(run, err));
			for (i = 0; i < panels->n_in; i++)
				from[i] += chunk;
			for (i = 0; i < panels->n_out; i++)
				to[i] += chunk;
		}
		mx_kernel_panels(panels, from, n, to);
	}
	return MX_OK;
}

MxStatus
mx_panels_run(const MxPanels *panels, const MxBlock *in, MxRun *run,
              MxError *err)
{
	if (in->n_rows != 1)
		return run_rows(panels, in, run, err);
	/* Packing the row would take as long as its sums. */
	mx_kernel_row_panels(panels,
	                     panels->n_in == 0 ? NULL : &in->columns[0].numbers,
	                     run->numbers);
	return MX_OK;
}
