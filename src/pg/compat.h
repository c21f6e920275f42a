/*
 * compat.h: where PostgreSQL 15 to 19 differ.
 *
 * Include it after postgres.h.  Nothing else in this room asks for a version.
 */
#ifndef MXPG_COMPAT_H
#define MXPG_COMPAT_H

#include "catalog/pg_proc.h"
#include "commands/explain.h"
#include "executor/instrument.h"
#include "nodes/execnodes.h"
#include "nodes/parsenodes.h"
#include "nodes/pathnodes.h"
#include "parser/parse_relation.h"
#include "storage/proc.h"
#include "utils/acl.h"

#if PG_VERSION_NUM < 150000
#error "model_ext needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* Came with 16, and with later minor releases of 15. */
#ifndef palloc_array
#define palloc_array(type, count) ((type *) palloc(sizeof(type) * (count)))
#define palloc0_array(type, count) ((type *) palloc0(sizeof(type) * (count)))
#endif
#ifndef palloc_object
#define palloc_object(type) ((type *) palloc(sizeof(type)))
#define palloc0_object(type) ((type *) palloc0(sizeof(type)))
#endif

/* The virtual transaction, part of the key that stamps remembered names. */
static inline LocalTransactionId
mxpg_lxid(void)
{
#if PG_VERSION_NUM >= 170000
	return MyProc->vxid.lxid;
#else
	return MyProc->lxid;
#endif
}

static inline AclResult
mxpg_function_aclcheck(Oid function, Oid role, AclMode mode)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ProcedureRelationId, function, role, mode);
#else
	return pg_proc_aclcheck(function, role, mode);
#endif
}

/* The columns of a row of a query, as names and as variables. */
static inline void
mxpg_expand_rte(RangeTblEntry *rte, int varno, int levels_up, List **names,
                List **variables)
{
#if PG_VERSION_NUM >= 180000
	expandRTE(rte, varno, levels_up, VAR_RETURNING_DEFAULT, -1, false, names,
	          variables);
#else
	expandRTE(rte, varno, levels_up, -1, false, names, variables);
#endif
}

/* Whether a row is RETURNING's OLD or NEW, or made by grouping. */
static inline bool
mxpg_is_special_row(const RangeTblEntry *rte, const Var *var)
{
#if PG_VERSION_NUM >= 180000
	return var->varreturningtype != VAR_RETURNING_DEFAULT ||
	       rte->rtekind == RTE_GROUP;
#else
	return false;
#endif
}

/* Whether EXPLAIN ANALYZE wants to know how long a node takes. */
static inline bool
mxpg_is_timed(const PlanState *node)
{
#if PG_VERSION_NUM >= 190000
	return node->instrument != NULL && node->instrument->instr.need_timer;
#else
	return node->instrument != NULL && node->instrument->need_timer;
#endif
}

/* The rows that an action of MERGE is for. */
typedef enum MxpgMergeKind
{
	MXPG_MERGE_MATCHED,
	MXPG_MERGE_NO_TARGET,
	MXPG_MERGE_NO_SOURCE
} MxpgMergeKind;

static inline MxpgMergeKind
mxpg_merge_kind(const MergeAction *action)
{
#if PG_VERSION_NUM >= 170000
	if (action->matchKind == MERGE_WHEN_NOT_MATCHED_BY_SOURCE)
		return MXPG_MERGE_NO_SOURCE;
	return action->matchKind == MERGE_WHEN_MATCHED ? MXPG_MERGE_MATCHED
	                                               : MXPG_MERGE_NO_TARGET;
#else
	return action->matched ? MXPG_MERGE_MATCHED : MXPG_MERGE_NO_TARGET;
#endif
}

/* Whether a window leaves out rows that come in. */
static inline bool
mxpg_window_filters(const WindowAggPath *path)
{
#if PG_VERSION_NUM >= 170000
	return path->qual != NIL || path->runCondition != NIL;
#else
	return path->qual != NIL || path->winclause->runCondition != NIL;
#endif
}

/* The path below one that passes rows on as they are; NULL for others. */
static inline Path *
mxpg_only_subpath(Path *path)
{
	switch (nodeTag(path))
	{
		case T_IncrementalSortPath:
			return ((IncrementalSortPath *) path)->spath.subpath;
		case T_LimitPath:
			return ((LimitPath *) path)->subpath;
		case T_LockRowsPath:
			return ((LockRowsPath *) path)->subpath;
		case T_GatherPath:
			return ((GatherPath *) path)->subpath;
		case T_GatherMergePath:
			return ((GatherMergePath *) path)->subpath;
		case T_MaterialPath:
			return ((MaterialPath *) path)->subpath;
		case T_GroupPath:
			return ((GroupPath *) path)->subpath;
		case T_GroupingSetsPath:
			return ((GroupingSetsPath *) path)->subpath;
#if PG_VERSION_NUM >= 190000
		case T_UniquePath:
			return ((UniquePath *) path)->subpath;
#else
		case T_UpperUniquePath:
			return ((UpperUniquePath *) path)->subpath;
#endif
		default:
			return NULL;
	}
}

#endif
