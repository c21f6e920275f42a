/* test_math.c */
/* exp, log and their kin against long double, and at their edges. */
#include "check.h"

#include "base/math.h"
#include "base/math_inline.h"

#include <math.h>

typedef double (*Function)(double x);
typedef long double (*Reference)(long double x);

static uint64_t state = 88172645463325252;

static uint64_t
random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static double
random_between(double low, double high)
{
	return low + (high - low) * ((double) (random_bits() >> 11) * 0x1p-53);
}

static long double
expit_reference(long double x)
{
	return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}

static long double
logit_reference(long double x)
{
	long double s = 2 * (x - 0.5L);

	return x > 0.25L && x < 0.75L ? log1pl(s) - log1pl(-s) : logl(x / (1 - x));
}

/* Distance in units of the last place of the exact result. */
static double
error_of(double got, long double want)
{
	int exponent;

	if (isnan(want) || isnan(got))
		return isnan(want) && isnan(got) ? 0 : INFINITY;
	if (isinf((double) want) || isinf(got))
		return got == (double) want ? 0 : INFINITY;
	frexpl(want == 0 ? 0x1p-1074L : want, &exponent);
	exponent = exponent - 53 < -1074 ? -1074 : exponent - 53;
	return (double) (fabsl((long double) got - want) / ldexpl(1, exponent));
}

typedef struct Sweep
{
	const char *name;
	Function function;
	Reference reference;
	double bound; /* as math.c states it */
	double low;
	double high; /* where it is at its most curved */
} Sweep;

static const Sweep sweeps[] = {
    {"exp", mx_exp, expl, 0.8, -750, 712},
    {"exp", mx_exp, expl, 0.8, -1, 1},
    {"expm1", mx_expm1, expm1l, 1.3, -45, 45},
    {"expm1", mx_expm1, expm1l, 1.3, -1, 1},
    {"log", mx_log, logl, 0.9, 0.5, 2},
    {"log", mx_log, logl, 0.9, 0, 1e-307},
    {"log2", mx_log2, log2l, 0.9, 0.5, 2},
    {"log10", mx_log10, log10l, 0.8, 0.5, 2},
    {"log10", mx_log10, log10l, 0.8, 0, 2000},
    {"log1p", mx_log1p, log1pl, 0.9, -1, 2},
    {"log1p", mx_log1p, log1pl, 0.9, -1e-16, 1e-16},
    {"cbrt", mx_cbrt, cbrtl, 0.7, -10, 10},
    {"cbrt", mx_cbrt, cbrtl, 0.7, 0, 1e-310},
    {"tanh", mx_tanh, tanhl, 2.5, -3, 3},
    {"tanh", mx_tanh, tanhl, 2.5, -25, 25},
    {"expit", mx_expit, expit_reference, 2.5, -40, 40},
    {"expit", mx_expit, expit_reference, 2.5, -760, 0},
    {"logit", mx_logit, logit_reference, 2, 0, 1},
    {"logit", mx_logit, logit_reference, 2, 0.3, 0.65},
};

static void
check_point(const Sweep *sweep, double x, double *worst)
{
	double error = error_of(sweep->function(x), sweep->reference(x));

	if (error > *worst)
		*worst = error;
	if (error > sweep->bound && check_n_failed < 20)
		printf("    %s(%a) is off by %g\n", sweep->name, x, error);
}

/* Points of the range, and any pattern of bits at all. */
static void
test_bounds(void)
{
	size_t i;
	int k;

	for (i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++)
	{
		double worst = 0;

		for (k = 0; k < 20000; k++)
		{
			check_point(&sweeps[i],
			            random_between(sweeps[i].low, sweeps[i].high), &worst);
			check_point(&sweeps[i], mx_from_bits(random_bits()), &worst);
		}
		check_subject = sweeps[i].name;
		CHECK(worst <= sweeps[i].bound);
	}
	check_subject = NULL;
}

typedef struct Edge
{
	Function function;
	double x;
	double want;
} Edge;

static const Edge edges[] = {
    {mx_exp, 0, 1},
    {mx_exp, INFINITY, INFINITY},
    {mx_exp, -INFINITY, 0},
    {mx_exp, NAN, NAN},
    {mx_exp, 0x1.62e42fefa39efp9, 0x1.fffffffffff2ap1023},
    {mx_exp, 0x1.62e42fefa39f0p9, INFINITY},
    {mx_exp, -745.1, 0x1p-1074},
    {mx_exp, -746, 0},
    {mx_expm1, -0.0, -0.0},
    {mx_expm1, 1e-320, 1e-320},
    {mx_expm1, INFINITY, INFINITY},
    {mx_expm1, -INFINITY, -1},
    {mx_expm1, NAN, NAN},
    {mx_log, 1, 0},
    {mx_log, 0, -INFINITY},
    {mx_log, -0.0, -INFINITY},
    {mx_log, -1, NAN},
    {mx_log, -INFINITY, NAN},
    {mx_log, INFINITY, INFINITY},
    {mx_log, NAN, NAN},
    {mx_log2, 0x1p-1074, -1074},
    {mx_log2, 0x1p1000, 1000},
    {mx_log2, 0, -INFINITY},
    {mx_log10, 1e22, 22},
    {mx_log10, -1, NAN},
    {mx_log10, INFINITY, INFINITY},
    {mx_log1p, -0.0, -0.0},
    {mx_log1p, -1, -INFINITY},
    {mx_log1p, -1.5, NAN},
    {mx_log1p, INFINITY, INFINITY},
    {mx_log1p, NAN, NAN},
    {mx_cbrt, 27, 3},
    {mx_cbrt, -0.0, -0.0},
    {mx_cbrt, -INFINITY, -INFINITY},
    {mx_cbrt, NAN, NAN},
    {mx_tanh, -0.0, -0.0},
    {mx_tanh, 1000, 1},
    {mx_tanh, -INFINITY, -1},
    {mx_tanh, NAN, NAN},
    {mx_expit, 0, 0.5},
    {mx_expit, INFINITY, 1},
    {mx_expit, -INFINITY, 0},
    {mx_expit, NAN, NAN},
    {mx_logit, 0, -INFINITY},
    {mx_logit, 1, INFINITY},
    {mx_logit, 0.5, 0},
    {mx_logit, -0.1, NAN},
    {mx_logit, 1.1, NAN},
    {mx_logit, NAN, NAN},
    {mx_rint, 2.5, 2},
    {mx_rint, 3.5, 4},
    {mx_rint, -0.2, -0.0},
    {mx_rint, 0x1.fffffffffffffp51, 0x1p52},
    {mx_rint, INFINITY, INFINITY},
    {mx_rint, NAN, NAN},
    {mx_floor, -0.2, -1},
    {mx_floor, 0x1.fffffffffffffp-1, 0},
    {mx_floor, -INFINITY, -INFINITY},
    {mx_ceil, -0.8, -0.0},
    {mx_ceil, 0x1p-1074, 1},
};

/* The sign of a zero counts. */
static bool
is_same(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	return a == b && !signbit(a) == !signbit(b);
}

static void
test_edges(void)
{
	size_t i;

	for (i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		if (!CHECK(is_same(edges[i].function(edges[i].x), edges[i].want)))
			printf("    edge %zu: of %a is %a, not %a\n", i, edges[i].x,
			       edges[i].function(edges[i].x), edges[i].want);
}

/* A larger argument never has a smaller result, over neighbouring numbers. */
static void
test_monotone(void)
{
	static const Function functions[] = {mx_exp, mx_log, mx_cbrt};
	size_t i;
	int k;

	for (i = 0; i < 3; i++)
	{
		long n_falls = 0;

		for (k = 0; k < 100000; k++)
		{
			double x = random_between(0, 40);
			double next = mx_from_bits(mx_bits(x) + 1);

			n_falls += functions[i](next) < functions[i](x);
		}
		CHECK(n_falls == 0);
	}
}

/* One row, one answer: alone or in a loop that the compiler vectorises. */
static void
test_loops_are_equal(void)
{
	double x[64];
	double got[64];
	int i;

	for (i = 0; i < 64; i++)
		x[i] = random_between(-30, 30);
	for (i = 0; i < 64; i++)
		got[i] = mx_expit_inline(x[i]);
	for (i = 0; i < 64; i++)
		CHECK(got[i] == mx_expit(x[i]));
}

int
main(void)
{
	test_bounds();
	test_edges();
	test_monotone();
	test_loops_are_equal();
	return check_report();
}
