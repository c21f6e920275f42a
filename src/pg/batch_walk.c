/* batch_walk.c */
/* Finds, in a query level's paths, what calls models for the rows below. */
#include "postgres.h"

#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"

#include "pg/batch.h"
#include "pg/compat.h"

/* Paths are shared between lists: they are copied and never changed. */
static void *
copy_path(const void *path, size_t size)
{
	void *copy = palloc(size);

	memcpy(copy, path, size);
	return copy;
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

	projection->subpath = mxpg_batch_wrap(root, path->subpath, calls, all_rows);
	calls = list_intersection(calls, projection->subpath->pathtarget->exprs);
	if (calls == NIL)
		return &path->path;
	projection->path.pathtarget =
	    narrowed_target(path->path.pathtarget, calls, needed);
	return &projection->path;
}

static Path *deliver(PlannerInfo *root, Path *path, List *calls, List *needed,
                     bool all_rows);

/* Below a path that passes rows on as they are; copy is one of it. */
static Path *
deliver_below(PlannerInfo *root, Path *copy, Path **below, List *calls,
              List *needed, bool all_rows)
{
	*below = deliver(root, *below, calls, needed, all_rows);
	copy->pathtarget = (*below)->pathtarget;
	return copy;
}

/* Below another window; it hands the answers up. */
static Path *
deliver_below_window(PlannerInfo *root, WindowAggPath *path, List *calls,
                     List *needed, bool all_rows)
{
	WindowAggPath *window = copy_path(path, sizeof(WindowAggPath));
	List *own = mxpg_batch_other_variables(
	    (Node *) path->path.pathtarget->exprs, calls);

	window->subpath = deliver(root, path->subpath, calls,
	                          list_concat_unique(own, needed), all_rows);
	window->path.pathtarget = narrowed_target(
	    path->path.pathtarget,
	    list_intersection(calls, window->subpath->pathtarget->exprs), own);
	return &window->path;
}

/* The path with those of the calls that it can deliver, needed, and no more. */
static Path *
deliver(PlannerInfo *root, Path *path, List *calls, List *needed, bool all_rows)
{
	Path *below;

	if (IsA(path, ProjectionPath))
		return deliver_below_projection(root, (ProjectionPath *) path, calls,
		                                needed, all_rows);
	if (IsA(path, WindowAggPath))
		return deliver_below_window(root, (WindowAggPath *) path, calls, needed,
		                            all_rows);
	if (IsA(path, SortPath))
	{
		SortPath *sort = copy_path(path, sizeof(SortPath));

		return deliver_below(root, &sort->path, &sort->subpath, calls, needed,
		                     true);
	}
	if (IsA(path, IncrementalSortPath))
	{
		IncrementalSortPath *sort =
		    copy_path(path, sizeof(IncrementalSortPath));

		return deliver_below(root, &sort->spath.path, &sort->spath.subpath,
		                     calls, needed, all_rows);
	}
	below = mxpg_batch_wrap(root, path, calls, all_rows);
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

/*
 * A window reads its rows ahead of those it gives out: one without an answer
 * is sure to be used only if the query reads them all.
 */
static void
visit_window(PlannerInfo *root, WindowAggPath *path, bool all_rows)
{
	List *target = path->path.pathtarget->exprs;
	List *calls;

	visit(root, path->subpath, all_rows);
	if (!all_rows || mxpg_window_filters(path))
		return;
	calls = list_difference(mxpg_batch_window_calls(target, path->winclause),
	                        path->subpath->pathtarget->exprs);
	if (calls != NIL)
		path->subpath =
		    deliver(root, path->subpath, calls,
		            mxpg_batch_other_variables((Node *) target, calls), true);
}

static void
visit_set(PlannerInfo *root, ProjectSetPath *path, bool all_rows)
{
	List *target = path->path.pathtarget->exprs;
	List *calls;

	visit(root, path->subpath, all_rows);
	calls = list_difference(mxpg_batch_set_calls(target),
	                        path->subpath->pathtarget->exprs);
	if (calls != NIL)
		path->subpath = deliver(
		    root, path->subpath, calls,
		    mxpg_batch_other_variables((Node *) target, calls), all_rows);
}

/* ---- The walk over the finished paths of a query level ---- */

/*
 * What every row asks for is delivered with the rows: actions find it as they
 * find columns of the source.
 */
static void
visit_modify(PlannerInfo *root, ModifyTablePath *path)
{
	List *calls;

	visit(root, path->subpath, true);
	if (path->operation != CMD_MERGE)
		return;
	calls = list_difference(mxpg_batch_merge_calls(path),
	                        path->subpath->pathtarget->exprs);
	if (calls == NIL)
		return;
	path->subpath = mxpg_batch_wrap(root, path->subpath, calls, true);
	mxpg_batch_describe_junk(root, path->subpath->pathtarget);
}

static void
visit_projection(PlannerInfo *root, ProjectionPath *path, bool all_rows)
{
	List *calls;

	visit(root, path->subpath, all_rows);
	calls =
	    list_difference(mxpg_batch_calls((Node *) path->path.pathtarget->exprs),
	                    path->subpath->pathtarget->exprs);
	if (calls != NIL)
		path->subpath = mxpg_batch_wrap(root, path->subpath, calls, all_rows);
}

void
mxpg_batch_visit(PlannerInfo *root, List *paths, bool all_rows)
{
	ListCell *cell;

	foreach (cell, paths)
		visit(root, lfirst(cell), all_rows);
}

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
		case T_WindowAggPath:
			visit_window(root, (WindowAggPath *) path, all_rows);
			return;
		case T_ProjectSetPath:
			visit_set(root, (ProjectSetPath *) path, all_rows);
			return;
		case T_AppendPath:
			mxpg_batch_visit(root, ((AppendPath *) path)->subpaths, all_rows);
			return;
		case T_MergeAppendPath:
			mxpg_batch_visit(root, ((MergeAppendPath *) path)->subpaths,
			                 all_rows);
			return;
		case T_SortPath:
			visit(root, ((SortPath *) path)->subpath, true);
			return;
		case T_ModifyTablePath:
			visit_modify(root, (ModifyTablePath *) path);
			return;
		default:
			path = mxpg_only_subpath(path);
			if (path != NULL)
				visit(root, path, all_rows);
	}
}
