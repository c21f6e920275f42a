/* A random ensemble, its rows, and what a plain walk makes of them. */
#ifndef TREE_CASE_H
#define TREE_CASE_H

#include "engine_kit.h"
#include "random_trees.h"

#include "engine/layout.h"
#include "kernel/twins.h"
#include "op/trees.h"

typedef struct TreeCase
{
	Kit kit;
	size_t n_rows, n_features, n_outputs;
	double *rows;     /* (n_features, n_rows) */
	double *expected; /* (n_rows, n_outputs) */
} TreeCase;

/* Whether there is a plan to score with; kit_end() is the caller's. */
static bool
tree_case_begin(TreeCase *c, const TreePlan *plan, size_t n_rows)
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

/* How the trees were laid out. */
static const MxTreesImage *
tree_case_image(const TreeCase *c)
{
	const MxPlan *plan = c->kit.plan;

	for (size_t i = 0; i < mx_plan_n_steps(plan); i++)
		if (plan->steps[i].kind == MX_STEP_TREES)
			return mx_at(plan->image, MxTreesImage, plan->steps[i].params);
	abort();
}

/*
 * So many rows of a block are folded and fewer walked, whatever is faster;
 * or whole tiles are timed, as if neither were known to be.
 */
static inline void
tree_case_fold_from(TreeCase *c, size_t fewest, bool is_close)
{
	const char *image = (const char *) tree_case_image(c);
	size_t at = (size_t) (image - (const char *) c->kit.image.bytes);
	MxTreesImage *trees = (MxTreesImage *) (void *) (c->kit.image.bytes + at);

	trees->fewest_folded = fewest;
	trees->is_close = is_close;
}

static size_t
tree_case_count_wrong(const TreeCase *c, const MxBlock *out, size_t first)
{
	size_t n_wrong = 0;

	for (size_t i = 0; i < out->n_rows; i++)
		for (size_t j = 0; j < c->n_outputs; j++)
			n_wrong += memcmp(&out->columns[j].numbers[i],
			                  &c->expected[(first + i) * c->n_outputs + j],
			                  sizeof(double)) != 0;
	return n_wrong;
}

/* The first n_rows rows, bit for bit, with no better twins than most; without
 * any all blocks are walked. */
static inline void
tree_case_check(TreeCase *c, MxTwin most, size_t block, size_t n_rows)
{
	MxScorer *scorer = kit_scorer(&c->kit, MX_ANSWER_VALUE, block);
	MxColumn *columns =
	    mx_arena_array(c->kit.arena, MxColumn, c->n_features, &c->kit.err);
	uint8_t *status = mx_arena_array(c->kit.arena, uint8_t, block, &c->kit.err);
	size_t n_wrong = 0;
	MxBlock out;
	size_t n;

	mx_twin_limit = most;
	for (size_t first = 0; first < n_rows; first += n)
	{
		n = n_rows - first < block ? n_rows - first : block;
		for (size_t f = 0; f < c->n_features; f++)
			columns[f].numbers = c->rows + f * c->n_rows + first;
		if (!CHECK_OK(
		        mx_scorer_run(scorer, columns, n, &out, status, &c->kit.err),
		        &c->kit.err))
			break;
		n_wrong += tree_case_count_wrong(c, &out, first);
	}
	mx_twin_limit = MX_TWIN_WIDE;
	CHECK(n_wrong == 0);
}

#endif
