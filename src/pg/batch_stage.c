/* batch_stage.c */
/* What a ModelBatch node asks about a row, condition by condition. */
#include "postgres.h"

#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "utils/memutils.h"

#include "pg/batch_state.h"
#include "pg/compat.h"

#define DROPPED (-1)

/* What it takes to test a condition for one row, about. */
#define TEST_NANOSECONDS 40.0
/* Few rows say little of those that follow. */
#define ROWS_TO_JUDGE 64
/* So many blocks later it may be otherwise. */
#define BLIND_BLOCKS 16

/* ---- Begin ---- */

/* Numbers of the scan tuple's columns in an expression, from 0. */
static bool
find_columns(Node *node, Bitmapset **columns)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		if (((Var *) node)->varno == INDEX_VAR)
			*columns = bms_add_member(*columns, ((Var *) node)->varattno - 1);
		return false;
	}
	return expression_tree_walker(node, find_columns, (void *) columns);
}

static MxpgBatchStage *
add_stage(MxpgBatchState *state, Node *expression, Bitmapset **seen)
{
	MxpgBatchStage *stage = &state->stages[state->n_stages++];
	Bitmapset *columns = NULL;
	int first;
	int i = state->n_values - 1;

	(void) find_columns(expression, &columns);
	first = bms_next_member(columns, -1);
	stage->reads_values = first >= 0 && first < state->n_values;
	columns = bms_del_members(columns, *seen);
	*seen = bms_add_members(*seen, columns);
	stage->calls = palloc_array(int, state->n_calls + 1);
	while ((i = bms_next_member(columns, i)) >= 0)
		stage->calls[stage->n_calls++] = i - state->n_values;
	return stage;
}

/*
 * A row that a condition drops is not asked about by those that follow: it
 * may be one that has no answer.
 */
void
mxpg_batch_prepare_stages(MxpgBatchState *state)
{
	const Plan *plan = state->custom.ss.ps.plan;
	Bitmapset *seen = NULL;
	bool is_safe = true;
	ListCell *cell;
	int i;

	state->stages = palloc0_array(MxpgBatchStage, list_length(plan->qual) + 1);
	foreach (cell, plan->qual)
	{
		MxpgBatchStage *stage = add_stage(state, lfirst(cell), &seen);

		/* Calls are columns by now. */
		is_safe = is_safe && !contain_leaked_vars(lfirst(cell));
		stage->is_safe = is_safe;
		stage->condition =
		    ExecInitQual(list_make1(lfirst(cell)), &state->custom.ss.ps);
	}
	(void) add_stage(state, (Node *) plan->targetlist, &seen);
	for (i = 0; i < state->n_values; i++)
		state->sources[i] =
		    bms_is_member(i, seen) ? list_nth_int(state->plan.sources, i) : 0;
}

void
mxpg_batch_forget_stages(MxpgBatchState *state)
{
	state->n_ahead = 0;
	state->selected = NULL;
	if (state->n_blind > 0)
		state->n_blind--;
}

/* ---- A row ---- */

static inline TupleTableSlot *
begin_row(const MxpgBatchState *state, int row, bool with_values)
{
	ExprContext *context = state->custom.ss.ps.ps_ExprContext;
	TupleTableSlot *slot = state->custom.ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	ResetExprContext(context);
	if (with_values)
		mxpg_batch_rows_load(state->rows, row, slot);
	ExecStoreVirtualTuple(slot);
	context->ecxt_scantuple = slot;
	return slot;
}

static void
score(MxpgBatchState *state, MxpgBatchModel *model)
{
	instr_time before;
	instr_time after;

	if (!mxpg_is_timed(&state->custom.ss.ps))
	{
		mxpg_batch_model_score(model, state->selected);
		return;
	}
	INSTR_TIME_SET_CURRENT(before);
	mxpg_batch_model_score(model, state->selected);
	INSTR_TIME_SET_CURRENT(after);
	INSTR_TIME_ACCUM_DIFF(state->scoring, after, before);
}

static inline void
set_answers(MxpgBatchState *state, const MxpgBatchStage *stage, int row,
            TupleTableSlot *slot)
{
	ExprContext *context = state->custom.ss.ps.ps_ExprContext;
	MemoryContext caller =
	    MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
	int i;

	for (i = 0; i < stage->n_calls; i++)
	{
		int call = stage->calls[i];
		int column = state->n_values + call;
		MxpgBatchModel *model = state->models[state->model_of[call]];

		if (!mxpg_batch_model_is_scored(model))
			score(state, model);
		slot->tts_isnull[column] = !mxpg_batch_answer(
		    state->answers[call], row, &slot->tts_values[column]);
	}
	MemoryContextSwitchTo(caller);
}

/* ---- Rows further on ---- */

static inline bool
is_unscored(const MxpgBatchState *state, const MxpgBatchStage *stage, int i)
{
	int model = state->model_of[stage->calls[i]];

	return !mxpg_batch_model_is_scored(state->models[model]);
}

static inline bool
has_unscored_model(const MxpgBatchState *state, const MxpgBatchStage *stage)
{
	int i;

	for (i = 0; i < stage->n_calls; i++)
		if (is_unscored(state, stage, i))
			return true;
	return false;
}

/* Whether a stage's models are so slow that leaving rows out pays. */
static bool
is_worth_it(const MxpgBatchState *state, const MxpgBatchStage *stage, int n)
{
	double cost = 0;
	int i;

	for (i = 0; i < stage->n_calls; i++)
		if (is_unscored(state, stage, i))
			cost += mxpg_batch_model_cost(
			    state->models[state->model_of[stage->calls[i]]]);
	return n < ROWS_TO_JUDGE || cost == 0 ||
	       cost * (n - state->selection.n) >= TEST_NANOSECONDS * n;
}

/* Whether a stage's answers can be had without an error. */
static bool
has_answers(const MxpgBatchState *state, const MxpgBatchStage *stage, int row)
{
	int i;

	for (i = 0; i < stage->n_calls; i++)
		if (!mxpg_batch_answer_is_sure(state->answers[stage->calls[i]], row))
			return false;
	return true;
}

/* Tests a stage for rows that passed those before it. */
static void
test_ahead(MxpgBatchState *state, int number)
{
	ExprContext *context = state->custom.ss.ps.ps_ExprContext;
	const MxpgBatchStage *stage = &state->stages[number];
	int n = mxpg_batch_rows_count(state->rows);
	int row;

	for (row = 0; row < n; row++)
	{
		TupleTableSlot *slot;
		int i;

		/* A row without an answer gets no further until it is used. */
		if (state->passed[row] != number || !has_answers(state, stage, row))
			continue;
		slot = begin_row(state, row, stage->reads_values);
		for (i = 0; i <= number; i++)
			set_answers(state, &state->stages[i], row, slot);
		state->passed[row] =
		    ExecQual(stage->condition, context) ? number + 1 : DROPPED;
	}
}

static void
make_room(MxpgBatchState *state, int n)
{
	MemoryContext caller;

	if (n <= state->room)
		return;
	caller = MemoryContextSwitchTo(GetMemoryChunkContext(state->stages));
	if (state->room > 0)
	{
		pfree(state->passed);
		pfree(state->selection.rows);
	}
	state->passed = palloc_array(int, n);
	state->selection.rows = palloc_array(int, n);
	state->room = n;
	MemoryContextSwitchTo(caller);
}

static void
select_rows(MxpgBatchState *state, int n)
{
	int row;

	state->selection.n = 0;
	for (row = 0; row < n; row++)
		if (state->passed[row] == state->n_ahead)
			state->selection.rows[state->selection.n++] = row;
	state->selected = state->selection.n < n ? &state->selection : NULL;
}

/*
 * Tests conditions before a stage for the whole block, so that its models are
 * scored for rows that get there.  The models of those conditions are scored:
 * some row has come so far.  false when there is nothing to test.
 */
static bool
look_ahead(MxpgBatchState *state, int stage)
{
	int n = mxpg_batch_rows_count(state->rows);
	int first = state->n_ahead;

	if (state->n_blind > 0)
		return false;
	make_room(state, n);
	if (first == 0)
		memset(state->passed, 0, sizeof(int) * (Size) n);
	while (state->n_ahead < stage && state->stages[state->n_ahead].is_safe)
		test_ahead(state, state->n_ahead++);
	if (state->n_ahead == first)
		return false;
	select_rows(state, n);
	if (!is_worth_it(state, &state->stages[stage], n))
		state->n_blind = BLIND_BLOCKS;
	return true;
}

/* The row once more: looking ahead used the slot. */
static TupleTableSlot *
begin_again(MxpgBatchState *state, int row, int n_stages)
{
	TupleTableSlot *slot = begin_row(state, row, true);
	int i;

	for (i = 0; i < n_stages; i++)
		set_answers(state, &state->stages[i], row, slot);
	return slot;
}

bool
mxpg_batch_pass(MxpgBatchState *state, int row)
{
	ExprContext *context = state->custom.ss.ps.ps_ExprContext;
	int passed = state->n_ahead > 0 ? state->passed[row] : 0;
	TupleTableSlot *slot;
	int i;

	if (passed == DROPPED)
		return false;
	slot = begin_row(state, row, true);
	for (i = 0; i < state->n_stages; i++)
	{
		const MxpgBatchStage *stage = &state->stages[i];

		if (i > 0 && has_unscored_model(state, stage) && look_ahead(state, i))
			slot = begin_again(state, row, i);
		if (stage->n_calls > 0)
			set_answers(state, stage, row, slot);
		if (i >= passed && stage->condition != NULL &&
		    !ExecQual(stage->condition, context))
			return false;
	}
	return true;
}
