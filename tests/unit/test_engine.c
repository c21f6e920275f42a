/* test_engine.c */
/* Small graphs through compile, attach and scoring, against hand results. */
#include "engine_kit.h"
#include "failing_heap.h"

#include "base/math.h"
#include "engine/layout.h"

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
	CHECK(mx_plan_n_steps(kit.plan) == 3);
	CHECK_TEXT(mx_plan_step_name(kit.plan, 0), "guarded affine");
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

/* An image of other sources may hold anything anywhere. */
static void
test_image_of_another_build(void)
{
	MxImageHeader *header;
	MxError err = {0};
	Kit kit;

	kit_begin(&kit);
	add_logistic(&kit, &numeric_classes);
	if (!kit_finish(&kit))
		return;
	header = (MxImageHeader *) kit.image.bytes;
	CHECK(header->build == mx_plan_build() && header->build != 0);
	header->build++;
	CHECK(mx_plan_attach(kit.image.bytes, kit.image.size, kit.arena, &kit.plan,
	                     &err) == MX_ERR_MALFORMED);
	CHECK(strstr(err.message, "another build") != NULL);
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
	static const size_t width[] = {300};
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

/* Memory that ends a little later each time. */
static void
test_small_budgets(void)
{
	MxStatus status = MX_ERR_LIMIT;
	size_t budget;

	for (budget = 0; status != MX_OK && budget < 1 << 20; budget += 1024)
	{
		MxArena *arena = mx_arena_create(&mx_libc_heap, budget);
		MxError err = {0};

		status = score_with(&mx_libc_heap, arena, &err);
		CHECK(status == MX_OK || status == MX_ERR_LIMIT);
		mx_arena_destroy(arena);
	}
	CHECK(status == MX_OK);
}

int
main(void)
{
	test_logistic();
	test_description_of_plan();
	test_only_what_is_wanted();
	test_mixed_views();
	test_names_in_messages();
	test_cancel();
	test_damaged_image();
	test_image_of_another_build();
	test_block_sizes();
	test_failing_allocations();
	test_small_budgets();
	return check_report();
}
