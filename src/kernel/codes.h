/*
 * codes.h: sums of numbers that are looked up by the codes of categories.
 */
#ifndef MX_KERNEL_CODES_H
#define MX_KERNEL_CODES_H

#include <stddef.h>
#include <stdint.h>

/* The numbers that one column's codes, 0 to n - 1, stand for. */
typedef struct MxCodeColumn
{
	uint32_t n;
	uint32_t first; /* entry: that of no code, then those of the codes */
} MxCodeColumn;

typedef struct MxCodes
{
	size_t n; /* columns */
	const MxCodeColumn *columns;
	size_t n_out;
	size_t width;          /* of an entry: 1 for a single output, else as */
	const double *entries; /* many whole panels as the outputs need */
} MxCodes;

size_t mx_codes_width(size_t n_out);

/*
 * out[i][r] += the numbers of output i, column by column; a code may be any
 * number.  Column j is codes[j * MX_ROW_STEP], as in kernel.h.
 */
void mx_kernel_add_coded(const MxCodes *c, const double *const *codes,
                         size_t n_rows, double *const *out);
/* The same for one row. */
void mx_kernel_row_coded(const MxCodes *c, const double *const *codes,
                         double *const *out);

#endif
