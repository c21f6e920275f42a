/* batch_limits.c */
/* Which numbers the answers of a call are compared with, and nothing else. */
#include "postgres.h"

#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "pg/batch_limits.h"
#include "pg/compat.h"

/* ---- What a plan does with a column ---- */

typedef struct Uses
{
	int column;
	List *limits;
	bool is_used; /* in another way */
} Uses;

/* Those that tell the sides of a number, and no more. */
static bool
is_comparison(Oid function)
{
	return function == F_FLOAT8LT || function == F_FLOAT8LE ||
	       function == F_FLOAT8GT || function == F_FLOAT8GE ||
	       function == F_FLOAT8EQ || function == F_FLOAT8NE;
}

/* The same for all rows, and known once the query runs. */
static bool
is_constant(const Node *node)
{
	return IsA(node, Const) ||
	       (IsA(node, Param) &&
	        ((const Param *) node)->paramkind == PARAM_EXTERN);
}

static bool
is_column(const Node *node, int column)
{
	return IsA(node, Var) && ((const Var *) node)->varno == INDEX_VAR &&
	       ((const Var *) node)->varattno == column;
}

/* What the column is compared with; NULL when it is no comparison of it. */
static Node *
limit_of(Node *node, int column)
{
	const OpExpr *operation = (const OpExpr *) node;
	Node *left;
	Node *right;

	if (!IsA(node, OpExpr) || list_length(operation->args) != 2 ||
	    !is_comparison(operation->opfuncid))
		return NULL;
	left = linitial(operation->args);
	right = lsecond(operation->args);
	if (is_column(left, column) && is_constant(right))
		return right;
	return is_column(right, column) && is_constant(left) ? left : NULL;
}

static bool
find_uses(Node *node, Uses *uses)
{
	Node *limit;

	if (node == NULL)
		return false;
	limit = limit_of(node, uses->column);
	if (limit != NULL)
	{
		uses->limits = lappend(uses->limits, limit);
		return false;
	}
	/* Whole rows hold all columns. */
	uses->is_used = is_column(node, uses->column) || is_column(node, 0);
	return uses->is_used ||
	       expression_tree_walker(node, find_uses, (void *) uses);
}

MxpgBatchLimits *
mxpg_batch_limits(PlanState *node, int column)
{
	MxpgBatchLimits *limits = palloc0_object(MxpgBatchLimits);
	Uses uses = {.column = column};

	if (!find_uses((Node *) node->plan->qual, &uses) &&
	    !find_uses((Node *) node->plan->targetlist, &uses))
		limits->limits = ExecInitExprList(uses.limits, node);
	limits->context = node->ps_ExprContext;
	return limits;
}

/* ---- What a scorer is told of it ---- */

/*
 * Adds those of one call; false when its number itself is wanted.  A class
 * that is not there raises its error later, if at all.
 */
static bool
add_limits(const MxpgBatchLimits *limits, const MxpgBatchCallPlan *call,
           const MxpgTarget *target, List **all)
{
	int out = mxpg_target_out(target, call->answer);
	size_t column = 0;
	ListCell *cell;

	/* Which class it is stays as it is, whatever is done with it. */
	if (target->wanted[out].kind == MX_ANSWER_LABEL)
		return true;
	if (call->class_name != NULL &&
	    !mxpg_answer_find_class(
	        target->plan, TextDatumGetCString(call->class_name->constvalue),
	        &column))
		return false;
	foreach (cell, limits->limits)
	{
		MxLimit *limit = palloc_object(MxLimit);
		bool is_null;
		Datum value =
		    ExecEvalExprSwitchContext(lfirst(cell), limits->context, &is_null);

		*limit = (MxLimit){(size_t) out, column, 0};
		if (is_null)
			continue; /* NULL is the outcome for every number */
		limit->value = DatumGetFloat8(value);
		*all = lappend(*all, limit);
	}
	return limits->limits != NIL;
}

void
mxpg_batch_stop_early(MxpgTarget *target, const List *calls, const List *limits)
{
	List *all = NIL;
	MxLimit *array;
	ListCell *call;
	ListCell *cell;

	forboth(call, calls, cell, limits)
	{
		if (!add_limits(lfirst(cell), lfirst(call), target, &all))
			return;
	}
	array = palloc_array(MxLimit, list_length(all) + 1);
	foreach (cell, all)
		array[foreach_current_index(cell)] = *(const MxLimit *) lfirst(cell);
	mxpg_target_stop_early(target, array, (size_t) list_length(all));
}
