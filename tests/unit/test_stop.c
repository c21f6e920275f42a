/* test_stop.c */
/*
 * Trees that are added no longer than it matters: numbers on the same side of
 * every limit as if all were added, and the same labels, over random ensembles
 * with limits that rows meet, or miss by one number.
 */
#include "engine_kit.h"
#include "long.h"
#include "random_trees.h"

#include <math.h>

#define FEW_ROWS 60000
#define MOST_ROWS 700
#define MOST_LIMITS 3

/* What follows from the sums. */
typedef enum Ending
{
	SUMS,
	EXPONENTIALS,
	EXPIT,
	SOFTMAX_PAIR,
	COMPLEMENT,
	HALF_LOGIT,
	ENDINGS
} Ending;

static const char *const names[ENDINGS] = {
    "sums",       "exponentials",          "expit", "softmax of a pair",
    "complement", "expit of twice the sum"};

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

typedef struct Case
{
	Kit kit;
	Ending ending;
	size_t n_rows, n_columns; /* of the answer */
	const MxColumn *rows;
	size_t n_limits;
	MxLimit limits[MOST_LIMITS];
	MxWanted wanted[2];
	size_t n_wanted;
} Case;

/* ---- models ------------------------------------------------------------ */

/* Few different leaves, so that many rows are at the ends of what trees add. */
static void
coarsen(TestTrees *trees, size_t n_values)
{
	static const double units[] = {0.25, 0.1, 1.0 / 3, 0};
	double unit = units[below(4)];
	double scale = below(2) == 0 ? 1 : 0.02;

	for (size_t i = 0; i < trees->n_nodes * n_values; i++)
	{
		double x = trees->values[i] / 4;

		trees->values[i] = scale * (unit > 0 ? rint(x / 2) * unit : x);
	}
}

/* Sums so near each other that links need not keep their order. */
static void
crowd(TestTrees *trees)
{
	trees->base[0] = kit_random(&state) / 2;
	for (size_t i = 0; i < trees->n_nodes; i++)
		trees->values[i] = rint(trees->values[i] / 4) * 0x1p-54;
}

static TreePlan
random_plan(Ending ending)
{
	TreePlan plan = {.seed = below(1u << 30),
	                 .n_trees = 8 + below(60),
	                 .n_splits = 300 + below(500),
	                 .n_features = 1 + below(12),
	                 .n_outputs = ending == SUMS ? 1 + below(3) : 1,
	                 .rounds_to_float32 = below(2) == 0,
	                 .has_missing = below(2) == 0,
	                 .has_categories = below(4) == 0,
	                 .has_base = below(2) == 0,
	                 .divisor = below(2) == 0 ? 60 : 0};

	plan.n_values = plan.n_outputs;
	return plan;
}

static void
add_link(Case *c, MxNodeId sums)
{
	static const MxText labels[] = {MX_TEXT_LITERAL("no"),
	                                MX_TEXT_LITERAL("yes")};
	static const MxClasses classes = {
	    .n = 2, .texts = labels, .labels = labels};
	MxLink link = {.factor = c->ending == HALF_LOGIT ? 2 : 1};
	MxDecide decide = {MX_DECIDE_ARGMAX};
	Kit *kit = &c->kit;
	MxError *err = &kit->err;

	link.kind = c->ending == SOFTMAX_PAIR ? MX_LINK_SOFTMAX_PAIR
	            : c->ending == COMPLEMENT ? MX_LINK_COMPLEMENT
	                                      : MX_LINK_EXPIT;
	CHECK_OK(mx_builder_link(kit->b, sums, &link, &kit->answers.proba, err),
	         err);
	if (below(2) == 0 && c->ending != COMPLEMENT)
	{
		decide.kind =
		    below(2) == 0 ? MX_DECIDE_POSITIVE : MX_DECIDE_NONNEGATIVE;
		CHECK_OK(
		    mx_builder_decide(kit->b, sums, &decide, &kit->answers.label, err),
		    err);
	}
	else
		CHECK_OK(mx_builder_decide(kit->b, kit->answers.proba, &decide,
		                           &kit->answers.label, err),
		         err);
	kit->answers.classes = &classes;
	c->n_columns = 2;
	c->wanted[c->n_wanted++].kind = MX_ANSWER_PROBA;
	if (below(2) == 0)
		c->wanted[c->n_wanted++].kind = MX_ANSWER_LABEL;
}

static void
add_number(Case *c, MxNodeId sums)
{
	static const MxFunction function = {MX_FUNCTION_EXP};
	Kit *kit = &c->kit;

	kit->answers.value = sums;
	if (c->ending == EXPONENTIALS)
		CHECK_OK(mx_builder_function(kit->b, sums, &function,
		                             &kit->answers.value, &kit->err),
		         &kit->err);
	c->wanted[c->n_wanted++].kind = MX_ANSWER_VALUE;
}

static bool
begin(Case *c)
{
	TreePlan plan = random_plan(c->ending);
	Kit *kit = &c->kit;
	TestTrees trees;
	MxNodeId sums;

	kit_begin(kit);
	make_trees(&plan, mx_builder_arena(kit->b), &trees);
	if (c->ending != SUMS && plan.has_base && below(2) == 0)
		crowd(&trees);
	else
		coarsen(&trees, plan.n_values);
	c->n_columns = plan.n_outputs;
	c->rows =
	    kit_columns(kit, make_rows(&trees, plan.seed, c->n_rows, kit->arena),
	                plan.n_features, c->n_rows);
	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, plan.n_features, "test",
	                                 &kit->err),
	         &kit->err);
	CHECK_OK(
	    mx_builder_trees(kit->b, kit->in, 0, &trees.trees, &sums, &kit->err),
	    &kit->err);
	kit->answers.n_outputs = plan.n_outputs;
	if (c->ending == SUMS || c->ending == EXPONENTIALS)
		add_number(c, sums);
	else
	{
		kit->answers.n_outputs = 1;
		add_link(c, sums);
	}
	return kit_finish(kit);
}

/* ---- limits ------------------------------------------------------------ */

/* What some row's answer is, or the next number, or none that any has. */
static double
random_limit(const Case *c, const MxBlock *answers, size_t column)
{
	static const double odd[] = {0,   -0.0, 0.5,      1,         1e-300,
	                             1e9, NAN,  INFINITY, -INFINITY, -1};
	double x = answers->columns[column].numbers[below(c->n_rows)];

	switch (below(6))
	{
		case 0:
			return nextafter(x, INFINITY);
		case 1:
			return nextafter(x, -INFINITY);
		case 2:
			return odd[below(sizeof(odd) / sizeof(odd[0]))];
		default:
			return x;
	}
}

/* Of numbers as SQL orders them: NaN is above all others. */
static int
side(double x, double limit)
{
	if (isnan(x) || isnan(limit))
		return (isnan(x) != 0) - (isnan(limit) != 0);
	return (x > limit) - (x < limit);
}

static void
choose_limits(Case *c, const MxBlock *answers)
{
	size_t column = below(c->n_columns);

	c->n_limits = 1 + below(MOST_LIMITS);
	for (size_t i = 0; i < c->n_limits; i++)
	{
		/* Of a pair, one number may be compared, or both. */
		if (c->ending >= EXPIT)
			column = below(2);
		c->limits[i] = (MxLimit){.column = column,
		                         .value = random_limit(c, answers, column)};
	}
}

/* ---- all --------------------------------------------------------------- */

static void
run(Case *c, bool stops, size_t first, size_t n, MxScorer **scorer,
    MxBlock outs[2])
{
	Kit *kit = &c->kit;
	size_t n_inputs = mx_plan_n_inputs(kit->plan);
	MxColumn *columns =
	    mx_arena_array(kit->arena, MxColumn, n_inputs, &kit->err);
	uint8_t *status = mx_arena_array(kit->arena, uint8_t, n, &kit->err);

	if (*scorer == NULL)
	{
		CHECK_OK(mx_scorer_create(kit->plan, c->wanted, c->n_wanted, n,
		                          kit->arena, scorer, &kit->err),
		         &kit->err);
		if (stops)
			CHECK_OK(mx_scorer_stop_early(*scorer, c->limits, c->n_limits,
			                              &kit->err),
			         &kit->err);
	}
	for (size_t i = 0; i < n_inputs; i++)
	{
		columns[i] = c->rows[i];
		columns[i].numbers += first;
	}
	CHECK_OK(mx_scorer_run(*scorer, columns, n, outs, status, &kit->err),
	         &kit->err);
}

static size_t
count_wrong(const Case *c, const MxBlock *plain, const MxBlock *outs,
            size_t first)
{
	size_t n_wrong = 0;

	for (size_t row = 0; row < outs[0].n_rows; row++)
	{
		for (size_t i = 0; i < c->n_limits; i++)
		{
			size_t column = c->limits[i].column;
			double limit = c->limits[i].value;

			n_wrong +=
			    side(outs[0].columns[column].numbers[row], limit) !=
			    side(plain[0].columns[column].numbers[first + row], limit);
		}
		if (c->n_wanted > 1)
			n_wrong += outs[1].columns[0].numbers[row] !=
			           plain[1].columns[0].numbers[first + row];
	}
	return n_wrong;
}

/* Counts trees of rows that were asked for, and those that were not needed. */
static void
check_model(Ending ending, uint64_t *n_asked, uint64_t *n_skipped)
{
	Case c = {.ending = ending, .n_rows = 1 + below(MOST_ROWS)};
	size_t block = 1 + below(c.n_rows);
	MxScorer *whole = NULL;
	MxScorer *early = NULL;
	MxBlock plain[2];
	MxBlock outs[2];

	if (begin(&c))
	{
		uint64_t asked, skipped;
		size_t n_wrong = 0;

		run(&c, false, 0, c.n_rows, &whole, plain);
		choose_limits(&c, &plain[0]);
		for (size_t row = 0; row + block <= c.n_rows; row += block)
		{
			run(&c, true, row, block, &early, outs);
			n_wrong += count_wrong(&c, plain, outs, row);
		}
		CHECK(n_wrong == 0);
		mx_scorer_count_trees(early, &asked, &skipped);
		*n_asked += asked;
		*n_skipped += skipped;
	}
	kit_end(&c.kit);
}

int
main(void)
{
	size_t goal = long_rows(FEW_ROWS);
	char subject[64];

	check_subject = subject;
	for (Ending ending = SUMS; ending < ENDINGS; ending++)
	{
		uint64_t n_asked = 0;
		uint64_t n_skipped = 0;

		for (size_t i = 0; n_asked < goal * 30; i++)
		{
			snprintf(subject, sizeof(subject), "%s, model %zu", names[ending],
			         i);
			check_model(ending, &n_asked, &n_skipped);
		}
		snprintf(subject, sizeof(subject), "%s: %.3f skipped", names[ending],
		         (double) n_skipped / (double) n_asked);
		CHECK(n_skipped > n_asked / 50);
		long_report(names[ending], (size_t) (n_asked / 30));
	}
	return check_report();
}
