/* test_link.c */
/* Links and decisions, row by row, against the C library. */
#include "engine_kit.h"

#include <math.h>

/* One row of x (n columns) through a node; out has room for 8. */
static void
run_node(const MxLink *link, const MxDecide *decide, const double *x, size_t n,
         double *out)
{
	uint8_t status;
	MxBlock block;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_expect_width(kit.b, kit.in, n, "test", &kit.err),
	         &kit.err);
	if (link != NULL)
		CHECK_OK(mx_builder_link(kit.b, kit.in, link, &kit.answers.transform,
		                         &kit.err),
		         &kit.err);
	else
		CHECK_OK(mx_builder_decide(kit.b, kit.in, decide,
		                           &kit.answers.transform, &kit.err),
		         &kit.err);
	if (kit_finish(&kit))
	{
		MxScorer *scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 1);

		CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, n, 1), 1, &block,
		                       &status, &kit.err),
		         &kit.err);
		for (size_t j = 0; j < block.n_columns; j++)
			out[j] = block.columns[j].numbers[0];
	}
	kit_end(&kit);
}

static bool
is_near(double got, double want)
{
	return got == want || fabs(got - want) <= 1e-14 * fabs(want);
}

static void
check_link(MxLink link, const double *x, size_t n, const double *want,
           size_t n_want)
{
	double got[8] = {0};

	run_node(&link, NULL, x, n, got);
	for (size_t j = 0; j < n_want; j++)
		CHECK(is_near(got[j], want[j]));
}

static void
test_links(void)
{
	const double x[] = {1, -2, 0.5};
	const double far[] = {-800, 800, 790};
	const double none[] = {-3, -1, -2};
	const double p = 1 / (1 + exp(-1));
	const double p2 = 1 / (1 + exp(-2));
	const double sum = exp(1) + exp(-2) + exp(0.5);
	const double ovr = p + 1 / (1 + exp(2)) + 1 / (1 + exp(-0.5));

	check_link((MxLink){MX_LINK_EXPIT, 1}, x, 1, (double[]){1 - p, p}, 2);
	check_link((MxLink){MX_LINK_EXPIT, 2}, x, 1, (double[]){1 - p2, p2}, 2);
	check_link((MxLink){MX_LINK_SOFTMAX_PAIR, 0}, x, 1, (double[]){1 - p2, p2},
	           2);
	check_link((MxLink){MX_LINK_COMPLEMENT, 0}, x, 1, (double[]){0, 1}, 2);
	check_link((MxLink){MX_LINK_HUBER, 0}, x + 2, 1, (double[]){0.25, 0.75}, 2);
	check_link((MxLink){MX_LINK_SOFTMAX, 0}, x, 3,
	           (double[]){exp(1) / sum, exp(-2) / sum, exp(0.5) / sum}, 3);
	check_link((MxLink){MX_LINK_NORMAL, 0}, x, 3,
	           (double[]){exp(1) / sum, exp(-2) / sum, exp(0.5) / sum}, 3);
	check_link((MxLink){MX_LINK_LOG_NORMAL, 0}, x, 3,
	           (double[]){1 - log(sum), -2 - log(sum), 0.5 - log(sum)}, 3);
	check_link(
	    (MxLink){MX_LINK_OVR, 0}, x, 3,
	    (double[]){p / ovr, 1 / (1 + exp(2)) / ovr, 1 / (1 + exp(-0.5)) / ovr},
	    3);
	check_link((MxLink){MX_LINK_SOFTMAX, 0}, far, 3,
	           (double[]){0, 1 / (1 + exp(-10)), exp(-10) / (1 + exp(-10))}, 3);
	check_link((MxLink){MX_LINK_HUBER, 0}, none, 3,
	           (double[]){1.0 / 3, 1.0 / 3, 1.0 / 3}, 3);
	check_link((MxLink){MX_LINK_HUBER, 0}, x, 3,
	           (double[]){1 / 1.75, 0, 0.75 / 1.75}, 3);
}

static void
test_decisions(void)
{
	static const struct
	{
		MxDecideKind kind;
		double x[3];
		size_t n;
		double want;
	} cases[] = {{MX_DECIDE_ARGMAX, {1, 3, 2}, 3, 1},
	             {MX_DECIDE_ARGMAX, {3, 1, 3}, 3, 0},
	             {MX_DECIDE_ARGMIN, {2, 1, 1}, 3, 1},
	             {MX_DECIDE_POSITIVE, {0}, 1, 0},
	             {MX_DECIDE_POSITIVE, {0x1p-1074}, 1, 1},
	             {MX_DECIDE_NONNEGATIVE, {-0.0}, 1, 1},
	             {MX_DECIDE_NONNEGATIVE, {-0x1p-1074}, 1, 0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const MxDecide decide = {cases[i].kind};
		double got[8];

		run_node(NULL, &decide, cases[i].x, cases[i].n, got);
		CHECK(got[0] == cases[i].want);
	}
}

int
main(void)
{
	test_links();
	test_decisions();
	return check_report();
}
