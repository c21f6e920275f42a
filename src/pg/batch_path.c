/* batch_path.c */
/* Where the planner's paths get a node that scores rows in blocks. */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "utils/rel.h"

#include "pg/batch.h"
#include "pg/compat.h"
#include "pg/settings.h"

const CustomPathMethods mxpg_batch_path_methods = {
    .CustomName = MXPG_BATCH_NODE, .PlanCustomPath = mxpg_batch_create_plan};

/* One row is no block: looking up a key is not to pay for one. */
#define FEWEST_ROWS 2

static create_upper_paths_hook_type previous_upper_hook = NULL;
static set_rel_pathlist_hook_type previous_scan_hook = NULL;

List *
mxpg_batch_path_calls(const CustomPath *path)
{
	return linitial(path->custom_private);
}

bool
mxpg_batch_path_is_raw(const CustomPath *path)
{
	return intVal(lsecond(path->custom_private)) != 0;
}

static bool
is_batch(const Path *path)
{
	return IsA(path, CustomPath) &&
	       ((const CustomPath *) path)->methods == &mxpg_batch_path_methods;
}

/* ---- What may be read ahead, and how ---- */

static bool
is_heap(Oid relation)
{
	Relation table = table_open(relation, NoLock);
	bool is_heap = table->rd_tableam == GetHeapamTableAmRoutine();

	table_close(table, NoLock);
	return is_heap;
}

/* Whether a tuple of the scanned table is all that the target needs. */
static bool
has_plain_variables(const Path *path, List *calls)
{
	List *variables =
	    mxpg_batch_other_variables((Node *) path->pathtarget->exprs, calls);
	ListCell *cell;

	foreach (cell, variables)
	{
		const Var *variable = lfirst(cell);

		/* A whole row is made by the scan. */
		if (!IsA(variable, Var) || variable->varno != path->parent->relid ||
		    variable->varattno == 0 || variable->varlevelsup > 0)
			return false;
	}
	return true;
}

static bool
is_raw_scan(PlannerInfo *root, const Path *path)
{
	const RangeTblEntry *entry;

	if (path->pathtype != T_SeqScan && path->pathtype != T_SampleScan &&
	    path->pathtype != T_IndexScan && path->pathtype != T_BitmapHeapScan &&
	    path->pathtype != T_TidScan && path->pathtype != T_TidRangeScan)
		return false;
	/* Such a condition is tested by another node over the scan. */
	if (path->param_info != NULL || root->hasPseudoConstantQuals)
		return false;
	entry = planner_rt_fetch(path->parent->relid, root);
	return entry->rtekind == RTE_RELATION && is_heap(entry->relid) &&
	       has_plain_variables(path, NIL);
}

/*
 * Whether reading more rows than the query will use cannot raise an error.
 * Conditions with calls are tested for rows that are used only.
 */
static bool
cannot_fail(const Path *path, bool is_raw, bool tests_calls)
{
	ListCell *cell;

	if (!is_raw)
		return false;
	foreach (cell, path->parent->baserestrictinfo)
	{
		Node *clause = (Node *) ((RestrictInfo *) lfirst(cell))->clause;

		if (tests_calls && mxpg_batch_calls(clause) != NIL)
			continue;
		if (contain_leaked_vars(clause))
			return false;
	}
	return true;
}

/* ---- The path ---- */

static CustomPath *
new_batch(Path *path, bool is_raw)
{
	CustomPath *batch = makeNode(CustomPath);

	batch->path = *path;
	batch->path.type = T_CustomPath;
	batch->path.pathtype = T_CustomScan;
	/* Only those that are may count together. */
	batch->path.parallel_aware = path->parallel_workers > 0;
	batch->path.pathtarget = copy_pathtarget(path->pathtarget);
	batch->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	batch->custom_paths = list_make1(path);
	batch->custom_private = list_make2(NIL, makeInteger(is_raw));
	batch->methods = &mxpg_batch_path_methods;
	return batch;
}

static CustomPath *
copy_batch(const CustomPath *path)
{
	CustomPath *batch = palloc_object(CustomPath);

	*batch = *path;
	batch->path.pathtarget = copy_pathtarget(path->path.pathtarget);
	batch->custom_private =
	    list_make2(list_copy(mxpg_batch_path_calls(path)),
	               makeInteger(mxpg_batch_path_is_raw(path)));
	return batch;
}

static void
add_call(CustomPath *batch, Node *call)
{
	linitial(batch->custom_private) =
	    list_append_unique(mxpg_batch_path_calls(batch), call);
}

/* Whether the path's rows hold what the call reads. */
static bool
delivers_arguments(const Path *path, Node *call)
{
	List *variables = mxpg_batch_other_variables(call, NIL);

	return list_difference(variables, path->pathtarget->exprs) == NIL;
}

/* NULL when the rows of the path are not to be read ahead. */
static CustomPath *
batch_over(PlannerInfo *root, Path *path, bool all_rows)
{
	bool is_raw;
	Node *target = (Node *) path->pathtarget->exprs;

	if (is_batch(path))
		return copy_batch((CustomPath *) path);
	is_raw = is_raw_scan(root, path);
	if (path->rows < FEWEST_ROWS || path->param_info != NULL ||
	    expression_returns_set(target) || contain_volatile_functions(target) ||
	    (!all_rows && !cannot_fail(path, is_raw, false)))
		return NULL;
	return new_batch(path, is_raw);
}

Path *
mxpg_batch_wrap(PlannerInfo *root, Path *path, List *calls, bool all_rows)
{
	CustomPath *batch = batch_over(root, path, all_rows);
	bool delivers_any = false;
	ListCell *cell;

	if (batch == NULL)
		return path;
	foreach (cell, calls)
	{
		if (!delivers_arguments(linitial(batch->custom_paths), lfirst(cell)))
			continue;
		add_call(batch, lfirst(cell));
		if (!list_member(batch->path.pathtarget->exprs, lfirst(cell)))
			add_column_to_pathtarget(batch->path.pathtarget, lfirst(cell), 0);
		delivers_any = true;
	}
	return delivers_any ? &batch->path : path;
}

/* ---- A query level ---- */

/* Volatile functions in conditions would be called in another order. */
static bool
is_batchable_level(const PlannerInfo *root)
{
	return mxpg_enable_batch &&
	       !contain_volatile_functions((Node *) root->parse->jointree);
}

static bool
reads_all_rows(const PlannerInfo *root)
{
	return root->parent_root == NULL && root->tuple_fraction == 0;
}

/*
 * Paths of MERGE are described by one list, though each may deliver columns of
 * its own: the cheapest remains.
 */
static void
keep_cheapest(RelOptInfo *output)
{
	Path *cheapest = linitial(output->pathlist);
	ListCell *cell;

	foreach (cell, output->pathlist)
		if (((Path *) lfirst(cell))->total_cost < cheapest->total_cost)
			cheapest = lfirst(cell);
	output->pathlist = list_make1(cheapest);
}

static void
upper_hook(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input,
           RelOptInfo *output, void *extra)
{
	if (previous_upper_hook != NULL)
		previous_upper_hook(root, stage, input, output, extra);
	if (stage != UPPERREL_FINAL || !is_batchable_level(root))
		return;
	if (root->parse->commandType == CMD_MERGE && output->pathlist != NIL)
		keep_cheapest(output);
	mxpg_batch_visit(root, output->pathlist, reads_all_rows(root));
	mxpg_batch_visit(root, output->partial_pathlist, reads_all_rows(root));
}

/* ---- Conditions on a table ---- */

/* Whether the node can test the clause in the scan's place. */
static bool
can_move(Node *clause)
{
	List *variables = mxpg_batch_other_variables(clause, NIL);
	ListCell *cell;

	if (contain_subplans(clause))
		return false;
	foreach (cell, variables)
		if (!IsA(lfirst(cell), Var) || ((Var *) lfirst(cell))->varattno == 0)
			return false;
	return true;
}

/* NIL when conditions that follow a call must stay where they are. */
static List *
calls_in_scan(const RelOptInfo *rel)
{
	/* Arms of UNION ALL have calls in the scan's own target. */
	List *calls = mxpg_batch_calls((Node *) rel->reltarget->exprs);
	ListCell *cell;

	foreach (cell, rel->baserestrictinfo)
	{
		Node *clause = (Node *) ((RestrictInfo *) lfirst(cell))->clause;

		if (!can_move(clause))
			return NIL;
		calls = list_concat_unique(calls, mxpg_batch_calls(clause));
	}
	return calls;
}

/* Rows that conditions are tested for. */
static double
rows_tested(const Path *path)
{
	double rows = path->parent->tuples;

	if (IsA(path, IndexPath))
		rows *= ((const IndexPath *) path)->indexselectivity;
	return rows;
}

static void
wrap_scans(PlannerInfo *root, List *paths, List *calls, bool all_rows)
{
	ListCell *cell;

	foreach (cell, paths)
	{
		Path *path = lfirst(cell);
		bool is_raw = is_raw_scan(root, path);
		CustomPath *batch;

		if (!is_raw || rows_tested(path) < FEWEST_ROWS ||
		    (!all_rows && !cannot_fail(path, is_raw, true)))
			continue;
		batch = new_batch(path, true);
		linitial(batch->custom_private) = list_copy(calls);
		lfirst(cell) = batch;
	}
}

static void
scan_hook(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
	bool is_alone = bms_membership(root->all_baserels) == BMS_SINGLETON;
	bool all_rows = is_alone && reads_all_rows(root);
	List *calls;

	if (previous_scan_hook != NULL)
		previous_scan_hook(root, rel, rti, rte);
	if (rte->rtekind != RTE_RELATION || rte->inh || !is_batchable_level(root))
		return;
	calls = calls_in_scan(rel);
	if (calls == NIL)
		return;
	wrap_scans(root, rel->pathlist, calls, all_rows);
	wrap_scans(root, rel->partial_pathlist, calls, all_rows);
}

void
mxpg_batch_init(void)
{
	RegisterCustomScanMethods(&mxpg_batch_scan_methods);
	previous_upper_hook = create_upper_paths_hook;
	create_upper_paths_hook = upper_hook;
	previous_scan_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = scan_hook;
}
