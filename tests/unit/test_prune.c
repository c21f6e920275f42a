/* test_prune.c */
/* Plans for rows of which something is known: the same answers, fewer tests. */
#include "failing_heap.h"
#include "long.h"
#include "plain_kit.h"
#include "random_trees.h"

#include "kernel/twins.h"

#define FEW_ROWS 60000
#define MOST_FEATURES 8

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* ---- ensembles alone, of all layouts ------------------------------------ */

static TreePlan
random_plan(void)
{
	static const size_t n_splits[] = {1, 9, 40, 127, 255, 600};
	TreePlan plan = {.seed = below(1u << 30),
	                 .n_trees = 1 + below(20),
	                 .n_splits = 1 + below(n_splits[below(6)]),
	                 .n_features = 1 + below(MOST_FEATURES),
	                 .n_outputs = 1 + below(3),
	                 .rounds_to_float32 = below(2) == 0,
	                 .has_missing = below(2) == 0,
	                 .has_categories = below(3) == 0,
	                 .category_range = (MxCategoryRange) below(3),
	                 .is_chain = below(16) == 0,
	                 .has_base = below(2) == 0,
	                 .divisor = below(3) == 0 ? 7 : 0};

	plan.n_values = below(2) == 0 ? 1 : plan.n_outputs;
	return plan;
}

/* Columns (features, MOST_ROWS); those known hold one number. */
static void
make_known(const TreePlan *plan, double *rows, MxKnown *known)
{
	size_t one_in = 1 + below(3);
	size_t f;
	size_t row;

	for (f = 0; f < plan->n_features; f++)
	{
		double *column = rows + f * MOST_ROWS;

		known[f] =
		    (MxKnown){.is_known = below(one_in) == 0, .number = column[0]};
		for (row = 0; known[f].is_known && row < MOST_ROWS; row++)
			column[row] = column[0];
	}
}

static void
check_scores(Kit *kit, const MxPlan *plan, const MxTrees *trees,
             const double *rows, size_t block)
{
	MxWanted wanted = {MX_ANSWER_VALUE};
	double expected[3];
	size_t n_wrong = 0;
	Result result;
	size_t first;

	for (first = 0; first + block <= MOST_ROWS; first += block)
	{
		MxColumn columns[MOST_FEATURES] = {{0}};

		for (size_t f = 0; f < trees->n_features; f++)
			columns[f].numbers = rows + f * MOST_ROWS + first;
		run(kit, plan, &wanted, 1, columns, block, &result);
		for (size_t row = 0; row < block; row++)
		{
			score_plainly(trees, rows, MOST_ROWS, first + row, NULL, expected);
			for (size_t j = 0; j < trees->n_outputs; j++)
				n_wrong += !is_same(result.outs[0].columns[j].numbers[row],
				                    expected[j]);
		}
	}
	CHECK(n_wrong == 0);
}

static const MxModel *
finish(Kit *kit)
{
	const MxModel *model = NULL;

	CHECK_OK(
	    mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, &kit->err),
	    &kit->err);
	return model;
}

static void
check_ensemble(MxPruning *total)
{
	TreePlan plan = random_plan();
	MxKnown known[MOST_FEATURES];
	const MxModel *model;
	const MxPlan *fast;
	MxPruning pruning;
	MxTwin twins;
	TestTrees trees;
	KitImage image;
	double *rows;
	Kit kit;

	kit_begin(&kit);
	make_trees(&plan, mx_builder_arena(kit.b), &trees);
	rows = make_rows(&trees, plan.seed, MOST_ROWS, kit.arena);
	make_known(&plan, rows, known);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, plan.n_features, "test",
	                                 &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_trees(kit.b, kit.in, 0, &trees.trees,
	                          &kit.answers.value, &kit.err),
	         &kit.err);
	kit.answers.n_outputs = plan.n_outputs;
	model = finish(&kit);
	twins = mx_twin_limit;
	fast = compile_known(&kit, model, known, &image, &pruning);
	check_scores(&kit, fast, &trees.trees, rows, MOST_ROWS);
	check_scores(&kit, fast, &trees.trees, rows, 1);
	mx_twin_limit = MX_TWIN_PLAIN;
	check_scores(&kit, fast, &trees.trees, rows, MOST_ROWS);
	mx_twin_limit = twins;
	total->n_tests += pruning.n_tests;
	total->n_left += pruning.n_left;
	free(image.bytes);
	kit_end(&kit);
}

static void
test_ensembles(void)
{
	size_t goal = long_rows(FEW_ROWS);
	MxPruning total = {0};
	size_t n_rows;

	for (n_rows = 0; n_rows < goal; n_rows += MOST_ROWS)
		check_ensemble(&total);
	long_report("ensembles with known inputs", n_rows);
	CHECK(total.n_left < total.n_tests / 2);
	CHECK(total.n_left > 0);
}

/* ---- texts -------------------------------------------------------------- */

static const MxText regions[] = {{"north", 5}, {"south", 5}, {"west", 4}};

/*
 * Regions, missing ones imputed as "south", become columns of 0 and 1 beside a
 * number; one tree asks for the north, then for the west, another for the
 * number and the south.
 */
static const MxModel *
make_regions(Kit *kit, bool unknown_fails)
{
	static const double codes[] = {0, 1, 2};
	static const size_t width = 3;
	static const size_t start[] = {0, 5, 10};
	static const int32_t left[] = {1, -1, 3, -1, -1, 1, -1, 3, -1, -1};
	static const int32_t right[] = {2, -1, 4, -1, -1, 2, -1, 4, -1, -1};
	static const int32_t feature[] = {0, -2, 2, -2, -2, 3, -2, 1, -2, -2};
	static const double threshold[] = {0.5, 0, 0.5, 0, 0, 7, 0, 0.5, 0, 0};
	static const uint8_t flags[10] = {0};
	static const double values[] = {0, 1, 0, 2, 4, 0, 8, 0, 16, 32};
	static const size_t text_column[] = {0};
	static const size_t number_column[] = {1};
	MxSelect texts = {1, text_column};
	MxSelect numbers = {1, number_column};
	MxImpute impute = {.n = 1, .texts = &regions[1]};
	MxCategories categories = {
	    .n = 3, .kind = MX_COLUMN_TEXT, .texts = regions, .codes = codes};
	MxCategorize categorize = {.n = 1,
	                           .columns = &categories,
	                           .unknown_fails = unknown_fails,
	                           .unknown_code = -1};
	MxExpand expand = {1, &width};
	MxTrees trees = {.n_features = 4,
	                 .n_trees = 2,
	                 .start = start,
	                 .left = left,
	                 .right = right,
	                 .feature = feature,
	                 .threshold = threshold,
	                 .flags = flags,
	                 .n_values = 1,
	                 .values = values,
	                 .n_outputs = 1};
	MxError *err = &kit->err;
	MxNodeId parts[2];
	MxNodeId at;

	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, 2, "test", err), err);
	CHECK_OK(mx_builder_select(kit->b, kit->in, &texts, &at, err), err);
	CHECK_OK(mx_builder_impute(kit->b, at, &impute, &at, err), err);
	CHECK_OK(mx_builder_categorize(kit->b, at, &categorize, &at, err), err);
	CHECK_OK(mx_builder_expand(kit->b, at, &expand, &parts[0], err), err);
	CHECK_OK(mx_builder_select(kit->b, kit->in, &numbers, &parts[1], err), err);
	CHECK_OK(mx_builder_concat(kit->b, parts, 2, &at, err), err);
	CHECK_OK(
	    mx_builder_trees(kit->b, at, 0, &trees, &kit->answers.decision, err),
	    err);
	return finish(kit);
}

/* Tests left, rows with a number, and what comes of them. */
static size_t
check_region(bool unknown_fails, MxText region, const double expected[2],
             MxStatus status)
{
	static const double numbers[] = {7, 7.5};
	MxKnown known[2] = {{.is_known = true, .text = region}, {0}};
	MxText same[2] = {region, region};
	MxColumn columns[2] = {{.kind = MX_COLUMN_TEXT, .texts = same},
	                       {.kind = MX_COLUMN_NUMBER, .numbers = numbers}};
	MxWanted wanted = {MX_ANSWER_DECISION};
	const MxModel *model;
	KitImage images[2];
	MxPruning pruning;
	Result x;
	Result y;
	Kit kit;

	kit_begin(&kit);
	model = make_regions(&kit, unknown_fails);
	run(&kit, compile_one(&kit, model, true, &images[0]), &wanted, 1, columns,
	    2, &x);
	run(&kit, compile_known(&kit, model, known, &images[1], &pruning), &wanted,
	    1, columns, 2, &y);
	compare(columns, 1, 2, &x, &y);
	for (size_t row = 0; row < 2; row++)
	{
		CHECK(y.status[row] == status);
		if (status == MX_OK)
			CHECK(y.outs[0].columns[0].numbers[row] == expected[row]);
	}
	CHECK(pruning.n_tests == 4);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
	return pruning.n_left;
}

static void
test_regions(void)
{
	static const double north[] = {2 + 8, 2 + 16};
	static const double south[] = {1 + 8, 1 + 32};
	static const double other[] = {1 + 8, 1 + 16};

	/* In the north the first tree still does not ask for the west. */
	CHECK(check_region(false, regions[0], north, MX_OK) == 1);
	CHECK(check_region(false, regions[1], south, MX_OK) == 1);
	/* A missing region is the south. */
	CHECK(check_region(false, (MxText){0}, south, MX_OK) == 1);
	CHECK(check_region(false, (MxText){"east", 4}, other, MX_OK) == 1);
	CHECK(check_region(true, (MxText){"east", 4}, other, MX_ERR_VALUE) == 1);
}

/* What is known of an input says how much it saves, in the ordinary plan. */
static void
test_savings(void)
{
	const MxPlan *plan;
	KitImage image;
	Kit kit;

	kit_begin(&kit);
	plan = compile_one(&kit, make_regions(&kit, false), false, &image);
	/* At a root and below two; at a root. */
	CHECK(mx_plan_known_saves(plan, 0) == 2 * mx_plan_known_saves(plan, 1));
	CHECK(mx_plan_known_saves(plan, 1) > 0);
	free(image.bytes);
	kit_end(&kit);
}

static MxStatus
compile_failing(const MxModel *model, const MxHeap *heap, MxError *err)
{
	MxKnown known[2] = {{.is_known = true, .text = regions[2]}, {0}};
	MxArena *arena = mx_arena_create(heap, SIZE_MAX);
	MxImageWriter *w = NULL;
	MxStatus status;

	if (arena == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = mx_image_create(arena, &w, err);
	if (status == MX_OK)
		status = mx_plan_compile_known(model, known, heap, w, err);
	mx_arena_destroy(arena);
	return status;
}

static void
test_failing_allocations(void)
{
	const MxModel *model;
	size_t n;
	Kit kit;

	kit_begin(&kit);
	model = make_regions(&kit, true);
	for (n = 1;; n++)
	{
		FailingHeap failing;
		MxError err = {0};
		MxStatus status;

		failing_heap_begin(&failing, n);
		status = compile_failing(model, &failing.heap, &err);
		CHECK(failing.n_live == 0);
		if (status == MX_OK)
			break;
		CHECK(status == MX_ERR_NO_MEMORY);
	}
	CHECK(n > 4);
	kit_end(&kit);
}

int
main(void)
{
	test_ensembles();
	test_regions();
	test_savings();
	test_failing_allocations();
	return check_report();
}
