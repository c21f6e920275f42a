/* batch_call.c */
/* Which calls of scoring functions may be made for rows read ahead. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "pg/batch.h"
#include "pg/compat.h"
#include "pg/convert.h"

#define SCHEMA "model_ext"
#define PINNED_SUFFIX "_pinned"

/* Cuts the suffix off name, if it ends so. */
static bool
take_suffix(char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t n_suffix = strlen(suffix);

	if (n <= n_suffix || strcmp(name + n - n_suffix, suffix) != 0)
		return false;
	name[n - n_suffix] = '\0';
	return true;
}

/* false when it is none of the scoring functions that take columns. */
static bool
shape_of(Oid function, MxpgCallShape *shape)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	bool is_ours = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->prolang == ClanguageId)
	{
		char *schema = get_namespace_name(form->pronamespace);
		char *name = pstrdup(NameStr(form->proname));

		shape->is_flat = take_suffix(name, MXPG_FLAT_SUFFIX);
		shape->is_pinned = !shape->is_flat && take_suffix(name, PINNED_SUFFIX);
		is_ours = schema != NULL && strcmp(schema, SCHEMA) == 0 &&
		          mxpg_answer_find(name, &shape->answer) &&
		          shape->answer != MXPG_ALL;
	}
	ReleaseSysCache(tuple);
	return is_ours;
}

static bool
is_value(const Const *constant, Oid type)
{
	return constant != NULL && IsA(constant, Const) &&
	       constant->consttype == type && !constant->constisnull;
}

static List *
names_of(const Const *array)
{
	List *names = NIL;
	Datum *texts;
	bool *nulls;
	int n;
	int i;

	deconstruct_array(DatumGetArrayTypeP(array->constvalue), TEXTOID, -1, false,
	                  TYPALIGN_INT, &texts, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		if (nulls[i])
			return NIL;
		names = lappend(names, makeString(TextDatumGetCString(texts[i])));
	}
	return names;
}

/*
 * What the planner put before the values: the function that was written and
 * the features' names.  Nobody else may call so.
 */
static bool
take_planned(MxpgBatchCall *out, int n_values)
{
	const Const *function = lsecond(out->call->args);
	const Const *names = lthird(out->call->args);

	if (!is_value(function, REGPROCEDUREOID) || !is_value(names, TEXTARRAYOID))
		return false;
	out->written = DatumGetObjectId(function->constvalue);
	out->names = names_of(names);
	return list_length(out->names) == n_values;
}

/* A cast to float8 that loses nothing: converting does the same. */
static Node *
strip_casts(Node *node)
{
	if (IsA(node, FuncExpr))
	{
		const FuncExpr *cast = (const FuncExpr *) node;

		if (cast->funcid == F_FLOAT8_INT2 || cast->funcid == F_FLOAT8_INT4 ||
		    cast->funcid == F_FLOAT8_FLOAT4)
			node = linitial(cast->args);
	}
	return node;
}

static bool
is_number(Oid type)
{
	return mxpg_cast(type, MX_COLUMN_NUMBER) != MXPG_CAST_REFUSED;
}

static bool
is_fit_type(Oid type)
{
	if (is_number(type))
		return true;
	/* Converting the encoding may fail, and must not for a row read ahead. */
	return GetDatabaseEncoding() == PG_UTF8 &&
	       mxpg_cast(type, MX_COLUMN_TEXT) != MXPG_CAST_REFUSED;
}

/* The value as a Var or a Const; NULL when it is anything else. */
static Node *
plain_value(Node *node)
{
	Node *value = strip_casts(node);

	if (IsA(value, RelabelType))
	{
		const RelabelType *relabel = (const RelabelType *) value;
		Var *variable;

		if (!IsA(relabel->arg, Var))
			return NULL;
		variable = copyObject((Var *) relabel->arg);
		variable->vartype = relabel->resulttype;
		value = (Node *) variable;
	}
	if (IsA(value, Const))
		return is_fit_type(((Const *) value)->consttype) ? value : NULL;
	if (!IsA(value, Var) || ((Var *) value)->varno <= 0 ||
	    ((Var *) value)->varattno <= 0 || ((Var *) value)->varlevelsup > 0)
		return NULL;
	return is_fit_type(((Var *) value)->vartype) ? value : NULL;
}

/* A call without a variable says the same for every row: it is left alone. */
static bool
take_values(MxpgBatchCall *out, int first)
{
	bool has_variable = false;
	ListCell *cell;

	for_each_from(cell, out->call->args, first)
	{
		Node *value = plain_value(lfirst(cell));

		if (value == NULL)
			return false;
		has_variable = has_variable || IsA(value, Var);
		out->values = lappend(out->values, value);
	}
	return has_variable;
}

bool
mxpg_batch_call(Node *node, MxpgBatchCall *out)
{
	FuncExpr *call = (FuncExpr *) node;
	int n_before;

	if (node == NULL || !IsA(node, FuncExpr) || call->funcvariadic)
		return false;
	memset(out, 0, sizeof(*out));
	if (!shape_of(call->funcid, &out->shape))
		return false;
	out->call = call;
	out->written = call->funcid;
	n_before = (out->shape.is_flat ? 3 : 1) +
	           (out->shape.answer == MXPG_PROBA_OF ? 1 : 0);
	if (list_length(call->args) <= n_before)
		return false;
	out->model = linitial(call->args);
	if (!is_value(out->model, out->shape.is_pinned ? UUIDOID : TEXTOID))
		return false;
	if (out->shape.answer == MXPG_PROBA_OF)
	{
		out->class_name = list_nth(call->args, n_before - 1);
		if (!is_value(out->class_name, TEXTOID))
			return false;
	}
	if (out->shape.is_flat &&
	    !take_planned(out, list_length(call->args) - n_before))
		return false;
	return take_values(out, n_before);
}

static bool collect(Node *node, List **calls);

/* Only what is evaluated whenever the whole is; it grows with care. */
static bool
collect_below(Node *node, List **calls)
{
	switch (nodeTag(node))
	{
		case T_BoolExpr:
			/* AND and OR stop at the first that decides. */
			return collect(linitial(((BoolExpr *) node)->args), calls);
		case T_Aggref:
			if (((Aggref *) node)->aggfilter != NULL)
				return false;
			return collect((Node *) ((Aggref *) node)->args, calls);
		case T_RestrictInfo:
			return collect((Node *) ((RestrictInfo *) node)->clause, calls);
		case T_List:
		case T_TargetEntry:
		case T_FuncExpr:
		case T_OpExpr:
		case T_DistinctExpr:
		case T_ScalarArrayOpExpr:
		case T_NullTest:
		case T_BooleanTest:
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
		case T_CoerceToDomain:
		case T_ArrayExpr:
		case T_RowExpr:
			return expression_tree_walker(node, collect, (void *) calls);
		default:
			return false;
	}
}

static bool
collect(Node *node, List **calls)
{
	MxpgBatchCall call;

	if (node == NULL)
		return false;
	if (!mxpg_batch_call(node, &call))
		return collect_below(node, calls);
	*calls = list_append_unique(*calls, node);
	return false;
}

List *
mxpg_batch_calls(Node *expressions)
{
	List *calls = NIL;

	(void) collect(expressions, &calls);
	return calls;
}

static bool
collect_aggregated(Node *node, List **calls)
{
	if (node == NULL)
		return false;
	if (IsA(node, Aggref))
		return collect(node, calls);
	return expression_tree_walker(node, collect_aggregated, (void *) calls);
}

List *
mxpg_batch_aggregated_calls(Node *expressions)
{
	List *calls = NIL;

	(void) collect_aggregated(expressions, &calls);
	return calls;
}

List *
mxpg_batch_set_calls(List *expressions)
{
	List *calls = NIL;
	ListCell *cell;

	foreach (cell, expressions)
	{
		const FuncExpr *call = lfirst(cell);

		if (IsA(call, FuncExpr) && call->funcretset)
			(void) collect((Node *) call->args, &calls);
	}
	return calls;
}

typedef struct WindowCalls
{
	Index window;
	List *calls;
} WindowCalls;

static bool
collect_windowed(Node *node, WindowCalls *found)
{
	const WindowFunc *function = (const WindowFunc *) node;

	if (node == NULL)
		return false;
	if (!IsA(node, WindowFunc))
		return expression_tree_walker(node, collect_windowed, (void *) found);
	/* Others look at rows of their choice. */
	if (function->winagg && function->aggfilter == NULL &&
	    function->winref == found->window)
		(void) collect((Node *) function->args, &found->calls);
	return false;
}

/* From the first row to the current one at least, without holes. */
static bool
takes_every_row(const WindowClause *window)
{
	const int ends =
	    FRAMEOPTION_END_CURRENT_ROW | FRAMEOPTION_END_UNBOUNDED_FOLLOWING;

	return (window->frameOptions & FRAMEOPTION_START_UNBOUNDED_PRECEDING) &&
	       (window->frameOptions & ends) &&
	       !(window->frameOptions & FRAMEOPTION_EXCLUSION);
}

List *
mxpg_batch_window_calls(List *expressions, const WindowClause *window)
{
	WindowCalls found = {window->winref, NIL};

	(void) collect((Node *) expressions, &found.calls);
	if (takes_every_row(window))
		(void) collect_windowed((Node *) expressions, &found);
	return found.calls;
}

typedef struct OtherVariables
{
	List *calls;
	List *variables;
} OtherVariables;

static bool
find_variables(Node *node, OtherVariables *found)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && list_member(found->calls, node))
		return false;
	/* What a placeholder holds is not ours to read. */
	if (IsA(node, Var) || IsA(node, PlaceHolderVar))
	{
		found->variables = list_append_unique(found->variables, node);
		return false;
	}
	return expression_tree_walker(node, find_variables, (void *) found);
}

List *
mxpg_batch_other_variables(Node *expressions, List *calls)
{
	OtherVariables found = {calls, NIL};

	(void) find_variables(expressions, &found);
	return found.variables;
}
