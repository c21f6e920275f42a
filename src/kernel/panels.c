/* panels.c */
/* Sums over columns: linear models, distances, Gaussian likelihoods. */
#include "kernel/kernel.h"

#include "kernel/twins.h"

#include <string.h>

/* Rows whose sums fit the registers, for one output and for a panel. */
#define ROWS_OF_ONE 32
#define ROWS_OF_PANEL 8
#define MOST_VECTORS 8

/* Some rows at once; where the CPU has no such vectors, in smaller ones. */
#define VECTOR_ROWS 4
typedef double Vector __attribute__((vector_size(VECTOR_ROWS * 8)));

/* So many rows of so many columns stay in the first-level cache. */
#define GROUP_ROWS 64
#define GROUP_COLUMNS 64

/* What all outputs make of a column, and what each of them does then. */
MX_LOOP double
prepare(MxTermKind kind, double x, double first, double second)
{
	if (kind == MX_TERM_CENTRED)
		return x - first;
	return kind == MX_TERM_SHIFTED ? (x * first) + second : x;
}

MX_LOOP double
term(MxTermKind kind, double x, double a, double b)
{
	double d = x - a;

	if (kind == MX_TERM_DISTANCE)
		return d * d;
	return kind == MX_TERM_STANDARDIZED ? d * d / b : x * a;
}

/* *x = prepare(), for each row of a vector. */
MX_LOOP void
prepare_vector(MxTermKind kind, const double *at, double first, double second,
               Vector *x)
{
	memcpy(x, at, sizeof(*x));
	if (kind == MX_TERM_CENTRED)
		*x = *x - first;
	else if (kind == MX_TERM_SHIFTED)
		*x = (*x * first) + second;
}

/* sum + term(), for each row of a vector. */
MX_LOOP void
add_term(MxTermKind kind, const Vector *x, double a, double b, Vector *sum)
{
	Vector d = *x - a;

	if (kind == MX_TERM_DISTANCE)
		*sum += d * d;
	else if (kind == MX_TERM_STANDARDIZED)
		*sum += d * d / b;
	else
		*sum += *x * a;
}

/* A part of the work: some columns of some rows for some outputs. */
typedef struct Part
{
	const double *const *in; /* the first column of the part */
	size_t n;                /* columns */
	size_t column;           /* the first one's number */
	size_t row;
	bool is_first; /* sums start here, else they go on */
	const double *a;
	const double *b;
	const double *first;
	const double *second;
	size_t width;       /* from one column's numbers to the next */
	double *const *out; /* the first output of the part */
} Part;

/* Numbers that a kind of term has none of are not read. */
MX_LOOP double
read_first(MxTermKind kind, const Part *part, size_t j)
{
	return kind == MX_TERM_CENTRED || kind == MX_TERM_SHIFTED
	           ? part->first[part->column + j]
	           : 0;
}

MX_LOOP double
read_second(MxTermKind kind, const Part *part, size_t j)
{
	return kind == MX_TERM_SHIFTED ? part->second[part->column + j] : 0;
}

MX_LOOP double
read_b(MxTermKind kind, const Part *part, size_t at)
{
	return kind == MX_TERM_STANDARDIZED ? part->b[at] : 1;
}

/* Sums that start at 0, or go on. */
MX_LOOP void
begin_vectors(int lanes, int vectors, const Part *part,
              Vector sums[MX_PANEL_WIDTH][MOST_VECTORS])
{
	int k;
	int v;

	MX_UNROLL
	for (k = 0; k < lanes; k++)
		MX_UNROLL
	for (v = 0; v < vectors; v++)
		if (part->is_first)
			sums[k][v] = (Vector){0};
		else
			memcpy(&sums[k][v], part->out[k] + part->row + v * VECTOR_ROWS,
			       sizeof(Vector));
}

MX_LOOP void
end_vectors(int lanes, int vectors, const Part *part,
            Vector sums[MX_PANEL_WIDTH][MOST_VECTORS])
{
	int k;
	int v;

	MX_UNROLL
	for (k = 0; k < lanes; k++)
		MX_UNROLL
	for (v = 0; v < vectors; v++)
		memcpy(part->out[k] + part->row + v * VECTOR_ROWS, &sums[k][v],
		       sizeof(Vector));
}

/*
 * The inner loops: lanes outputs of some vectors of rows, both constants once
 * inlined, so that all sums are registers.
 */
MX_LOOP void
add_vectors(MxTermKind kind, int lanes, int vectors, const Part *part)
{
	Vector sums[MX_PANEL_WIDTH][MOST_VECTORS];
	const double *const *in = part->in;
	size_t width = part->width;
	size_t row = part->row;
	size_t n = part->n;
	size_t j;
	int k;
	int v;

	begin_vectors(lanes, vectors, part, sums);
	for (j = 0; j < n; j++)
	{
		double first = read_first(kind, part, j);
		double second = read_second(kind, part, j);

		MX_UNROLL
		for (v = 0; v < vectors; v++)
		{
			Vector x;

			prepare_vector(kind, in[j] + row + v * VECTOR_ROWS, first, second,
			               &x);
			MX_UNROLL
			for (k = 0; k < lanes; k++)
			{
				size_t at = j * width + (size_t) k;

				add_term(kind, &x, part->a[at], read_b(kind, part, at),
				         &sums[k][v]);
			}
		}
	}
	end_vectors(lanes, vectors, part, sums);
}

MX_LOOP void
add_single(MxTermKind kind, int lanes, const Part *part)
{
	double sums[MX_PANEL_WIDTH] = {0};
	size_t j;
	int k;

	for (k = 0; k < lanes && !part->is_first; k++)
		sums[k] = part->out[k][part->row];
	for (j = 0; j < part->n; j++)
	{
		double x =
		    prepare(kind, part->in[j][part->row], read_first(kind, part, j),
		            read_second(kind, part, j));

		for (k = 0; k < lanes; k++)
		{
			size_t at = j * part->width + (size_t) k;

			sums[k] += term(kind, x, part->a[at], read_b(kind, part, at));
		}
	}
	for (k = 0; k < lanes; k++)
		part->out[k][part->row] = sums[k];
}

MX_LOOP void
add_rows(MxTermKind kind, int lanes, int rows, Part part, size_t end)
{
	for (; part.row + (size_t) rows <= end; part.row += (size_t) rows)
		add_vectors(kind, lanes, rows / VECTOR_ROWS, &part);
	for (; part.row + VECTOR_ROWS <= end; part.row += VECTOR_ROWS)
		add_vectors(kind, lanes, 1, &part);
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
			             .column = first,
			             .row = row,
			             .is_first = first == 0,
			             .first = p->first,
			             .second = p->second,
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
		case MX_TERM_CENTRED:
			add_all(MX_TERM_CENTRED, p, in, n_rows, out);
			return;
		case MX_TERM_SHIFTED:
			add_all(MX_TERM_SHIFTED, p, in, n_rows, out);
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
	Part part = {
	    .in = in, .n = p->n_in, .first = p->first, .second = p->second};
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
