/* link.c */
/* Links: each loop runs over rows, never over the terms of one sum. */
#include "kernel/link.h"

#include "base/math_inline.h"
#include "kernel/twins.h"

/* Rows for which sums and maxima are kept at a time. */
#define STRIP 128

/*
 * mx_expit_inline() in stages, all rows of a strip in each: as a whole it is a
 * chain longer than the CPU looks ahead for what it could do meanwhile.
 */
MX_LOOP void
expit_strip(const double *x, double factor, size_t n_rows, double *negative,
            double *positive)
{
	double r[STRIP];
	double power[STRIP];
	double series[STRIP];

	for (size_t i = 0; i < n_rows; i++)
	{
		MxExpit e = mx_expit_reduce(factor * x[i]);

		r[i] = e.r;
		power[i] = e.power;
	}
	for (size_t i = 0; i < n_rows; i++)
		series[i] = mx_expit_series(r[i]);
	for (size_t i = 0; i < n_rows; i++)
	{
		MxExpit e = {r[i], power[i]};

		positive[i] = mx_expit_finish(factor * x[i], e, series[i]);
		negative[i] = 1 - positive[i];
	}
}

MX_LOOP void
mx_link_expit_loop(const double *x, double factor, size_t n_rows,
                   double *const *out)
{
	size_t rows;

	if (n_rows == 1)
	{
		out[1][0] = mx_expit_inline(factor * x[0]);
		out[0][0] = 1 - out[1][0];
		return;
	}
	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		expit_strip(x + first, factor, rows, out[0] + first, out[1] + first);
	}
}

MX_TWINS(void, mx_link_expit,
         (const double *x, double factor, size_t n_rows, double *const *out),
         (x, factor, n_rows, out))

MX_LOOP void
mx_link_complement_loop(const double *x, size_t n_rows, double *const *out)
{
	double *negative = out[0];
	double *positive = out[1];

	for (size_t row = 0; row < n_rows; row++)
	{
		positive[row] = x[row];
		negative[row] = 1 - x[row];
	}
}

MX_TWINS(void, mx_link_complement,
         (const double *x, size_t n_rows, double *const *out), (x, n_rows, out))

/* Written so that NaN stays NaN. */
MX_LOOP double
clip_to_probability(double x)
{
	x = x < -1 ? -1 : x;
	x = x > 1 ? 1 : x;
	return (x + 1) / 2;
}

MX_LOOP void
mx_link_huber_pair_loop(const double *x, size_t n_rows, double *const *out)
{
	double *negative = out[0];
	double *positive = out[1];

	for (size_t row = 0; row < n_rows; row++)
	{
		positive[row] = clip_to_probability(x[row]);
		negative[row] = 1 - positive[row];
	}
}

MX_TWINS(void, mx_link_huber_pair,
         (const double *x, size_t n_rows, double *const *out), (x, n_rows, out))

MX_LOOP void
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
MX_LOOP void
add_columns(double *const *of, size_t n, size_t first, size_t n_rows,
            double *sum)
{
	for (size_t i = 0; i < n_rows; i++)
		sum[i] = 0;
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			sum[i] += of[j][first + i];
}

MX_LOOP void
divide_columns(double *const *columns, size_t n, size_t first, size_t n_rows,
               const double *by)
{
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			columns[j][first + i] /= by[i];
}

/* out = exp(in - shift) */
MX_LOOP void
exp_columns(const double *const *in, size_t n, size_t first, size_t n_rows,
            const double *shift, double *const *out)
{
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < n_rows; i++)
			out[j][first + i] = mx_exp_inline(in[j][first + i] - shift[i]);
}

MX_LOOP void
mx_link_softmax_loop(const double *const *in, size_t n, size_t n_rows,
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

MX_TWINS(void, mx_link_softmax,
         (const double *const *in, size_t n, size_t n_rows, double *const *out),
         (in, n, n_rows, out))

MX_LOOP void
mx_link_softmax_pair_loop(const double *x, size_t n_rows, double *const *out)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		double max = mx_abs(x[row]);
		double negative = mx_exp_inline(-x[row] - max);
		double positive = mx_exp_inline(x[row] - max);
		double sum = negative + positive;

		out[0][row] = negative / sum;
		out[1][row] = positive / sum;
	}
}

MX_TWINS(void, mx_link_softmax_pair,
         (const double *x, size_t n_rows, double *const *out), (x, n_rows, out))

MX_LOOP void
mx_link_ovr_loop(const double *const *in, size_t n, size_t n_rows,
                 double *const *out)
{
	double sum[STRIP];
	size_t rows;

	for (size_t first = 0; first < n_rows; first += rows)
	{
		rows = n_rows - first < STRIP ? n_rows - first : STRIP;
		for (size_t j = 0; j < n; j++)
			for (size_t i = 0; i < rows; i++)
				out[j][first + i] = mx_expit_inline(in[j][first + i]);
		add_columns(out, n, first, rows, sum);
		divide_columns(out, n, first, rows, sum);
	}
}

MX_TWINS(void, mx_link_ovr,
         (const double *const *in, size_t n, size_t n_rows, double *const *out),
         (in, n, n_rows, out))

/*
 * log(sum(exp(in))) as SciPy computes it: the largest is taken out first, but
 * not when it is infinite.
 */
MX_LOOP void
log_sums(const double *const *in, size_t n, size_t first, size_t n_rows,
         double *const *room, double *result)
{
	double max[STRIP];

	largest(in, n, first, n_rows, max);
	for (size_t i = 0; i < n_rows; i++)
		max[i] = mx_abs(max[i]) < MX_INFINITY ? max[i] : 0;
	exp_columns(in, n, first, n_rows, max, room);
	add_columns(room, n, first, n_rows, result);
	for (size_t i = 0; i < n_rows; i++)
		result[i] = mx_log_inline(result[i]) + max[i];
}

MX_LOOP void
mx_link_log_normal_loop(const double *const *in, size_t n, size_t n_rows,
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

MX_TWINS(void, mx_link_log_normal,
         (const double *const *in, size_t n, size_t n_rows, double *const *out),
         (in, n, n_rows, out))

MX_LOOP void
mx_link_normal_loop(const double *const *in, size_t n, size_t n_rows,
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

MX_TWINS(void, mx_link_normal,
         (const double *const *in, size_t n, size_t n_rows, double *const *out),
         (in, n, n_rows, out))

MX_LOOP void
mx_link_huber_loop(const double *const *in, size_t n, size_t n_rows,
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

MX_TWINS(void, mx_link_huber,
         (const double *const *in, size_t n, size_t n_rows, double *const *out),
         (in, n, n_rows, out))
