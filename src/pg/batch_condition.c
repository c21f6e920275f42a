/* batch_condition.c */
/* Which conditions of a query say what a column holds in every row. */
#include "postgres.h"

#include "access/stratnum.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "pg/batch_known.h"
#include "pg/compat.h"

static Node *
strip(Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

static bool
is_variable(Node *node, const Var *variable)
{
	const Var *other = (const Var *) strip(node);

	return other != NULL && IsA(other, Var) &&
	       other->varno == variable->varno &&
	       other->varattno == variable->varattno && other->varlevelsup == 0;
}

/*
 * Whether what is equal is the same value: by a built-in type's own order.
 * Texts are the same bytes then; char(n) may differ in its padding.
 */
static bool
tells_value(const OpExpr *clause)
{
	Oid type = getBaseType(exprType(linitial(clause->args)));
	const TypeCacheEntry *entry;

	if (list_length(clause->args) != 2 || type == BPCHAROID ||
	    clause->opno >= FirstNormalObjectId)
		return false;
	if (OidIsValid(clause->inputcollid) &&
	    !get_collation_isdeterministic(clause->inputcollid))
		return false;
	entry = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);
	return OidIsValid(entry->btree_opf) &&
	       get_op_opfamily_strategy(clause->opno, entry->btree_opf) ==
	           BTEqualStrategyNumber;
}

static Node *
value_of(Node *node)
{
	node = strip(node);
	if (IsA(node, Const) && !((Const *) node)->constisnull)
		return node;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN)
		return node;
	return NULL;
}

static Node *
equal_value(const OpExpr *clause, const Var *variable)
{
	Node *left;
	Node *right;

	if (!tells_value(clause))
		return NULL;
	left = linitial(clause->args);
	right = lsecond(clause->args);
	if (is_variable(left, variable))
		return value_of(right);
	return is_variable(right, variable) ? value_of(left) : NULL;
}

static Node *
null_of(const Var *variable)
{
	return (Node *) makeNullConst(variable->vartype, -1, InvalidOid);
}

static Node *
tested_value(const BooleanTest *test, const Var *variable)
{
	if (!is_variable((Node *) test->arg, variable))
		return NULL;
	if (test->booltesttype == IS_UNKNOWN)
		return null_of(variable);
	if (test->booltesttype == IS_TRUE || test->booltesttype == IS_FALSE)
		return makeBoolConst(test->booltesttype == IS_TRUE, false);
	return NULL;
}

/* What the variable is where the clause is true; NULL when it may vary. */
static Node *
known_by(Node *clause, const Var *variable)
{
	if (IsA(clause, OpExpr))
		return equal_value((const OpExpr *) clause, variable);
	if (IsA(clause, NullTest))
	{
		const NullTest *test = (const NullTest *) clause;

		return test->nulltesttype == IS_NULL && !test->argisrow &&
		               is_variable((Node *) test->arg, variable)
		           ? null_of(variable)
		           : NULL;
	}
	if (IsA(clause, BooleanTest))
		return tested_value((const BooleanTest *) clause, variable);
	if (IsA(clause, BoolExpr) && ((BoolExpr *) clause)->boolop == NOT_EXPR)
		return is_variable(linitial(((BoolExpr *) clause)->args), variable)
		           ? makeBoolConst(false, false)
		           : NULL;
	return is_variable(clause, variable) ? makeBoolConst(true, false) : NULL;
}

/* Whether a join may put NULLs in place of the table's columns. */
static bool
is_nullable(const PlannerInfo *root, const RelOptInfo *table)
{
	Relids own = table->top_parent_relids != NULL ? table->top_parent_relids
	                                              : table->relids;
	ListCell *cell;

	foreach (cell, root->join_info_list)
	{
		const SpecialJoinInfo *join = lfirst(cell);

		if (join->jointype == JOIN_SEMI)
			continue;
		if (bms_overlap(own, join->syn_righthand) ||
		    (join->jointype == JOIN_FULL &&
		     bms_overlap(own, join->syn_lefthand)))
			return true;
	}
	return false;
}

static Node *
known_value(PlannerInfo *root, const RelOptInfo *rel, const List *untested,
            const Var *variable)
{
	const RelOptInfo *table;
	ListCell *cell;

	if (!bms_is_member(variable->varno, rel->relids) ||
	    (int) variable->varno >= root->simple_rel_array_size)
		return NULL;
	table = root->simple_rel_array[variable->varno];
	if (table == NULL || (bms_membership(rel->relids) != BMS_SINGLETON &&
	                      is_nullable(root, table)))
		return NULL;
	foreach (cell, table->baserestrictinfo)
	{
		Node *clause = (Node *) ((RestrictInfo *) lfirst(cell))->clause;
		Node *value = known_by(clause, variable);

		if (value != NULL && !list_member(untested, clause))
			return value;
	}
	return NULL;
}

List *
mxpg_batch_known(PlannerInfo *root, const RelOptInfo *rel, const List *untested,
                 const List *values)
{
	bool is_any = false;
	List *known = NIL;
	ListCell *cell;

	foreach (cell, values)
	{
		const Var *variable = lfirst(cell);
		Node *value = NULL;

		if (IsA(variable, Var))
			value = known_value(root, rel, untested, variable);
		is_any = is_any || value != NULL;
		known = lappend(known, copyObject(value));
	}
	return is_any ? known : NIL;
}
