/* test_folds.c */
/* Steps folded into ensembles: answers, refusals and messages stay. */
/*
 *   test_folds [SEED]    other models than usual; see long.h for more of them
 */
#include "long.h"
#include "plain_kit.h"
#include "random_trees.h"

#include <float.h>

#define NUMBERS 4 /* inputs that are numbers; the others are categories */
#define INPUTS 7
#define ROWS_SCORED 200000
#define MOST_CODES 5

static uint64_t state = 88172645463325252;
static size_t n_rows_scored;
static MxPruning pruned; /* of all models */

/* Of ensembles that do not round to float32, and of those that do. */
static size_t n_models[2];
static size_t n_steps_saved[2];

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* Few, so that rows can be made that land on thresholds. */
static const double offsets[] = {0, 0.5, -3.25, 1e-3};
static const double factors[] = {2, -0.7, 3, 1e-160};

static double
hard_number(void)
{
	static const double special[] = {0.0,    -0.0,       INFINITY, -INFINITY,
	                                 NAN,    DBL_MAX,    -DBL_MAX, 0x1p-1074,
	                                 4e38,   -0x1p-1074, -4e38,    1e-310,
	                                 3.4e38, -1,         1,        1e150};

	return special[below(sizeof(special) / sizeof(*special))];
}

static double *
make_numbers(Kit *kit, size_t n)
{
	return mx_arena_array(kit->arena, double, n, &kit->err);
}

/* ---- models ------------------------------------------------------------ */

static MxStatus
add_scale(Kit *kit, size_t n, MxNodeId in, MxNodeId *out)
{
	bool divides = below(2) == 0;
	double *first = make_numbers(kit, n);
	double *second = make_numbers(kit, n);
	MxScale scale = {.kind = divides ? MX_SCALE_DIVIDE : MX_SCALE_MULTIPLY,
	                 .n = n,
	                 .first = below(5) == 0 ? NULL : first,
	                 .second = below(5) == 0 ? NULL : second,
	                 .clip = below(6) == 0,
	                 .low = -1,
	                 .high = 1.5};
	size_t i;

	for (i = 0; i < n; i++)
	{
		first[i] = divides ? offsets[below(4)] : factors[below(4)];
		second[i] = divides ? factors[below(4)] : offsets[below(4)];
	}
	/* Which cannot be folded. */
	if (below(20) == 0)
		(divides ? second : first)[0] = hard_number();
	return mx_builder_scale(kit->b, in, &scale, out, &kit->err);
}

static MxStatus
add_impute(Kit *kit, size_t n, MxNodeId in, MxNodeId *out)
{
	double *numbers = make_numbers(kit, n);
	MxImpute impute = {.n = n, .numbers = numbers};
	size_t i;

	for (i = 0; i < n; i++)
		numbers[i] = below(3) == 0 ? hard_number() : (double) below(40) / 10;
	if (below(10) == 0)
		impute.missing = (MxMissing){.has_number = true, .number = -1};
	return mx_builder_impute(kit->b, in, &impute, out, &kit->err);
}

static MxStatus
add_indicator(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	size_t columns[] = {below(*n), below(*n)};
	MxIndicator indicator = {.n = 2, .columns = columns};

	*n = 2;
	return mx_builder_indicator(kit->b, in, &indicator, out, &kit->err);
}

/* All of them, or some. */
static MxStatus
add_select(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	size_t *columns = mx_arena_array(kit->arena, size_t, *n, &kit->err);
	MxSelect select = {*n, columns};
	size_t i;

	for (i = 0; i < *n; i++)
		columns[i] = i;
	if (below(2) == 0)
	{
		select.n = 1 + below(*n);
		for (i = 0; i < select.n; i++)
			columns[i] = below(*n);
	}
	*n = select.n;
	return mx_builder_select(kit->b, in, &select, out, &kit->err);
}

static MxStatus
add_function(Kit *kit, MxNodeId in, MxNodeId *out)
{
	static const MxFunctionKind kinds[] = {
	    MX_FUNCTION_FLOOR, MX_FUNCTION_CEIL,     MX_FUNCTION_RINT,
	    MX_FUNCTION_SIGN,  MX_FUNCTION_NEGATIVE, MX_FUNCTION_SQUARE};
	MxFunction function = {kinds[below(6)]};

	return mx_builder_function(kit->b, in, &function, out, &kit->err);
}

/* Mostly as readers make them. */
static MxStatus
add_guard(Kit *kit, MxNodeId in, MxNodeId *out)
{
	static const unsigned flags[] = {2, 2, 2, 3, 6, 7, 7, 1};

	return mx_builder_guard(
	    kit->b, in, below(8) == 0 ? (unsigned) below(8) : flags[below(8)], out,
	    &kit->err);
}

static MxStatus
add_node(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	switch (below(10))
	{
		case 9:
			return add_select(kit, n, in, out);
		case 0:
		case 1:
			return add_guard(kit, in, out);
		case 2:
		case 3:
			return add_impute(kit, *n, in, out);
		case 4:
			return add_function(kit, in, out);
		case 5:
			return add_indicator(kit, n, in, out);
		default:
			return add_scale(kit, *n, in, out);
	}
}

/* Some of the numbers, and what is done to them. */
static MxNodeId
add_numbers(Kit *kit, size_t *n)
{
	size_t columns[] = {below(NUMBERS), below(NUMBERS), below(NUMBERS)};
	MxSelect select = {1 + below(3), columns};
	size_t n_nodes = below(2) * below(8);
	MxNodeId at = 0;
	size_t i;

	*n = select.n;
	CHECK_OK(mx_builder_select(kit->b, kit->in, &select, &at, &kit->err),
	         &kit->err);
	for (i = 0; i < n_nodes; i++)
		CHECK_OK(add_node(kit, n, at, &at), &kit->err);
	return at;
}

static void
fill_categories(MxCategories *categories, size_t width)
{
	static const double numbers[] = {0, 1, 2.5, -7, 1e9};
	static double codes[INPUTS][MOST_CODES];
	static size_t which;
	double *own = codes[which++ % INPUTS];
	size_t i;

	for (i = 0; i < MOST_CODES; i++)
		own[i] = (double) below(width + 1) - 1;
	*categories = (MxCategories){.n = MOST_CODES,
	                             .numbers = numbers,
	                             .codes = own,
	                             .has_missing = below(3) == 0,
	                             .missing_code = own[0],
	                             .missing_fails = below(4) == 0,
	                             .infinite_fails = below(4) == 0};
}

/* Categories as codes, or as columns of 0 and 1. */
static MxNodeId
add_categories(Kit *kit, size_t *n)
{
	size_t columns[] = {NUMBERS, NUMBERS + 1, NUMBERS + 2};
	MxSelect select = {1 + below(3), columns};
	MxCategories categories[3];
	size_t widths[3];
	MxCategorize categorize = {.n = select.n,
	                           .columns = categories,
	                           .unknown_fails = below(3) == 0,
	                           .unknown_code = below(6) == 0 ? NAN : -1};
	MxExpand expand = {select.n, widths};
	MxNodeId at = 0;
	size_t i;

	*n = 0;
	for (i = 0; i < select.n; i++)
	{
		widths[i] = below(12) == 0 ? 130 : below(MOST_CODES + 1);
		*n += widths[i];
		fill_categories(&categories[i], widths[i]);
	}
	CHECK_OK(mx_builder_select(kit->b, kit->in, &select, &at, &kit->err),
	         &kit->err);
	CHECK_OK(mx_builder_categorize(kit->b, at, &categorize, &at, &kit->err),
	         &kit->err);
	if (below(5) == 0 || *n == 0)
	{
		*n = select.n;
		return at;
	}
	CHECK_OK(mx_builder_expand(kit->b, at, &expand, &at, &kit->err), &kit->err);
	return at;
}

/* Sets of the first feature alone, which may be as it was. */
static void
keep_first_sets(TestTrees *trees)
{
	size_t i;

	for (i = 0; i < trees->n_nodes; i++)
		if (trees->feature[i] != 0)
			trees->flags[i] &= (uint8_t) ~MX_TREE_CATEGORICAL;
}

static MxNodeId
add_trees(Kit *kit, size_t n, MxNodeId in, TestTrees *trees)
{
	TreePlan plan = {.seed = state,
	                 .n_trees = 1 + below(12),
	                 .n_splits = 1 + below(30),
	                 .n_features = n,
	                 .n_values = 1,
	                 .n_outputs = 1,
	                 .rounds_to_float32 = below(2) == 0,
	                 .has_missing = below(2) == 0,
	                 .has_categories = below(3) == 0,
	                 .category_range = (MxCategoryRange) (below(2) * below(3))};
	MxNodeId out = 0;

	make_trees(&plan, kit->arena, trees);
	if (below(2) == 0)
		keep_first_sets(trees);
	CHECK_OK(mx_builder_trees(kit->b, in, 0, &trees->trees, &out, &kit->err),
	         &kit->err);
	return out;
}

static const MxModel *
make_model(Kit *kit, TestTrees *trees)
{
	size_t n_parts = 1 + below(3);
	const MxModel *model = NULL;
	MxNodeId parts[3];
	MxNodeId at = 0;
	TestTrees others;
	size_t n = 0;
	size_t i;

	CHECK_OK(
	    mx_builder_expect_width(kit->b, kit->in, INPUTS, "test", &kit->err),
	    &kit->err);
	for (i = 0; i < n_parts; i++)
	{
		size_t width;

		parts[i] = below(3) == 0 ? add_categories(kit, &width)
		                         : add_numbers(kit, &width);
		n += width;
	}
	CHECK_OK(mx_builder_concat(kit->b, parts, n_parts, &at, &kit->err),
	         &kit->err);
	if (below(4) == 0)
		CHECK_OK(add_node(kit, &n, at, &at), &kit->err);
	/* Who answers with what might be folded keeps it. */
	if (below(8) == 0)
		kit->answers.transform = below(2) == 0 ? at : parts[0];
	if (below(6) != 0)
		CHECK_OK(add_guard(kit, at, &at), &kit->err);
	kit->answers.decision = add_trees(kit, n, at, trees);
	if (below(3) == 0)
		kit->answers.score_samples = add_trees(kit, n, at, &others);
	CHECK_OK(
	    mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, &kit->err),
	    &kit->err);
	return model;
}

/* ---- rows -------------------------------------------------------------- */

/* What some scales would turn into about a threshold, give or take. */
static double
near_threshold(const TestTrees *trees)
{
	static const double limits[] = {0x1.ffffffp127, -0x1.ffffffp127, DBL_MAX,
	                                -DBL_MAX};
	double x = below(30) == 0 ? limits[below(4)]
	                          : trees->threshold[below(trees->n_nodes)];
	size_t n = below(3);
	size_t i;

	for (i = 0; i < n; i++)
	{
		double offset = offsets[below(4)];
		double factor = factors[below(4)];

		x = below(2) == 0 ? x * factor + offset : (x - offset) / factor;
	}
	/* Where rounding to float32 goes one way or the other. */
	if (below(4) == 0)
		x = ((double) (float) x + (double) nextafterf((float) x, INFINITY)) / 2;
	for (i = below(3); i > 0; i--)
		x = nextafter(x, below(2) == 0 ? INFINITY : -INFINITY);
	return x;
}

static double
category(void)
{
	static const double numbers[] = {0, 1, 2.5, -7, 1e9, 1e9, 4, NAN, INFINITY};

	return numbers[below(9)];
}

static const MxColumn *
make_columns(Kit *kit, const TestTrees *trees, size_t rows)
{
	double *numbers = make_numbers(kit, INPUTS * rows);
	/* Refused rows hide what the others would show. */
	size_t one_in = 20 + below(200);
	size_t i;

	for (i = 0; i < INPUTS * rows; i++)
		numbers[i] = below(one_in) == 0    ? hard_number()
		             : i >= NUMBERS * rows ? category()
		                                   : near_threshold(trees);
	return kit_columns(kit, numbers, INPUTS, rows);
}

/* ---- comparing --------------------------------------------------------- */

static size_t
wanted_of(const Kit *kit, MxWanted wanted[3])
{
	size_t n = 0;

	wanted[n++].kind = MX_ANSWER_DECISION;
	if (kit->answers.transform != 0)
		wanted[n++].kind = MX_ANSWER_TRANSFORM;
	if (kit->answers.score_samples != 0)
		wanted[n++].kind = MX_ANSWER_SCORE_SAMPLES;
	return n;
}

static size_t
n_folded(const MxPlan *plain, const MxPlan *fast)
{
	return mx_plan_n_steps(plain) - mx_plan_n_steps(fast);
}

static void
check_reads(const Result *x, const Result *y)
{
	size_t i;

	for (i = 0; i < INPUTS; i++)
		CHECK(mx_scorer_reads(x->scorer, i) == mx_scorer_reads(y->scorer, i));
}

/* Some columns hold in all rows what they hold in the first. */
static const MxColumn *
make_known(Kit *kit, const MxColumn *columns, size_t rows, MxKnown *known)
{
	MxColumn *some =
	    mx_arena_copy(kit->arena, columns, INPUTS, sizeof(*columns), &kit->err);
	size_t one_in = 1 + below(4);
	size_t i;
	size_t j;

	for (j = 0; j < INPUTS; j++)
	{
		double *same = make_numbers(kit, rows);
		double number = columns[j].numbers[0];

		known[j] = (MxKnown){.is_known = below(one_in) == 0, .number = number};
		for (i = 0; i < rows; i++)
			same[i] = number;
		if (known[j].is_known)
			some[j].numbers = same;
	}
	return some;
}

static void
check_known(Kit *kit, const MxModel *model, const MxPlan *plain,
            const MxColumn *columns, size_t rows)
{
	MxKnown known[INPUTS];
	MxWanted wanted[3];
	size_t n_wanted = wanted_of(kit, wanted);
	MxPruning pruning;
	KitImage image;
	Result x;
	Result y;

	columns = make_known(kit, columns, rows, known);
	run(kit, plain, wanted, n_wanted, columns, rows, &x);
	run(kit, compile_known(kit, model, known, &image, &pruning), wanted,
	    n_wanted, columns, rows, &y);
	compare(columns, n_wanted, rows, &x, &y);
	CHECK(pruning.n_left <= pruning.n_tests);
	pruned.n_tests += pruning.n_tests;
	pruned.n_left += pruning.n_left;
	free(image.bytes);
}

static void
check_model(void)
{
	static const size_t some_rows[] = {1, 1, 1, 2, 11, 64, MOST_ROWS};
	size_t rows = some_rows[below(7)];
	MxWanted wanted[3];
	const MxPlan *plain;
	const MxPlan *fast;
	const MxColumn *columns;
	const MxModel *model;
	KitImage images[2];
	TestTrees trees;
	size_t n_wanted;
	Result x;
	Result y;
	Kit kit;

	kit_begin(&kit);
	model = make_model(&kit, &trees);
	plain = compile_one(&kit, model, true, &images[0]);
	fast = compile_one(&kit, model, false, &images[1]);
	n_wanted = wanted_of(&kit, wanted);
	columns = make_columns(&kit, &trees, rows);
	run(&kit, plain, wanted, n_wanted, columns, rows, &x);
	run(&kit, fast, wanted, n_wanted, columns, rows, &y);
	compare(columns, n_wanted, rows, &x, &y);
	check_reads(&x, &y);
	check_known(&kit, model, plain, columns, rows);
	n_rows_scored += rows;
	n_models[trees.trees.rounds_to_float32]++;
	n_steps_saved[trees.trees.rounds_to_float32] += n_folded(plain, fast);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
}

int
main(int argc, char **argv)
{
	size_t n = long_rows(ROWS_SCORED);

	state += argc > 1 ? strtoul(argv[1], NULL, 10) << 20 : 0;
	while (n_rows_scored < n)
		check_model();
	long_report("folds", n_rows_scored);
	CHECK(n_steps_saved[0] > n_models[0] / 2);
	CHECK(n_steps_saved[1] > n_models[1] / 5);
	CHECK(pruned.n_left < pruned.n_tests / 2);
	return check_report();
}
