/* test_fold.c */
/* Linear models with the scale in their weights, against both steps. */
#include "engine_kit.h"

#include <float.h>
#include <math.h>

#define COLUMNS 5
#define OUTPUTS 5
#define ROWS 37
#define MODELS 3000

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* One number in some: of any magnitude at all. */
static double
number(size_t one_in)
{
	double x = kit_random(&state);

	return below(one_in) == 0 ? ldexp(x, (int) below(2140) - 1070) : x;
}

typedef struct Case
{
	size_t n_in;
	size_t n_out;
	bool centres;
	double mean[COLUMNS];
	double divisor[COLUMNS];
	double weights[OUTPUTS * COLUMNS];
	double bias[OUTPUTS];
	double x[COLUMNS * ROWS];
} Case;

static Case
random_case(void)
{
	size_t one_in = below(3) == 0 ? 4 : 1000000;
	Case c = {.n_in = 1 + below(COLUMNS),
	          .n_out = 1 + below(OUTPUTS),
	          .centres = below(4) != 0};
	size_t i;

	for (i = 0; i < c.n_in; i++)
	{
		c.mean[i] = number(4 * one_in);
		c.divisor[i] = number(one_in) + (below(2) == 0 ? 0 : 2);
	}
	for (i = 0; i < OUTPUTS * COLUMNS; i++)
		c.weights[i] = below(6) == 0 ? 0 : number(one_in);
	for (i = 0; i < OUTPUTS; i++)
		c.bias[i] = number(one_in);
	for (i = 0; i < COLUMNS * ROWS; i++)
		c.x[i] = below(20) == 0 ? number(1) : number(one_in);
	c.x[below(COLUMNS * ROWS)] = below(2) == 0 ? NAN : INFINITY;
	c.x[below(COLUMNS * ROWS)] = below(2) == 0 ? DBL_MAX : -DBL_MAX;
	return c;
}

static void
build(Kit *kit, const Case *c)
{
	MxScale scale = {.kind = MX_SCALE_DIVIDE,
	                 .n = c->n_in,
	                 .first = c->centres ? c->mean : NULL,
	                 .second = c->divisor};
	MxAffine affine = {c->n_out, c->n_in, c->weights, c->bias};
	unsigned flags = MX_GUARD_NAN | MX_GUARD_INFINITE;
	MxError *err = &kit->err;
	MxNodeId at;

	kit_begin(kit);
	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, c->n_in, "test", err),
	         err);
	CHECK_OK(mx_builder_guard(kit->b, kit->in, flags, &at, err), err);
	CHECK_OK(mx_builder_scale(kit->b, at, &scale, &at, err), err);
	CHECK_OK(mx_builder_guard(kit->b, at, flags, &at, err), err);
	CHECK_OK(
	    mx_builder_affine(kit->b, at, &affine, &kit->answers.decision, err),
	    err);
	CHECK(kit_finish(kit));
}

static double
scaled(const Case *c, size_t j, size_t row)
{
	double x = c->x[j * ROWS + row];

	return (c->centres ? x - c->mean[j] : x) / c->divisor[j];
}

static bool
is_refused(const Case *c, size_t row)
{
	size_t j;

	for (j = 0; j < c->n_in; j++)
		if (!isfinite(c->x[j * ROWS + row]) || !isfinite(scaled(c, j, row)))
			return true;
	return false;
}

/*
 * Within some last bits of the terms, and of what scikit-learn itself loses
 * where its quotients are no normal numbers.  What overflows on one way may
 * do so on the other.
 */
static void
check_value(const Case *c, size_t i, size_t row, double got)
{
	double want = 0;
	double allowed = 0;
	size_t j;

	for (j = 0; j < c->n_in; j++)
	{
		double weight = c->weights[i * c->n_in + j];
		double term = scaled(c, j, row) * weight;

		want += term;
		allowed += fabs(term) * 0x1p-48 + fabs(weight) * 0x1p-1070 + 0x1p-1070;
	}
	want += c->bias[i];
	allowed += fabs(c->bias[i]) * 0x1p-48;
	if (allowed < DBL_MAX * 0x1p-50)
		CHECK(fabs(got - want) <= allowed);
}

static void
check_row_alone(Kit *kit, const Case *c, size_t row, const MxBlock *block,
                MxStatus status)
{
	MxScorer *scorer = kit_scorer(kit, MX_ANSWER_DECISION, 1);
	double x[COLUMNS];
	MxBlock out;
	uint8_t alone;
	size_t i;

	for (i = 0; i < c->n_in; i++)
		x[i] = c->x[i * ROWS + row];
	CHECK_OK(mx_scorer_run(scorer, kit_columns(kit, x, c->n_in, 1), 1, &out,
	                       &alone, &kit->err),
	         &kit->err);
	CHECK(alone == status);
	for (i = 0; status == MX_OK && i < c->n_out; i++)
		CHECK(memcmp(&out.columns[i].numbers[0],
		             &block->columns[i].numbers[row], sizeof(double)) == 0 ||
		      isnan(out.columns[i].numbers[0]));
}

static void
check_case(const Case *c)
{
	MxScorer *scorer;
	uint8_t status[ROWS];
	MxBlock out;
	size_t row;
	size_t i;
	Kit kit;

	build(&kit, c);
	CHECK(mx_plan_n_steps(kit.plan) == 1);
	scorer = kit_scorer(&kit, MX_ANSWER_DECISION, ROWS);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, c->x, c->n_in, ROWS), ROWS,
	                       &out, status, &kit.err),
	         &kit.err);
	for (row = 0; row < ROWS; row++)
	{
		CHECK((status[row] != MX_OK) == is_refused(c, row));
		for (i = 0; status[row] == MX_OK && i < c->n_out; i++)
			check_value(c, i, row, out.columns[i].numbers[row]);
		check_row_alone(&kit, c, row, &out, (MxStatus) status[row]);
	}
	kit_end(&kit);
}

/* One column and one output; *out when the row is not refused. */
static bool
score_one(double mean, double divisor, double weight, double x, double *out)
{
	Case c = {.n_in = 1, .n_out = 1, .centres = true};
	uint8_t status;
	MxBlock block;
	Kit kit;

	c.mean[0] = mean;
	c.divisor[0] = divisor;
	c.weights[0] = weight;
	build(&kit, &c);
	CHECK_OK(mx_scorer_run(kit_scorer(&kit, MX_ANSWER_DECISION, 1),
	                       kit_columns(&kit, &x, 1, 1), 1, &block, &status,
	                       &kit.err),
	         &kit.err);
	*out = block.columns[0].numbers[0];
	kit_end(&kit);
	return status == MX_OK;
}

/* The largest x that is not scaled to infinity passes, the next does not. */
static void
test_boundary(void)
{
	static const double divisors[] = {0.75, -0.3, 1e-5, 1e-150, 1e-280};
	static const double weights[] = {0, 1, -3, 0.1, 1e-10, 1e-100, 5};
	static const double means[] = {0, 1, -1e-3, 1e20, -1e5};
	size_t i;

	for (i = 0; i < 5 * 7 * 5; i++)
	{
		double divisor = divisors[i % 5];
		double weight = weights[i / 5 % 7];
		double mean = means[i / 35];
		double x = DBL_MAX * fabs(divisor) + mean;
		double out;

		if (!isfinite(mean / divisor))
			continue;
		while (isfinite((x - mean) / divisor))
			x = nextafter(x, INFINITY);
		while (!isfinite((x - mean) / divisor))
			x = nextafter(x, 0);
		CHECK(score_one(mean, divisor, weight, x, &out));
		x = nextafter(x, INFINITY);
		CHECK(!score_one(mean, divisor, weight, x, &out));
		CHECK(!score_one(mean, divisor, weight, NAN, &out));
		CHECK(!score_one(mean, divisor, weight, -INFINITY, &out));
	}
}

/* Raised terms may overflow where the sum does not. */
static void
test_large_sums(void)
{
	double out;

	CHECK(score_one(0, 1, 0x1p-10, 0x1p1023, &out));
	CHECK(out == 0x1p1013);
	CHECK(score_one(0x1p1000, 4, -0x1p-20, -0x1p1023, &out));
	CHECK(out == (0x1p1023 + 0x1p1000) * 0x1p-22);
}

/* Which operations, where they round differently. */
static void
test_order(void)
{
	double out;

	CHECK((2.7 - 0.1) / 3 * 0.7 != (2.7 - 0.1) * (0.7 / 3));
	CHECK(score_one(0.1, 3, 0.7, 2.7, &out));
	CHECK(out == (2.7 - 0.1) * (0.7 / 3));
	/* No normal number: the division stays. */
	CHECK(score_one(0.1, 0x1.8p900, 0x1.2p-200, 0x1.9p1020, &out));
	CHECK(out == 0x1.9p1020 / 0x1.8p900 * 0x1.2p-200);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < MODELS; i++)
	{
		Case c = random_case();

		check_case(&c);
	}
	test_boundary();
	test_large_sums();
	test_order();
	return check_report();
}
