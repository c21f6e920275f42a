/* test_tree_walks.c */
/*
 * Every way in which trees are laid out for walking, against a plain walk, bit
 * for bit: tops of each depth, columns of each width, and rows by the tile.
 */
#include "tree_case.h"

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

/* Around the numbers of rows at which walks change. */
static void
check_all_blocks(TreeCase *c)
{
	static const size_t blocks[] = {1,   2,   4,   5,    7,    10,  11,
	                                255, 256, 257, 8191, 8192, 8193};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (blocks[i] < c->n_rows)
			tree_case_check(c, MX_TWIN_PLAIN, blocks[i],
			                blocks[i] < 16 && c->n_rows > 200 ? 200
			                                                  : c->n_rows);
	tree_case_check(c, MX_TWIN_PLAIN, c->n_rows, c->n_rows);
}

static void
test_shapes(void)
{
	char subject[32];

	check_subject = subject;
	for (size_t i = 0; i < N_SHAPES; i++)
	{
		const Shape *shape = &shapes[i];
		TreeCase c;

		snprintf(subject, sizeof(subject), "shape %zu", i);
		if (tree_case_begin(&c, &shape->plan, shape->n_rows))
		{
			const MxTreesImage *image = tree_case_image(&c);

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
		TreeCase c;

		snprintf(subject, sizeof(subject), "top %d", (int) seed);
		if (seed % 7 < 4)
			plan.n_outputs = plan.n_values;
		if (tree_case_begin(&c, &plan, 300))
		{
			const MxTreesImage *image = tree_case_image(&c);

			if (image->is_shallow)
				n_models[image->top_levels]++;
			tree_case_check(&c, MX_TWIN_PLAIN, 1, 50);
			tree_case_check(&c, MX_TWIN_PLAIN, 3, 50);
			tree_case_check(&c, MX_TWIN_PLAIN, 300, 300);
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
