/* panels.c */
/* Sums over columns: linear models, distances, Gaussian likelihoods. */
#define VECTOR_ROWS 4
#include "kernel/panels_sums.h"

MX_TWINS_BUT_WIDE(void, mx_kernel_panels,
                  (const MxPanels *p, const double *const *in, size_t n_rows,
                   double *const *out),
                  (p, in, n_rows, out))

/*
 * Lanes are outputs here: as many sums as a panel has go on at once, those of
 * no output, too, which nobody sees.
 */
MX_LOOP void
add_row(MxTermKind kind, int lanes, const Part *part, size_t n_out)
{
	double sums[MX_PANEL_WIDTH] = {0};
	size_t j;
	size_t k;

	for (k = 0; k < n_out && part->goes_on; k++)
		sums[k] = part->out[k][0];
	for (j = 0; j < part->n; j++)
	{
		double d =
		    prepare(kind, *part->in[j * MX_ROW_STEP], read_first(kind, part, j),
		            read_second(kind, part, j));

		MX_UNROLL
		for (k = 0; k < (size_t) lanes; k++)
		{
			size_t at = j * (size_t) lanes + k;

			sums[k] += term(kind, d, part->a[at], read_b(kind, part, at));
		}
	}
	for (k = 0; k < n_out; k++)
		part->out[k][0] = sums[k];
}

MX_LOOP void
add_row_panels(MxTermKind kind, const MxPanels *p, const double *const *in,
               double *const *out)
{
	Part part = {.in = in,
	             .n = p->n_in,
	             .goes_on = p->goes_on,
	             .first = p->first,
	             .second = p->second};
	size_t i;

	for (i = 0; i < p->n_out; i += p->width)
	{
		size_t left = p->n_out - i;

		part.a = p->a + i * p->n_in;
		part.b = p->b + i * p->n_in;
		part.out = out + i;
		if (p->width == 1)
			add_row(kind, 1, &part, 1);
		else
			add_row(kind, MX_PANEL_WIDTH, &part,
			        left < MX_PANEL_WIDTH ? left : MX_PANEL_WIDTH);
	}
}

void
mx_kernel_row_panels(const MxPanels *p, const double *const *in,
                     double *const *out)
{
	switch (p->kind)
	{
		case MX_TERM_PRODUCT:
			add_row_panels(MX_TERM_PRODUCT, p, in, out);
			return;
		case MX_TERM_CENTRED:
			add_row_panels(MX_TERM_CENTRED, p, in, out);
			return;
		case MX_TERM_SHIFTED:
			add_row_panels(MX_TERM_SHIFTED, p, in, out);
			return;
		case MX_TERM_DISTANCE:
			add_row_panels(MX_TERM_DISTANCE, p, in, out);
			return;
		case MX_TERM_STANDARDIZED:
			add_row_panels(MX_TERM_STANDARDIZED, p, in, out);
			return;
	}
}

static void
sparse_panel(const double *a, const uint32_t *columns, const double *values,
             size_t n, double *sums)
{
	double s[MX_PANEL_WIDTH] = {0};
	size_t e;
	int k;

	for (e = 0; e < n; e++)
	{
		const double *w = a + (size_t) columns[e] * MX_PANEL_WIDTH;

		for (k = 0; k < MX_PANEL_WIDTH; k++)
			s[k] += values[e] * w[k];
	}
	for (k = 0; k < MX_PANEL_WIDTH; k++)
		sums[k] = s[k];
}

void
mx_kernel_sparse_panels(const MxPanels *p, const uint32_t *columns,
                        const double *values, size_t n, double *sums)
{
	size_t i;
	size_t e;

	for (i = 0; p->width > 1 && i < p->n_out; i += p->width)
		sparse_panel(p->a + i * p->n_in, columns, values, n, sums + i);
	if (p->width > 1)
		return;
	sums[0] = 0;
	for (e = 0; e < n; e++)
		sums[0] += values[e] * p->a[columns[e]];
}
