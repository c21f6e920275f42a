/* test_categories.c */
/* Imputers, indicators and encoders, from parameters to scores. */
#include "engine_kit.h"
#include "failing_heap.h"

#include <math.h>
#include <stdio.h>

#define T(s) MX_TEXT_LITERAL(s)
static const MxText null_text = {NULL, 0};

/* Scores rows of one column each of texts and numbers; transform is asked. */
static MxBlock
score(Kit *kit, MxScorer **scorer, const MxColumn *columns, size_t rows,
      uint8_t *status)
{
	MxBlock out = {0};

	*scorer = kit_scorer(kit, MX_ANSWER_TRANSFORM, rows);
	CHECK_OK(mx_scorer_run(*scorer, columns, rows, &out, status, &kit->err),
	         &kit->err);
	return out;
}

/* Why a row fails, with "size" for the name of every feature. */
static void
check_reason(MxScorer *scorer, const MxColumn *columns, size_t row,
             const char *want)
{
	static const MxText names[] = {{"size", 4}, {"size", 4}, {"size", 4}};
	MxError err = {0};

	mx_scorer_explain(scorer, columns, names, row, &err);
	CHECK_TEXT(err.message, want);
}

static void
add_categorize(Kit *kit, const MxCategorize *params)
{
	CHECK_OK(mx_builder_categorize(kit->b, kit->in, params,
	                               &kit->answers.transform, &kit->err),
	         &kit->err);
}

/* ---- categories -------------------------------------------------------- */

static void
test_numbers(void)
{
	static const double numbers[] = {3.5, 0.0, -7, 1e300, 2};
	static const double codes[] = {0, 1, 2, 3, -1};
	static const double x[] = {-0.0, 3.5, NAN, 1e300, 2, 3, -7, INFINITY};
	static const double want[] = {1, 0, 8, 3, -1, 9, 2, 9};
	MxCategories column = {.n = 5,
	                       .numbers = numbers,
	                       .codes = codes,
	                       .has_missing = true,
	                       .missing_code = 8};
	MxCategorize params = {.n = 1, .columns = &column, .unknown_code = 9};
	MxScorer *scorer;
	uint8_t status[8];
	MxBlock out;
	Kit kit;
	size_t i;

	kit_begin(&kit);
	add_categorize(&kit, &params);
	if (!kit_finish(&kit))
		return;
	CHECK(mx_plan_input(kit.plan, 0).is_category);
	out = score(&kit, &scorer, kit_columns(&kit, x, 1, 8), 8, status);
	for (i = 0; i < 8; i++)
		CHECK(status[i] == MX_OK && out.columns[0].numbers[i] == want[i]);
	kit_end(&kit);
}

static void
test_texts(void)
{
	const MxText texts[] = {T("red"), T(""), T("r\303\251d"), T("re")};
	const MxText x[] = {T("re"),   T("red"), T("red "),      T(""),
	                    null_text, T("RED"), T("r\303\251d")};
	static const double codes[] = {0, 1, 2, 3};
	static const double want[] = {3, 0, -5, 1, -5, -5, 2};
	MxCategories column = {.n = 4,
	                       .kind = MX_COLUMN_TEXT,
	                       .texts = texts,
	                       .codes = codes,
	                       .has_unknown_code = true,
	                       .unknown_code = -5};
	MxCategorize params = {.n = 1, .columns = &column, .unknown_code = 9};
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = x};
	MxScorer *scorer;
	uint8_t status[7];
	MxBlock out;
	Kit kit;
	size_t i;

	kit_begin(&kit);
	add_categorize(&kit, &params);
	if (!kit_finish(&kit))
		return;
	out = score(&kit, &scorer, &in, 7, status);
	for (i = 0; i < 7; i++)
		CHECK(status[i] == MX_OK && out.columns[0].numbers[i] == want[i]);
	kit_end(&kit);
}

/* Sorting and probing with more categories than anyone writes by hand. */
static void
test_many(void)
{
	enum
	{
		N = 5000
	};
	static char names[N][8];
	static MxText texts[N];
	static double numbers[N];
	static double codes[N];
	MxCategories columns[2] = {
	    {.n = N, .numbers = numbers, .codes = codes},
	    {.n = N, .kind = MX_COLUMN_TEXT, .texts = texts, .codes = codes}};
	MxCategorize params = {.n = 2, .columns = columns, .unknown_fails = true};
	const MxColumn in[] = {{.numbers = numbers},
	                       {.kind = MX_COLUMN_TEXT, .texts = texts}};
	static uint8_t status[N];
	MxScorer *scorer;
	uint64_t state = 7;
	MxBlock out;
	Kit kit;
	size_t i;

	for (i = 0; i < N; i++)
	{
		numbers[i] = kit_random(&state);
		codes[i] = (double) i;
		snprintf(names[i], sizeof(names[i]), "w%zu", i);
		texts[i] = mx_text_from(names[i]);
	}
	kit_begin(&kit);
	add_categorize(&kit, &params);
	if (!kit_finish(&kit))
		return;
	out = score(&kit, &scorer, in, N, status);
	for (i = 0; i < N; i++)
		if (!CHECK(status[i] == MX_OK &&
		           out.columns[0].numbers[i] == codes[i] &&
		           out.columns[1].numbers[i] == codes[i]))
			break;
	kit_end(&kit);
}

/* Every way in which a value fails its row, and the words for it. */
static void
test_failures(void)
{
	const MxText texts[] = {T("S")};
	static const double numbers[] = {0, 1.5};
	static const double codes[] = {0, 1};
	MxCategories columns[] = {
	    {.n = 1, .kind = MX_COLUMN_TEXT, .texts = texts, .codes = codes},
	    {.n = 2, .numbers = numbers, .codes = codes, .infinite_fails = true},
	    {.n = 2,
	     .numbers = numbers,
	     .codes = codes,
	     .missing_fails = true,
	     .cuts_to_integer = true}};
	MxCategorize params = {.n = 3, .columns = columns, .unknown_fails = true};
	static const MxText x0[] = {{"S", 1}, {"X\"L\n", 4}, {NULL, 0}, {"S", 1},
	                            {"S", 1}, {"S", 1},      {"S", 1},  {"S", 1}};
	static const double x1[] = {0, 0, 0, 0.1, INFINITY, NAN, 0, 1.5};
	static const double x2[] = {0, 0, 0, 0, 0, 0, -1, NAN};
	static const MxStatus want[] = {MX_OK,        MX_ERR_VALUE,  MX_ERR_VALUE,
	                                MX_ERR_VALUE, MX_ERR_VALUE,  MX_ERR_VALUE,
	                                MX_ERR_VALUE, MX_ERR_MISSING};
	const MxColumn in[] = {{.kind = MX_COLUMN_TEXT, .texts = x0},
	                       {.numbers = x1},
	                       {.numbers = x2}};
	MxScorer *scorer;
	uint8_t status[8];
	Kit kit;
	size_t i;

	kit_begin(&kit);
	add_categorize(&kit, &params);
	if (!kit_finish(&kit))
		return;
	score(&kit, &scorer, in, 8, status);
	for (i = 0; i < 8; i++)
		CHECK(status[i] == want[i]);
	check_reason(scorer, in, 1,
	             "value \"X\\\"L\\x0a\" of feature \"size\" was not seen in "
	             "training");
	check_reason(scorer, in, 2,
	             "null value of feature \"size\" was not seen in training");
	check_reason(scorer, in, 3,
	             "value 0.1 of feature \"size\" was not seen in training");
	check_reason(scorer, in, 4,
	             "infinite value not allowed for feature \"size\"");
	check_reason(scorer, in, 5,
	             "null value of feature \"size\" was not seen in training");
	check_reason(scorer, in, 6,
	             "negative value not allowed for feature \"size\"");
	check_reason(scorer, in, 7, "null value not allowed for feature \"size\"");
	kit_end(&kit);
}

static void
test_cut_to_integer(void)
{
	static const double numbers[] = {0, 1, 2};
	static const double codes[] = {0, -1, 1};
	static const double x[] = {-0.9, 0.99, 1.5, 2.999, 3};
	static const double want[] = {0, 0, -1, 1, -2};
	MxCategories column = {
	    .n = 3, .numbers = numbers, .codes = codes, .cuts_to_integer = true};
	MxCategorize params = {.n = 1, .columns = &column, .unknown_code = -2};
	MxScorer *scorer;
	uint8_t status[5];
	MxBlock out;
	Kit kit;
	size_t i;

	kit_begin(&kit);
	add_categorize(&kit, &params);
	if (!kit_finish(&kit))
		return;
	out = score(&kit, &scorer, kit_columns(&kit, x, 1, 5), 5, status);
	for (i = 0; i < 5; i++)
		CHECK(status[i] == MX_OK && out.columns[0].numbers[i] == want[i]);
	kit_end(&kit);
}

static void
check_refused(const MxCategories *column, MxStatus want)
{
	MxCategorize params = {.n = 1, .columns = column};
	const MxModel *model = NULL;
	MxStatus status;
	Kit kit;

	kit_begin(&kit);
	status = mx_builder_categorize(kit.b, kit.in, &params,
	                               &kit.answers.transform, &kit.err);
	if (status == MX_OK)
		status =
		    mx_builder_finish(kit.b, &kit.answers, &kit.info, &model, &kit.err);
	if (status == MX_OK)
		status = kit_compile(model, &mx_libc_heap, &kit.image, &kit.err);
	CHECK(status == want && kit.err.status == want);
	kit_end(&kit);
}

static void
test_bad_parameters(void)
{
	const MxText alike[] = {T("a"), T("b"), T("a")};
	const MxText gap[] = {T("a"), null_text};
	static const double zeros[] = {0.0, 1, -0.0};
	static const double nan[] = {NAN};
	static const double codes[] = {0, 1, 2};
	static const double infinite[] = {INFINITY};
	MxCategories column = {.n = 3, .numbers = zeros, .codes = codes};

	check_refused(&column, MX_ERR_MALFORMED);
	column = (MxCategories){.n = 1, .numbers = nan, .codes = codes};
	check_refused(&column, MX_ERR_MALFORMED);
	column = (MxCategories){.n = 1, .numbers = zeros, .codes = infinite};
	check_refused(&column, MX_ERR_MALFORMED);
	column = (MxCategories){
	    .n = 3, .kind = MX_COLUMN_TEXT, .texts = alike, .codes = codes};
	check_refused(&column, MX_ERR_MALFORMED);
	column = (MxCategories){
	    .n = 2, .kind = MX_COLUMN_TEXT, .texts = gap, .codes = codes};
	check_refused(&column, MX_ERR_MALFORMED);
	column = (MxCategories){.n = 1, .texts = alike, .codes = codes};
	check_refused(&column, MX_ERR_INTERNAL);
}

/* ---- groups of 0/1 columns --------------------------------------------- */

/* widths 3, 0, last: dense when few, sparse when many, alike in content. */
static void
check_expand(size_t last)
{
	const size_t widths[] = {3, 0, last};
	static const double x[] = {0, 2, -1, NAN, 0, 5, 0, -1, 1, 0, -1, 4};
	MxExpand params = {.n = 3, .widths = widths};
	MxScorer *scorer;
	uint8_t status[4];
	MxBlock out;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expand(kit.b, kit.in, &params, &kit.answers.transform,
	                           &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	out = score(&kit, &scorer, kit_columns(&kit, x, 3, 4), 4, status);
	CHECK(out.n_columns == 3 + last);
	if (out.sparse == NULL)
	{
		CHECK(out.columns[0].numbers[0] == 1 && out.columns[2].numbers[1] == 1);
		CHECK(out.columns[4].numbers[0] == 1 && out.columns[3].numbers[1] == 1);
		CHECK(out.columns[4].numbers[2] == 0 && out.columns[7].numbers[3] == 1);
	}
	else
	{
		const size_t *start = out.sparse->start;

		CHECK(start[1] == 2 && start[2] == 4 && start[3] == 4 && start[4] == 5);
		CHECK(out.sparse->columns[0] == 0 && out.sparse->columns[1] == 4);
		CHECK(out.sparse->columns[2] == 2 && out.sparse->columns[3] == 3);
		CHECK(out.sparse->columns[4] == 7 && out.sparse->values[4] == 1);
	}
	kit_end(&kit);
}

static void
test_expand(void)
{
	check_expand(5);
	check_expand(1000);
}

/* ---- missing values ---------------------------------------------------- */

static void
test_impute_numbers(void)
{
	static const double fill[] = {10, NAN};
	static const double x[] = {-1, NAN, 3, -1, NAN, 3};
	static const size_t flagged[] = {1};
	MxMissing missing = {.has_number = true, .number = -1};
	MxImpute impute = {.n = 2, .missing = missing, .numbers = fill};
	MxIndicator indicator = {.n = 1, .columns = flagged, .missing = missing};
	MxNodeId parts[2];
	MxScorer *scorer;
	uint8_t status[3];
	MxBlock out;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_impute(kit.b, kit.in, &impute, &parts[0], &kit.err),
	         &kit.err);
	CHECK_OK(
	    mx_builder_indicator(kit.b, kit.in, &indicator, &parts[1], &kit.err),
	    &kit.err);
	CHECK_OK(
	    mx_builder_concat(kit.b, parts, 2, &kit.answers.transform, &kit.err),
	    &kit.err);
	if (!kit_finish(&kit))
		return;
	out = score(&kit, &scorer, kit_columns(&kit, x, 2, 3), 3, status);
	CHECK(out.n_columns == 3 && status[0] == MX_OK);
	CHECK(out.columns[0].numbers[0] == 10 && out.columns[0].numbers[1] == 10);
	CHECK(out.columns[0].numbers[2] == 3 && isnan(out.columns[1].numbers[0]));
	CHECK(isnan(out.columns[1].numbers[1]) && out.columns[1].numbers[2] == 3);
	CHECK(out.columns[2].numbers[0] == 1 && out.columns[2].numbers[1] == 1 &&
	      out.columns[2].numbers[2] == 0);
	kit_end(&kit);
}

static void
test_impute_texts(void)
{
	const MxText fill[] = {T("most"), null_text};
	const MxText x0[] = {T("?"), null_text, T("??")};
	const MxText x1[] = {T(""), T("?"), null_text};
	static const size_t flagged[] = {0};
	const MxColumn in[] = {{.kind = MX_COLUMN_TEXT, .texts = x0},
	                       {.kind = MX_COLUMN_TEXT, .texts = x1}};
	MxMissing missing = {.text = T("?")};
	MxImpute impute = {.n = 2, .missing = missing, .texts = fill};
	MxIndicator indicator = {
	    .n = 1, .columns = flagged, .missing = missing, .kind = MX_COLUMN_TEXT};
	MxNodeId parts[2];
	MxScorer *scorer;
	uint8_t status[3];
	MxBlock out;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_impute(kit.b, kit.in, &impute, &parts[0], &kit.err),
	         &kit.err);
	CHECK_OK(
	    mx_builder_indicator(kit.b, kit.in, &indicator, &parts[1], &kit.err),
	    &kit.err);
	CHECK_OK(
	    mx_builder_concat(kit.b, parts, 2, &kit.answers.transform, &kit.err),
	    &kit.err);
	if (!kit_finish(&kit))
		return;
	CHECK(mx_plan_input(kit.plan, 0).kind == MX_COLUMN_TEXT);
	out = score(&kit, &scorer, in, 3, status);
	CHECK(mx_text_is(out.columns[0].texts[0], "most"));
	CHECK(mx_text_is(out.columns[0].texts[1], "most"));
	CHECK(mx_text_is(out.columns[0].texts[2], "??"));
	CHECK(mx_text_is(out.columns[1].texts[0], ""));
	CHECK(out.columns[1].texts[1].data == NULL);
	CHECK(out.columns[1].texts[2].data == NULL);
	CHECK(out.columns[2].numbers[0] == 1 && out.columns[2].numbers[1] == 1 &&
	      out.columns[2].numbers[2] == 0);
	kit_end(&kit);
}

/* ---- without memory ---------------------------------------------------- */

static MxStatus
impute_and_expand(const MxHeap *heap, MxArena *arena, MxError *err)
{
	const MxText texts[] = {T("a"), T("b")};
	const MxText x[] = {T("b"), null_text};
	static const double codes[] = {0, 1};
	static const size_t widths[] = {400};
	MxImpute impute = {.n = 1, .texts = texts};
	MxCategories column = {
	    .n = 2, .kind = MX_COLUMN_TEXT, .texts = texts, .codes = codes};
	MxCategorize categorize = {.n = 1, .columns = &column};
	MxExpand expand = {.n = 1, .widths = widths};
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = x};
	MxWanted wanted = {MX_ANSWER_TRANSFORM};
	MxModelInfo info = {.class_name = T("OneHotEncoder")};
	MxAnswers answers = {0};
	const MxModel *model;
	const MxPlan *plan;
	MxScorer *scorer;
	MxBuilder *b;
	KitImage image;
	MxStatus status;
	uint8_t rows[2];
	MxNodeId node;
	MxBlock out;

	MX_TRY(mx_builder_create(arena, &b, err));
	MX_TRY(mx_builder_impute(b, mx_builder_input(b), &impute, &node, err));
	MX_TRY(mx_builder_categorize(b, node, &categorize, &node, err));
	MX_TRY(mx_builder_expand(b, node, &expand, &answers.transform, err));
	MX_TRY(mx_builder_finish(b, &answers, &info, &model, err));
	status = kit_compile(model, heap, &image, err);
	if (status == MX_OK)
		status = mx_plan_attach(image.bytes, image.size, arena, &plan, err);
	if (status == MX_OK)
		status = mx_scorer_create(plan, &wanted, 1, 2, arena, &scorer, err);
	if (status == MX_OK)
		status = mx_scorer_run(scorer, &in, 2, &out, rows, err);
	if (status == MX_OK)
		CHECK(out.sparse->columns[0] == 1 && out.sparse->columns[1] == 0);
	free(image.bytes);
	return status;
}

static void
test_no_memory(void)
{
	FailingHeap failing;
	MxStatus status = MX_ERR_NO_MEMORY;
	size_t n;

	for (n = 1; status != MX_OK && n < 1000; n++)
	{
		MxError err = {0};
		MxArena *arena;

		failing_heap_begin(&failing, n);
		arena = mx_arena_create(&failing.heap, SIZE_MAX);
		if (arena == NULL)
			continue;
		status = impute_and_expand(&failing.heap, arena, &err);
		CHECK(status == err.status);
		CHECK(status == MX_OK || status == MX_ERR_NO_MEMORY);
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0);
	}
	CHECK(status == MX_OK);
}

int
main(void)
{
	test_numbers();
	test_texts();
	test_many();
	test_failures();
	test_cut_to_integer();
	test_bad_parameters();
	test_expand();
	test_impute_numbers();
	test_impute_texts();
	test_no_memory();
	return check_report();
}
