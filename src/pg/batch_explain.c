/* batch_explain.c */
/* What EXPLAIN shows of a ModelBatch node, and of its like in workers. */
#include "postgres.h"

#include "nodes/pg_list.h"

#include "pg/batch_state.h"
#include "pg/compat.h"
#include "pg/settings.h"

/* ---- Counts ---- */

static MxpgBatchCounts
own_counts(const MxpgBatchState *state)
{
	double seconds = INSTR_TIME_GET_DOUBLE(state->scoring);
	MxpgBatchCounts counts = {state->n_blocks, state->n_rows,
	                          (uint64) (seconds * 1e9)};

	return counts;
}

static void
add_counts(MxpgBatchCounts *to, const MxpgBatchCounts *counts)
{
	to->blocks += counts->blocks;
	to->rows += counts->rows;
	to->nanoseconds += counts->nanoseconds;
}

static void
add_shared(MxpgBatchCounts *to, MxpgBatchShared *shared)
{
	MxpgBatchCounts counts = {pg_atomic_read_u64(&shared->blocks),
	                          pg_atomic_read_u64(&shared->rows),
	                          pg_atomic_read_u64(&shared->nanoseconds)};

	add_counts(to, &counts);
}

Size
mxpg_batch_estimate_shared(CustomScanState *node, ParallelContext *context)
{
	return sizeof(MxpgBatchShared);
}

void
mxpg_batch_begin_shared(CustomScanState *node, ParallelContext *context,
                        void *shared)
{
	MxpgBatchShared *counts = shared;

	pg_atomic_init_u64(&counts->blocks, 0);
	pg_atomic_init_u64(&counts->rows, 0);
	pg_atomic_init_u64(&counts->nanoseconds, 0);
	((MxpgBatchState *) node)->shared = counts;
}

/* Those of a rescan add to what earlier workers did. */
void
mxpg_batch_renew_shared(CustomScanState *node, ParallelContext *context,
                        void *shared)
{
}

void
mxpg_batch_join_shared(CustomScanState *node, shm_toc *toc, void *shared)
{
	MxpgBatchState *state = (MxpgBatchState *) node;

	state->shared = shared;
	state->is_worker = true;
}

void
mxpg_batch_report(MxpgBatchState *state)
{
	MxpgBatchCounts now = own_counts(state);
	MxpgBatchShared *shared = state->shared;

	pg_atomic_fetch_add_u64(&shared->blocks,
	                        (int64) (now.blocks - state->counted.blocks));
	pg_atomic_fetch_add_u64(&shared->rows,
	                        (int64) (now.rows - state->counted.rows));
	pg_atomic_fetch_add_u64(
	    &shared->nanoseconds,
	    (int64) (now.nanoseconds - state->counted.nanoseconds));
	state->counted = now;
}

/* The memory goes, and the workers with it. */
void
mxpg_batch_leave_shared(CustomScanState *node)
{
	MxpgBatchState *state = (MxpgBatchState *) node;

	if (state->shared == NULL)
		return;
	if (state->is_worker)
		mxpg_batch_report(state);
	else
		add_shared(&state->counted, state->shared);
	state->shared = NULL;
	state->is_worker = false;
}

/* ---- EXPLAIN ---- */

/* Columns that the models read, or those among them that are known. */
static List *
labels_of(const MxpgBatchState *state, bool only_known)
{
	List *columns = NIL;
	ListCell *cell;

	foreach (cell, state->plan.models)
	{
		const MxpgBatchModelPlan *model = lfirst(cell);
		ListCell *label;

		foreach (label, only_known ? model->known_labels : model->labels)
			columns = list_append_unique(columns, lfirst(label));
	}
	foreach (cell, columns)
		lfirst(cell) = strVal(lfirst(cell));
	return columns;
}

static void
explain_plan(const MxpgBatchState *state, ExplainState *es)
{
	List *known = labels_of(state, true);
	List *titles = NIL;
	int i;

	for (i = 0; i < state->n_models; i++)
		titles = lappend(titles, mxpg_batch_model_title(state->models[i]));
	ExplainPropertyList("Models", titles, es);
	ExplainPropertyList("Columns Read", labels_of(state, false), es);
	if (known != NIL && mxpg_prune != MXPG_PRUNE_OFF)
		ExplainPropertyList("Known Columns", known, es);
}

/* One for each model whose plan was made for what is known. */
static void
explain_tests(const MxpgBatchState *state, ExplainState *es)
{
	List *tests = NIL;
	int i;

	for (i = 0; i < state->n_models; i++)
		if (mxpg_batch_model_is_pruned(state->models[i]))
			tests = lappend(tests, mxpg_batch_model_tests(state->models[i]));
	if (tests != NIL)
		ExplainPropertyList("Tests Left", tests, es);
}

/* What models that conditions let stop early have left out. */
static void
explain_stops(const MxpgBatchState *state, ExplainState *es)
{
	uint64 n_asked = 0;
	uint64 n_skipped = 0;
	bool stops = false;
	int i;

	for (i = 0; i < state->n_models; i++)
	{
		uint64 asked;
		uint64 skipped;

		if (!mxpg_batch_model_count_trees(state->models[i], &asked, &skipped))
			continue;
		stops = true;
		n_asked += asked;
		n_skipped += skipped;
	}
	if (stops)
		ExplainPropertyFloat(
		    "Trees Skipped", "%",
		    n_asked == 0 ? 0 : 100.0 * (double) n_skipped / (double) n_asked, 1,
		    es);
}

void
mxpg_batch_explain(CustomScanState *node, List *ancestors, ExplainState *es)
{
	const MxpgBatchState *state = (const MxpgBatchState *) node;
	MxpgBatchCounts all;

	explain_plan(state, es);
	ExplainPropertyText("Rows Read From",
	                    state->plan.is_raw ? "pages" : "copies", es);
	if (!es->analyze)
		return;
	explain_tests(state, es);
	all = own_counts(state);
	add_counts(&all, &state->counted);
	if (state->shared != NULL)
		add_shared(&all, state->shared);
	ExplainPropertyInteger("Rows per Block", NULL, mxpg_batch_most_rows(state),
	                       es);
	ExplainPropertyInteger("Blocks", NULL, (int64) all.blocks, es);
	ExplainPropertyInteger("Rows Read Ahead", NULL, (int64) all.rows, es);
	explain_stops(state, es);
	if (es->timing)
		ExplainPropertyFloat("Scoring Time", "ms",
		                     (double) all.nanoseconds / 1e6, 3, es);
}
