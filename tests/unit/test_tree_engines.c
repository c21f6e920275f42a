/* test_tree_engines.c */
/* Every way to score trees against a plain walk, over random ensembles. */
#include "engine_kit.h"
#include "long.h"
#include "random_trees.h"

#include "engine/layout.h"
#include "kernel/twins.h"
#include "op/trees.h"

#define FEW_ROWS 20000
#define MOST_ROWS 1500
#define MOST_OUTPUTS 4

/* What one call scores, by how the trees are laid out and how many rows. */
typedef enum Engine
{
	FOLDED,
	NARROW_BLOCKS,
	WIDE_BLOCKS,
	NARROW_ROWS,
	WIDE_ROWS,
	ENGINES
} Engine;

static const char *const names[ENGINES] = {
    "folded", "narrow nodes, in blocks", "wide nodes, in blocks",
    "narrow nodes, row by row", "wide nodes, row by row"};

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	(void) kit_random(&state);
	return (size_t) (state >> 33) % n;
}

static TreePlan
random_plan(void)
{
	static const size_t n_splits[] = {3, 9, 40, 127, 255, 600};
	TreePlan plan = {.seed = below(1u << 30),
	                 .n_trees = 1 + below(30),
	                 .n_splits = below(1 + n_splits[below(6)]),
	                 .n_features = 1 + below(12),
	                 .n_outputs = 1 + below(MOST_OUTPUTS),
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

static const MxTreesImage *
trees_image(const MxPlan *plan)
{
	size_t i;

	for (i = 0; i < mx_plan_n_steps(plan); i++)
		if (plan->steps[i].kind == MX_STEP_TREES)
			return mx_at(plan->image, MxTreesImage, plan->steps[i].params);
	abort();
}

static Engine
engine_of(const MxTreesImage *image, bool has_twins, size_t block)
{
	if (has_twins && image->n_blend_columns > 0 && mx_blend_available())
		return FOLDED;
	if (block == 1)
		return image->column_bits > 0 ? NARROW_ROWS : WIDE_ROWS;
	return image->column_bits > 0 ? NARROW_BLOCKS : WIDE_BLOCKS;
}

/* A model, its rows, and what a plain walk makes of them. */
typedef struct Case
{
	Kit kit;
	size_t n_rows, n_features, n_outputs;
	double *rows;     /* (n_features, n_rows) */
	double *expected; /* (n_rows, n_outputs) */
	size_t *n_scored; /* (ENGINES) */
} Case;

static size_t
count_wrong(const Case *c, const MxBlock *out, size_t first)
{
	size_t n_wrong = 0;

	for (size_t i = 0; i < out->n_rows; i++)
		for (size_t j = 0; j < c->n_outputs; j++)
			n_wrong += memcmp(&out->columns[j].numbers[i],
			                  &c->expected[(first + i) * c->n_outputs + j],
			                  sizeof(double)) != 0;
	return n_wrong;
}

static void
check_blocks(Case *c, bool has_twins, size_t block)
{
	MxScorer *scorer = kit_scorer(&c->kit, MX_ANSWER_VALUE, block);
	uint8_t status[MOST_ROWS];
	MxColumn columns[16];
	size_t n_wrong = 0;
	MxBlock out;
	size_t n;

	mx_twins_are_off = !has_twins;
	for (size_t first = 0; first < c->n_rows; first += n)
	{
		n = c->n_rows - first < block ? c->n_rows - first : block;
		for (size_t f = 0; f < c->n_features; f++)
			columns[f].numbers = c->rows + f * c->n_rows + first;
		if (!CHECK_OK(
		        mx_scorer_run(scorer, columns, n, &out, status, &c->kit.err),
		        &c->kit.err))
			break;
		n_wrong += count_wrong(c, &out, first);
	}
	mx_twins_are_off = false;
	CHECK(n_wrong == 0);
	c->n_scored[engine_of(trees_image(c->kit.plan), has_twins, block)] +=
	    c->n_rows;
}

/* Rows in no block size in particular, and one by one. */
static void
check_model(size_t n_scored[ENGINES])
{
	Case c = {.n_rows = 1 + below(MOST_ROWS), .n_scored = n_scored};
	TreePlan plan = random_plan();
	Kit *kit = &c.kit;
	TestTrees trees;

	c.n_features = plan.n_features;
	c.n_outputs = plan.n_outputs;
	kit_begin(kit);
	make_trees(&plan, mx_builder_arena(kit->b), &trees);
	c.rows = make_rows(&trees, plan.seed, c.n_rows, kit->arena);
	c.expected =
	    mx_arena_array(kit->arena, double, c.n_rows *c.n_outputs, &kit->err);
	for (size_t row = 0; row < c.n_rows; row++)
		score_plainly(&trees.trees, c.rows, c.n_rows, row, NULL,
		              c.expected + row * c.n_outputs);
	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, plan.n_features, "test",
	                                 &kit->err),
	         &kit->err);
	CHECK_OK(mx_builder_trees(kit->b, kit->in, 0, &trees.trees,
	                          &kit->answers.value, &kit->err),
	         &kit->err);
	kit->answers.n_outputs = plan.n_outputs;
	if (kit_finish(kit))
	{
		check_blocks(&c, true, 16 + below(MOST_ROWS - 16));
		check_blocks(&c, false, 16 + below(MOST_ROWS - 16));
		check_blocks(&c, false, 1);
	}
	kit_end(kit);
}

int
main(void)
{
	size_t goal = long_rows(FEW_ROWS);
	size_t n_scored[ENGINES] = {0};
	char subject[32];
	size_t least;

	check_subject = subject;
	for (size_t model = 0;; model++)
	{
		snprintf(subject, sizeof(subject), "model %zu", model);
		check_model(n_scored);
		least = n_scored[NARROW_ROWS];
		for (Engine e = FOLDED; e < ENGINES; e++)
			if (n_scored[e] < least && (e != FOLDED || mx_blend_available()))
				least = n_scored[e];
		if (least >= goal)
			break;
	}
	for (Engine e = FOLDED; e < ENGINES; e++)
		long_report(names[e], n_scored[e]);
	return check_report();
}
