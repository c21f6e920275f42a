/* test_sums.c */
/* Steps that are arithmetic, dense and sparse, against plain loops. */
#include "engine_kit.h"

#include <math.h>

#define WIDE 150
/* More than go through a few columns together. */
#define MANY_ROWS 1100

/* Every shape of the panel kernel against the plain sum, bit for bit. */
static void
check_affine_shape(size_t n_in, size_t n_out, size_t rows)
{
	static double x[WIDE * MANY_ROWS];
	static double weights[11 * WIDE];
	static double bias[11];
	MxAffine affine = {n_out, n_in, weights, bias};
	uint64_t state = 88172645463325252;
	MxScorer *scorer;
	MxBlock out;
	uint8_t status[MANY_ROWS];
	size_t i;
	size_t j;
	size_t r;
	Kit kit;

	for (i = 0; i < n_in * rows; i++)
		x[i] = kit_random(&state);
	for (i = 0; i < n_in * n_out; i++)
		weights[i] = kit_random(&state);
	for (i = 0; i < n_out; i++)
		bias[i] = kit_random(&state);
	kit_begin(&kit);
	CHECK_OK(mx_builder_affine(kit.b, kit.in, &affine, &kit.answers.decision,
	                           &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_DECISION, rows);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, n_in, rows), rows, &out,
	                       status, &kit.err),
	         &kit.err);
	for (i = 0; i < n_out; i++)
		for (r = 0; r < rows; r++)
		{
			double sum = 0;

			for (j = 0; j < n_in; j++)
				sum += x[j * rows + r] * weights[i * n_in + j];
			CHECK(out.columns[i].numbers[r] == sum + bias[i]);
		}
	kit_end(&kit);
}

static void
test_affine_shapes(void)
{
	static const size_t widths[] = {1, 3, 8, 65, WIDE};
	static const size_t outs[] = {1, 2, 4, 7, 11};
	static const size_t rows[] = {1, 5, 16, 63, MANY_ROWS};
	size_t i;
	size_t k;
	size_t r;

	for (i = 0; i < 5; i++)
		for (k = 0; k < 5; k++)
			for (r = 0; r < 5; r++)
				check_affine_shape(widths[i], outs[k], rows[r]);
}

static void
test_distance_and_gaussian(void)
{
	static const double x[] = {1, 4};
	static const double centres[] = {4, 8, 1, 4};
	static const double variance[] = {1, 2, 4, 8};
	static const double constant[] = {10, 20};
	MxDistance distance = {2, 2, centres, true};
	MxGaussian gaussian = {2, 2, centres, variance, constant};
	MxWanted wanted[] = {{MX_ANSWER_TRANSFORM}, {MX_ANSWER_DECISION}};
	MxScorer *scorer = NULL;
	MxBlock outs[2];
	uint8_t status;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_distance(kit.b, kit.in, &distance,
	                             &kit.answers.transform, &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_gaussian(kit.b, kit.in, &gaussian,
	                             &kit.answers.decision, &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	CHECK_OK(
	    mx_scorer_create(kit.plan, wanted, 2, 1, kit.arena, &scorer, &kit.err),
	    &kit.err);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 2, 1), 1, outs, &status,
	                       &kit.err),
	         &kit.err);
	CHECK(outs[0].columns[0].numbers[0] == 5);
	CHECK(outs[0].columns[1].numbers[0] == 0);
	CHECK(outs[1].columns[0].numbers[0] == 10 - 0.5 * (9.0 / 1 + 16.0 / 2));
	CHECK(outs[1].columns[1].numbers[0] == 20);
	kit_end(&kit);
}

typedef struct FunctionCase
{
	MxFunctionKind kind;
	double x;
	double want;
} FunctionCase;

static const FunctionCase function_cases[] = {
    {MX_FUNCTION_EXP, 0, 1},          {MX_FUNCTION_EXPM1, 0, 0},
    {MX_FUNCTION_LOG, 1, 0},          {MX_FUNCTION_LOG2, 8, 3},
    {MX_FUNCTION_LOG10, 1000, 3},     {MX_FUNCTION_LOG1P, 0, 0},
    {MX_FUNCTION_SQRT, 9, 3},         {MX_FUNCTION_SQRT, -1, NAN},
    {MX_FUNCTION_CBRT, -27, -3},      {MX_FUNCTION_SQUARE, -3, 9},
    {MX_FUNCTION_ABSOLUTE, -3, 3},    {MX_FUNCTION_SIGN, -3, -1},
    {MX_FUNCTION_SIGN, -0.0, 0},      {MX_FUNCTION_SIGN, NAN, NAN},
    {MX_FUNCTION_NEGATIVE, 3, -3},    {MX_FUNCTION_RECIPROCAL, 4, 0.25},
    {MX_FUNCTION_FLOOR, -0.5, -1},    {MX_FUNCTION_FLOOR, 1e300, 1e300},
    {MX_FUNCTION_CEIL, 0.5, 1},       {MX_FUNCTION_CEIL, -0.7, -0.0},
    {MX_FUNCTION_RINT, 2.5, 2},       {MX_FUNCTION_RINT, -0.5, -0.0},
    {MX_FUNCTION_TANH, 100, 1},       {MX_FUNCTION_EXPIT, 0, 0.5},
    {MX_FUNCTION_LOGIT, 1, INFINITY}, {MX_FUNCTION_ISNAN, NAN, 1},
    {MX_FUNCTION_ISNAN, 3, 0},
};

static void
check_function(const FunctionCase *c)
{
	MxFunction function = {c->kind};
	MxScorer *scorer;
	MxBlock out;
	uint8_t status;
	double got;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, 1, "model", &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_function(kit.b, kit.in, &function,
	                             &kit.answers.transform, &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 1);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, &c->x, 1, 1), 1, &out,
	                       &status, &kit.err),
	         &kit.err);
	got = out.columns[0].numbers[0];
	if (!CHECK(got == c->want || (isnan(got) && isnan(c->want))) ||
	    !CHECK(isnan(got) || signbit(got) == signbit(c->want)))
		printf("    function %d of %g is %g\n", (int) c->kind, c->x, got);
	kit_end(&kit);
}

static void
test_functions(void)
{
	size_t i;

	for (i = 0; i < sizeof(function_cases) / sizeof(*function_cases); i++)
		check_function(&function_cases[i]);
}

#define CATEGORIES 300

/*
 * A column of codes, one-hot into more columns than stay dense, beside a
 * plain number: the sums must not tell sparse rows from dense ones.
 */
static void
add_wide_expand(Kit *kit, size_t width, MxNodeId *out)
{
	static const size_t column_0[] = {0};
	static const size_t column_1[] = {1};
	MxSelect codes = {1, column_0};
	MxSelect plain = {1, column_1};
	MxExpand expand = {1, &width};
	MxNodeId parts[2];
	MxError *err = &kit->err;

	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, 2, "model", err), err);
	CHECK_OK(mx_builder_select(kit->b, kit->in, &codes, &parts[0], err), err);
	CHECK_OK(mx_builder_expand(kit->b, parts[0], &expand, &parts[0], err), err);
	CHECK_OK(mx_builder_select(kit->b, kit->in, &plain, &parts[1], err), err);
	CHECK_OK(mx_builder_concat(kit->b, parts, 2, out, err), err);
}

static void
score_wide(size_t width, size_t n_out, const double *weights, const double *x,
           size_t rows, double *to)
{
	MxAffine affine = {n_out, width + 1, weights, NULL};
	MxScorer *scorer;
	uint8_t status[8];
	MxBlock out;
	MxNodeId node;
	size_t i;
	Kit kit;

	kit_begin(&kit);
	add_wide_expand(&kit, width, &node);
	CHECK_OK(mx_builder_affine(kit.b, node, &affine, &kit.answers.decision,
	                           &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_DECISION, rows);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 2, rows), rows, &out,
	                       status, &kit.err),
	         &kit.err);
	for (i = 0; i < n_out; i++)
		memcpy(to + i * rows, out.columns[i].numbers, rows * sizeof(double));
	kit_end(&kit);
}

static void
test_sparse_affine(void)
{
	/* codes, one of them unknown; numbers, one of them zero */
	static const double x[] = {0, 17, -1, 299, 1.5, 0, -2.25, 1e-300};
	double weights[3 * (CATEGORIES + 1)];
	uint64_t state = 88172645463325252;
	double got[3 * 4];
	size_t i;
	size_t r;

	for (i = 0; i < 3 * (CATEGORIES + 1); i++)
		weights[i] = kit_random(&state);
	score_wide(CATEGORIES, 3, weights, x, 4, got);
	for (i = 0; i < 3; i++)
		for (r = 0; r < 4; r++)
		{
			const double *w = weights + i * (CATEGORIES + 1);
			double sum = 0;

			if (x[r] >= 0)
				sum += w[(size_t) x[r]];
			sum += x[4 + r] * w[CATEGORIES];
			CHECK(got[i * 4 + r] == sum);
		}
	score_wide(CATEGORIES, 1, weights, x, 4, got);
	CHECK(got[1] == weights[17]);
}

/* Sparse columns chosen, reordered and doubled, then made dense. */
static void
test_sparse_select(void)
{
	static const double x[] = {7, 299, 5, 6};
	static const size_t chosen[] = {300, 7, 299, 7};
	static const double want[][4] = {{5, 1, 0, 1}, {6, 0, 1, 0}};
	MxFunction negative = {MX_FUNCTION_NEGATIVE};
	MxSelect select = {4, chosen};
	MxWanted wanted[] = {{MX_ANSWER_TRANSFORM}, {MX_ANSWER_DECISION}};
	MxScorer *scorer = NULL;
	uint8_t status[2];
	MxBlock outs[2];
	MxNodeId node;
	size_t e;
	size_t r;
	size_t j;
	Kit kit;

	kit_begin(&kit);
	add_wide_expand(&kit, CATEGORIES, &node);
	CHECK_OK(mx_builder_select(kit.b, node, &select, &kit.answers.transform,
	                           &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_function(kit.b, kit.answers.transform, &negative,
	                             &kit.answers.decision, &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	CHECK(mx_plan_answer_is_sparse(kit.plan, MX_ANSWER_TRANSFORM));
	CHECK(!mx_plan_answer_is_sparse(kit.plan, MX_ANSWER_DECISION));
	CHECK_OK(
	    mx_scorer_create(kit.plan, wanted, 2, 2, kit.arena, &scorer, &kit.err),
	    &kit.err);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 2, 2), 2, outs, status,
	                       &kit.err),
	         &kit.err);
	CHECK(outs[0].sparse->start[1] == 3 && outs[0].sparse->start[2] == 5);
	for (e = 1; e < 3; e++)
		CHECK(outs[0].sparse->columns[e] > outs[0].sparse->columns[e - 1]);
	for (r = 0; r < 2; r++)
		for (j = 0; j < 4; j++)
			CHECK(outs[1].columns[j].numbers[r] == -want[r][j]);
	kit_end(&kit);
}

int
main(void)
{
	test_affine_shapes();
	test_distance_and_gaussian();
	test_functions();
	test_sparse_affine();
	test_sparse_select();
	return check_report();
}
