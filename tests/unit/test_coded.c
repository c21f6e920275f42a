/* test_coded.c */
/* Linear models of one-hot columns, made and looked up: the same bits. */
#include "long.h"
#include "plain_kit.h"

#include "kernel/twins.h"

#include <math.h>

#define COLUMNS 8
#define ROWS MOST_ROWS
#define MOST_CATEGORIES 40
#define MOST_OUTPUTS 9
#define FEW_ROWS 60000

static uint64_t state = 88172645463325252;
static size_t n_rows; /* scored so far */

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

static double
hard_number(void)
{
	static const double special[] = {0.0,  -0.0,      INFINITY, -INFINITY,
	                                 NAN,  1e308,     -1e308,   0x1p-1074,
	                                 4e38, -0x1p-1074};

	return special[below(sizeof(special) / sizeof(*special))];
}

static const double *
numbers(Kit *kit, size_t n, size_t one_in)
{
	double *to = mx_arena_array(kit->arena, double, n, &kit->err);
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = below(one_in) == 0 ? hard_number() : kit_random(&state);
	return to;
}

/* Categories 0 to n - 1, as codes below the width and some that are none. */
static void
fill_categories(Kit *kit, size_t width, MxCategories *out)
{
	size_t n = 1 + below(MOST_CATEGORIES);
	double *categories = mx_arena_array(kit->arena, double, n, &kit->err);
	double *codes = mx_arena_array(kit->arena, double, n, &kit->err);
	size_t i;

	for (i = 0; i < n; i++)
	{
		categories[i] = (double) i;
		codes[i] = (double) below(width + 1);
		if (below(8) == 0 || codes[i] == (double) width)
			codes[i] = -1;
	}
	*out = (MxCategories){.n = n,
	                      .numbers = categories,
	                      .codes = codes,
	                      .has_missing = below(2) == 0,
	                      .missing_code = (double) below(width + 1) - 1,
	                      .has_unknown_code = below(3) == 0,
	                      .unknown_code = (double) below(width + 1) - 1};
	if (out->has_unknown_code && below(20) == 0)
		out->unknown_code = NAN;
	out->missing_fails = !out->has_missing && below(6) == 0;
	out->infinite_fails = below(6) == 0;
}

/* Some columns of the input, one-hot; *width is that of all groups. */
static MxNodeId
add_encoder(Kit *kit, MxNodeId in, size_t n, size_t *width)
{
	MxCategories categories[COLUMNS];
	MxCategorize categorize = {n, categories, below(8) == 0, -1};
	size_t widths[COLUMNS];
	MxExpand expand = {n, widths};
	size_t most = below(6) == 0 ? 300 : 12;
	size_t j;

	*width = 0;
	for (j = 0; j < n; j++)
	{
		widths[j] = below(15) == 0 ? 0 : 1 + below(most);
		fill_categories(kit, widths[j], &categories[j]);
		*width += widths[j];
	}
	CHECK_OK(mx_builder_categorize(kit->b, in, &categorize, &in, &kit->err),
	         &kit->err);
	CHECK_OK(mx_builder_expand(kit->b, in, &expand, &in, &kit->err), &kit->err);
	return in;
}

/* What else a column transformer makes of columns. */
static MxNodeId
add_numbers(Kit *kit, MxNodeId in, size_t n)
{
	MxScale scale = {.kind = MX_SCALE_DIVIDE, .n = n};
	MxImpute impute = {.n = n, .numbers = numbers(kit, n, 1000)};
	MxFunction function = {MX_FUNCTION_LOG};
	MxError *err = &kit->err;

	scale.first = numbers(kit, n, 1000);
	switch (below(4))
	{
		case 0:
			CHECK_OK(mx_builder_impute(kit->b, in, &impute, &in, err), err);
			CHECK_OK(mx_builder_scale(kit->b, in, &scale, &in, err), err);
			break;
		case 1:
			CHECK_OK(mx_builder_function(kit->b, in, &function, &in, err), err);
			break;
		case 2:
			CHECK_OK(
			    mx_builder_guard(kit->b, in, (unsigned) below(8), &in, err),
			    err);
			break;
		default:
			break;
	}
	return in;
}

/* Columns first to first + n - 1 of the input, numbers or one-hot. */
static MxNodeId
add_branch(Kit *kit, size_t first, size_t n, size_t *width)
{
	size_t columns[COLUMNS];
	MxSelect select = {n, columns};
	MxNodeId at = 0;
	size_t j;

	for (j = 0; j < n; j++)
		columns[j] = first + j;
	CHECK_OK(mx_builder_select(kit->b, kit->in, &select, &at, &kit->err),
	         &kit->err);
	*width = n;
	if (below(2) == 0)
		return add_encoder(kit, at, n, width);
	return add_numbers(kit, at, n);
}

static MxNodeId
add_union(Kit *kit, size_t *width)
{
	MxNodeId parts[COLUMNS];
	size_t n_parts = 0;
	size_t first;
	size_t n;
	size_t w;
	MxNodeId at;

	*width = 0;
	for (first = 0; first < COLUMNS; first += n)
	{
		n = 1 + below(COLUMNS - first < 4 ? COLUMNS - first : 4);
		parts[n_parts++] = add_branch(kit, first, n, &w);
		*width += w;
	}
	CHECK_OK(mx_builder_concat(kit->b, parts, n_parts, &at, &kit->err),
	         &kit->err);
	if (below(6) == 0)
		kit->answers.transform = below(2) == 0 ? at : parts[below(n_parts)];
	return at;
}

static const MxModel *
make_model(Kit *kit)
{
	size_t n_out = below(2) == 0 ? 1 : 1 + below(MOST_OUTPUTS);
	const MxModel *model = NULL;
	MxError *err = &kit->err;
	MxAffine affine = {.n_out = n_out};
	MxNodeId at;

	CHECK_OK(
	    mx_builder_expect_width(kit->b, kit->in, COLUMNS, "test", &kit->err),
	    &kit->err);
	at = add_union(kit, &affine.n_in);
	if (below(4) != 0)
		CHECK_OK(mx_builder_guard(kit->b, at, (unsigned) below(8), &at, err),
		         err);
	if (below(8) == 0)
		CHECK_OK(mx_builder_guard(kit->b, at, (unsigned) below(8), &at, err),
		         err);
	affine.weights = numbers(kit, n_out * affine.n_in,
	                         below(4) == 0 ? 60 : (size_t) 1 << 30);
	affine.bias = below(2) == 0 ? numbers(kit, n_out, 1000) : NULL;
	CHECK_OK(
	    mx_builder_affine(kit->b, at, &affine, &kit->answers.decision, err),
	    err);
	CHECK_OK(mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, err),
	         err);
	return model;
}

/* Categories that there are, and that there are not; numbers; hard ones. */
static const MxColumn *
make_rows(Kit *kit, size_t rows)
{
	double *to = mx_arena_array(kit->arena, double, COLUMNS *rows, &kit->err);
	size_t one_in = below(2) == 0 ? 20 : 400;
	size_t i;

	for (i = 0; i < COLUMNS * rows; i++)
	{
		to[i] = (double) below(MOST_CATEGORIES);
		if (below(one_in) == 0)
			to[i] = hard_number();
		else if (below(10) == 0)
			to[i] = kit_random(&state);
	}
	return kit_columns(kit, to, COLUMNS, rows);
}

static bool
has_step(const MxPlan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < mx_plan_n_steps(plan); i++)
		if (strcmp(mx_plan_step_name(plan, i), name) == 0)
			return true;
	return false;
}

/* Returns whether one-hot columns were made by the one plan alone. */
static bool
check_graph(void)
{
	static const size_t some_rows[] = {1, 2, 63, 64, 65, ROWS};
	size_t rows = some_rows[below(6)];
	MxWanted wanted[] = {{MX_ANSWER_DECISION}, {MX_ANSWER_TRANSFORM}};
	const MxPlan *plain;
	const MxPlan *fast;
	const MxColumn *columns;
	const MxModel *model;
	KitImage images[2];
	size_t n_wanted;
	Result x;
	Result y;
	Kit kit;
	bool is_coded;

	kit_begin(&kit);
	model = make_model(&kit);
	plain = compile_one(&kit, model, true, &images[0]);
	fast = compile_one(&kit, model, false, &images[1]);
	is_coded = has_step(plain, "expand") && !has_step(fast, "expand");
	n_wanted = kit.answers.transform != 0 ? 2 : 1;
	columns = make_rows(&kit, rows);
	run(&kit, plain, wanted, n_wanted, columns, rows, &x);
	mx_twin_limit = (MxTwin) below(MX_TWIN_WIDE + 1);
	run(&kit, fast, wanted, n_wanted, columns, rows, &y);
	mx_twin_limit = MX_TWIN_WIDE;
	compare(columns, n_wanted, rows, &x, &y);
	n_rows += rows;
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
	return is_coded;
}

int
main(void)
{
	size_t n_graphs;
	size_t n_coded = 0;

	for (n_graphs = 0; n_rows < long_rows(FEW_ROWS); n_graphs++)
		n_coded += check_graph();
	long_report("one-hot columns made and looked up", n_rows);
	CHECK(n_coded > n_graphs / 3 && n_coded < n_graphs);
	return check_report();
}
