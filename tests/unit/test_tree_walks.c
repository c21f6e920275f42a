/* test_tree_walks.c */
/*
 * Every way in which trees are laid out for walking, against a plain walk, bit
 * for bit: tops of each depth, columns of each width, and rows by the tile.
 */
#include "engine_kit.h"
#include "random_trees.h"

#include "engine/layout.h"
#include "kernel/twins.h"
#include "op/trees.h"

/* What the layout of a plan has to be, so that it is known to be tested. */
typedef struct Shape
{
	TreePlan plan;
	size_t n_rows;
	bool is_shallow;
	unsigned column_bits;
	unsigned top_levels;
} Shape;

#define SHAPE(seed_, trees_, splits_, features_, values_, outputs_, ...) \
	.plan = {.seed = seed_, \
	         .n_trees = trees_, \
	         .n_splits = splits_, \
	         .n_features = features_, \
	         .n_values = values_, \
	         .n_outputs = outputs_, \
	         __VA_ARGS__}

#define FLOAT32 .rounds_to_float32 = true
#define FLOAT64 .rounds_to_float32 = false

static const Shape shapes[] = {
    /* More rows than are sorted together, and more than fill a tile. */
    {SHAPE(1, 3, 5000, 40, 1, 1, FLOAT32), 9001, false, 8, 9},
    {SHAPE(2, 2, 4000, 40, 1, 1, FLOAT64, .has_missing = true), 9001, false, 8,
     9},
    {SHAPE(3, 13, 700, 6, 3, 3, FLOAT32, .has_missing = true), 600, false, 8,
     3},
    {SHAPE(4, 21, 700, 6, 1, 3, FLOAT64, .has_base = true), 600, false, 8, 3},
    /* One long branch: hardly any rows below most exits. */
    {SHAPE(5, 2, 3000, 5, 1, 1, FLOAT32, .is_chain = true), 600, false, 8, 9},
    /* Columns of 12 and of 16 bits, and of too many for the nodes of a tree. */
    {SHAPE(6, 5, 1500, 400, 1, 1, FLOAT32), 700, false, 12, 3},
    {SHAPE(7, 5, 2500, 400, 2, 2, FLOAT64, .has_missing = true), 700, false, 12,
     3},
    {SHAPE(8, 40, 600, 9000, 1, 1, FLOAT32), 20, false, 16, 3},
    {SHAPE(9, 40, 600, 9000, 1, 1, FLOAT64), 20, false, 16, 3},
    {SHAPE(10, 1, 60000, 9000, 1, 1, FLOAT32), 20, false, 0, 9},
    /* Sets, which tops do not have. */
    {SHAPE(11, 11, 300, 7, 1, 1, FLOAT64, .has_categories = true,
           .has_missing = true),
     600, false, 0, 0},
    {SHAPE(12, 11, 3000, 7, 2, 2, FLOAT32, .has_categories = true), 600, false,
     0, 0},
};
#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static const MxTreesImage *
trees_image(const MxPlan *plan)
{
	size_t i;

	for (i = 0; i < mx_plan_n_steps(plan); i++)
		if (plan->steps[i].kind == MX_STEP_TREES)
			return mx_at(plan->image, MxTreesImage, plan->steps[i].params);
	abort();
}

/* A model, its rows, and what a plain walk makes of them. */
typedef struct Case
{
	Kit kit;
	size_t n_rows, n_features, n_outputs;
	double *rows;     /* (n_features, n_rows) */
	double *expected; /* (n_rows, n_outputs) */
} Case;

/* Whether there is a plan to score with. */
static bool
begin(Case *c, const TreePlan *plan, size_t n_rows)
{
	Kit *kit = &c->kit;
	TestTrees trees;

	c->n_rows = n_rows;
	c->n_features = plan->n_features;
	c->n_outputs = plan->n_outputs;
	kit_begin(kit);
	make_trees(plan, mx_builder_arena(kit->b), &trees);
	c->rows = make_rows(&trees, plan->seed, n_rows, kit->arena);
	c->expected =
	    mx_arena_array(kit->arena, double, n_rows * c->n_outputs, &kit->err);
	for (size_t row = 0; row < n_rows; row++)
		score_plainly(&trees.trees, c->rows, n_rows, row, NULL,
		              c->expected + row * c->n_outputs);
	CHECK_OK(mx_builder_expect_width(kit->b, kit->in, plan->n_features, "test",
	                                 &kit->err),
	         &kit->err);
	CHECK_OK(mx_builder_trees(kit->b, kit->in, 0, &trees.trees,
	                          &kit->answers.value, &kit->err),
	         &kit->err);
	kit->answers.n_outputs = plan->n_outputs;
	return kit_finish(kit);
}

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

/* The first so many rows, walked in blocks. */
static void
check_blocks(Case *c, size_t block, size_t n_rows)
{
	MxScorer *scorer = kit_scorer(&c->kit, MX_ANSWER_VALUE, block);
	MxColumn *columns =
	    mx_arena_array(c->kit.arena, MxColumn, c->n_features, &c->kit.err);
	uint8_t *status = mx_arena_array(c->kit.arena, uint8_t, block, &c->kit.err);
	size_t n_wrong = 0;
	MxBlock out;
	size_t n;

	mx_twins_are_off = true; /* else blocks of small trees are folded */
	for (size_t first = 0; first < n_rows; first += n)
	{
		n = n_rows - first < block ? n_rows - first : block;
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
}

/* Around the numbers of rows at which walks change. */
static void
check_all_blocks(Case *c)
{
	static const size_t blocks[] = {1,   2,   4,   5,    7,    10,  11,
	                                255, 256, 257, 8191, 8192, 8193};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (blocks[i] < c->n_rows)
			check_blocks(c, blocks[i],
			             blocks[i] < 16 && c->n_rows > 200 ? 200 : c->n_rows);
	check_blocks(c, c->n_rows, c->n_rows);
}

static void
test_shapes(void)
{
	char subject[32];

	check_subject = subject;
	for (size_t i = 0; i < N_SHAPES; i++)
	{
		const Shape *shape = &shapes[i];
		Case c;

		snprintf(subject, sizeof(subject), "shape %zu", i);
		if (begin(&c, &shape->plan, shape->n_rows))
		{
			const MxTreesImage *image = trees_image(c.kit.plan);

			CHECK(image->is_shallow == shape->is_shallow);
			CHECK(image->column_bits == shape->column_bits);
			CHECK(image->top_levels == shape->top_levels);
			check_all_blocks(&c);
		}
		kit_end(&c.kit);
	}
	check_subject = NULL;
}

/* Tops of each depth; numbers of trees that fill all lanes, some and none. */
static void
test_tops(void)
{
	size_t n_models[MX_TOP_MOST_ABOVE + 1] = {0};
	char subject[32];

	check_subject = subject;
	for (uint64_t seed = 0; seed < 400; seed++)
	{
		TreePlan plan = {.seed = seed + 100,
		                 .n_trees = 1 + seed % 37,
		                 .n_splits = ((size_t) 1 << seed % 10) - 1,
		                 .n_features = 1 + seed % 11,
		                 .n_values = 1 + seed % 7 % 2,
		                 .n_outputs = 2 + seed % 3,
		                 .rounds_to_float32 = seed / 10 % 2 == 0,
		                 .has_missing = seed % 3 == 0,
		                 .is_full = true};
		Case c;

		snprintf(subject, sizeof(subject), "top %d", (int) seed);
		if (seed % 7 < 4)
			plan.n_outputs = plan.n_values;
		if (begin(&c, &plan, 300))
		{
			const MxTreesImage *image = trees_image(c.kit.plan);

			if (image->is_shallow)
				n_models[image->top_levels]++;
			check_blocks(&c, 1, 50);
			check_blocks(&c, 3, 50);
			check_blocks(&c, 300, 300);
		}
		kit_end(&c.kit);
	}
	for (size_t levels = 0; levels <= 8; levels++)
	{
		snprintf(subject, sizeof(subject), "%zu levels", levels);
		CHECK(n_models[levels] >= 10);
	}
	check_subject = NULL;
}

int
main(void)
{
	test_shapes();
	test_tops();
	return check_report();
}
