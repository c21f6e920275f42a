/* panels.c */
/* Sums over columns: linear models, distances, Gaussian likelihoods. */
#include "kernel/kernel.h"

#include "kernel/twins.h"

#include <string.h>

/* Rows whose sums fit the registers, for one output and for a panel. */
#define ROWS_OF_ONE 16
#define ROWS_OF_PANEL 8
#define MOST_VECTORS 4

/* Some rows at once; where the CPU has no such vectors, in smaller ones. */
#define VECTOR_ROWS 4
typedef double Vector __attribute__((vector_size(VECTOR_ROWS * 8)));

/* So many rows of so many columns stay in the first-level cache. */
#define GROUP_ROWS 64
#define GROUP_COLUMNS 64

MX_LOOP double
term(MxTermKind kind, double x, double a, double b)
{
	double d;

	if (kind == MX_TERM_PRODUCT)
		return x * a;
	d = x - a;
	return kind == MX_TERM_DISTANCE ? d * d : d * d / b;
}

/* sum + term(), for each row of a vector. */
MX_LOOP void
add_term(MxTermKind kind, const double *at, double a, double b, Vector *sum)
{
	Vector x;
	Vector d;

	memcpy(&x, at, sizeof(x));
	d = x - a;
	if (kind == MX_TERM_PRODUCT)
		*sum += x * a;
	else if (kind == MX_TERM_DISTANCE)
		*sum += d * d;
	else
		*sum += d * d / b;
}

/* A part of the work: some columns of some rows for some outputs. */
typedef struct Part
{
	const double *const *in; /* the first column of the part */
	size_t n;                /* columns */
	size_t row;
	bool is_first; /* sums start here, else they go on */
	const double *a;
	const double *b;
	size_t width;       /* from one column's numbers to the next */
	double *const *out; /* the first output of the part */
} Part;

/*
 * The inner loops: lanes outputs of some vectors of rows, both constants once
 * inlined, so that all sums are registers.
 */
MX_LOOP void
add_vectors(MxTermKind kind, int lanes, int vectors, const Part *part)
{
	Vector sums[MX_PANEL_WIDTH][MOST_VECTORS] = {0};
	size_t width = part->width;
	size_t row = part->row;
	size_t j;
	int k;
	int v;

	for (k = 0; k < lanes && !part->is_first; k++)
		memcpy(sums[k], part->out[k] + row, (size_t) vectors * sizeof(Vector));
	for (j = 0; j < part->n; j++)
	{
		const double *x = part->in[j] + row;
		const double *a = part->a + j * width;
		const double *b =
		    kind == MX_TERM_STANDARDIZED ? part->b + j * width : a;

		for (k = 0; k < lanes; k++)
			for (v = 0; v < vectors; v++)
				add_term(kind, x + v * VECTOR_ROWS, a[k], b[k], &sums[k][v]);
	}
	for (k = 0; k < lanes; k++)
		memcpy(part->out[k] + row, sums[k], (size_t) vectors * sizeof(Vector));
}

MX_LOOP void
add_single(MxTermKind kind, int lanes, const Part *part)
{
	double sums[MX_PANEL_WIDTH] = {0};
	size_t width = part->width;
	size_t j;
	int k;

	for (k = 0; k < lanes && !part->is_first; k++)
		sums[k] = part->out[k][part->row];
	for (j = 0; j < part->n; j++)
		for (k = 0; k < lanes; k++)
		{
			size_t at = j * width + (size_t) k;

			sums[k] += term(kind, part->in[j][part->row], part->a[at],
			                kind == MX_TERM_STANDARDIZED ? part->b[at] : 1);
		}
	for (k = 0; k < lanes; k++)
		part->out[k][part->row] = sums[k];
}

MX_LOOP void
add_rows(MxTermKind kind, int lanes, int rows, Part part, size_t end)
{
	for (; part.row + (size_t) rows <= end; part.row += (size_t) rows)
		add_vectors(kind, lanes, rows / VECTOR_ROWS, &part);
	for (; part.row < end; part.row++)
		add_single(kind, lanes, &part);
}

/* Columns from first on, for all outputs of the rows before end. */
MX_LOOP void
add_columns(MxTermKind kind, const MxPanels *p, Part part, size_t first,
            size_t end)
{
	size_t i;
	size_t k;

	for (i = 0; i < p->n_out; i += p->width)
	{
		size_t at = i * p->n_in + first * p->width;
		size_t lanes = p->n_out - i < p->width ? p->n_out - i : p->width;

		if (lanes == MX_PANEL_WIDTH)
		{
			part.a = p->a + at;
			part.b = p->b + at;
			add_rows(kind, MX_PANEL_WIDTH, ROWS_OF_PANEL, part, end);
			part.out += MX_PANEL_WIDTH;
			continue;
		}
		for (k = 0; k < lanes; k++)
		{
			part.a = p->a + at + k;
			part.b = p->b + at + k;
			add_rows(kind, 1, ROWS_OF_ONE, part, end);
			part.out++;
		}
	}
}

MX_LOOP void
add_all(MxTermKind kind, const MxPanels *p, const double *const *in,
        size_t n_rows, double *const *out)
{
	size_t row;
	size_t first;

	for (row = 0; row < n_rows; row += GROUP_ROWS)
	{
		size_t end = n_rows - row < GROUP_ROWS ? n_rows : row + GROUP_ROWS;

		for (first = 0; first == 0 || first < p->n_in; first += GROUP_COLUMNS)
		{
			Part part = {.in = in + first,
			             .n = p->n_in - first < GROUP_COLUMNS ? p->n_in - first
			                                                  : GROUP_COLUMNS,
			             .row = row,
			             .is_first = first == 0,
			             .width = p->width,
			             .out = out};

			add_columns(kind, p, part, first, end);
		}
	}
}

MX_LOOP void
mx_kernel_panels_loop(const MxPanels *p, const double *const *in, size_t n_rows,
                      double *const *out)
{
	switch (p->kind)
	{
		case MX_TERM_PRODUCT:
			add_all(MX_TERM_PRODUCT, p, in, n_rows, out);
			return;
		case MX_TERM_DISTANCE:
			add_all(MX_TERM_DISTANCE, p, in, n_rows, out);
			return;
		case MX_TERM_STANDARDIZED:
			add_all(MX_TERM_STANDARDIZED, p, in, n_rows, out);
			return;
	}
}

MX_TWINS(void, mx_kernel_panels,
         (const MxPanels *p, const double *const *in, size_t n_rows,
          double *const *out),
         (p, in, n_rows, out))

/* Lanes are outputs here: as many sums as a panel has go on at once. */
MX_LOOP void
add_row(MxTermKind kind, int lanes, const double *x, size_t n, const double *a,
        const double *b, size_t width, double *const *out)
{
	double sums[MX_PANEL_WIDTH] = {0};
	size_t j;
	int k;

	for (j = 0; j < n; j++)
		for (k = 0; k < lanes; k++)
			sums[k] += term(
			    kind, x[j], a[j * width + (size_t) k],
			    kind == MX_TERM_STANDARDIZED ? b[j * width + (size_t) k] : 1);
	for (k = 0; k < lanes; k++)
		out[k][0] = sums[k];
}

MX_LOOP void
add_row_panels(MxTermKind kind, const MxPanels *p, const double *x,
               double *const *out)
{
	size_t i;

	for (i = 0; i < p->n_out; i++)
	{
		size_t lane = i % p->width;
		size_t at = (i - lane) * p->n_in + lane;

		if (lane == 0 && p->n_out - i >= MX_PANEL_WIDTH)
		{
			add_row(kind, MX_PANEL_WIDTH, x, p->n_in, p->a + at, p->b + at,
			        p->width, out + i);
			i += MX_PANEL_WIDTH - 1;
		}
		else
			add_row(kind, 1, x, p->n_in, p->a + at, p->b + at, p->width,
			        out + i);
	}
}

void
mx_kernel_row_panels(const MxPanels *p, const double *x, double *const *out)
{
	switch (p->kind)
	{
		case MX_TERM_PRODUCT:
			add_row_panels(MX_TERM_PRODUCT, p, x, out);
			return;
		case MX_TERM_DISTANCE:
			add_row_panels(MX_TERM_DISTANCE, p, x, out);
			return;
		case MX_TERM_STANDARDIZED:
			add_row_panels(MX_TERM_STANDARDIZED, p, x, out);
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
