/* test_share.c */
/* Branches that do the same share their steps: the same answers. */
/*
 *   test_share [SEED]    other models than usual; see long.h for more of them
 */
#include "long.h"
#include "plain_kit.h"

#include <math.h>

#define NUMBERS 4
#define TEXT NUMBERS /* the input behind them */
#define INPUTS (NUMBERS + 1)
#define ROWS_SCORED 60000
#define MOST_BRANCHES 4
#define LONGEST 3 /* nodes of a branch */

static uint64_t state = 88172645463325252;
static size_t n_rows_scored;
/* One number of a branch is another one: the n-th from now, 0: none. */
static size_t twist;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

static double
parameter(void)
{
	double x = 0.25 + (double) below(4);

	return --twist == 0 ? nextafter(x, INFINITY) : x;
}

static double *
parameters(Kit *kit, size_t n)
{
	double *to = mx_arena_array(kit->arena, double, n, &kit->err);
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = parameter();
	return to;
}

/* ---- models ------------------------------------------------------------ */

static MxStatus
add_sum(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	size_t n_in = *n;
	size_t n_out = 1 + below(2);
	const double *weights = parameters(kit, n_out * n_in);
	MxAffine affine = {n_out, n_in, weights, parameters(kit, n_out)};
	MxDistance distance = {n_out, n_in, weights, below(2) == 0};
	MxGaussian gaussian = {n_out, n_in, weights, parameters(kit, n_out * n_in),
	                       parameters(kit, n_out)};

	*n = n_out;
	switch (below(3))
	{
		case 0:
			return mx_builder_distance(kit->b, in, &distance, out, &kit->err);
		case 1:
			return mx_builder_gaussian(kit->b, in, &gaussian, out, &kit->err);
		default:
			return mx_builder_affine(kit->b, in, &affine, out, &kit->err);
	}
}

static MxStatus
add_link(Kit *kit, size_t n, MxNodeId in, MxNodeId *out)
{
	MxLink link = {.kind = below(2) == 0 ? MX_LINK_SOFTMAX : MX_LINK_NORMAL};

	(void) n;
	return mx_builder_link(kit->b, in, &link, out, &kit->err);
}

static MxStatus
add_node(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	bool clips = below(4) == 0;
	MxScale scale = {.kind = (MxScaleKind) below(2),
	                 .n = *n,
	                 .first = parameters(kit, *n),
	                 .second = parameters(kit, *n),
	                 .clip = clips,
	                 .low = clips ? -parameter() : 0,
	                 .high = clips ? parameter() : 0};
	MxImpute impute = {.n = *n, .numbers = parameters(kit, *n)};
	MxFunction function = {below(2) == 0 ? MX_FUNCTION_SQUARE
	                                     : MX_FUNCTION_LOG};
	size_t columns[] = {0, below(*n)};
	MxIndicator indicator = {.n = 2, .columns = columns};

	switch (below(8))
	{
		case 0:
		case 1:
			return mx_builder_guard(kit->b, in, (unsigned) below(8), out,
			                        &kit->err);
		case 2:
			return mx_builder_impute(kit->b, in, &impute, out, &kit->err);
		case 3:
			return mx_builder_function(kit->b, in, &function, out, &kit->err);
		case 4:
			*n = 2;
			return mx_builder_indicator(kit->b, in, &indicator, out, &kit->err);
		case 5:
			return add_sum(kit, n, in, out);
		case 6:
			return add_link(kit, *n, in, out);
		default:
			return mx_builder_scale(kit->b, in, &scale, out, &kit->err);
	}
}

static MxStatus
add_numbers(Kit *kit, size_t *n, MxNodeId *out)
{
	size_t columns[] = {below(2), 1 + below(2), 2};
	MxSelect select = {2 + below(2), columns};
	size_t n_nodes = 1 + below(LONGEST);
	size_t i;

	*n = select.n;
	MX_TRY(mx_builder_select(kit->b, kit->in, &select, out, &kit->err));
	for (i = 0; i < n_nodes; i++)
		MX_TRY(add_node(kit, n, *out, out));
	return MX_OK;
}

/* Codes of one number; wide groups of columns are sparse. */
static MxStatus
add_categories(Kit *kit, size_t *n, MxNodeId *out)
{
	double numbers[] = {0, 1, parameter() + 1};
	double codes[] = {(double) below(3), (double) below(3), (double) below(3)};
	size_t column = NUMBERS - 1;
	MxSelect select = {1, &column};
	MxCategories categories = {.n = 3,
	                           .numbers = numbers,
	                           .codes = codes,
	                           .has_missing = below(2) == 0,
	                           .missing_fails = below(4) == 0,
	                           .has_unknown_code = below(3) == 0,
	                           .unknown_code = 1};
	MxCategorize categorize = {.n = 1,
	                           .columns = &categories,
	                           .unknown_fails = below(2) == 0,
	                           .unknown_code = -1};
	size_t width = below(3) == 0 ? 300 : 3;
	MxExpand expand = {1, &width};

	*n = width;
	MX_TRY(mx_builder_select(kit->b, kit->in, &select, out, &kit->err));
	MX_TRY(mx_builder_categorize(kit->b, *out, &categorize, out, &kit->err));
	return mx_builder_expand(kit->b, *out, &expand, out, &kit->err);
}

/* Words counted and weighted: sparse rows. */
static MxStatus
add_words(Kit *kit, size_t *n, MxNodeId *out)
{
	static const MxText words[] = {{"ab", 2}, {"cd", 2}, {"ef", 2}, {"xy", 2}};
	size_t column = TEXT;
	MxSelect select = {1, &column};
	MxCount count = {.n_terms = 3,
	                 .terms = words + below(2),
	                 .lowercase = below(2) == 0,
	                 .min_token_size = 2,
	                 .min_n = 1,
	                 .max_n = 1,
	                 .binary = below(2) == 0};
	MxTfidf tfidf = {.n = 3,
	                 .sublinear = below(2) == 0,
	                 .idf = parameters(kit, 3),
	                 .norm = MX_NORM_L2};

	*n = 3;
	MX_TRY(mx_builder_select(kit->b, kit->in, &select, out, &kit->err));
	MX_TRY(mx_builder_count(kit->b, *out, &count, out, &kit->err));
	if (below(2) == 0)
		return MX_OK;
	return mx_builder_tfidf(kit->b, *out, &tfidf, out, &kit->err);
}

static MxNodeId
add_branch(Kit *kit, size_t *n)
{
	MxNodeId out = 0;
	MxStatus status;

	switch (below(4))
	{
		case 0:
			status = add_categories(kit, n, &out);
			break;
		case 1:
			status = add_words(kit, n, &out);
			break;
		default:
			status = add_numbers(kit, n, &out);
			break;
	}
	CHECK_OK(status, &kit->err);
	return out;
}

/* The branch of a seed is always the same one, but for its twist. */
static MxNodeId
add_branch_of(Kit *kit, uint64_t seed, size_t twisted, size_t *n)
{
	uint64_t kept = state;
	MxNodeId out;

	state = seed;
	twist = twisted;
	out = add_branch(kit, n);
	twist = 0;
	state = kept;
	return out;
}

/* Branches side by side, most of which repeat another one. */
static const MxModel *
make_model(Kit *kit)
{
	size_t n_branches = 2 + below(MOST_BRANCHES - 1);
	MxNodeId branches[MOST_BRANCHES];
	uint64_t seeds[MOST_BRANCHES];
	const MxModel *model = NULL;
	size_t width = 0;
	MxNodeId at = 0;
	size_t i;

	CHECK_OK(
	    mx_builder_expect_width(kit->b, kit->in, INPUTS, "test", &kit->err),
	    &kit->err);
	for (i = 0; i < n_branches; i++)
	{
		bool repeats = i > 0 && below(4) != 0;
		size_t twisted = repeats && below(2) == 0 ? 1 + below(12) : 0;
		size_t n;

		seeds[i] = repeats ? seeds[below(i)] : state + 1;
		branches[i] = add_branch_of(kit, seeds[i], twisted, &n);
		width += n;
	}
	CHECK_OK(mx_builder_concat(kit->b, branches, n_branches, &at, &kit->err),
	         &kit->err);
	/* Answers that need but some of the branches. */
	if (below(2) == 0)
		kit->answers.transform = branches[below(n_branches)];
	kit->answers.decision = at;
	if (below(2) == 0)
		CHECK_OK(add_sum(kit, &width, at, &kit->answers.decision), &kit->err);
	CHECK_OK(
	    mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, &kit->err),
	    &kit->err);
	return model;
}

/* ---- rows -------------------------------------------------------------- */

static double
hard_number(void)
{
	static const double special[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 4e38};

	return special[below(6)];
}

/* Words or numbers in the last column, as the model's inputs are. */
static const MxColumn *
make_columns(Kit *kit, const MxModel *model, size_t rows)
{
	static const MxText texts[] = {{"ab ab cd", 8}, {"EF xy", 5}, {"ab", 2}};
	double *numbers = parameters(kit, INPUTS * rows);
	MxText *words = mx_arena_array(kit->arena, MxText, rows, &kit->err);
	MxColumn *columns = mx_arena_array(kit->arena, MxColumn, INPUTS, &kit->err);
	size_t i;

	for (i = 0; i < INPUTS * rows; i++)
		if (below(30) == 0)
			numbers[i] = hard_number();
	for (i = (NUMBERS - 1) * rows; i < INPUTS * rows; i++)
		numbers[i] = below(30) == 0 ? hard_number() : (double) below(3);
	for (i = 0; i < rows; i++)
		words[i] = texts[below(3)];
	for (i = 0; i < INPUTS; i++)
		columns[i] = (MxColumn){.kind = model->inputs[i].kind,
		                        .numbers = numbers + i * rows,
		                        .texts = words};
	return columns;
}

/* ---- comparing --------------------------------------------------------- */

static void
compare_plans(Kit *kit, const MxPlan *plans[2], const MxWanted *wanted,
              size_t n_wanted, const MxColumn *columns, size_t rows)
{
	Result x;
	Result y;

	run(kit, plans[0], wanted, n_wanted, columns, rows, &x);
	run(kit, plans[1], wanted, n_wanted, columns, rows, &y);
	compare(columns, n_wanted, rows, &x, &y);
	n_rows_scored += rows;
}

/* Returns how many steps there are fewer. */
static size_t
check_model(void)
{
	static const MxWanted wanted[] = {{MX_ANSWER_DECISION},
	                                  {MX_ANSWER_TRANSFORM}};
	size_t rows = 1 + below(MOST_ROWS);
	const MxColumn *columns;
	const MxPlan *plans[2];
	const MxModel *model;
	KitImage images[2];
	size_t saved;
	Kit kit;

	kit_begin(&kit);
	model = make_model(&kit);
	plans[0] = compile_one(&kit, model, true, &images[0]);
	plans[1] = compile_one(&kit, model, false, &images[1]);
	columns = make_columns(&kit, model, rows);
	compare_plans(&kit, plans, wanted, 1, columns, rows);
	if (kit.answers.transform != 0)
	{
		compare_plans(&kit, plans, wanted, 2, columns, rows);
		compare_plans(&kit, plans, wanted + 1, 1, columns, rows);
	}
	saved = mx_plan_n_steps(plans[0]) - mx_plan_n_steps(plans[1]);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
	return saved;
}

/* ---- what is shared ---------------------------------------------------- */

/* Steps of a branch and of others like it; joining sparse rows is one, too. */
static size_t
steps_of(uint64_t seed, size_t n_branches, size_t twisted)
{
	MxNodeId branches[2];
	size_t n_steps;
	size_t n;
	size_t i;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, INPUTS, "test", &kit.err),
	         &kit.err);
	for (i = 0; i < n_branches; i++)
		branches[i] = add_branch_of(&kit, seed, i == 0 ? 0 : twisted, &n);
	CHECK_OK(mx_builder_concat(kit.b, branches, n_branches,
	                           &kit.answers.transform, &kit.err),
	         &kit.err);
	kit_finish(&kit);
	n_steps = mx_plan_n_steps(kit.plan);
	for (i = mx_plan_n_steps(kit.plan); i-- > 0;)
		n_steps -= strcmp(mx_plan_step_name(kit.plan, i), "concat") == 0;
	kit_end(&kit);
	return n_steps;
}

/* A branch and its like take the steps of one, unless they differ. */
static void
check_shares(void)
{
	size_t n_apart = 0;
	size_t i;

	for (i = 0; i < 200; i++)
	{
		uint64_t seed = state + 2 * i;
		size_t n = steps_of(seed, 1, 0);

		CHECK(steps_of(seed, 2, 0) == n);
		n_apart += steps_of(seed, 2, 1 + below(4)) > n;
	}
	CHECK(n_apart > 20);
}

/*
 * Who asks for the second of two branches alone hears of what it looks at
 * first, though the first branch looks at all at once.
 */
static void
check_reasons(void)
{
	static const double numbers[] = {INFINITY, NAN};
	static const MxWanted wanted[] = {{MX_ANSWER_TRANSFORM}};
	unsigned all = MX_GUARD_NAN | MX_GUARD_INFINITE;
	const MxModel *model = NULL;
	const MxPlan *plans[2];
	MxNodeId branches[2];
	KitImage images[2];
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, 2, "test", &kit.err),
	         &kit.err);
	CHECK_OK(mx_builder_guard(kit.b, kit.in, all, &branches[0], &kit.err),
	         &kit.err);
	CHECK_OK(
	    mx_builder_guard(kit.b, kit.in, MX_GUARD_NAN, &branches[1], &kit.err),
	    &kit.err);
	CHECK_OK(mx_builder_guard(kit.b, branches[1], all, &branches[1], &kit.err),
	         &kit.err);
	kit.answers.transform = branches[1];
	CHECK_OK(
	    mx_builder_concat(kit.b, branches, 2, &kit.answers.decision, &kit.err),
	    &kit.err);
	CHECK_OK(
	    mx_builder_finish(kit.b, &kit.answers, &kit.info, &model, &kit.err),
	    &kit.err);
	plans[0] = compile_one(&kit, model, true, &images[0]);
	plans[1] = compile_one(&kit, model, false, &images[1]);
	compare_plans(&kit, plans, wanted, 1, kit_columns(&kit, numbers, 2, 1), 1);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
}

/* The same weights, of codes and of the columns that the codes stand for. */
static void
check_codes(void)
{
	double numbers[] = {7, 9};
	double codes[] = {0, -1};
	double weights[] = {3, 5};
	double rows[] = {9, 9};
	size_t widths[] = {1, 1};
	MxCategories categories[2];
	MxCategorize categorize = {
	    .n = 2, .columns = categories, .unknown_code = -1};
	MxExpand expand = {2, widths};
	MxAffine affine = {1, 2, weights, NULL};
	static const MxWanted wanted[] = {{MX_ANSWER_DECISION}};
	const MxModel *model = NULL;
	const MxPlan *plans[2];
	MxNodeId branches[2];
	KitImage images[2];
	MxNodeId at = 0;
	size_t i;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, 2, "test", &kit.err),
	         &kit.err);
	for (i = 0; i < 2; i++)
		categories[i] =
		    (MxCategories){.n = 2, .numbers = numbers, .codes = codes};
	for (i = 0; i < 2; i++)
	{
		CHECK_OK(
		    mx_builder_categorize(kit.b, kit.in, &categorize, &at, &kit.err),
		    &kit.err);
		if (i == 1)
			CHECK_OK(mx_builder_expand(kit.b, at, &expand, &at, &kit.err),
			         &kit.err);
		CHECK_OK(mx_builder_affine(kit.b, at, &affine, &branches[i], &kit.err),
		         &kit.err);
	}
	CHECK_OK(
	    mx_builder_concat(kit.b, branches, 2, &kit.answers.decision, &kit.err),
	    &kit.err);
	CHECK_OK(
	    mx_builder_finish(kit.b, &kit.answers, &kit.info, &model, &kit.err),
	    &kit.err);
	plans[0] = compile_one(&kit, model, true, &images[0]);
	plans[1] = compile_one(&kit, model, false, &images[1]);
	compare_plans(&kit, plans, wanted, 1, kit_columns(&kit, rows, 2, 1), 1);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
}

int
main(int argc, char **argv)
{
	size_t n = long_rows(ROWS_SCORED);
	size_t saved = 0;
	size_t models = 0;

	state += argc > 1 ? strtoul(argv[1], NULL, 10) << 20 : 0;
	check_shares();
	check_reasons();
	check_codes();
	for (; n_rows_scored < n; models++)
		saved += check_model();
	long_report("models with branches alike", n_rows_scored);
	CHECK(saved > models);
	return check_report();
}
