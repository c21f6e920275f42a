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
	FOLDED_WIDE,
	NARROW_BLOCKS,
	WIDE_BLOCKS,
	NARROW_ROWS,
	WIDE_ROWS,
	ENGINES
} Engine;

static const char *const names[ENGINES] = {"folded",
                                           "folded, wide vectors",
                                           "narrow nodes, in blocks",
                                           "wide nodes, in blocks",
                                           "narrow nodes, row by row",
                                           "wide nodes, row by row"};

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
engine_of(const MxTreesImage *image, MxTwin twin, size_t block)
{
	if (twin > MX_TWIN_PLAIN && image->n_blend_columns > 0 &&
	    block >= image->fewest_folded)
		return twin == MX_TWIN_WIDE ? FOLDED_WIDE : FOLDED;
	if (block == 1)
		return image->column_bits > 0 ? NARROW_ROWS : WIDE_ROWS;
	return image->column_bits > 0 ? NARROW_BLOCKS : WIDE_BLOCKS;
}

static void
check_blocks(TreeCase *c, MxTwin twin, size_t block, size_t n_scored[ENGINES])
{
	tree_case_check(c, twin, block, c->n_rows);
	n_scored[engine_of(tree_case_image(c), twin, block)] += c->n_rows;
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
		tree_case_fold_from(&c, 1 + below(16), false);
		for (MxTwin twin = MX_TWIN_PLAIN; twin <= mx_twin(); twin++)
			check_blocks(&c, twin, 16 + below(MOST_ROWS - 16), n_scored);
		check_blocks(&c, MX_TWIN_PLAIN, 1, n_scored);
	}
	kit_end(&c.kit);
}

static bool
engine_runs(Engine engine)
{
	return (engine != FOLDED || mx_twin() >= MX_TWIN_VECTOR) &&
	       (engine != FOLDED_WIDE || mx_twin() >= MX_TWIN_WIDE);
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
			if (n_scored[e] < least && engine_runs(e))
				least = n_scored[e];
		if (least >= goal)
			break;
	}
	for (Engine e = FOLDED; e < ENGINES; e++)
		long_report(names[e], n_scored[e]);
	return check_report();
}
