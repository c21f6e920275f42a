/* selectivity.c */
/* Tells the planner how many rows conditions on scores let pass. */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "pg/batch.h"
#include "pg/compat.h"
#include "pg/planned_model.h"
#include "pg/selectivity.h"

/* What no row, and all rows, are taken for: it is a guess, after all. */
#define LEAST 0.005
#define MOST (1 - LEAST)

static set_rel_pathlist_hook_type previous_hook = NULL;

/* ---- What a model's answers are like ---- */

/*
 * Probabilities of k classes, spread evenly over all that add up to one: that
 * of one class is above x with (1 - x) ^ (k - 1), and is 1 / k on average.
 */
static double
above(const MxPlan *plan, double x)
{
	if (x >= 1 || isnan(x))
		return 0;
	if (!(x > 0))
		return 1;
	return pow(1 - x, (double) mx_plan_n_classes(plan, 0) - 1);
}

static bool
is_class(const MxPlan *plan, size_t i, const Const *value)
{
	char *label;

	if (value->consttype == FLOAT8OID)
		return mx_plan_classes_are_numbers(plan, 0) &&
		       mx_plan_class_number(plan, 0, i) ==
		           DatumGetFloat8(value->constvalue);
	label = TextDatumGetCString(value->constvalue);
	label = pg_server_to_any(label, (int) strlen(label), PG_UTF8);
	return mx_text_equals(mx_plan_class_label(plan, 0, i), mx_text_from(label));
}

static double
equal_to(const MxPlan *plan, const Const *value)
{
	size_t n = mx_plan_n_classes(plan, 0);
	size_t i;

	for (i = 0; i < n; i++)
		if (is_class(plan, i, value))
			return 1.0 / (double) n;
	return 0;
}

/* ---- Conditions ---- */

/* call OPERATOR value, or the other way round. */
typedef struct Condition
{
	MxpgBatchCall call;
	const Const *value;
	RegProcedure estimator; /* the operator's, which tells its kind */
} Condition;

static bool
take_condition(Node *clause, Condition *out)
{
	const OpExpr *comparison = (const OpExpr *) clause;
	Oid id;
	Node *call;
	Node *value;

	if (!IsA(clause, OpExpr) || list_length(comparison->args) != 2)
		return false;
	id = comparison->opno;
	call = linitial(comparison->args);
	value = lsecond(comparison->args);
	if (IsA(call, Const))
	{
		id = get_commutator(id);
		call = lsecond(comparison->args);
		value = linitial(comparison->args);
	}
	if (!OidIsValid(id) || !IsA(value, Const) ||
	    ((Const *) value)->constisnull ||
	    ((Const *) value)->consttype != exprType(call) ||
	    !mxpg_batch_call(call, &out->call))
		return false;
	out->value = (const Const *) value;
	out->estimator = get_oprrest(id);
	return true;
}

/* -1 when the model's answers say nothing about it. */
static double
estimate_probability(const Condition *condition, const MxPlan *plan)
{
	double x = DatumGetFloat8(condition->value->constvalue);

	switch (condition->estimator)
	{
		case F_SCALARGTSEL:
		case F_SCALARGESEL:
			return above(plan, x);
		case F_SCALARLTSEL:
		case F_SCALARLESEL:
			return 1 - above(plan, x);
		default:
			return -1;
	}
}

static double
estimate_class(const Condition *condition, const MxPlan *plan)
{
	switch (condition->estimator)
	{
		case F_EQSEL:
			return equal_to(plan, condition->value);
		case F_NEQSEL:
			return 1 - equal_to(plan, condition->value);
		default:
			return -1;
	}
}

static double
estimate_by(const Condition *condition, const MxPlan *plan)
{
	if (!mx_plan_is_classifier(plan) || mx_plan_n_outputs(plan) != 1)
		return -1;
	switch (condition->call.shape.answer)
	{
		case MXPG_PROBA_OF:
			return estimate_probability(condition, plan);
		case MXPG_LABEL:
		case MXPG_PREDICT:
			return estimate_class(condition, plan);
		default:
			return -1;
	}
}

static bool
estimate(RestrictInfo *restriction)
{
	Condition condition;
	MxpgPlannedModel model;
	double selectivity;

	if (!take_condition((Node *) restriction->clause, &condition) ||
	    !mxpg_planned_model((Node *) condition.call.model, &model))
		return false;
	selectivity = estimate_by(&condition, model.plan);
	MemoryContextDelete(model.context);
	if (selectivity < 0)
		return false;
	restriction->norm_selec = Min(Max(selectivity, LEAST), MOST);
	return true;
}

/* ---- The relation ---- */

static bool
estimate_all(const RelOptInfo *rel)
{
	bool is_any = false;
	ListCell *cell;

	foreach (cell, rel->baserestrictinfo)
		is_any = estimate(lfirst(cell)) || is_any;
	return is_any;
}

/* Workers' paths have a share of the rows. */
static void
scale_paths(const List *paths, double before, double after)
{
	ListCell *cell;

	foreach (cell, paths)
	{
		Path *path = lfirst(cell);

		if (path->param_info == NULL)
			path->rows = path->rows == before
			                 ? after
			                 : clamp_row_est(path->rows * after / before);
	}
}

static double
selectivity_of(PlannerInfo *root, const RelOptInfo *rel)
{
	return clauselist_selectivity(root, rel->baserestrictinfo, 0, JOIN_INNER,
	                              NULL);
}

/*
 * An operator on a function is guessed at before anybody could say more, so
 * the rows are set right when the paths are there, and before any join.
 */
static void
set_rows(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
	double guessed;
	double rows = rel->rows;

	if (previous_hook != NULL)
		previous_hook(root, rel, rti, rte);
	if (rte->rtekind != RTE_RELATION || rel->baserestrictinfo == NIL)
		return;
	guessed = selectivity_of(root, rel);
	if (guessed <= 0 || !estimate_all(rel))
		return;
	/* A parent's rows, and its paths', are those of its children. */
	rel->rows =
	    clamp_row_est(rte->inh ? rows * selectivity_of(root, rel) / guessed
	                           : rel->tuples * selectivity_of(root, rel));
	if (rte->inh)
		return;
	scale_paths(rel->pathlist, rows, rel->rows);
	scale_paths(rel->partial_pathlist, rows, rel->rows);
}

void
mxpg_selectivity_init(void)
{
	previous_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = set_rows;
}
