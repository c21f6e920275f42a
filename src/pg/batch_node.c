/* batch_node.c */
/* Executes ModelBatch: reads rows ahead, scores them and passes them on. */
#include "postgres.h"

#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "executor/executor.h"
#include "executor/nodeCustom.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/batch_state.h"
#include "pg/compat.h"

static const CustomExecMethods exec_methods;

static Node *
create_state(CustomScan *scan)
{
	MxpgBatchState *state = palloc0_object(MxpgBatchState);

	NodeSetTag(state, T_CustomScanState);
	state->custom.methods = &exec_methods;
	return (Node *) state;
}

/* ---- Begin ---- */

/* The calls are gone from the plan's expressions, and their check with them. */
static void
check_functions(const MxpgBatchPlan *plan)
{
	ListCell *call;
	ListCell *function;

	foreach (call, plan->calls)
		foreach (function,
		         ((const MxpgBatchCallPlan *) lfirst(call))->functions)
		{
			Oid id = lfirst_oid(function);
			AclResult result =
			    mxpg_function_aclcheck(id, GetUserId(), ACL_EXECUTE);

			if (result != ACLCHECK_OK)
				aclcheck_error(result, OBJECT_FUNCTION, get_func_name(id));
			InvokeFunctionExecuteHook(id);
		}
}

/* The child's columns that something reads: the others are not kept. */
static Bitmapset *
needed_columns(const MxpgBatchState *state)
{
	Bitmapset *columns = NULL;
	ListCell *model;
	ListCell *value;
	int i;

	for (i = 0; i < state->n_values; i++)
		if (state->sources[i] > 0)
			columns = bms_add_member(columns, state->sources[i] - 1);
	foreach (model, state->plan.models)
		foreach (value, ((const MxpgBatchModelPlan *) lfirst(model))->values)
			if (IsA(lfirst(value), Var))
				columns = bms_add_member(
				    columns, ((const Var *) lfirst(value))->varattno - 1);
	return columns;
}

static void
prepare_rows(MxpgBatchState *state, EState *estate)
{
	MxpgBatchSource source = {.child = linitial(state->custom.custom_ps),
	                          .is_raw = state->plan.is_raw,
	                          .is_narrow = state->plan.is_narrow};

	if (!source.is_raw)
		source.columns = needed_columns(state);
	else
		/* WHERE CURRENT OF looks for the table here. */
		state->custom.ss.ss_currentRelation =
		    ((ScanState *) source.child)->ss_currentRelation;
	state->rows = mxpg_batch_rows_create(&source, estate);
	mxpg_batch_rows_deliver(state->rows, state->sources, state->n_values);
}

static void
prepare_models(MxpgBatchState *state, const EState *estate)
{
	const PlanState *child = linitial(state->custom.custom_ps);
	MxpgBatchExecution execution = {.params = estate->es_param_list_info,
	                                .rows = child->plan->plan_rows};
	ListCell *cell;

	state->models =
	    palloc_array(MxpgBatchModel *, list_length(state->plan.models));
	foreach (cell, state->plan.models)
		state->models[state->n_models++] =
		    mxpg_batch_model_create(lfirst(cell), &execution, state->rows);
	foreach (cell, state->plan.calls)
	{
		const MxpgBatchCallPlan *call = lfirst(cell);
		int i = foreach_current_index(cell);

		state->model_of[i] = call->model;
		state->answers[i] = mxpg_batch_answer_create(
		    state->models[call->model], call,
		    mxpg_batch_limits(&state->custom.ss.ps, state->n_values + i + 1));
	}
}

static void
begin(CustomScanState *node, EState *estate, int eflags)
{
	MxpgBatchState *state = (MxpgBatchState *) node;
	CustomScan *scan = (CustomScan *) node->ss.ps.plan;

	mxpg_batch_decode(scan->custom_private, &state->plan);
	check_functions(&state->plan);
	node->custom_ps =
	    list_make1(ExecInitNode(linitial(scan->custom_plans), estate, eflags));
	state->ramp = 1;
	state->n_values = list_length(state->plan.sources);
	state->n_calls = list_length(state->plan.calls);
	state->sources = palloc0_array(int, state->n_values + 1);
	state->answers = palloc0_array(MxpgBatchAnswer *, state->n_calls + 1);
	state->model_of = palloc0_array(int, state->n_calls + 1);
	mxpg_batch_prepare_stages(state);
	prepare_rows(state, estate);
	prepare_models(state, estate);
}

/* ---- Rows ---- */

int
mxpg_batch_most_rows(const MxpgBatchState *state)
{
	int most = MXPG_BATCH_ROWS;
	int i;

	for (i = 0; i < state->n_models; i++)
		most = Min(most, mxpg_batch_model_rows(state->models[i]));
	return most;
}

static void
begin_block(MxpgBatchState *state, int limit)
{
	int n = mxpg_batch_rows_count(state->rows);
	int i;

	mxpg_batch_forget_stages(state);
	for (i = 0; i < state->n_models; i++)
		mxpg_batch_model_forget(state->models[i]);
	state->ramp = limit * 2;
	state->n_blocks += n > 0;
	state->n_rows += (uint64) n;
	if (state->is_worker)
		mxpg_batch_report(state);
}

/* Few at first: the query may want no more. */
static int
next_row(MxpgBatchState *state)
{
	int row = mxpg_batch_rows_next(state->rows);
	int limit;

	if (row >= 0)
		return row;
	limit = Min(state->ramp, mxpg_batch_most_rows(state));
	if (mxpg_batch_rows_fill(state->rows, limit) > 0)
		row = mxpg_batch_rows_next(state->rows);
	begin_block(state, limit);
	return row;
}

static TupleTableSlot *
next_slot(CustomScanState *node)
{
	MxpgBatchState *state = (MxpgBatchState *) node;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
	ProjectionInfo *projection = node->ss.ps.ps_ProjInfo;

	for (;;)
	{
		int row;

		CHECK_FOR_INTERRUPTS();
		row = next_row(state);
		if (row < 0)
			return ExecClearTuple(slot);
		if (mxpg_batch_pass(state, row))
			return projection == NULL ? slot : ExecProject(projection);
		InstrCountFiltered1(node, 1);
	}
}

static void
rescan(CustomScanState *node)
{
	MxpgBatchState *state = (MxpgBatchState *) node;
	PlanState *child = linitial(node->custom_ps);

	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	mxpg_batch_rows_reset(state->rows);
	state->ramp = 1;
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(child, node->ss.ps.chgParam);
	if (child->chgParam == NULL)
		ExecReScan(child);
}

static void
end(CustomScanState *node)
{
	mxpg_batch_rows_reset(((MxpgBatchState *) node)->rows);
	ExecEndNode(linitial(node->custom_ps));
}

static const CustomExecMethods exec_methods = {
    .CustomName = MXPG_BATCH_NODE,
    .BeginCustomScan = begin,
    .ExecCustomScan = next_slot,
    .EndCustomScan = end,
    .ReScanCustomScan = rescan,
    .EstimateDSMCustomScan = mxpg_batch_estimate_shared,
    .InitializeDSMCustomScan = mxpg_batch_begin_shared,
    .ReInitializeDSMCustomScan = mxpg_batch_renew_shared,
    .InitializeWorkerCustomScan = mxpg_batch_join_shared,
    .ShutdownCustomScan = mxpg_batch_leave_shared,
    .ExplainCustomScan = mxpg_batch_explain};

const CustomScanMethods mxpg_batch_scan_methods = {
    .CustomName = MXPG_BATCH_NODE, .CreateCustomScanState = create_state};
