/*
 * kernel.h: loops over columns of numbers.
 *
 * These are the scalar references.  Lanes are rows, never terms of one sum, so
 * that a vector twin does the same operations on the same numbers.  Nothing
 * here allocates or fails.
 */
#ifndef MX_KERNEL_KERNEL_H
#define MX_KERNEL_KERNEL_H

#include "base/math_inline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The highest bit is set unless |x| <= limit; NaN is beyond every limit. */
static inline uint64_t
mx_beyond(double x, double limit)
{
	uint64_t magnitude = mx_bits(x) & 0x7fffffffffffffff;

	/* Magnitudes are ordered as their bits are, with NaN above infinity. */
	return magnitude + (0x7fffffffffffffff - mx_bits(limit));
}

/* The same, but for NaN the highest bit is not set. */
static inline uint64_t
mx_beyond_or_nan(double x, double limit)
{
	return mx_beyond(x, limit) & ~mx_beyond(x, MX_INFINITY);
}

/* Whether no |x| is beyond limit, which is not negative. */
bool mx_kernel_all_within(const double *x, size_t n, double limit);
/* The same, with NaN allowed. */
bool mx_kernel_all_within_or_nan(const double *x, size_t n, double limit);

/* out[i] = value where x[i] is NaN or missing, else x[i]; no overlap */
void mx_kernel_impute(const double *x, size_t n, double missing, double value,
                      double *restrict out);

/* NaN compares false twice and stays. */
static inline double
mx_hold(double x, double low, double high)
{
	x = x < low ? low : x;
	return x > high ? high : x;
}

static inline double
mx_divide(double x, double first, double second, double low, double high)
{
	return mx_hold((x - first) / second, low, high);
}

static inline double
mx_multiply(double x, double first, double second, double low, double high)
{
	return mx_hold((x * first) + second, low, high);
}

/* out[i] = mx_divide(x[i], ...) or mx_multiply(x[i], ...); no overlap */
void mx_kernel_divide(const double *x, size_t n, double first, double second,
                      double low, double high, double *restrict out);
void mx_kernel_multiply(const double *x, size_t n, double first, double second,
                        double low, double high, double *restrict out);

/* The same in place for one row, with constants for each of n columns. */
void mx_kernel_divide_row(const double *first, const double *second, size_t n,
                          double low, double high, double *restrict x);
void mx_kernel_multiply_row(const double *first, const double *second, size_t n,
                            double low, double high, double *restrict x);

/*
 * Sums over the columns of a block, for several outputs at a time.
 *
 * Parameters are packed in panels of width outputs: column by column, the
 * numbers of outputs p * width to p * width + width - 1.  Lanes of the last
 * panel that are no outputs are zero.  Each sum adds its terms in the
 * order of the columns, from 0:
 *   PRODUCT      x * a
 *   CENTRED      (x - first) * a
 *   SHIFTED      ((x * first) + second) * a
 *   DISTANCE     (x - a)^2
 *   STANDARDIZED (x - a)^2 / b
 */
typedef enum MxTermKind
{
	MX_TERM_PRODUCT,
	MX_TERM_CENTRED,
	MX_TERM_SHIFTED,
	MX_TERM_DISTANCE,
	MX_TERM_STANDARDIZED
} MxTermKind;

#define MX_PANEL_WIDTH 4

typedef struct MxPanels
{
	MxTermKind kind;
	size_t n_in;
	size_t n_out;
	size_t width;         /* 1 for a single output, else MX_PANEL_WIDTH */
	const double *a;      /* (panels, n_in, width) */
	const double *b;      /* the same, for STANDARDIZED */
	const double *first;  /* (n_in), for CENTRED and SHIFTED */
	const double *second; /* the same, for SHIFTED */
	bool goes_on;         /* sums start from what is in out, not from 0 */
} MxPanels;

/* out[i][r] for rows r < n_rows; in has n_in columns, out has n_out. */
void mx_kernel_panels(const MxPanels *p, const double *const *in, size_t n_rows,
                      double *const *out);

/*
 * The same for one row: out[i][0].  Column j is in[j * MX_ROW_STEP], a member
 * of structs of so many pointers.
 */
#define MX_ROW_STEP 3
void mx_kernel_row_panels(const MxPanels *p, const double *const *in,
                          double *const *out);

/* x[i] = x[i] * factor + addend */
void mx_kernel_finish(double *x, size_t n, double factor, double addend);

/*
 * The sums of PRODUCT for one sparse row of n entries: sums[i] for n_out
 * outputs, with room for whole panels.  Equal to the dense sums when the
 * weights are finite: a sum that starts at +0 never becomes -0, so that the
 * zeros left out would not have changed it.
 */
void mx_kernel_sparse_panels(const MxPanels *p, const uint32_t *columns,
                             const double *values, size_t n, double *sums);

#endif
