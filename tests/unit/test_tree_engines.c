/* test_tree_engines.c */
/* Every way to score trees against a plain walk, over random ensembles. */
#include "long.h"
#include "tree_case.h"

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
	return kit_random_below(&state, n);
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

static Engine
engine_of(const MxTreesImage *image, bool has_twins, size_t block)
{
	if (has_twins && image->n_blend_columns > 0 && mx_blend_available())
		return FOLDED;
	if (block == 1)
		return image->column_bits > 0 ? NARROW_ROWS : WIDE_ROWS;
	return image->column_bits > 0 ? NARROW_BLOCKS : WIDE_BLOCKS;
}

static void
check_blocks(TreeCase *c, bool has_twins, size_t block,
             size_t n_scored[ENGINES])
{
	tree_case_check(c, has_twins, block, c->n_rows);
	n_scored[engine_of(tree_case_image(c), has_twins, block)] += c->n_rows;
}

/* Rows in no block size in particular, and one by one. */
static void
check_model(size_t n_scored[ENGINES])
{
	size_t n_rows = 1 + below(MOST_ROWS);
	TreePlan plan = random_plan();
	TreeCase c;

	if (tree_case_begin(&c, &plan, n_rows))
	{
		check_blocks(&c, true, 16 + below(MOST_ROWS - 16), n_scored);
		check_blocks(&c, false, 16 + below(MOST_ROWS - 16), n_scored);
		check_blocks(&c, false, 1, n_scored);
	}
	kit_end(&c.kit);
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
