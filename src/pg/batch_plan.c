/* batch_plan.c */
/* Makes the plan node of a path that scores rows in blocks. */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "utils/rel.h"

#include "pg/batch_known.h"
#include "pg/compat.h"

/* What is being made: the node, and what it tells the executor. */
typedef struct Draft
{
	PlannerInfo *root;
	const RelOptInfo *rel;
	Plan *child;
	MxpgBatchPlan plan;
	List *conditions; /* taken over from the child */
	List *columns;    /* TargetEntry: those delivered to the node's own
	                   * conditions and target */
} Draft;

/* ---- A scan that hands out its tuples ---- */

/* NIL unless the scan can hand out its slot without a projection. */
static List *
physical_target(PlannerInfo *root, Index scan)
{
	Relation table = table_open(planner_rt_fetch(scan, root)->relid, NoLock);
	TupleDesc columns = RelationGetDescr(table);
	List *target = NIL;
	int i;

	for (i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);
		Var *variable;

		if (column->attisdropped || column->atthasmissing ||
		    (column->attgenerated != '\0' &&
		     column->attgenerated != ATTRIBUTE_GENERATED_STORED))
		{
			target = NIL;
			break;
		}
		variable = makeVar(scan, i + 1, column->atttypid, column->atttypmod,
		                   column->attcollation, 0);
		target = lappend(
		    target, makeTargetEntry((Expr *) variable, i + 1, NULL, false));
	}
	table_close(table, NoLock);
	return target;
}

/*
 * The first condition with a call and all that follow are tested by the node,
 * in the order the planner chose: it keeps what row security hides from
 * conditions that could tell.
 */
static void
take_conditions(Draft *draft)
{
	List *all = draft->child->qual;
	int n = 0;

	while (n < list_length(all) && mxpg_batch_calls(list_nth(all, n)) == NIL)
		n++;
	draft->conditions = list_copy_tail(all, n);
	if (contain_subplans((Node *) draft->conditions))
		draft->conditions = NIL;
	else
		draft->child->qual = list_truncate(list_copy(all), n);
}

static void
add_column(Draft *draft, Expr *column, int source)
{
	int number = list_length(draft->columns) + 1;

	draft->columns =
	    lappend(draft->columns,
	            makeTargetEntry(copyObject(column), number, NULL, false));
	draft->plan.sources = lappend_int(draft->plan.sources, source);
}

static void
read_tuples(Draft *draft, const CustomPath *path, List *calls)
{
	List *read =
	    list_concat_copy(path->path.pathtarget->exprs, draft->conditions);
	ListCell *cell;

	draft->child->targetlist =
	    physical_target(draft->root, ((const Scan *) draft->child)->scanrelid);
	draft->plan.is_narrow = draft->child->targetlist == NIL;
	foreach (cell, mxpg_batch_other_variables((Node *) read, calls))
		add_column(draft, lfirst(cell), ((Var *) lfirst(cell))->varattno);
}

static void
read_columns(Draft *draft)
{
	ListCell *cell;

	foreach (cell, draft->child->targetlist)
	{
		const TargetEntry *entry = lfirst(cell);

		add_column(draft, entry->expr, entry->resno);
	}
}

/* ---- Calls ---- */

/* Where the node finds a variable; 0 when it does not. */
static int
source_of(const Draft *draft, const Var *variable)
{
	ListCell *cell;

	if (draft->plan.is_raw)
		return variable->varattno;
	foreach (cell, draft->child->targetlist)
	{
		const TargetEntry *entry = lfirst(cell);
		const Var *column = (const Var *) entry->expr;

		/* The argument's type may be that of a relabeled variable. */
		if (IsA(column, Var) && column->varno == variable->varno &&
		    column->varattno == variable->varattno &&
		    column->varlevelsup == variable->varlevelsup)
			return entry->resno;
	}
	return 0;
}

static char *
label_of(const Draft *draft, const Var *variable)
{
	const RangeTblEntry *entry = planner_rt_fetch(variable->varno, draft->root);

	return pstrdup(
	    get_rte_attribute_name((RangeTblEntry *) entry, variable->varattno));
}

/* The model and its values; NULL when the child lacks one of them. */
static MxpgBatchModelPlan *
plan_model(const Draft *draft, const MxpgBatchCall *call)
{
	MxpgBatchModelPlan *model = palloc0_object(MxpgBatchModelPlan);
	ListCell *cell;

	model->model = copyObject(call->model);
	model->names = call->names;
	model->known = mxpg_batch_known(draft->root, draft->rel, draft->conditions,
	                                call->values);
	foreach (cell, call->values)
	{
		Node *value = copyObject(lfirst(cell));

		if (IsA(value, Var))
		{
			Var *variable = (Var *) value;
			int source = source_of(draft, variable);
			int i = foreach_current_index(cell);

			if (source == 0)
				return NULL;
			model->labels = list_append_unique(
			    model->labels, makeString(label_of(draft, variable)));
			if (model->known != NIL && list_nth(model->known, i) != NULL)
				model->known_labels = list_append_unique(
				    model->known_labels, makeString(label_of(draft, variable)));
			variable->varattno = source;
		}
		model->values = lappend(model->values, value);
	}
	return model;
}

/* The number of the model among those there are. */
static int
share_model(MxpgBatchPlan *plan, MxpgBatchModelPlan *model)
{
	ListCell *cell;

	foreach (cell, plan->models)
	{
		const MxpgBatchModelPlan *other = lfirst(cell);

		if (equal(model->model, other->model) &&
		    equal(model->names, other->names) &&
		    equal(model->values, other->values))
			return foreach_current_index(cell);
	}
	plan->models = lappend(plan->models, model);
	return list_length(plan->models) - 1;
}

static void
add_call(Draft *draft, Node *node)
{
	MxpgBatchCallPlan *planned = palloc0_object(MxpgBatchCallPlan);
	MxpgBatchModelPlan *model;
	MxpgBatchCall call;

	/* The scan may deliver it itself, as an arm of UNION ALL does. */
	if (tlist_member((Expr *) node, draft->columns) != NULL ||
	    !mxpg_batch_call(node, &call) ||
	    (model = plan_model(draft, &call)) == NULL)
		return;
	planned->model = share_model(&draft->plan, model);
	planned->answer = call.shape.answer;
	planned->class_name = copyObject(call.class_name);
	planned->functions = list_make1_oid(call.call->funcid);
	planned->functions =
	    list_append_unique_oid(planned->functions, call.written);
	draft->plan.calls = lappend(draft->plan.calls, planned);
	draft->columns =
	    lappend(draft->columns,
	            makeTargetEntry(copyObject((Expr *) node),
	                            list_length(draft->columns) + 1, NULL, false));
}

/* ---- The node ---- */

static List *
own_target(const PathTarget *target)
{
	List *entries = NIL;
	ListCell *cell;

	foreach (cell, target->exprs)
	{
		int i = foreach_current_index(cell);
		TargetEntry *entry =
		    makeTargetEntry(copyObject(lfirst(cell)), i + 1, NULL, false);

		/* Nodes above find their keys by it. */
		entry->ressortgroupref = get_pathtarget_sortgroupref(target, i);
		entries = lappend(entries, entry);
	}
	return entries;
}

Plan *
mxpg_batch_create_plan(PlannerInfo *root, RelOptInfo *rel, CustomPath *path,
                       List *target, List *clauses, List *children)
{
	CustomScan *node = makeNode(CustomScan);
	List *calls = list_copy(mxpg_batch_path_calls(path));
	Draft draft = {.root = root, .rel = rel, .child = linitial(children)};
	ListCell *cell;

	draft.plan.is_raw = mxpg_batch_path_is_raw(path);
	if (draft.plan.is_raw)
	{
		take_conditions(&draft);
		calls = list_concat_unique(calls,
		                           mxpg_batch_calls((Node *) draft.conditions));
		read_tuples(&draft, path, calls);
	}
	else
		read_columns(&draft);
	foreach (cell, calls)
		add_call(&draft, lfirst(cell));

	/* The target offered may be the child's columns, without the calls. */
	node->scan.plan.targetlist = own_target(path->path.pathtarget);
	node->scan.plan.qual = draft.conditions;
	node->scan.scanrelid = 0;
	node->flags = path->flags;
	if (ExecSupportsBackwardScan(draft.child))
		node->flags |= CUSTOMPATH_SUPPORT_BACKWARD_SCAN;
	node->custom_plans = children;
	node->custom_scan_tlist = draft.columns;
	node->custom_private = mxpg_batch_encode(&draft.plan);
	node->methods = &mxpg_batch_scan_methods;
	return &node->scan.plan;
}

/* ---- As nodes ---- */

static Node *
encode_int(int number)
{
	return (Node *) list_make1_int(number);
}

static List *
encode_models(const List *models)
{
	List *encoded = NIL;
	ListCell *cell;

	foreach (cell, models)
	{
		const MxpgBatchModelPlan *model = lfirst(cell);

		encoded =
		    lappend(encoded, lappend(list_make5(model->model, model->names,
		                                        model->values, model->labels,
		                                        model->known),
		                             model->known_labels));
	}
	return encoded;
}

static List *
encode_calls(const List *calls)
{
	List *encoded = NIL;
	ListCell *cell;

	foreach (cell, calls)
	{
		const MxpgBatchCallPlan *call = lfirst(cell);

		encoded =
		    lappend(encoded, list_make4(encode_int(call->model),
		                                encode_int((int) call->answer),
		                                call->functions, call->class_name));
	}
	return encoded;
}

List *
mxpg_batch_encode(const MxpgBatchPlan *plan)
{
	return list_make5(encode_int(plan->is_raw), encode_int(plan->is_narrow),
	                  plan->sources, encode_models(plan->models),
	                  encode_calls(plan->calls));
}

static int
decode_int(const void *encoded)
{
	return linitial_int((const List *) encoded);
}

static MxpgBatchModelPlan *
decode_model(const List *encoded)
{
	MxpgBatchModelPlan *model = palloc_object(MxpgBatchModelPlan);

	model->model = linitial(encoded);
	model->names = lsecond(encoded);
	model->values = lthird(encoded);
	model->labels = lfourth(encoded);
	model->known = list_nth(encoded, 4);
	model->known_labels = list_nth(encoded, 5);
	return model;
}

static MxpgBatchCallPlan *
decode_call(const List *encoded)
{
	MxpgBatchCallPlan *call = palloc_object(MxpgBatchCallPlan);

	call->model = decode_int(linitial(encoded));
	call->answer = (MxpgAnswer) decode_int(lsecond(encoded));
	call->functions = lthird(encoded);
	call->class_name = lfourth(encoded);
	return call;
}

void
mxpg_batch_decode(List *encoded, MxpgBatchPlan *plan)
{
	ListCell *cell;

	plan->is_raw = decode_int(linitial(encoded)) != 0;
	plan->is_narrow = decode_int(lsecond(encoded)) != 0;
	plan->sources = lthird(encoded);
	plan->models = NIL;
	plan->calls = NIL;
	foreach (cell, (List *) lfourth(encoded))
		plan->models = lappend(plan->models, decode_model(lfirst(cell)));
	foreach (cell, (List *) list_nth(encoded, 4))
		plan->calls = lappend(plan->calls, decode_call(lfirst(cell)));
}
