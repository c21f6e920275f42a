/* test_trees.c */
/*
 * Ensembles against a plain walk, bit for bit, whatever the block; damaged
 * ones are refused or still safe.
 */
#include "engine_kit.h"
#include "failing_heap.h"
#include "random_trees.h"

#include "model/check.h"

#include <math.h>

#define N_ROWS 217

/* ---- right answers ----------------------------------------------------- */

static const TreePlan plans[] = {
    {.seed = 1,
     .n_trees = 1,
     .n_splits = 0,
     .n_features = 1,
     .n_values = 1,
     .n_outputs = 1},
    {.seed = 2,
     .n_trees = 1,
     .n_splits = 1,
     .n_features = 1,
     .n_values = 1,
     .n_outputs = 1},
    {.seed = 3,
     .n_trees = 7,
     .n_splits = 9,
     .n_features = 3,
     .n_values = 1,
     .n_outputs = 1,
     .rounds_to_float32 = true,
     .divisor = 7},
    {.seed = 4,
     .n_trees = 8,
     .n_splits = 30,
     .n_features = 4,
     .n_values = 1,
     .n_outputs = 1,
     .has_missing = true},
    {.seed = 5,
     .n_trees = 29,
     .n_splits = 63,
     .n_features = 6,
     .n_values = 1,
     .n_outputs = 3,
     .rounds_to_float32 = true,
     .has_base = true},
    {.seed = 6,
     .n_trees = 20,
     .n_splits = 400,
     .n_features = 5,
     .n_values = 4,
     .n_outputs = 4,
     .rounds_to_float32 = true,
     .has_missing = true,
     .divisor = 20},
    {.seed = 7,
     .n_trees = 40,
     .n_splits = 31,
     .n_features = 6,
     .n_values = 1,
     .n_outputs = 1,
     .has_missing = true,
     .has_categories = true,
     .has_base = true},
    {.seed = 8,
     .n_trees = 12,
     .n_splits = 200,
     .n_features = 9,
     .n_values = 1,
     .n_outputs = 4,
     .has_categories = true,
     .rounds_to_float32 = true},
    {.seed = 9,
     .n_trees = 3,
     .n_splits = 700,
     .n_features = 2,
     .n_values = 2,
     .n_outputs = 3,
     .is_chain = true,
     .has_missing = true},
    {.seed = 10,
     .n_trees = 2,
     .n_splits = 20000,
     .n_features = 7,
     .n_values = 1,
     .n_outputs = 1,
     .rounds_to_float32 = true},
    {.seed = 11,
     .n_trees = 100,
     .n_splits = 63,
     .n_features = 300,
     .n_values = 1,
     .n_outputs = 1,
     .rounds_to_float32 = true},
    {.seed = 12,
     .n_trees = 9,
     .n_splits = 31,
     .n_features = 6,
     .n_values = 1,
     .n_outputs = 1,
     .has_categories = true,
     .category_range = MX_CATEGORIES_WRAP},
    {.seed = 13,
     .n_trees = 9,
     .n_splits = 31,
     .n_features = 6,
     .n_values = 1,
     .n_outputs = 1,
     .has_categories = true,
     .has_missing = true,
     .category_range = MX_CATEGORIES_WRAP_POSITIVE},
    /* More thresholds than a byte tells apart. */
    {.seed = 14,
     .n_trees = 30,
     .n_splits = 255,
     .n_features = 2,
     .n_values = 2,
     .n_outputs = 2,
     .has_missing = true},
    {.seed = 15,
     .n_trees = 30,
     .n_splits = 255,
     .n_features = 1,
     .n_values = 1,
     .n_outputs = 1,
     .rounds_to_float32 = true},
    /* As many leaves as a byte counts, and one more, in one long branch. */
    {.seed = 16,
     .n_trees = 2,
     .n_splits = 255,
     .n_features = 3,
     .n_values = 1,
     .n_outputs = 1,
     .is_chain = true},
    {.seed = 17,
     .n_trees = 2,
     .n_splits = 256,
     .n_features = 3,
     .n_values = 1,
     .n_outputs = 1,
     .is_chain = true},
};
#define N_PLANS (sizeof(plans) / sizeof(plans[0]))

/* Rows block by block: how many outputs differ from expected. */
static size_t
count_wrong(Kit *kit, const double *rows, size_t block, const double *expected)
{
	size_t n_features = mx_plan_n_inputs(kit->plan);
	MxScorer *scorer = kit_scorer(kit, MX_ANSWER_VALUE, block);
	MxColumn *columns =
	    mx_arena_array(kit->arena, MxColumn, n_features, &kit->err);
	uint8_t status[N_ROWS];
	size_t n_wrong = 0;
	MxBlock out;
	size_t n;

	for (size_t first = 0; first < N_ROWS; first += n)
	{
		n = N_ROWS - first < block ? N_ROWS - first : block;
		for (size_t f = 0; f < n_features; f++)
			columns[f].numbers = rows + f * N_ROWS + first;
		if (!CHECK_OK(
		        mx_scorer_run(scorer, columns, n, &out, status, &kit->err),
		        &kit->err))
			return SIZE_MAX;
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < out.n_columns; j++)
				n_wrong += memcmp(&out.columns[j].numbers[i],
				                  &expected[(first + i) * out.n_columns + j],
				                  sizeof(double)) != 0;
	}
	return n_wrong;
}

static void
check_plan(const TreePlan *plan, bool has_start)
{
	static const size_t blocks[] = {1, 3, 8, 9, 20, 64, N_ROWS};
	size_t n = plan->n_outputs;
	double *expected = calloc(N_ROWS * n, sizeof(double));
	MxNodeId start = 0;
	TestTrees trees;
	double *rows;
	Kit kit;

	kit_begin(&kit);
	make_trees(plan, mx_builder_arena(kit.b), &trees);
	CHECK_OK(mx_check_trees(&trees.trees, &kit.err), &kit.err);
	rows = make_rows(&trees, plan->seed, N_ROWS, kit.arena);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, plan->n_features, "test",
	                                 &kit.err),
	         &kit.err);
	if (has_start)
	{
		/* The first n features, negated, so that NaN stays out of sight. */
		const MxFunction isnan = {MX_FUNCTION_ISNAN};
		size_t columns[8] = {0, 1, 2, 3, 4, 5, 6, 7};
		const MxSelect select = {.n = n, .columns = columns};

		CHECK_OK(mx_builder_select(kit.b, kit.in, &select, &start, &kit.err),
		         &kit.err);
		CHECK_OK(mx_builder_function(kit.b, start, &isnan, &start, &kit.err),
		         &kit.err);
	}
	CHECK_OK(mx_builder_trees(kit.b, kit.in, start, &trees.trees,
	                          &kit.answers.value, &kit.err),
	         &kit.err);
	kit.answers.n_outputs = n;
	for (size_t row = 0; row < N_ROWS; row++)
	{
		double from[8];

		for (size_t j = 0; has_start && j < n; j++)
			from[j] = isnan(rows[j * N_ROWS + row]) ? 1 : 0;
		score_plainly(&trees.trees, rows, N_ROWS, row, has_start ? from : NULL,
		              expected + row * n);
	}
	if (kit_finish(&kit))
		for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
			CHECK(count_wrong(&kit, rows, blocks[i], expected) == 0);
	kit_end(&kit);
	free(expected);
}

static void
test_answers(void)
{
	char subject[32];

	check_subject = subject;
	for (size_t i = 0; i < N_PLANS; i++)
	{
		snprintf(subject, sizeof(subject), "plan %zu", i);
		check_plan(&plans[i], false);
		if (plans[i].n_features >= plans[i].n_outputs)
			check_plan(&plans[i], true);
	}
	check_subject = NULL;
}

/* ---- damage ------------------------------------------------------------ */

/*
 * Whatever the check lets pass must score, and as the plain walk does.  *n
 * counts what it let pass.
 */
static void
refuse_or_score(const TestTrees *trees, size_t *n_passed)
{
	double expected[N_ROWS * 8];
	MxError err = {0};
	double *rows;
	Kit kit;

	if (mx_check_trees(&trees->trees, &err) != MX_OK)
	{
		CHECK(err.message[0] != '\0');
		return;
	}
	++*n_passed;
	kit_begin(&kit);
	rows = make_rows(trees, 77, N_ROWS, kit.arena);
	for (size_t row = 0; row < N_ROWS; row++)
		score_plainly(&trees->trees, rows, N_ROWS, row, NULL,
		              expected + row * trees->trees.n_outputs);
	CHECK_OK(mx_builder_trees(kit.b, kit.in, 0, &trees->trees,
	                          &kit.answers.value, &kit.err),
	         &kit.err);
	kit.answers.n_outputs = trees->trees.n_outputs;
	if (kit_finish(&kit))
		CHECK(count_wrong(&kit, rows, N_ROWS, expected) == 0);
	kit_end(&kit);
}

/* Every index of a node becomes in turn what it should never be. */
static void
damage_indexes(TestTrees *trees, size_t node, size_t first, size_t n,
               size_t *n_passed)
{
	int32_t *const fields[] = {&trees->left[node], &trees->right[node],
	                           &trees->feature[node]};
	int32_t self = (int32_t) (node - first);
	const int32_t odd[] = {-1,          0,         1,         (int32_t) n - 1,
	                       (int32_t) n, INT32_MAX, INT32_MIN, self,
	                       self - 1,    self + 1,  self + 2};

	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < sizeof(odd) / sizeof(odd[0]); j++)
		{
			int32_t was = *fields[i];

			*fields[i] = odd[j];
			refuse_or_score(trees, n_passed);
			*fields[i] = was;
		}
}

static void
damage_rest(TestTrees *trees, size_t node, size_t *n_passed)
{
	const double numbers[] = {NAN, INFINITY, -INFINITY, 0, 1e308};
	double threshold = trees->threshold[node];
	uint8_t flags = trees->flags[node];
	uint32_t bitset = trees->bitset[node];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		trees->threshold[node] = numbers[i];
		refuse_or_score(trees, n_passed);
	}
	trees->threshold[node] = threshold;
	for (unsigned i = 0; i < 256; i += i < 8 ? 1 : 31)
	{
		trees->flags[node] = (uint8_t) i;
		refuse_or_score(trees, n_passed);
	}
	trees->flags[node] = MX_TREE_CATEGORICAL;
	for (size_t i = 0; i < 3; i++)
	{
		trees->bitset[node] = i == 0   ? UINT32_MAX
		                      : i == 1 ? (uint32_t) trees->trees.n_bitsets
		                               : (uint32_t) trees->trees.n_bitsets - 1;
		refuse_or_score(trees, n_passed);
	}
	trees->flags[node] = flags;
	trees->bitset[node] = bitset;
}

static void
test_damage(void)
{
	const TreePlan plan = {.seed = 21,
	                       .n_trees = 3,
	                       .n_splits = 9,
	                       .n_features = 4,
	                       .n_values = 1,
	                       .n_outputs = 2,
	                       .has_missing = true,
	                       .has_categories = true};
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	size_t n_passed = 0;
	TestTrees trees;

	make_trees(&plan, arena, &trees);
	for (size_t t = 0; t < plan.n_trees; t++)
		for (size_t node = trees.start[t]; node < trees.start[t + 1]; node++)
		{
			damage_indexes(&trees, node, trees.start[t],
			               trees.start[t + 1] - trees.start[t], &n_passed);
			damage_rest(&trees, node, &n_passed);
		}
	CHECK(n_passed > 0);
	mx_arena_destroy(arena);
}

/* ---- refusals, one by one ---------------------------------------------- */

static bool
is_refused(const TestTrees *trees)
{
	MxError err = {0};

	return mx_check_trees(&trees->trees, &err) == MX_ERR_MALFORMED;
}

/* Nodes 0 to 4: the root, then 1 and 2, then the children of 1. */
static void
make_small(MxArena *arena, TestTrees *trees)
{
	const TreePlan plan = {.seed = 3,
	                       .n_trees = 1,
	                       .n_splits = 2,
	                       .n_features = 2,
	                       .n_values = 1,
	                       .n_outputs = 1,
	                       .is_chain = true};

	make_trees(&plan, arena, trees);
	trees->left[0] = 1;
	trees->right[0] = 2;
	trees->left[1] = 3;
	trees->right[1] = 4;
	trees->feature[1] = 1;
	trees->threshold[0] = trees->threshold[1] = 0.5;
	trees->left[2] = trees->right[2] = -1;
	trees->values[2] = 1;
}

static void
test_parents(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	TestTrees trees;

	make_small(arena, &trees);
	CHECK(!is_refused(&trees));
	trees.right[1] = 3; /* the same child twice */
	CHECK(is_refused(&trees));
	make_small(arena, &trees);
	trees.right[1] = 2; /* a child of both; node 4 of none */
	CHECK(is_refused(&trees));
	make_small(arena, &trees);
	trees.left[1] = trees.right[1] = -1; /* nodes 3 and 4 hang loose */
	CHECK(is_refused(&trees));
	make_small(arena, &trees);
	trees.left[1] = 0; /* in a circle */
	CHECK(is_refused(&trees));
	make_small(arena, &trees);
	trees.right[2] = 3; /* half a leaf */
	CHECK(is_refused(&trees));
	/* Loose nodes that are each other's. */
	make_small(arena, &trees);
	trees.left[1] = trees.right[1] = -1;
	trees.left[3] = 4;
	CHECK(is_refused(&trees));
	mx_arena_destroy(arena);
}

static void
test_numbers(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	TestTrees trees;

	make_small(arena, &trees);
	trees.threshold[0] = NAN;
	CHECK(is_refused(&trees));
	trees.threshold[0] = -INFINITY;
	CHECK(!is_refused(&trees));
	trees.values[4] = INFINITY;
	CHECK(is_refused(&trees));
	trees.values[4] = 0;
	trees.values[0] = NAN; /* of an inner node: never read */
	CHECK(!is_refused(&trees));
	trees.output[0] = 1;
	CHECK(is_refused(&trees));
	trees.output[0] = 0;
	trees.base[0] = NAN;
	trees.trees.base = trees.base;
	CHECK(is_refused(&trees));
	trees.base[0] = 0;
	trees.trees.divisor = INFINITY;
	CHECK(is_refused(&trees));
	trees.trees.divisor = 0;
	trees.trees.n_trees = 0;
	CHECK(is_refused(&trees));
	mx_arena_destroy(arena);
}

static void
test_depth(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	TreePlan plan = {.seed = 5,
	                 .n_trees = 1,
	                 .n_features = 2,
	                 .n_values = 1,
	                 .n_outputs = 1,
	                 .is_chain = true};
	MxError err = {0};
	TestTrees trees;

	plan.n_splits = 65536;
	make_trees(&plan, arena, &trees);
	CHECK_OK(mx_check_trees(&trees.trees, &err), &err);
	plan.n_splits = 65537;
	make_trees(&plan, arena, &trees);
	CHECK(mx_check_trees(&trees.trees, &err) == MX_ERR_LIMIT);
	mx_arena_destroy(arena);
}

/* More nodes than are looked at together; the last ones share a parent. */
static void
test_many_nodes(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	const TreePlan plan = {.seed = 6,
	                       .n_trees = 1,
	                       .n_splits = 300000,
	                       .n_features = 2,
	                       .n_values = 1,
	                       .n_outputs = 1};
	MxError err = {0};
	TestTrees trees;
	size_t last;

	make_trees(&plan, arena, &trees);
	CHECK_OK(mx_check_trees(&trees.trees, &err), &err);
	for (last = trees.n_nodes - 1; trees.left[last] < 0; last--)
		;
	trees.left[last] = trees.right[last] - 1 > (int32_t) last
	                       ? trees.right[last] - 1
	                       : trees.left[last];
	trees.right[last] = trees.left[last] - 2;
	CHECK(trees.right[last] <= (int32_t) last || is_refused(&trees));
	mx_arena_destroy(arena);
}

/* ---- memory ------------------------------------------------------------ */

static MxStatus
compile_trees(const MxHeap *heap, const TestTrees *trees, MxArena *arena,
              MxError *err)
{
	MxAnswers answers = {.n_outputs = trees->trees.n_outputs};
	MxModelInfo info = {.class_name = MX_TEXT_LITERAL("Test")};
	const MxModel *model;
	KitImage image;
	MxStatus status;
	MxBuilder *b;

	MX_TRY(mx_builder_create(arena, &b, err));
	MX_TRY(mx_builder_trees(b, mx_builder_input(b), 0, &trees->trees,
	                        &answers.value, err));
	MX_TRY(mx_builder_finish(b, &answers, &info, &model, err));
	status = kit_compile(model, heap, &image, err);
	free(image.bytes);
	return status;
}

/* Each allocation is made to fail in turn. */
static void
test_memory(void)
{
	MxArena *own = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	TestTrees trees;

	make_trees(&plans[6], own, &trees);
	for (size_t n = 1;; n++)
	{
		MxStatus status = MX_ERR_NO_MEMORY;
		MxError err = {0};
		FailingHeap failing;
		MxArena *arena;

		failing_heap_begin(&failing, n);
		arena = mx_arena_create(&failing.heap, SIZE_MAX);
		if (arena != NULL)
			status = compile_trees(&failing.heap, &trees, arena, &err);
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0);
		if (!failing_heap_failed(&failing))
		{
			CHECK_OK(status, &err);
			break;
		}
		CHECK(status == MX_ERR_NO_MEMORY);
	}
	mx_arena_destroy(own);
}

int
main(void)
{
	test_answers();
	test_damage();
	test_parents();
	test_numbers();
	test_depth();
	test_many_nodes();
	test_memory();
	return check_report();
}
