/* test_model.c */
/* The builder: what it refuses, and what it finds out about the inputs. */
#include "check.h"
#include "failing_heap.h"

#include "model/builder.h"

#include <math.h>
#include <stdint.h>

static const MxText names[] = {{"a", 1}, {"b", 1}, {"c", 1}};
static const MxModelInfo info = {.class_name = {"Pipeline", 8}};

typedef struct Bench
{
	MxArena *arena;
	MxBuilder *b;
	MxNodeId in;
	MxAnswers answers;
	const MxModel *model;
	MxError err;
} Bench;

static void
begin(Bench *t)
{
	*t = (Bench){0};
	t->arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	CHECK_OK(mx_builder_create(t->arena, &t->b, &t->err), &t->err);
	t->in = mx_builder_input(t->b);
}

static MxStatus
finish(Bench *t)
{
	return mx_builder_finish(t->b, &t->answers, &info, &t->model, &t->err);
}

static void
end(Bench *t)
{
	mx_arena_destroy(t->arena);
}

/* Ends a test that expects a refusal. */
static void
end_refused(Bench *t, MxStatus got, MxStatus want, const char *message)
{
	CHECK(got == want && t->err.status == want);
	if (!CHECK(strstr(t->err.message, message) != NULL))
		printf("    %s\n", t->err.message);
	end(t);
}

static void
test_open_input(void)
{
	MxFunction square = {MX_FUNCTION_SQUARE};
	MxNodeId node;
	Bench t;

	begin(&t);
	CHECK(mx_builder_width(t.b, t.in) == MX_OPEN_WIDTH);
	CHECK_OK(mx_builder_function(t.b, t.in, &square, &node, &t.err), &t.err);
	CHECK(mx_builder_width(t.b, node) == MX_OPEN_WIDTH);
	CHECK_OK(mx_builder_expect_width(t.b, node, 3, "Ridge", &t.err), &t.err);
	CHECK(mx_builder_width(t.b, t.in) == 3);
	CHECK(mx_builder_width(t.b, node) == 3);
	end_refused(&t, mx_builder_expect_width(t.b, node, 4, "Ridge", &t.err),
	            MX_ERR_MALFORMED, "Ridge expects 4 features, not 3");

	begin(&t);
	t.answers.transform = t.in;
	end_refused(&t, finish(&t), MX_ERR_UNSUPPORTED,
	            "does not tell how many features");
}

static void
test_names(void)
{
	static const MxText again[] = {{"a", 1}, {"c", 1}, {"b", 1}};
	static const MxText twice[] = {{"a", 1}, {"b", 1}, {"a", 1}};
	size_t index = 9;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_name_inputs(t.b, names, 3, &t.err), &t.err);
	CHECK_OK(mx_builder_name_inputs(t.b, names, 3, &t.err), &t.err);
	CHECK_OK(mx_builder_input_index(t.b, t.in, names[1], &index, &t.err),
	         &t.err);
	CHECK(index == 1);
	end_refused(
	    &t,
	    mx_builder_input_index(t.b, t.in, MX_TEXT_LITERAL("d"), &index, &t.err),
	    MX_ERR_MALFORMED, "column \"d\" is not among the features");

	begin(&t);
	CHECK_OK(mx_builder_name_inputs(t.b, names, 3, &t.err), &t.err);
	end_refused(&t, mx_builder_name_inputs(t.b, again, 3, &t.err),
	            MX_ERR_MALFORMED, "feature 2 is named \"b\" by one step");

	begin(&t);
	end_refused(&t, mx_builder_name_inputs(t.b, twice, 3, &t.err),
	            MX_ERR_UNSUPPORTED, "two features are named \"a\"");
}

/* Old column transformers name only the columns they use. */
static void
test_gained_names(void)
{
	size_t index[4];
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_input_index(t.b, t.in, names[2], &index[0], &t.err),
	         &t.err);
	CHECK_OK(mx_builder_input_index(t.b, t.in, names[0], &index[1], &t.err),
	         &t.err);
	CHECK_OK(mx_builder_input_index(t.b, t.in, names[2], &index[2], &t.err),
	         &t.err);
	CHECK(index[0] == 0 && index[1] == 1 && index[2] == 0);
	t.answers.transform = t.in;
	CHECK_OK(finish(&t), &t.err);
	CHECK(t.model->n_inputs == 2 && t.model->has_names);
	CHECK(mx_text_is(t.model->inputs[0].name, "c"));
	end(&t);
}

static void
test_indexes(void)
{
	static const size_t columns[] = {0, 3};
	MxSelect select = {2, columns};
	MxNodeId node;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_expect_width(t.b, t.in, 3, "model", &t.err), &t.err);
	end_refused(&t, mx_builder_select(t.b, t.in, &select, &node, &t.err),
	            MX_ERR_MALFORMED, "column 3 is chosen");

	/* The same, told once the width is known. */
	begin(&t);
	CHECK_OK(
	    mx_builder_select(t.b, t.in, &select, &t.answers.transform, &t.err),
	    &t.err);
	CHECK_OK(mx_builder_expect_width(t.b, t.in, 3, "model", &t.err), &t.err);
	end_refused(&t, finish(&t), MX_ERR_MALFORMED, "column 3 is chosen");
}

/* Parameters are the builder's own once handed over. */
static void
test_copies(void)
{
	double weights[] = {1, 2};
	double bias[] = {3};
	MxAffine affine = {1, 2, weights, bias};
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_affine(t.b, t.in, &affine, &t.answers.value, &t.err),
	         &t.err);
	weights[0] = 9;
	bias[0] = 9;
	t.answers.n_outputs = 1;
	CHECK_OK(finish(&t), &t.err);
	CHECK(t.model->nodes[t.answers.value].as.affine.weights[0] == 1);
	CHECK(t.model->nodes[t.answers.value].as.affine.bias[0] == 3);
	CHECK(t.model->inputs[1].is_used && t.model->inputs[1].accepts_missing);
	end(&t);
}

/* Large matrices that were lent stay where they are. */
static void
test_lent(void)
{
	enum
	{
		WIDTH = 8192
	};
	static double bytes[WIDTH + 1];
	MxAffine inside = {1, WIDTH, bytes + 1, NULL};
	MxAffine beyond = {1, WIDTH, bytes, NULL};
	MxAffine small = {1, WIDTH - 1, bytes + 1, NULL};
	const MxAffine *cases[] = {&small, &beyond, &inside};

	for (int i = 0; i < 3; i++)
	{
		bool is_lent = cases[i] == &inside;
		const double *weights;
		Bench t;

		begin(&t);
		mx_builder_lend(t.b, bytes + 1, sizeof(bytes) - sizeof(bytes[0]));
		CHECK_OK(
		    mx_builder_affine(t.b, t.in, cases[i], &t.answers.value, &t.err),
		    &t.err);
		CHECK(mx_builder_borrows(t.b) == is_lent);
		t.answers.n_outputs = 1;
		CHECK_OK(finish(&t), &t.err);
		weights = t.model->nodes[t.answers.value].as.affine.weights;
		CHECK((weights == cases[i]->weights) == is_lent);
		end(&t);
	}
}

static void
test_guards_once(void)
{
	MxNodeId strict;
	MxNodeId same;
	MxNodeId more;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_guard(t.b, t.in, MX_GUARD_NAN | MX_GUARD_INFINITE,
	                          &strict, &t.err),
	         &t.err);
	CHECK_OK(mx_builder_guard(t.b, strict, MX_GUARD_NAN, &same, &t.err),
	         &t.err);
	CHECK_OK(mx_builder_guard(t.b, strict, MX_GUARD_FLOAT32, &more, &t.err),
	         &t.err);
	CHECK(same == strict && more != strict);
	end(&t);
}

static MxStatus
add_label(Bench *t, size_t n_classes, const MxClasses *classes)
{
	double weights[8] = {0};
	MxAffine affine = {n_classes, 2, weights, NULL};
	MxDecide decide = {MX_DECIDE_ARGMAX};
	MxNodeId node;

	MX_TRY(mx_builder_affine(t->b, t->in, &affine, &node, &t->err));
	MX_TRY(mx_builder_decide(t->b, node, &decide, &t->answers.label, &t->err));
	t->answers.classes = classes;
	t->answers.n_outputs = 1;
	return finish(t);
}

static void
test_labels(void)
{
	static const double numbers[] = {0, 1};
	static const MxText labels[] = {{"0", 1}, {"1", 1}};
	static const MxClasses two = {2, numbers, NULL, labels};
	MxNodeId node;
	Bench t;

	begin(&t);
	CHECK_OK(add_label(&t, 2, &two), &t.err);
	CHECK(t.model->answers.classes != &two);
	CHECK(mx_text_is(t.model->answers.classes[0].labels[1], "1"));
	end(&t);

	begin(&t);
	end_refused(&t, add_label(&t, 3, &two), MX_ERR_MALFORMED,
	            "decides among 3 classes, but has only 2");

	begin(&t);
	CHECK_OK(mx_builder_guard(t.b, t.in, MX_GUARD_NAN, &node, &t.err), &t.err);
	t.answers.score_samples = node;
	end_refused(&t, add_label(&t, 2, &two), MX_ERR_MALFORMED,
	            "score has 2 columns, expected 1");
}

/* What reads a column decides what it is. */
static void
test_kinds(void)
{
	static const size_t first[] = {0};
	static const size_t others[] = {1, 2};
	static const double fill[] = {1.5, NAN};
	static const double codes[] = {0, 1};
	static const MxText texts[] = {{"x", 1}, {"y", 1}};
	MxCategories categories = {
	    .n = 2, .kind = MX_COLUMN_TEXT, .texts = texts, .codes = codes};
	MxCategorize categorize = {1, &categories, true, 0};
	MxImpute impute = {.n = 2, .numbers = fill};
	MxSelect select = {1, first};
	MxNodeId parts[2];
	MxNodeId node;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_name_inputs(t.b, names, 3, &t.err), &t.err);
	CHECK_OK(mx_builder_select(t.b, t.in, &select, &node, &t.err), &t.err);
	CHECK_OK(mx_builder_categorize(t.b, node, &categorize, &parts[0], &t.err),
	         &t.err);
	select = (MxSelect){2, others};
	CHECK_OK(mx_builder_select(t.b, t.in, &select, &node, &t.err), &t.err);
	CHECK_OK(mx_builder_impute(t.b, node, &impute, &parts[1], &t.err), &t.err);
	CHECK_OK(mx_builder_concat(t.b, parts, 2, &node, &t.err), &t.err);
	CHECK_OK(
	    mx_builder_guard(t.b, node, MX_GUARD_NAN, &t.answers.transform, &t.err),
	    &t.err);
	CHECK_OK(finish(&t), &t.err);
	CHECK(t.model->inputs[0].kind == MX_COLUMN_TEXT);
	CHECK(t.model->inputs[0].is_category);
	CHECK(!t.model->inputs[0].accepts_missing);
	CHECK(t.model->inputs[1].kind == MX_COLUMN_NUMBER);
	CHECK(!t.model->inputs[1].is_category);
	CHECK(t.model->inputs[1].accepts_missing);
	/* Filled with NaN, which the guard refuses. */
	CHECK(!t.model->inputs[2].accepts_missing);
	CHECK(t.model->nodes[t.in].column_kinds[0] == MX_COLUMN_TEXT);
	CHECK(t.model->nodes[node].column_kinds == NULL);
	end(&t);
}

static void
test_kinds_that_disagree(void)
{
	static const MxText fill[] = {{"x", 1}};
	MxImpute impute = {.n = 1, .texts = fill};
	MxFunction square = {MX_FUNCTION_SQUARE};
	Bench t;

	begin(&t);
	CHECK_OK(
	    mx_builder_impute(t.b, t.in, &impute, &t.answers.transform, &t.err),
	    &t.err);
	CHECK_OK(
	    mx_builder_function(t.b, t.in, &square, &t.answers.decision, &t.err),
	    &t.err);
	end_refused(&t, finish(&t), MX_ERR_UNSUPPORTED,
	            "feature 1 (without name) is read as number and as text");

	begin(&t);
	CHECK_OK(
	    mx_builder_impute(t.b, t.in, &impute, &t.answers.transform, &t.err),
	    &t.err);
	CHECK_OK(mx_builder_function(t.b, t.answers.transform, &square,
	                             &t.answers.decision, &t.err),
	         &t.err);
	end_refused(&t, finish(&t), MX_ERR_UNSUPPORTED,
	            "a text is used where a number is needed");
}

/* Joined with itself again and again, a node would outgrow any memory. */
static void
test_limits(void)
{
	MxStatus status = MX_OK;
	MxNodeId parts[2];
	size_t i;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_expect_width(t.b, t.in, 1000, "model", &t.err), &t.err);
	parts[0] = t.in;
	for (i = 0; i < 64 && status == MX_OK; i++)
	{
		parts[1] = parts[0];
		status = mx_builder_concat(t.b, parts, 2, &parts[0], &t.err);
	}
	end_refused(&t, status, MX_ERR_LIMIT, "columns in all its steps");

	begin(&t);
	CHECK_OK(mx_builder_expect_width(t.b, t.in, 1, "model", &t.err), &t.err);
	status = MX_OK;
	for (i = 0; i < 200000 && status == MX_OK; i++)
		status = mx_builder_guard(t.b, t.in, MX_GUARD_NAN, &parts[0], &t.err);
	end_refused(&t, status, MX_ERR_LIMIT, "steps");
}

/* A category whose code has no column of its own is refused. */
static void
test_codes(void)
{
	static const double numbers[] = {1, 2};
	static const double codes[] = {0, 2};
	static const size_t width[] = {2};
	MxCategories categories = {.n = 2, .numbers = numbers, .codes = codes};
	MxCategorize categorize = {1, &categories, false, -1};
	MxExpand expand = {1, width};
	MxNodeId node;
	Bench t;

	begin(&t);
	CHECK_OK(mx_builder_categorize(t.b, t.in, &categorize, &node, &t.err),
	         &t.err);
	end_refused(&t, mx_builder_expand(t.b, node, &expand, &node, &t.err),
	            MX_ERR_MALFORMED, "a category has no column among the 2");
}

static MxStatus
build_with(MxArena *arena, MxError *err)
{
	static const double mean[] = {1, 2, 3};
	MxScale scale = {.kind = MX_SCALE_DIVIDE, .n = 3, .first = mean};
	MxAnswers answers = {0};
	const MxModel *model;
	MxBuilder *b;

	MX_TRY(mx_builder_create(arena, &b, err));
	MX_TRY(mx_builder_name_inputs(b, names, 3, err));
	MX_TRY(mx_builder_scale(b, mx_builder_input(b), &scale, &answers.transform,
	                        err));
	return mx_builder_finish(b, &answers, &info, &model, err);
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
			status = build_with(arena, &err);
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0);
		if (!failing_heap_failed(&failing))
			break;
		CHECK(status == MX_ERR_NO_MEMORY);
	}
}

/* Every single mx_arena_alloc, by a budget that ends a little later. */
static void
test_small_budgets(void)
{
	size_t budget;
	MxStatus status = MX_ERR_LIMIT;

	for (budget = 0; status != MX_OK && budget < 1 << 20; budget += 512)
	{
		MxArena *arena = mx_arena_create(&mx_libc_heap, budget);
		MxError err = {0};

		status = build_with(arena, &err);
		CHECK(status == MX_OK || status == MX_ERR_LIMIT);
		mx_arena_destroy(arena);
	}
	CHECK(status == MX_OK);
}

int
main(void)
{
	test_open_input();
	test_names();
	test_gained_names();
	test_indexes();
	test_copies();
	test_lent();
	test_guards_once();
	test_labels();
	test_kinds();
	test_kinds_that_disagree();
	test_limits();
	test_codes();
	test_failing_allocations();
	test_small_budgets();
	return check_report();
}
