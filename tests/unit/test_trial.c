/* Timing folded and walked trees, and what rows get meanwhile. */
#include "op/trees_trial.h"

#include "engine/scoring.h"
#include "tree_case.h"

#define TILE MX_BLEND_ROWS

/* What is picked when so many nanoseconds a row were seen at best. */
static void
check_pick(double fold, double walk, MxTreesWay expected)
{
	MxTreesTrial trial = {{0}, {0}};
	double least[MX_TREES_WAYS] = {fold, walk};
	int n;

	for (n = 0; mx_trial_goes_on(&trial); n++)
	{
		MxTreesWay way = mx_trial_way(&trial);

		CHECK(way == (n % 2 == 0 ? MX_TREES_FOLD : MX_TREES_WALK));
		/* All but one block of each way were held up by something else. */
		mx_trial_add(&trial, way, (least[way] + (n / 2 == 1 ? 0 : 1000)) * TILE,
		             TILE);
	}
	CHECK(n == MX_TREES_WAYS * MX_TREES_TRIES);
	CHECK(mx_trial_way(&trial) == expected);
}

static MxTreesTrial *
trial_of(const MxScorer *scorer)
{
	for (size_t i = 0; i < scorer->n_steps; i++)
		if (scorer->steps[i].record->kind == MX_STEP_TREES)
			return scorer->steps[i].run.scratch;
	abort();
}

/* Blocks of some tiles and a rest, until long after the trial is over. */
static void
check_rows(const TreePlan *plan, size_t block, MxTwin most)
{
	size_t n_rows = block * 2 * MX_TREES_WAYS * MX_TREES_TRIES;
	size_t n_wrong = 0;
	uint8_t status[4 * TILE];
	MxColumn columns[8];
	MxScorer *scorer;
	MxBlock out;
	TreeCase c;

	if (tree_case_begin(&c, plan, n_rows) &&
	    CHECK(tree_case_image(&c)->n_blend_columns > 0))
	{
		tree_case_fold_from(&c, 1, true);
		scorer = kit_scorer(&c.kit, MX_ANSWER_VALUE, block);
		mx_twin_limit = most;
		for (size_t first = 0; first < n_rows; first += block)
		{
			for (size_t f = 0; f < c.n_features; f++)
				columns[f].numbers = c.rows + f * n_rows + first;
			CHECK_OK(
			    mx_scorer_run(scorer, columns, block, &out, status, &c.kit.err),
			    &c.kit.err);
			n_wrong += tree_case_count_wrong(&c, &out, first);
		}
		mx_twin_limit = MX_TWIN_WIDE;
		CHECK(n_wrong == 0);
		/* Where nothing is folded, there is nothing to choose. */
		for (int way = 0; way < MX_TREES_WAYS; way++)
			CHECK(trial_of(scorer)->n[way] ==
			      (mx_twin() < MX_TWIN_VECTOR || most == MX_TWIN_PLAIN ||
			               block < TILE
			           ? 0
			           : MX_TREES_TRIES));
	}
	kit_end(&c.kit);
}

int
main(void)
{
	static const size_t blocks[] = {TILE - 1, TILE, 3 * TILE, 2 * TILE + 5};

	check_pick(10, 5, MX_TREES_WALK);
	check_pick(5, 10, MX_TREES_FOLD);
	check_pick(5, 5, MX_TREES_FOLD);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		for (size_t seed = 0; seed < 4; seed++)
		{
			TreePlan plan = {.seed = seed,
			                 .n_trees = 9,
			                 .n_splits = 30,
			                 .n_features = 6,
			                 .n_outputs = 2,
			                 .n_values = 2,
			                 .rounds_to_float32 = seed % 2 == 0,
			                 .has_missing = seed > 1};

			check_rows(&plan, blocks[i], MX_TWIN_PLAIN);
			check_rows(&plan, blocks[i], MX_TWIN_VECTOR);
			check_rows(&plan, blocks[i], MX_TWIN_WIDE);
		}
	return check_report();
}
