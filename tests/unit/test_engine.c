/* test_engine.c */
/* Small graphs through compile, attach and scoring, against hand results. */
#include "engine_kit.h"
#include "failing_heap.h"

#include "base/math.h"

#include <math.h>

static const MxText two_names[] = {{"age", 3}, {"income", 6}};

/* (x - mean) / scale, then a logistic regression with classes 0 and 1. */
static void
add_logistic(Kit *kit, const MxClasses *classes)
{
	static const double mean[] = {10, -1};
	static const double deviation[] = {2, 4};
	static const double weights[] = {0.5, -1};
	static const double bias[] = {0.25};
	MxScale scale = {
	    .kind = MX_SCALE_DIVIDE, .n = 2, .first = mean, .second = deviation};
	MxAffine affine = {.n_out = 1, .n_in = 2, .weights = weights, .bias = bias};
	MxLink link = {MX_LINK_EXPIT, 1};
	MxDecide decide = {MX_DECIDE_POSITIVE};
	MxError *err = &kit->err;
	MxNodeId node;

	CHECK_OK(mx_builder_name_inputs(kit->b, two_names, 2, err), err);
	CHECK_OK(mx_builder_guard(kit->b, kit->in, MX_GUARD_NAN | MX_GUARD_INFINITE,
	                          &node, err),
	         err);
	CHECK_OK(mx_builder_scale(kit->b, node, &scale, &node, err), err);
	CHECK_OK(
	    mx_builder_affine(kit->b, node, &affine, &kit->answers.decision, err),
	    err);
	CHECK_OK(mx_builder_link(kit->b, kit->answers.decision, &link,
	                         &kit->answers.proba, err),
	         err);
	CHECK_OK(mx_builder_decide(kit->b, kit->answers.decision, &decide,
	                           &kit->answers.label, err),
	         err);
	kit->answers.n_outputs = 1;
	kit->answers.classes = classes;
}

static const double class_numbers[] = {-1, 5};
static const MxText class_labels[] = {{"-1", 2}, {"5", 1}};
static const MxClasses numeric_classes = {
    .n = 2, .numbers = class_numbers, .labels = class_labels};
static const MxClasses text_classes = {
    .n = 2, .texts = class_labels, .labels = class_labels};

static void
test_logistic(void)
{
	/* rows: plain, NaN, infinite */
	static const double x[] = {12, NAN, 8, 3, 1, INFINITY};
	MxWanted wanted[] = {
	    {MX_ANSWER_VALUE}, {MX_ANSWER_PROBA}, {MX_ANSWER_DECISION}};
	const MxColumn *columns;
	MxScorer *scorer = NULL;
	MxBlock outs[3];
	uint8_t status[3];
	double margin = (12.0 - 10) / 2 * 0.5 + (3.0 + 1) / 4 * -1 + 0.25;
	Kit kit;

	kit_begin(&kit);
	add_logistic(&kit, &numeric_classes);
	if (!kit_finish(&kit))
		return;
	CHECK_OK(
	    mx_scorer_create(kit.plan, wanted, 3, 3, kit.arena, &scorer, &kit.err),
	    &kit.err);
	columns = kit_columns(&kit, x, 2, 3);
	CHECK_OK(mx_scorer_run(scorer, columns, 3, outs, status, &kit.err),
	         &kit.err);
	CHECK(status[0] == MX_OK);
	CHECK(status[1] == MX_ERR_MISSING);
	CHECK(status[2] == MX_ERR_VALUE);
	CHECK(outs[0].n_columns == 1 && outs[1].n_columns == 2);
	CHECK(outs[0].columns[0].numbers[0] == -1);
	CHECK(outs[2].columns[0].numbers[0] == margin);
	CHECK(outs[1].columns[1].numbers[0] == mx_expit(margin));
	mx_scorer_explain(scorer, columns, two_names, 1, &kit.err);
	CHECK(kit.err.status == MX_ERR_MISSING);
	CHECK_TEXT(kit.err.message, "null value not allowed for feature \"age\"");
	kit.err = (MxError){0};
	mx_scorer_explain(scorer, columns, two_names, 2, &kit.err);
	CHECK(kit.err.status == MX_ERR_VALUE);
	CHECK_TEXT(kit.err.message,
	           "infinite value not allowed for feature \"income\"");
	kit_end(&kit);
}

static void
test_description_of_plan(void)
{
	MxInput input;
	size_t index = 9;
	Kit kit;

	kit_begin(&kit);
	add_logistic(&kit, &text_classes);
	if (!kit_finish(&kit))
		return;
	CHECK(mx_plan_n_inputs(kit.plan) == 2 && mx_plan_has_names(kit.plan));
	input = mx_plan_input(kit.plan, 1);
	CHECK(mx_text_is(input.name, "income") && input.is_used);
	CHECK(input.kind == MX_COLUMN_NUMBER && !input.accepts_missing);
	CHECK(mx_plan_find_input(kit.plan, two_names[1], &index) && index == 1);
	CHECK(!mx_plan_find_input(kit.plan, MX_TEXT_LITERAL("ag"), &index));
	/* Texts are no values. */
	CHECK(!mx_plan_offers(kit.plan, MX_ANSWER_VALUE));
	CHECK(mx_plan_answer_width(kit.plan, MX_ANSWER_VALUE) == 0);
	CHECK(mx_plan_offers(kit.plan, MX_ANSWER_LABEL));
	CHECK(!mx_plan_offers(kit.plan, MX_ANSWER_LOG_PROBA));
	CHECK(mx_plan_answer_width(kit.plan, MX_ANSWER_PROBA) == 2);
	CHECK(mx_plan_is_classifier(kit.plan));
	CHECK(mx_plan_n_classes(kit.plan, 0) == 2);
	CHECK(!mx_plan_classes_are_numbers(kit.plan, 0));
	CHECK(mx_text_is(mx_plan_class_label(kit.plan, 0, 1), "5"));
	CHECK(mx_text_is(mx_plan_info(kit.plan).class_name, "Pipeline"));
	CHECK(mx_plan_info(kit.plan).sklearn_version.data == NULL);
	CHECK(mx_plan_n_steps(kit.plan) == 5);
	CHECK_TEXT(mx_plan_step_name(kit.plan, 0), "guard");
	CHECK(mx_plan_block_rows(kit.plan) >= 64);
	CHECK(mx_plan_row_cost(kit.plan) > 0);
	kit_end(&kit);
}

/* A part of the plan is run when only a part is wanted. */
static void
test_only_what_is_wanted(void)
{
	static const double x[] = {1, 2, 3};
	static const double first[] = {1};
	static const size_t columns_1[] = {1};
	static const size_t columns_2[] = {2};
	MxSelect select = {1, columns_1};
	MxScale scale = {.kind = MX_SCALE_DIVIDE, .n = 1, .first = first};
	MxScorer *scorer;
	MxBlock out;
	uint8_t status;
	MxNodeId node;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, 3, "model", &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_select(kit.b, kit.in, &select, &node, &kit.err),
	         &kit.err);
	CHECK_OK(
	    mx_builder_scale(kit.b, node, &scale, &kit.answers.value, &kit.err),
	    &kit.err);
	select.columns = columns_2;
	CHECK_OK(mx_builder_select(kit.b, kit.in, &select, &node, &kit.err),
	         &kit.err);
	CHECK_OK(
	    mx_builder_scale(kit.b, node, &scale, &kit.answers.transform, &kit.err),
	    &kit.err);
	kit.answers.n_outputs = 1;
	if (!kit_finish(&kit))
		return;
	CHECK(!mx_plan_input(kit.plan, 0).is_used);
	CHECK(mx_plan_input(kit.plan, 2).is_used);
	scorer = kit_scorer(&kit, MX_ANSWER_VALUE, 1);
	CHECK(!mx_scorer_reads(scorer, 0) && mx_scorer_reads(scorer, 1) &&
	      !mx_scorer_reads(scorer, 2));
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 3, 1), 1, &out, &status,
	                       &kit.err),
	         &kit.err);
	CHECK(out.columns[0].numbers[0] == 1);
	kit_end(&kit);
}

/* Inputs and what steps make, in one block, columns twice and reordered. */
static void
test_mixed_views(void)
{
	static const double x[] = {1, 2, 10, 20, 100, 200};
	static const size_t reordered[] = {5, 0, 4, 4, 1};
	static const double want[] = {200, 1, 20, 20, 10};
	MxFunction negative = {MX_FUNCTION_NEGATIVE};
	MxFunction absolute = {MX_FUNCTION_ABSOLUTE};
	MxSelect select = {5, reordered};
	MxNodeId parts[2];
	MxScorer *scorer;
	MxBlock out;
	uint8_t status[2];
	MxNodeId node;
	size_t j;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_function(kit.b, kit.in, &negative, &node, &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_function(kit.b, node, &absolute, &parts[1], &kit.err),
	         &kit.err);
	parts[0] = kit.in;
	CHECK_OK(mx_builder_concat(kit.b, parts, 2, &node, &kit.err), &kit.err);
	CHECK(mx_builder_width(kit.b, node) == MX_OPEN_WIDTH);
	CHECK_OK(mx_builder_expect_width(kit.b, parts[1], 3, "model", &kit.err),
	         &kit.err);
	CHECK(mx_builder_width(kit.b, node) == 6);
	CHECK_OK(mx_builder_select(kit.b, node, &select, &kit.answers.transform,
	                           &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 2);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 3, 2), 2, &out, status,
	                       &kit.err),
	         &kit.err);
	for (j = 0; j < 5; j++)
		CHECK(out.columns[j].numbers[j == 0 || j == 2 || j == 3] == want[j]);
	kit_end(&kit);
}

#define WIDE 150

/* Every shape of the panel kernel against the plain sum, bit for bit. */
static void
check_affine_shape(size_t n_in, size_t n_out, size_t rows)
{
	static double x[WIDE * 100];
	static double weights[11 * WIDE];
	static double bias[11];
	MxAffine affine = {n_out, n_in, weights, bias};
	uint64_t state = 88172645463325252;
	MxScorer *scorer;
	MxBlock out;
	uint8_t status[100];
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
	static const size_t widths[] = {1, 3, 64, 65, WIDE};
	static const size_t outs[] = {1, 2, 4, 7, 11};
	static const size_t rows[] = {1, 5, 16, 63, 100};
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

/* What cannot be traced to an input is described; inputs may lack names. */
static void
test_names_in_messages(void)
{
	static const double x[] = {1, 1, 1, 1e39};
	static const double ones[] = {1, 1, 1, 1};
	MxScale scale = {.kind = MX_SCALE_DIVIDE, .n = 4, .second = ones};
	MxAffine affine = {2, 4, NULL, NULL};
	double weights[8] = {0, 0, 0, 0, 1, 0, 0, 1e300};
	const MxColumn *columns;
	MxScorer *scorer;
	MxBlock out;
	uint8_t status;
	MxNodeId node;
	Kit kit;

	affine.weights = weights;
	kit_begin(&kit);
	CHECK_OK(mx_builder_scale(kit.b, kit.in, &scale, &node, &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_guard(kit.b, node, MX_GUARD_FLOAT32, &node, &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_affine(kit.b, node, &affine, &node, &kit.err),
	         &kit.err);
	kit.answers.transform = node;
	CHECK_OK(mx_builder_guard(kit.b, node, MX_GUARD_INFINITE,
	                          &kit.answers.decision, &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	columns = kit_columns(&kit, x, 4, 1);
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 1);
	CHECK_OK(mx_scorer_run(scorer, columns, 1, &out, &status, &kit.err),
	         &kit.err);
	CHECK(status == MX_ERR_VALUE);
	mx_scorer_explain(scorer, columns, NULL, 0, &kit.err);
	CHECK_TEXT(kit.err.message,
	           "value of feature \"4\" is too large for a float32");
	kit_end(&kit);

	kit_begin(&kit);
	CHECK_OK(mx_builder_affine(kit.b, kit.in, &affine, &node, &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_guard(kit.b, node, MX_GUARD_INFINITE,
	                          &kit.answers.decision, &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	columns = kit_columns(&kit, x, 4, 1);
	scorer = kit_scorer(&kit, MX_ANSWER_DECISION, 1);
	CHECK_OK(mx_scorer_run(scorer, columns, 1, &out, &status, &kit.err),
	         &kit.err);
	CHECK(status == MX_ERR_VALUE);
	mx_scorer_explain(scorer, columns, NULL, 0, &kit.err);
	CHECK_TEXT(kit.err.message, "infinite value not allowed for feature "
	                            "\"column 2 of the output of affine\"");
	kit_end(&kit);
}

static bool
always(void *ctx)
{
	(void) ctx;
	return true;
}

static void
test_cancel(void)
{
	static const double x[] = {1, 2};
	MxScorer *scorer;
	MxBlock out;
	uint8_t status;
	Kit kit;

	kit_begin(&kit);
	add_logistic(&kit, &numeric_classes);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_LABEL, 1);
	mx_scorer_set_cancel(scorer, always, NULL);
	CHECK(mx_scorer_run(scorer, kit_columns(&kit, x, 2, 1), 1, &out, &status,
	                    &kit.err) == MX_ERR_CANCELED);
	CHECK(kit.err.status == MX_ERR_CANCELED);
	kit_end(&kit);
}

/* The header and its table of sections: any wrong byte of them is refused. */
static void
test_damaged_image(void)
{
	size_t n_refused = 0;
	size_t i;
	Kit kit;

	kit_begin(&kit);
	add_logistic(&kit, &numeric_classes);
	if (!kit_finish(&kit))
		return;
	for (i = 0; i < kit.image.size; i++)
	{
		MxError err = {0};

		CHECK(mx_plan_attach(kit.image.bytes, i, kit.arena, &kit.plan, &err) ==
		      MX_ERR_MALFORMED);
	}
	for (i = 0; i < 320; i++)
	{
		MxError err = {0};

		kit.image.bytes[i] ^= 0x80;
		if (mx_plan_attach(kit.image.bytes, kit.image.size, kit.arena,
		                   &kit.plan, &err) != MX_OK)
			n_refused++;
		kit.image.bytes[i] ^= 0x80;
	}
	/* Block size, cost and flags are numbers like any others. */
	CHECK(n_refused >= 200);
	kit_end(&kit);
}

/* The same bits in blocks of any size. */
static void
test_block_sizes(void)
{
	static double x[2 * 100];
	uint64_t state = 88172645463325252;
	MxScorer *whole;
	MxScorer *single;
	MxBlock outs[2];
	uint8_t status[100];
	size_t r;
	Kit kit;

	for (r = 0; r < 200; r++)
		x[r] = kit_random(&state);
	kit_begin(&kit);
	add_logistic(&kit, &numeric_classes);
	if (!kit_finish(&kit))
		return;
	whole = kit_scorer(&kit, MX_ANSWER_PROBA, 100);
	single = kit_scorer(&kit, MX_ANSWER_PROBA, 1);
	CHECK_OK(mx_scorer_run(whole, kit_columns(&kit, x, 2, 100), 100, &outs[0],
	                       status, &kit.err),
	         &kit.err);
	for (r = 0; r < 100; r++)
	{
		MxColumn row[2] = {{.numbers = x + r}, {.numbers = x + 100 + r}};

		CHECK_OK(mx_scorer_run(single, row, 1, &outs[1], status, &kit.err),
		         &kit.err);
		CHECK(outs[0].columns[1].numbers[r] == outs[1].columns[1].numbers[0]);
	}
	kit_end(&kit);
}

/* The whole way with the heap given. */
static MxStatus
score_with(const MxHeap *heap, MxArena *arena, MxError *err)
{
	static const double x[] = {3, 299, 1, 1};
	static const size_t column_0[] = {0};
	static const size_t width[] = {CATEGORIES};
	MxColumn columns[2] = {{.numbers = x}, {.numbers = x + 2}};
	MxSelect select = {1, column_0};
	MxExpand expand = {1, width};
	MxFunction negative = {MX_FUNCTION_NEGATIVE};
	MxAnswers answers = {0};
	MxModelInfo info = {.class_name = MX_TEXT_LITERAL("Pipeline")};
	MxWanted wanted = {MX_ANSWER_TRANSFORM};
	const MxModel *model;
	const MxPlan *plan;
	MxBuilder *b;
	MxScorer *scorer;
	KitImage image;
	uint8_t status[2];
	MxStatus result;
	MxBlock out;
	MxNodeId node;

	MX_TRY(mx_builder_create(arena, &b, err));
	MX_TRY(mx_builder_name_inputs(b, two_names, 2, err));
	MX_TRY(mx_builder_guard(b, mx_builder_input(b), MX_GUARD_NAN, &node, err));
	MX_TRY(mx_builder_select(b, node, &select, &node, err));
	MX_TRY(mx_builder_expand(b, node, &expand, &node, err));
	MX_TRY(mx_builder_function(b, node, &negative, &answers.transform, err));
	MX_TRY(mx_builder_finish(b, &answers, &info, &model, err));
	result = kit_compile(model, heap, &image, err);
	if (result == MX_OK)
		result = mx_plan_attach(image.bytes, image.size, arena, &plan, err);
	if (result == MX_OK)
		result = mx_scorer_create(plan, &wanted, 1, 2, arena, &scorer, err);
	if (result == MX_OK)
		result = mx_scorer_run(scorer, columns, 2, &out, status, err);
	if (result == MX_OK)
		CHECK(out.columns[299].numbers[1] == -1);
	free(image.bytes);
	return result;
}

static void
test_failing_allocations(void)
{
	size_t n;

	for (n = 1;; n++)
	{
		FailingHeap failing;
		MxError err = {0};
		MxStatus status = MX_ERR_NO_MEMORY;
		MxArena *arena;

		failing_heap_begin(&failing, n);
		arena = mx_arena_create(&failing.heap, SIZE_MAX);
		if (arena != NULL)
			status = score_with(&failing.heap, arena, &err);
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0);
		if (!failing_heap_failed(&failing))
			break;
		CHECK(status == MX_ERR_NO_MEMORY);
	}
	CHECK(n > 4);
}

int
main(void)
{
	test_logistic();
	test_description_of_plan();
	test_only_what_is_wanted();
	test_mixed_views();
	test_affine_shapes();
	test_distance_and_gaussian();
	test_functions();
	test_sparse_affine();
	test_sparse_select();
	test_names_in_messages();
	test_cancel();
	test_damaged_image();
	test_block_sizes();
	test_failing_allocations();
	return check_report();
}
