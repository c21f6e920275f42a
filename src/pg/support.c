/* support.c */
/* What the planner asks: rows flattened to the columns read, and the cost. */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "parser/parsetree.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "pg/binding.h"
#include "pg/call.h"
#include "pg/compat.h"
#include "pg/planned_model.h"

/* A call of FUNC_MAX_ARGS (100) less model, function and names. */
#define MAX_FLAT_ARGUMENTS (FUNC_MAX_ARGS - 3)

/* A cpu_operator_cost is about this many nanoseconds of a backend. */
#define OPERATOR_NANOSECONDS 20.0
/* Of a call, before any model runs. */
#define CALL_NANOSECONDS 100.0

/* What a row consists of: names and expressions, one for each. */
typedef struct RowParts
{
	List *names;
	List *values;
} RowParts;

/* The query level that a variable belongs to. */
static PlannerInfo *
level_of(PlannerInfo *root, const Var *var)
{
	Index up;

	for (up = var->varlevelsup; up > 0 && root != NULL; up--)
		root = root->parent_root;
	return root;
}

/* Whether an outer join may put NULL in place of rows of the relation. */
static bool
is_nullable(const Node *node, int relation, bool below_outer)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblRef))
		return below_outer && ((const RangeTblRef *) node)->rtindex == relation;
	if (IsA(node, FromExpr))
	{
		ListCell *cell;

		foreach (cell, ((const FromExpr *) node)->fromlist)
			if (is_nullable(lfirst(cell), relation, below_outer))
				return true;
		return false;
	}
	if (IsA(node, JoinExpr))
	{
		const JoinExpr *join = (const JoinExpr *) node;
		bool nulls_left =
		    join->jointype == JOIN_RIGHT || join->jointype == JOIN_FULL;
		bool nulls_right =
		    join->jointype == JOIN_LEFT || join->jointype == JOIN_FULL;

		return is_nullable(join->larg, relation, below_outer || nulls_left) ||
		       is_nullable(join->rarg, relation, below_outer || nulls_right);
	}
	return true;
}

/*
 * A row that an outer join may replace by NULL is another question than a row
 * of NULLs; MERGE has become such a join by now.  GROUPING SETS put NULLs in
 * place of columns.
 */
static bool
is_plain_row(const PlannerInfo *level, const Var *var)
{
	const Query *query = level->parse;

	/*
	 * Later than this the level has settled which variables its relations
	 * deliver: to a LATERAL subquery the row, and not its columns.
	 */
	if (level->simple_rel_array != NULL)
		return false;
	if (var->varno < 1 || var->varno > list_length(query->rtable) ||
	    query->groupingSets != NIL)
		return false;
	return !is_nullable((const Node *) query->jointree, var->varno, false) &&
	       !mxpg_is_special_row(rt_fetch(var->varno, query->rtable), var);
}

static bool
split_variable(PlannerInfo *root, Var *var, RowParts *out)
{
	PlannerInfo *level = level_of(root, var);

	/* An alias of a function that returns a scalar looks the same. */
	if (level == NULL || !type_is_rowtype(var->vartype) ||
	    !is_plain_row(level, var))
		return false;
	mxpg_expand_rte(rt_fetch(var->varno, level->parse->rtable), var->varno,
	                var->varlevelsup, &out->names, &out->values);
	return true;
}

/* ROW(a, b) as the user wrote it has the names f1, f2: no names at all. */
static bool
is_named(const List *names)
{
	ListCell *cell;
	int i = 0;

	foreach (cell, names)
	{
		char invented[NAMEDATALEN];

		snprintf(invented, sizeof(invented), "f%d", ++i);
		if (strcmp(strVal(lfirst(cell)), invented) != 0)
			return true;
	}
	return false;
}

/*
 * The row of a view that was pulled up, of ROW(...)::type: its columns' names
 * are the type's.  The plan then depends on them.
 */
static void
name_by_type(PlannerInfo *root, const RowExpr *row, RowParts *out)
{
	TupleDesc columns = lookup_rowtype_tupdesc(row->row_typeid, -1);
	ListCell *cell;
	int i = 0;

	foreach (cell, row->args)
	{
		Form_pg_attribute column;

		if (i == columns->natts)
			break;
		column = TupleDescAttr(columns, i++);
		if (column->attisdropped)
			continue;
		out->names =
		    lappend(out->names, makeString(pstrdup(NameStr(column->attname))));
		out->values = lappend(out->values, lfirst(cell));
	}
	ReleaseTupleDesc(columns);
	root->glob->relationOids = list_append_unique_oid(
	    root->glob->relationOids, get_typ_typrelid(row->row_typeid));
}

static bool
split_row(PlannerInfo *root, Node *node, RowParts *out)
{
	const RowExpr *row = (const RowExpr *) node;

	if (IsA(node, Var) && ((Var *) node)->varattno == InvalidAttrNumber)
		return split_variable(root, (Var *) node, out);
	if (!IsA(node, RowExpr))
		return false;
	if (row->row_typeid != RECORDOID)
		name_by_type(root, row, out);
	else if (is_named(row->colnames))
	{
		out->names = row->colnames;
		out->values = row->args;
	}
	return out->names != NIL &&
	       list_length(out->names) == list_length(out->values);
}

static MxpgOffer *
offers_of(const RowParts *parts)
{
	MxpgOffer *offers =
	    palloc0(((size_t) list_length(parts->names) + 1) * sizeof(MxpgOffer));
	ListCell *name;
	ListCell *value;
	int i = 0;

	forboth(name, parts->names, value, parts->values)
	{
		offers[i].name = strVal(lfirst(name));
		offers[i++].type = exprType(lfirst(value));
	}
	return offers;
}

/*
 * The expressions the model reads and the features they are.  false when some
 * feature has no fit value: the call for each row then says so.
 */
static bool
choose_columns(const MxpgPlannedModel *model, const RowParts *parts, int max,
               List **columns, List **features)
{
	const char **names = mxpg_feature_names(&model->version, model->plan);
	size_t n = mx_plan_n_inputs(model->plan);
	MxpgOffer *offers = offers_of(parts);
	int n_offers = list_length(parts->names);
	size_t i;

	for (i = 0; names != NULL && i < n; i++)
	{
		MxInput input = mx_plan_input(model->plan, i);
		int found;

		if (!input.is_used)
			continue;
		found = mxpg_find_offer(names, n, i, offers, n_offers,
		                        list_length(*columns), true);
		if (found < 0 ||
		    mxpg_cast(offers[found].type, input.kind) == MXPG_CAST_REFUSED)
			return false;
		*columns =
		    lappend(*columns, copyObject(list_nth(parts->values, found)));
		*features = lappend(*features, makeString(pstrdup(names[i])));
	}
	return *columns != NIL && list_length(*columns) <= max;
}

static Const *
constant_function(Oid function)
{
	return makeConst(REGPROCEDUREOID, -1, InvalidOid, sizeof(Oid),
	                 ObjectIdGetDatum(function), false, true);
}

static Const *
constant_names(const List *names)
{
	Datum *texts = palloc((size_t) list_length(names) * sizeof(Datum));
	ListCell *cell;
	int n = 0;

	foreach (cell, names)
		texts[n++] = CStringGetTextDatum(strVal(lfirst(cell)));
	return makeConst(TEXTARRAYOID, -1, DEFAULT_COLLATION_OID, -1,
	                 PointerGetDatum(construct_array(texts, n, TEXTOID, -1,
	                                                 false, TYPALIGN_INT)),
	                 false, false);
}

/* predict_columns for predict; InvalidOid when there is none. */
static Oid
flat_function(Oid written)
{
	char *schema = get_namespace_name(get_func_namespace(written));
	char *name = get_func_name(written);

	if (schema == NULL || name == NULL)
		return InvalidOid;
	name = psprintf("%s" MXPG_FLAT_SUFFIX, name);
	return LookupFuncName(list_make2(makeString(schema), makeString(name)), -1,
	                      NULL, true);
}

/*
 * Makes a cached plan be made anew when a name may mean another model: what
 * moves an alias invalidates this table.
 */
static void
depend_on_aliases(PlannerInfo *root)
{
	Oid table = mxpg_relation("model_alias");

	if (OidIsValid(table))
		root->glob->relationOids =
		    list_append_unique_oid(root->glob->relationOids, table);
}

static Node *
flat_call(const FuncExpr *call, Oid function, List *columns, List *features)
{
	List *arguments =
	    list_make3(copyObject(linitial(call->args)),
	               constant_function(call->funcid), constant_names(features));
	FuncExpr *flat;
	int i;

	/* The class of predict_proba_of stays where it was. */
	for (i = 1; i < list_length(call->args) - 1; i++)
		arguments = lappend(arguments, copyObject(list_nth(call->args, i)));
	flat = makeFuncExpr(function, call->funcresulttype,
	                    list_concat(arguments, columns), call->funccollid,
	                    call->inputcollid, COERCE_EXPLICIT_CALL);
	flat->location = call->location;
	return (Node *) flat;
}

/*
 * predict('churn', c) becomes predict_columns('churn', ..., c.age, c.income):
 * columns that are not read are then not fetched, and nothing makes a row of
 * the others.  NULL leaves the call alone.
 */
static Node *
flatten(PlannerInfo *root, const FuncExpr *call)
{
	int n_fixed = list_length(call->args) - 1;
	List *columns = NIL;
	List *features = NIL;
	RowParts parts = {NIL, NIL};
	MxpgPlannedModel model;
	Oid function;
	bool fits;

	if (root == NULL || call->funcvariadic || n_fixed < 1 || n_fixed > 2 ||
	    !split_row(root, llast(call->args), &parts))
		return NULL;
	function = flat_function(call->funcid);
	if (!OidIsValid(function) ||
	    !mxpg_planned_model(linitial(call->args), &model))
		return NULL;
	fits = choose_columns(&model, &parts, MAX_FLAT_ARGUMENTS - (n_fixed - 1),
	                      &columns, &features);
	MemoryContextDelete(model.context);
	if (!fits)
		return NULL;
	depend_on_aliases(root);
	return flat_call(call, function, columns, features);
}

static Node *
estimate(SupportRequestCost *request)
{
	const FuncExpr *call = (const FuncExpr *) request->node;
	MxpgPlannedModel model;

	if (call == NULL || !IsA(call, FuncExpr) ||
	    !mxpg_planned_model(linitial(call->args), &model))
		return NULL;
	request->startup = 0;
	request->per_tuple = (CALL_NANOSECONDS + mx_plan_row_cost(model.plan)) /
	                     OPERATOR_NANOSECONDS * cpu_operator_cost;
	MemoryContextDelete(model.context);
	return (Node *) request;
}

PG_FUNCTION_INFO_V1(model_ext_predict_support);

Datum
model_ext_predict_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);
	Node *answer = NULL;

	if (IsA(request, SupportRequestSimplify))
		answer = flatten(((SupportRequestSimplify *) request)->root,
		                 ((SupportRequestSimplify *) request)->fcall);
	else if (IsA(request, SupportRequestCost))
		answer = estimate((SupportRequestCost *) request);
	PG_RETURN_POINTER(answer);
}
