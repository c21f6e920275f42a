/* link.c */
/* Links: each loop runs over rows, never over the terms of one sum. */
#include "kernel/link.h"

#include "base/math.h"

#include <math.h>

/* Rows for which sums and maxima are kept at a time. */
#define STRIP 128

void
mx_link_expit(const double *x, double factor, size_t n_rows, double *const *out)
{
	double *negative = out[0];
	double *positive = out[1];

	for (size_t row = 0; row < n_rows; row++)
	{
		positive[row] = mx_expit(factor * x[row]);
		negative[row] = 1 - positive[row];
	}
}

void
mx_link_complement(const double *x, size_t n_rows, double *const *out)
{
	double *negative = out[0];
	double *positive = out[1];

	for (size_t row = 0; row < n_rows; row++)
	{
		positive[row] = x[row];
		negative[row] = 1 - x[row];
	}
}

/* Written so that NaN stays NaN. */
static inline double
clip_to_probability(double x)
{
	x = x < -1 ? -1 : x;
	x = x > 1 ? 1 : x;
	return (x + 1) / 2;
}

void
mx_link_huber_pair(const double *x, size_t n_rows, double *const *out)
{
	double *negative = out[0];
	double *positive = out[1];

	for (size_t row = 0; row < n_rows; row++)
	{
		positive[row] = clip_to_probability(x[row]);
		negative[row] = 1 - positive[row];
	}
}

static void
largest(const double *const *in, size_t n, size_t first, size_t n_rows,
        double *max)
{
	for (size_t i = 0; i < n_rows; i++)
		max[i] = in[0][first + i];
	for (size_t j = 1; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			max[i] = in[j][first + i] > max[i] ? in[j][first + i] : max[i];
}

/* Sum over the columns, in their order. */
static void
add_columns(double *const *of, size_t n, size_t first, size_t n_rows,
            double *sum)
{
	for (size_t i = 0; i < n_rows; i++)
		sum[i] = 0;
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			sum[i] += of[j][first + i];
}

static void
divide_columns(double *const *columns, size_t n, size_t first, size_t n_rows,
               const double *by)
{
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			columns[j][first + i] /= by[i];
}

/* out = exp(in - shift) */
static void
exp_columns(const double *const *in, size_t n, size_t first, size_t n_rows,
            const double *shift, double *const *out)
{
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			out[j][first + i] = mx_exp(in[j][first + i] - shift[i]);
}

void
mx_link_softmax(const double *const *in, size_t n, size_t n_rows,
                double *const *out)
{
	double max[STRIP];
	double sum[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		largest(in, n, first, rows, max);
		exp_columns(in, n, first, rows, max, out);
		add_columns(out, n, first, rows, sum);
		divide_columns(out, n, first, rows, sum);
	}
}

void
mx_link_softmax_pair(const double *x, size_t n_rows, double *const *out)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		double max = fabs(x[row]);
		double negative = mx_exp(-x[row] - max);
		double positive = mx_exp(x[row] - max);
		double sum = negative + positive;

		out[0][row] = negative / sum;
		out[1][row] = positive / sum;
	}
}

void
mx_link_ovr(const double *const *in, size_t n, size_t n_rows,
            double *const *out)
{
	double sum[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		for (size_t j = 0; j < n; j++)
			for (size_t i = 0; i < rows; i++)
				out[j][first + i] = mx_expit(in[j][first + i]);
		add_columns(out, n, first, rows, sum);
		divide_columns(out, n, first, rows, sum);
	}
}

/*
 * log(sum(exp(in))) as SciPy computes it: the largest is taken out first, but
 * not when it is infinite.
 */
static void
log_sums(const double *const *in, size_t n, size_t first, size_t n_rows,
         double *const *room, double *result)
{
	double max[STRIP];

	largest(in, n, first, n_rows, max);
	for (size_t i = 0; i < n_rows; i++)
		max[i] = isfinite(max[i]) ? max[i] : 0;
	exp_columns(in, n, first, n_rows, max, room);
	add_columns(room, n, first, n_rows, result);
	for (size_t i = 0; i < n_rows; i++)
		result[i] = mx_log(result[i]) + max[i];
}

void
mx_link_log_normal(const double *const *in, size_t n, size_t n_rows,
                   double *const *out)
{
	double norm[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		log_sums(in, n, first, rows, out, norm);
		for (size_t j = 0; j < n; j++)
			for (size_t i = 0; i < rows; i++)
				out[j][first + i] = in[j][first + i] - norm[i];
	}
}

void
mx_link_normal(const double *const *in, size_t n, size_t n_rows,
               double *const *out)
{
	double norm[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		log_sums(in, n, first, rows, out, norm);
		exp_columns(in, n, first, rows, norm, out);
	}
}

void
mx_link_huber(const double *const *in, size_t n, size_t n_rows,
              double *const *out)
{
	double sum[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		for (size_t j = 0; j < n; j++)
			for (size_t i = 0; i < rows; i++)
				out[j][first + i] = clip_to_probability(in[j][first + i]);
		add_columns(out, n, first, rows, sum);
		for (size_t i = 0; i < rows; i++)
		{
			if (sum[i] != 0)
				continue;
			/* No class at all: each is as likely. */
			for (size_t j = 0; j < n; j++)
				out[j][first + i] = 1;
			sum[i] = (double) n;
		}
		divide_columns(out, n, first, rows, sum);
	}
}
