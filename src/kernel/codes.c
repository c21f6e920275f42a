/* codes.c */
/* Look up and add. */
#include "kernel/codes.h"

#include "kernel/kernel.h"
#include "kernel/twins.h"

/* So many are turned into entries at once. */
#define CHUNK_ROWS ((size_t) 64)
#define CHUNK_COLUMNS ((size_t) 16)

size_t
mx_codes_width(size_t n_out)
{
	if (n_out == 1)
		return 1;
	return (n_out + MX_PANEL_WIDTH - 1) / MX_PANEL_WIDTH * MX_PANEL_WIDTH;
}

/* NaN compares false and is no code. */
MX_LOOP uint32_t
entry_of(const MxCodeColumn *column, double code)
{
	double at = code >= 0 && code < column->n ? code + 1 : 0;

	return column->first + (uint32_t) (int32_t) at;
}

/*
 * To the sums of one row for some outputs, n entries.  With a constant lanes
 * once inlined, so that the sums are registers.
 */
MX_LOOP void
add_lanes(const MxCodes *c, const uint32_t *at, size_t n, size_t i, int lanes,
          size_t row, double *const *out)
{
	double sums[MX_PANEL_WIDTH] = {0};
	size_t j;
	int k;

	MX_UNROLL
	for (k = 0; k < lanes; k++)
		sums[k] = out[i + (size_t) k][row];
	for (j = 0; j < n; j++)
	{
		const double *entry = c->entries + at[j * CHUNK_ROWS] * c->width + i;

		MX_UNROLL
		for (k = 0; k < MX_PANEL_WIDTH; k++)
			sums[k] += entry[k];
	}
	MX_UNROLL
	for (k = 0; k < lanes; k++)
		out[i + (size_t) k][row] = sums[k];
}

MX_LOOP void
add_outputs(const MxCodes *c, const uint32_t *at, size_t n, size_t row,
            double *const *out)
{
	size_t i;

	for (i = 0; i + MX_PANEL_WIDTH <= c->n_out; i += MX_PANEL_WIDTH)
		add_lanes(c, at, n, i, MX_PANEL_WIDTH, row, out);
	if (c->n_out - i == 3)
		add_lanes(c, at, n, i, 3, row, out);
	else if (c->n_out - i == 2)
		add_lanes(c, at, n, i, 2, row, out);
	else if (c->n_out - i == 1)
		add_lanes(c, at, n, i, 1, row, out);
}

/* n columns from first on, of n_rows rows from row on. */
MX_LOOP void
add_chunk(const MxCodes *c, const double *const *codes, size_t first, size_t n,
          size_t row, size_t n_rows, double *const *out)
{
	uint32_t at[CHUNK_COLUMNS][CHUNK_ROWS];
	size_t j;
	size_t r;

	for (j = 0; j < n; j++)
	{
		const double *from = codes[(first + j) * MX_ROW_STEP] + row;

		for (r = 0; r < n_rows; r++)
			at[j][r] = entry_of(&c->columns[first + j], from[r]);
		for (r = 0; c->width == 1 && r < n_rows; r++)
			out[0][row + r] += c->entries[at[j][r]];
	}
	for (r = 0; c->width > 1 && r < n_rows; r++)
		add_outputs(c, &at[0][r], n, row + r, out);
}

MX_LOOP void
mx_kernel_add_coded_loop(const MxCodes *c, const double *const *codes,
                         size_t n_rows, double *const *out)
{
	size_t row;
	size_t first;

	for (row = 0; row < n_rows; row += CHUNK_ROWS)
		for (first = 0; first < c->n; first += CHUNK_COLUMNS)
			add_chunk(
			    c, codes, first,
			    c->n - first < CHUNK_COLUMNS ? c->n - first : CHUNK_COLUMNS,
			    row, n_rows - row < CHUNK_ROWS ? n_rows - row : CHUNK_ROWS,
			    out);
}

MX_TWINS(void, mx_kernel_add_coded,
         (const MxCodes *c, const double *const *codes, size_t n_rows,
          double *const *out),
         (c, codes, n_rows, out))

void
mx_kernel_row_coded(const MxCodes *c, const double *const *codes,
                    double *const *out)
{
	double sum;
	size_t j;

	if (c->width > 1)
	{
		mx_kernel_add_coded_loop(c, codes, 1, out);
		return;
	}
	sum = out[0][0];
	for (j = 0; j < c->n; j++)
		sum += c->entries[entry_of(&c->columns[j], *codes[j * MX_ROW_STEP])];
	out[0][0] = sum;
}
