/* test_twins.c */
/* Kernels with each of their vector twins and without: the same bits. */
#include "engine_kit.h"
#include "long.h"

#include "base/math.h"
#include "kernel/bounds.h"
#include "kernel/function.h"
#include "kernel/kernel.h"
#include "kernel/link.h"
#include "kernel/twins.h"

#include <math.h>

#define MOST_ROWS 150
#define MOST_COLUMNS 70
#define MOST_OUTPUTS 11
#define UNWRITTEN (-7)
/* Of each kernel, in blocks of up to MOST_ROWS. */
#define FEW_ROWS 4500

/* Columns in and out; what a twin writes beyond its rows is seen. */
static double in[MOST_COLUMNS][MOST_ROWS];
static double plain[MOST_OUTPUTS][MOST_ROWS];
static double fast[MOST_OUTPUTS][MOST_ROWS];
static double a[MOST_COLUMNS * 12];
static double b[MOST_COLUMNS * 12];
static const double *columns[MOST_COLUMNS];
static double *plain_columns[MOST_OUTPUTS];
static double *fast_columns[MOST_OUTPUTS];

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* Now and then one that is special, or any bits at all. */
static double
hard_number(bool is_hard)
{
	static const double special[] = {
	    0.0,    -0.0,    INFINITY, -INFINITY, NAN,    0x1p-1074, -0x1p-1022,
	    0x1p54, 709.782, 710.5,    -745.133,  -746.5, 22.0,      -40.0,
	    0.5,    1.0,     -1.0,     1e308,     0.3,    0.65};
	double x = kit_random(&state);

	if (!is_hard || below(4) != 0)
		return x * (below(2) == 0 ? 1 : 30);
	if (below(3) == 0)
		return mx_from_bits(state);
	return special[below(sizeof(special) / sizeof(*special))];
}

static void
fill(bool is_hard)
{
	size_t i;
	size_t j;

	for (j = 0; j < MOST_COLUMNS; j++)
		for (i = 0; i < MOST_ROWS; i++)
			in[j][i] = hard_number(is_hard && below(10) == 0);
	for (i = 0; i < sizeof(a) / sizeof(*a); i++)
	{
		a[i] = hard_number(false);
		b[i] = mx_abs(hard_number(false)) + 0.1;
	}
	for (j = 0; j < MOST_OUTPUTS; j++)
		for (i = 0; i < MOST_ROWS; i++)
			plain[j][i] = UNWRITTEN;
}

/* Which NaN it is, no step and no caller can tell. */
static bool
is_same(double x, double y)
{
	return mx_bits(x) == mx_bits(y) || (isnan(x) && isnan(y));
}

static void
compare(const char *what)
{
	size_t j;
	size_t i;

	for (j = 0; j < MOST_OUTPUTS; j++)
		for (i = 0; i < MOST_ROWS; i++)
			if (!CHECK(is_same(plain[j][i], fast[j][i])))
			{
				printf("    %s: row %zu of output %zu\n", what, i, j);
				return;
			}
}

/* Goes on to the next better twin; behind the best there is none. */
static bool
next_twin(void)
{
	MxTwin last = mx_twin();
	size_t i;
	size_t j;

	mx_twin_limit = (MxTwin) (last + 1);
	if (mx_twin() == last)
	{
		mx_twin_limit = MX_TWIN_WIDE;
		return false;
	}
	for (j = 0; j < MOST_OUTPUTS; j++)
		for (i = 0; i < MOST_ROWS; i++)
			fast[j][i] = UNWRITTEN;
	return true;
}

static const struct
{
	const char *name;
	MxFunctionKernel kernel;
} functions[] = {
    {"exp", mx_kernel_exp},       {"expm1", mx_kernel_expm1},
    {"log", mx_kernel_log},       {"log2", mx_kernel_log2},
    {"log10", mx_kernel_log10},   {"log1p", mx_kernel_log1p},
    {"sqrt", mx_kernel_sqrt},     {"cbrt", mx_kernel_cbrt},
    {"square", mx_kernel_square}, {"absolute", mx_kernel_absolute},
    {"sign", mx_kernel_sign},     {"negative", mx_kernel_negative},
    {"floor", mx_kernel_floor},   {"reciprocal", mx_kernel_reciprocal},
    {"ceil", mx_kernel_ceil},     {"rint", mx_kernel_rint},
    {"tanh", mx_kernel_tanh},     {"expit", mx_kernel_expit},
    {"logit", mx_kernel_logit},   {"isnan", mx_kernel_isnan},
};

static void
test_functions(void)
{
	size_t f;
	size_t n_rows = 0;
	size_t n;

	for (f = 0; f < sizeof(functions) / sizeof(*functions); f++)
		for (n_rows = 0; n_rows < long_rows(FEW_ROWS); n_rows += n)
		{
			n = below(MOST_ROWS + 1);
			fill(true);
			mx_twin_limit = MX_TWIN_PLAIN;
			functions[f].kernel(in[0], n, plain[0]);
			while (next_twin())
			{
				functions[f].kernel(in[0], n, fast[0]);
				compare(functions[f].name);
			}
		}
	long_report("each function", n_rows);
}

static void
bound(size_t n, double *const *out)
{
	size_t round;

	for (round = 0; round < 4; round++)
	{
		const double *x = in[1 + round];

		out[1][round] = mx_kernel_all_between(x, n, -70, 70, true);
		out[2][round] = mx_kernel_all_between(x, n, -70, 70, false);
		out[3][round] = mx_kernel_all_between(x, n, -INFINITY, 1e9, false);
		out[4][round] = mx_kernel_all_between(x, n, -2, INFINITY, true);
	}
}

/* Also against what is asked of one number at a time. */
static void
check_between(size_t n)
{
	bool all = true;
	size_t i;

	for (i = 0; i < n; i++)
		all = all && (isnan(in[1][i]) || (in[1][i] >= -2 && in[1][i] <= 40));
	CHECK(mx_kernel_all_between(in[1], n, -2, 40, true) == all);
	for (i = 0; i < n; i++)
		all = all && !isnan(in[1][i]);
	CHECK(mx_kernel_all_between(in[1], n, -2, 40, false) == all);
}

static void
test_bounds(void)
{
	size_t n_rows;
	size_t n;

	for (n_rows = 0; n_rows < long_rows(FEW_ROWS); n_rows += n)
	{
		/* Few, for else there is always one outside. */
		n = below(below(2) == 0 ? 6 : MOST_ROWS + 1);
		fill(true);
		mx_twin_limit = MX_TWIN_PLAIN;
		bound(n, plain_columns);
		while (next_twin())
		{
			bound(n, fast_columns);
			compare("bounds");
		}
		check_between(n);
	}
	long_report("bounds", n_rows);
}

static void
scale(size_t n, double low, double high, double *const *out)
{
	mx_kernel_divide(in[0], n, a[0], b[0], low, high, out[0]);
	mx_kernel_multiply(in[0], n, a[0], b[0], low, high, out[1]);
	mx_kernel_divide(in[0], n, a[0], b[0], -INFINITY, INFINITY, out[2]);
	memcpy(out[5], in[2], sizeof(in[2]));
	memcpy(out[6], in[2], sizeof(in[2]));
	mx_kernel_divide_row(a, b, n, low, high, out[5]);
	mx_kernel_multiply_row(a, b, n, low, high, out[6]);
	memcpy(out[7], in[3], sizeof(in[3]));
	mx_kernel_finish(out[7], n, a[0], b[0]);
	out[3][0] = mx_kernel_all_within(in[0], n, 0x1.fffffffffffffp1023);
	out[8][0] = mx_kernel_all_within_or_nan(in[0], n, 50);
	mx_kernel_impute(in[0], n, in[0][0], 0.25, out[9]);
	out[4][0] = mx_kernel_all_within(in[1], n, 50);
}

static void
test_scale(void)
{
	size_t n_rows;
	size_t n;

	for (n_rows = 0; n_rows < long_rows(FEW_ROWS); n_rows += n)
	{
		n = below(MOST_ROWS + 1);
		fill(below(2) == 0);
		mx_twin_limit = MX_TWIN_PLAIN;
		scale(n, -1, 2, plain_columns);
		while (next_twin())
		{
			scale(n, -1, 2, fast_columns);
			compare("scale");
		}
	}
	long_report("scale", n_rows);
}

static void
link_pair(int kind, size_t n, double *const *out)
{
	if (kind == 0)
		mx_link_expit(in[0], 2, n, out);
	else if (kind == 1)
		mx_link_softmax_pair(in[0], n, out);
	else if (kind == 2)
		mx_link_complement(in[0], n, out);
	else
		mx_link_huber_pair(in[0], n, out);
}

static void
link_columns(int kind, size_t width, size_t n, double *const *out)
{
	static void (*const links[])(const double *const *, size_t, size_t,
	                             double *const *) = {
	    mx_link_softmax, mx_link_ovr, mx_link_log_normal, mx_link_normal,
	    mx_link_huber};

	if (kind < 4)
		link_pair(kind, n, out);
	else
		links[kind - 4](columns, width, n, out);
}

static void
test_links(void)
{
	int kind;
	size_t n_rows = 0;
	size_t n;

	for (kind = 0; kind < 9; kind++)
		for (n_rows = 0; n_rows < long_rows(FEW_ROWS); n_rows += n)
		{
			size_t width = 1 + below(MOST_OUTPUTS);

			n = below(MOST_ROWS + 1);
			fill(below(2) == 0);
			mx_twin_limit = MX_TWIN_PLAIN;
			link_columns(kind, width, n, plain_columns);
			while (next_twin())
			{
				link_columns(kind, width, n, fast_columns);
				compare("link");
			}
		}
	long_report("each link", n_rows);
}

/* The stages of a block against the whole of a row. */
static void
test_expit_stages(void)
{
	size_t n_rows;
	size_t n;
	size_t i;

	for (n_rows = 0; n_rows < long_rows(FEW_ROWS); n_rows += n)
	{
		n = below(MOST_ROWS + 1);
		fill(below(2) == 0);
		for (i = 0; i < n; i++)
		{
			plain[1][i] = mx_expit(2 * in[0][i]);
			plain[0][i] = 1 - plain[1][i];
		}
		mx_twin_limit = MX_TWIN_PLAIN;
		while (next_twin())
		{
			mx_link_expit(in[0], 2, n, fast_columns);
			compare("expit");
		}
	}
}

static void
test_panels(void)
{
	static const MxTermKind kinds[] = {MX_TERM_PRODUCT, MX_TERM_CENTRED,
	                                   MX_TERM_SHIFTED, MX_TERM_DISTANCE,
	                                   MX_TERM_STANDARDIZED};
	size_t round = 0;
	size_t n_rows;
	size_t n;

	for (n_rows = 0; n_rows < 5 * long_rows(FEW_ROWS); n_rows += n)
	{
		size_t n_out = 1 + below(MOST_OUTPUTS);
		MxPanels p = {.kind = kinds[round++ % 5],
		              .n_in = below(MOST_COLUMNS + 1),
		              .n_out = n_out,
		              .width = n_out == 1 ? 1 : MX_PANEL_WIDTH,
		              .a = a,
		              .b = b,
		              .first = b + 1,
		              .second = a + 1};

		n = below(MOST_ROWS + 1);
		fill(below(2) == 0);
		mx_twin_limit = MX_TWIN_PLAIN;
		mx_kernel_panels(&p, columns, n, plain_columns);
		while (next_twin())
		{
			mx_kernel_panels(&p, columns, n, fast_columns);
			compare("panels");
		}
	}
	long_report("panels of five kinds", n_rows);
}

int
main(void)
{
	size_t j;

	for (j = 0; j < MOST_COLUMNS; j++)
		columns[j] = in[j];
	for (j = 0; j < MOST_OUTPUTS; j++)
	{
		plain_columns[j] = plain[j];
		fast_columns[j] = fast[j];
	}
	test_functions();
	test_bounds();
	test_scale();
	test_links();
	test_expit_stages();
	test_panels();
	return check_report();
}
