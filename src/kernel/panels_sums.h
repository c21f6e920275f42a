/*
 * panels_sums.h: sums over columns, some rows to a vector.
 *
 * Included by panels.c and panels_wide.c alone, with VECTOR_ROWS defined: the
 * rows of a vector.
 */
#include "kernel/kernel.h"

#include "kernel/twins.h"

#include <string.h>

/* The twin for AVX-512. */
void mx_kernel_panels_avx512(const MxPanels *p, const double *const *in,
                             size_t n_rows, double *const *out);

#ifdef VECTOR_ROWS

/* Rows of a panel whose sums fit the registers. */
#define ROWS_OF_PANEL (2 * VECTOR_ROWS)

/* Some rows at once; where the CPU has no such vectors, in smaller ones. */
typedef double Vector __attribute__((vector_size(VECTOR_ROWS * 8)));

/* So many rows of so many columns stay in the first-level cache. */
#define GROUP_ROWS 64
#define GROUP_COLUMNS 64

/*
 * A single output goes through a few columns at a time, and through so many
 * rows of them: the CPU fetches ahead what is read in a row, but not from many
 * places.  Meanwhile its sums stay in the first-level cache.
 */
#define RUN_COLUMNS 6
#define SHORT_RUN_COLUMNS 3
#define RUN_ROWS 1024
#define RUN_VECTORS 2

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
	const double *a;
	const double *b;
	const double *first;
	const double *second;
	size_t width;       /* from one column's numbers to the next */
	double *const *out; /* the first output of the part */
	bool goes_on;       /* of one row: sums start from what is in out */
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

/* Vector by vector, so that they are registers. */
MX_LOOP void
load_sums(int vectors, const double *from, Vector *sums)
{
	int v;

	MX_UNROLL
	for (v = 0; v < vectors; v++)
		memcpy(&sums[v], from + v * VECTOR_ROWS, sizeof(Vector));
}

MX_LOOP void
store_sums(int vectors, const Vector *sums, double *to)
{
	int v;

	MX_UNROLL
	for (v = 0; v < vectors; v++)
		memcpy(to + v * VECTOR_ROWS, &sums[v], sizeof(Vector));
}

/*
 * The inner loops: sums of as many outputs as a panel has and some vectors of
 * rows are registers while they take their terms.
 */
MX_LOOP void
add_panel_rows(MxTermKind kind, int vectors, const Part *part)
{
	Vector sums[MX_PANEL_WIDTH][ROWS_OF_PANEL / VECTOR_ROWS];
	size_t row = part->row;
	size_t j;
	int k;
	int v;

	MX_UNROLL
	for (k = 0; k < MX_PANEL_WIDTH; k++)
		load_sums(vectors, part->out[k] + row, sums[k]);
	for (j = 0; j < part->n; j++)
	{
		const double *in = part->in[j] + row;
		double first = read_first(kind, part, j);
		double second = read_second(kind, part, j);

		MX_UNROLL
		for (v = 0; v < vectors; v++)
		{
			Vector x;

			prepare_vector(kind, in + v * VECTOR_ROWS, first, second, &x);
			MX_UNROLL
			for (k = 0; k < MX_PANEL_WIDTH; k++)
			{
				size_t at = j * MX_PANEL_WIDTH + (size_t) k;

				add_term(kind, &x, part->a[at], read_b(kind, part, at),
				         &sums[k][v]);
			}
		}
	}
	MX_UNROLL
	for (k = 0; k < MX_PANEL_WIDTH; k++)
		store_sums(vectors, sums[k], part->out[k] + row);
}

MX_LOOP void
add_panel_row(MxTermKind kind, const Part *part)
{
	size_t j;
	int k;

	for (j = 0; j < part->n; j++)
	{
		double x =
		    prepare(kind, part->in[j][part->row], read_first(kind, part, j),
		            read_second(kind, part, j));

		for (k = 0; k < MX_PANEL_WIDTH; k++)
		{
			size_t at = j * MX_PANEL_WIDTH + (size_t) k;

			part->out[k][part->row] +=
			    term(kind, x, part->a[at], read_b(kind, part, at));
		}
	}
}

MX_LOOP void
add_panel(MxTermKind kind, Part part, size_t end)
{
	for (; part.row + ROWS_OF_PANEL <= end; part.row += ROWS_OF_PANEL)
		add_panel_rows(kind, ROWS_OF_PANEL / VECTOR_ROWS, &part);
	for (; part.row + VECTOR_ROWS <= end; part.row += VECTOR_ROWS)
		add_panel_rows(kind, 1, &part);
	for (; part.row < end; part.row++)
		add_panel_row(kind, &part);
}

/* A column of a run; those of a whole run are registers. */
typedef struct Run
{
	const double *in;
	double first, second, a, b;
} Run;

/* n columns from the column at on, a constant, for one output. */
MX_LOOP void
add_run(MxTermKind kind, int n, const Part *part, size_t at, size_t end)
{
	Run of[RUN_COLUMNS];
	double *out = part->out[0];
	size_t row;
	int j;
	int v;

	MX_UNROLL
	for (j = 0; j < n; j++)
	{
		size_t c = at + (size_t) j;

		of[j] = (Run){part->in[c], read_first(kind, part, c),
		              read_second(kind, part, c), part->a[c * part->width],
		              read_b(kind, part, c * part->width)};
	}
	for (row = part->row; row + RUN_VECTORS * VECTOR_ROWS <= end;
	     row += RUN_VECTORS * VECTOR_ROWS)
	{
		Vector sums[RUN_VECTORS];

		load_sums(RUN_VECTORS, out + row, sums);
		MX_UNROLL
		for (j = 0; j < n; j++)
			MX_UNROLL
		for (v = 0; v < RUN_VECTORS; v++)
		{
			Vector x;

			prepare_vector(kind, of[j].in + row + v * VECTOR_ROWS, of[j].first,
			               of[j].second, &x);
			add_term(kind, &x, of[j].a, of[j].b, &sums[v]);
		}
		store_sums(RUN_VECTORS, sums, out + row);
	}
	for (; row < end; row++)
		MX_UNROLL
	for (j = 0; j < n; j++)
		out[row] +=
		    term(kind, prepare(kind, of[j].in[row], of[j].first, of[j].second),
		         of[j].a, of[j].b);
}

MX_LOOP void
add_single(MxTermKind kind, const Part *part, size_t end)
{
	size_t j = 0;

	for (; j + RUN_COLUMNS <= part->n; j += RUN_COLUMNS)
		add_run(kind, RUN_COLUMNS, part, j, end);
	for (; j + SHORT_RUN_COLUMNS <= part->n; j += SHORT_RUN_COLUMNS)
		add_run(kind, SHORT_RUN_COLUMNS, part, j, end);
	for (; j < part->n; j++)
		add_run(kind, 1, part, j, end);
}

/* Some columns for all outputs of the rows before end. */
MX_LOOP void
add_columns(MxTermKind kind, const MxPanels *p, Part part, size_t end)
{
	size_t i;
	size_t k;

	for (i = 0; i < p->n_out; i += p->width)
	{
		size_t at = i * p->n_in + part.column * p->width;
		size_t lanes = p->n_out - i < p->width ? p->n_out - i : p->width;

		part.a = p->a + at;
		part.b = p->b + at;
		if (lanes == MX_PANEL_WIDTH)
		{
			add_panel(kind, part, end);
			part.out += MX_PANEL_WIDTH;
			continue;
		}
		for (k = 0; k < lanes; k++)
		{
			add_single(kind, &part, end);
			part.a++;
			part.b++;
			part.out++;
		}
	}
}

MX_LOOP void
add_all(MxTermKind kind, const MxPanels *p, const double *const *in,
        size_t n_rows, double *const *out)
{
	size_t most_rows = p->n_out == 1 ? RUN_ROWS : GROUP_ROWS;
	size_t most_columns = p->n_out == 1 ? p->n_in : GROUP_COLUMNS;
	size_t row;
	size_t n;
	size_t i;

	for (row = 0; row < n_rows; row += n)
	{
		Part part = {.row = row,
		             .first = p->first,
		             .second = p->second,
		             .width = p->width,
		             .out = out};

		n = n_rows - row < most_rows ? n_rows - row : most_rows;
		for (i = 0; i < p->n_out && !p->goes_on; i++)
			memset(out[i] + row, 0, n * sizeof(double));
		for (; part.column < p->n_in; part.column += part.n)
		{
			part.in = in + part.column;
			part.n = p->n_in - part.column < most_columns
			             ? p->n_in - part.column
			             : most_columns;
			add_columns(kind, p, part, row + n);
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

#endif
