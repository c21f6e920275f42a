/* test_passes.c */
/* Plans with the passes over their steps and without: the same answers. */
#include "long.h"
#include "plain_kit.h"

#include <math.h>

#define COLUMNS 9
#define ROWS MOST_ROWS
/* About 1500 graphs. */
#define FEW_ROWS 84000
#define MOST_NODES 8

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
	static const double special[] = {0.0,  -0.0,  INFINITY, -INFINITY,
	                                 NAN,  1e308, 1e200,    0x1p-1074,
	                                 4e38, -1e308};

	return special[below(sizeof(special) / sizeof(*special))];
}

/* Numbers that the model of kit keeps; few of them are special. */
static const double *
numbers(Kit *kit, size_t n, size_t one_in)
{
	double *to = mx_arena_array(kit->arena, double, n, &kit->err);
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = below(one_in) == 0 ? hard_number() : kit_random(&state);
	return to;
}

/* Variances and divisors. */
static const double *
positive_numbers(Kit *kit, size_t n)
{
	double *to = mx_arena_array(kit->arena, double, n, &kit->err);
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = fabs(kit_random(&state)) + 0x1p-6;
	return to;
}

static MxStatus
add_scale(Kit *kit, size_t n, MxNodeId in, MxNodeId *out)
{
	bool divides = below(2) == 0;
	MxScale scale = {.kind = divides ? MX_SCALE_DIVIDE : MX_SCALE_MULTIPLY,
	                 .n = n,
	                 .clip = below(4) == 0,
	                 .low = -1,
	                 .high = 1.5};

	if (below(4) != 0)
		scale.first = numbers(kit, n, 1000);
	if (below(4) != 0)
		scale.second = positive_numbers(kit, n);
	return mx_builder_scale(kit->b, in, &scale, out, &kit->err);
}

/* What readers make of a scaler in a pipeline. */
static MxStatus
add_checked_scale(Kit *kit, size_t n, MxNodeId in, MxNodeId *out)
{
	unsigned flags = MX_GUARD_NAN | MX_GUARD_INFINITE;

	MX_TRY(mx_builder_guard(kit->b, in, flags, &in, &kit->err));
	MX_TRY(add_scale(kit, n, in, &in));
	return mx_builder_guard(kit->b, in, flags, out, &kit->err);
}

static MxStatus
add_sum(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	size_t n_in = *n;
	size_t n_out = 1 + below(COLUMNS);
	MxAffine affine = {n_out, n_in, numbers(kit, n_out * n_in, 1000),
	                   below(2) == 0 ? numbers(kit, n_out, 1000) : NULL};
	MxDistance distance = {n_out, n_in, affine.weights, below(2) == 0};
	MxGaussian gaussian = {n_out, n_in, affine.weights,
	                       positive_numbers(kit, n_out * n_in),
	                       numbers(kit, n_out, 1000)};

	*n = n_out;
	switch (below(4))
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
add_node(Kit *kit, size_t *n, MxNodeId in, MxNodeId *out)
{
	MxFunction function = {MX_FUNCTION_LOG};
	size_t width = 300;
	MxExpand expand = {1, &width};

	switch (below(11))
	{
		case 0:
		case 1:
		case 2:
		case 3:
			return mx_builder_guard(kit->b, in, (unsigned) below(8), out,
			                        &kit->err);
		case 4:
		case 5:
			return add_scale(kit, *n, in, out);
		case 6:
		case 7:
			return add_checked_scale(kit, *n, in, out);
		case 8:
			if (*n == 1 && below(4) == 0)
			{
				*n = width; /* sparse rows */
				return mx_builder_expand(kit->b, in, &expand, out, &kit->err);
			}
			return mx_builder_function(kit->b, in, &function, out, &kit->err);
		default:
			return add_sum(kit, n, in, out);
	}
}

/* A chain, now and then with a branch that two nodes read. */
static const MxModel *
make_model(Kit *kit)
{
	size_t n_nodes = 2 + below(MOST_NODES);
	size_t n = 1 + below(COLUMNS);
	const MxModel *model = NULL;
	MxNodeId at = kit->in;
	MxNodeId branch = 0;
	size_t branch_width = 0;
	size_t i;

	CHECK_OK(mx_builder_expect_width(kit->b, at, n, "test", &kit->err),
	         &kit->err);
	for (i = 0; i < n_nodes; i++)
	{
		CHECK_OK(add_node(kit, &n, at, &at), &kit->err);
		if (below(12) == 0)
		{
			branch = at;
			branch_width = n;
		}
	}
	kit->answers.transform = below(2) == 0 ? branch : 0;
	if (branch != 0 && below(3) == 0)
	{
		at = branch;
		n = branch_width;
	}
	CHECK_OK(add_sum(kit, &n, at, &kit->answers.decision), &kit->err);
	CHECK_OK(
	    mx_builder_finish(kit->b, &kit->answers, &kit->info, &model, &kit->err),
	    &kit->err);
	return model;
}

/* Returns how many steps the passes saved. */
static size_t
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
	size_t saved;
	Result x;
	Result y;
	Kit kit;

	kit_begin(&kit);
	model = make_model(&kit);
	plain = compile_one(&kit, model, true, &images[0]);
	fast = compile_one(&kit, model, false, &images[1]);
	n_wanted = kit.answers.transform != 0 ? 2 : 1;
	columns =
	    kit_columns(&kit, numbers(&kit, COLUMNS * rows, 200), COLUMNS, rows);
	run(&kit, plain, wanted, n_wanted, columns, rows, &x);
	run(&kit, fast, wanted, n_wanted, columns, rows, &y);
	compare(columns, n_wanted, rows, &x, &y);
	n_rows += rows;
	saved = mx_plan_n_steps(plain) - mx_plan_n_steps(fast);
	free(images[0].bytes);
	free(images[1].bytes);
	kit_end(&kit);
	return saved;
}

int
main(void)
{
	size_t saved = 0;
	size_t n_graphs;

	for (n_graphs = 0; n_rows < long_rows(FEW_ROWS); n_graphs++)
		saved += check_graph();
	long_report("graphs with and without passes", n_rows);
	CHECK(saved > n_graphs / 2);
	return check_report();
}
