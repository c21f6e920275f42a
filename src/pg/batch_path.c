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

/* Paths are shared between lists: they are copied and never changed. */
static void *
copy_path(const void *path, size_t size)
{
	void *copy = palloc(size);

	memcpy(copy, path, size);
	return copy;
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
	batch->path.parallel_aware = false;
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
	CustomPath *batch = copy_path(path, sizeof(CustomPath));

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

/*
 * The path with the calls as further columns, those it can deliver: without
 * one, the path itself.
 */
static Path *
wrap(PlannerInfo *root, Path *path, List *calls, bool all_rows)
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

/* ---- Below aggregates ---- */

/* target and calls, without columns that were only there for the calls. */
static PathTarget *
narrowed_target(const PathTarget *target, List *calls, List *needed)
{
	PathTarget *narrow = create_empty_pathtarget();
	ListCell *cell;

	foreach (cell, target->exprs)
	{
		int i = foreach_current_index(cell);
		Index ref = get_pathtarget_sortgroupref(target, i);

		if (ref != 0 || !IsA(lfirst(cell), Var) ||
		    list_member(needed, lfirst(cell)))
			add_column_to_pathtarget(narrow, lfirst(cell), ref);
	}
	add_new_columns_to_pathtarget(narrow, calls);
	narrow->cost = target->cost;
	narrow->width = target->width;
	return narrow;
}

/* The projection computes what the aggregate is given; calls come below it. */
static Path *
deliver_below_projection(PlannerInfo *root, ProjectionPath *path, List *calls,
                         List *needed, bool all_rows)
{
	ProjectionPath *projection = copy_path(path, sizeof(ProjectionPath));

	projection->subpath = wrap(root, path->subpath, calls, all_rows);
	calls = list_intersection(calls, projection->subpath->pathtarget->exprs);
	if (calls == NIL)
		return &path->path;
	projection->path.pathtarget =
	    narrowed_target(path->path.pathtarget, calls, needed);
	return &projection->path;
}

/* The path with those of the calls that it can deliver, needed, and no more. */
static Path *
deliver(PlannerInfo *root, Path *path, List *calls, List *needed, bool all_rows)
{
	Path *below;

	if (IsA(path, ProjectionPath))
		return deliver_below_projection(root, (ProjectionPath *) path, calls,
		                                needed, all_rows);
	if (IsA(path, SortPath))
	{
		SortPath *sort = copy_path(path, sizeof(SortPath));

		sort->subpath = deliver(root, sort->subpath, calls, needed, true);
		sort->path.pathtarget = sort->subpath->pathtarget;
		return &sort->path;
	}
	below = wrap(root, path, calls, all_rows);
	calls = list_intersection(calls, below->pathtarget->exprs);
	if (below != path)
		below->pathtarget = narrowed_target(below->pathtarget, calls, needed);
	return below;
}

static void visit(PlannerInfo *root, Path *path, bool all_rows);

/*
 * Arguments of aggregates are evaluated for each row that comes in; all else
 * in the target for each group.
 */
static void
visit_aggregate(PlannerInfo *root, AggPath *path, bool all_rows)
{
	List *expressions =
	    list_concat_copy(path->path.pathtarget->exprs, path->qual);
	List *calls;

	/* Groups that come sorted may be cut short by a LIMIT. */
	all_rows = all_rows || path->aggstrategy == AGG_PLAIN ||
	           path->aggstrategy == AGG_HASHED;
	visit(root, path->subpath, all_rows);
	if (DO_AGGSPLIT_COMBINE(path->aggsplit))
		return;
	calls = list_difference(mxpg_batch_aggregated_calls((Node *) expressions),
	                        path->subpath->pathtarget->exprs);
	if (calls != NIL)
		path->subpath = deliver(
		    root, path->subpath, calls,
		    mxpg_batch_other_variables((Node *) expressions, calls), all_rows);
}

/* ---- The walk over the finished paths of a query level ---- */

static void
visit_projection(PlannerInfo *root, ProjectionPath *path, bool all_rows)
{
	List *calls;

	visit(root, path->subpath, all_rows);
	calls =
	    list_difference(mxpg_batch_calls((Node *) path->path.pathtarget->exprs),
	                    path->subpath->pathtarget->exprs);
	if (calls != NIL)
		path->subpath = wrap(root, path->subpath, calls, all_rows);
}

static void
visit_all(PlannerInfo *root, List *paths, bool all_rows)
{
	ListCell *cell;

	foreach (cell, paths)
		visit(root, lfirst(cell), all_rows);
}

/*
 * all_rows: the query is sure to read the path to its end, so that an error
 * in a row further on comes up anyway.
 */
static void
visit(PlannerInfo *root, Path *path, bool all_rows)
{
	switch (nodeTag(path))
	{
		case T_ProjectionPath:
			visit_projection(root, (ProjectionPath *) path, all_rows);
			return;
		case T_AggPath:
			visit_aggregate(root, (AggPath *) path, all_rows);
			return;
		case T_AppendPath:
			visit_all(root, ((AppendPath *) path)->subpaths, all_rows);
			return;
		case T_MergeAppendPath:
			visit_all(root, ((MergeAppendPath *) path)->subpaths, all_rows);
			return;
		case T_SortPath:
			visit(root, ((SortPath *) path)->subpath, true);
			return;
		case T_ModifyTablePath:
			visit(root, ((ModifyTablePath *) path)->subpath, true);
			return;
		default:
			path = mxpg_only_subpath(path);
			if (path != NULL)
				visit(root, path, all_rows);
	}
}

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

static void
upper_hook(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input,
           RelOptInfo *output, void *extra)
{
	if (previous_upper_hook != NULL)
		previous_upper_hook(root, stage, input, output, extra);
	if (stage != UPPERREL_FINAL || !is_batchable_level(root))
		return;
	visit_all(root, output->pathlist, reads_all_rows(root));
	visit_all(root, output->partial_pathlist, reads_all_rows(root));
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
