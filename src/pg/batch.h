/*
 * batch.h: ModelBatch, the plan node that scores rows in blocks.
 *
 * The planner puts it over any path whose rows a scoring function is called
 * for.  It delivers the calls as columns: the nodes above find them by
 * equal() and read the column instead of calling.
 */
#ifndef MXPG_BATCH_H
#define MXPG_BATCH_H

#include "pg/call.h"

#include "nodes/extensible.h"
#include "nodes/pathnodes.h"

#define MXPG_BATCH_NODE "ModelBatch"

/* Installs the planner's hooks and the node's methods; once, at load. */
void mxpg_batch_init(void);

/* ---- batch_call.c ------------------------------------------------------ */

/* One call of a scoring function, as the planner meets it. */
typedef struct MxpgBatchCall
{
	const FuncExpr *call;
	MxpgCallShape shape;
	Const *model;
	Const *class_name; /* NULL when the answer asks for none */
	Oid written;       /* the function that the user wrote */
	List *names;       /* of a planned call: String, one per value */
	List *values;      /* each a Var or a Const */
} MxpgBatchCall;

/* false unless it is a call whose arguments cannot fail. */
bool mxpg_batch_call(Node *node, MxpgBatchCall *out);

/* Those calls in expressions that are made whenever these are evaluated. */
List *mxpg_batch_calls(Node *expressions);
/* Those in arguments of aggregates, which are evaluated for every row. */
List *mxpg_batch_aggregated_calls(Node *expressions);
/* Those in arguments of functions that return sets, made for every row. */
List *mxpg_batch_set_calls(List *expressions);
/*
 * Those made for every row that comes in when all rows of a window are asked
 * for: in the list, and in aggregates over frames that take in every row.
 */
List *mxpg_batch_window_calls(List *expressions, const WindowClause *window);

/* Variables in expressions, but for those that only the calls read. */
List *mxpg_batch_other_variables(Node *expressions, List *calls);

/* ---- batch_path.c ------------------------------------------------------ */

/* CustomPath.custom_private is a list of the calls, FuncExpr, and is_raw. */
List *mxpg_batch_path_calls(const CustomPath *path);
/* The subpath scans one heap: tuples are read where they are, in its pages. */
bool mxpg_batch_path_is_raw(const CustomPath *path);

extern const CustomPathMethods mxpg_batch_path_methods;

/*
 * The path with the calls as further columns, those it can deliver: without
 * one, the path itself.  all_rows: the query is sure to read it to its end, so
 * that an error in a row further on comes up anyway.
 */
Path *mxpg_batch_wrap(PlannerInfo *root, Path *path, List *calls,
                      bool all_rows);

/* ---- batch_walk.c ------------------------------------------------------ */

/* Wraps what finished paths of a query level call models for. */
void mxpg_batch_visit(PlannerInfo *root, List *paths, bool all_rows);

/* ---- batch_merge.c ----------------------------------------------------- */

/* Calls in MERGE's actions that are made for every row. */
List *mxpg_batch_merge_calls(const ModifyTablePath *path);
/* The target has columns beyond those that the level's list describes. */
void mxpg_batch_describe_junk(PlannerInfo *root, const PathTarget *target);

/* ---- batch_plan.c ------------------------------------------------------ */

/*
 * What the planner tells the executor.  Sources of values are numbers of the
 * table's attributes when the node reads tuples, of the child's columns
 * otherwise.
 */
typedef struct MxpgBatchPlan
{
	bool is_raw;
	bool is_narrow; /* the child delivers its tuples and no columns */
	List *sources;  /* int, one for each column that is not a call */
	List *models;   /* MxpgBatchModelPlan */
	List *calls;    /* MxpgBatchCallPlan, one for each column after those */
} MxpgBatchPlan;

/* A model and what it is given; calls that agree in both share it. */
typedef struct MxpgBatchModelPlan
{
	Const *model; /* text, or the uuid of an artifact */
	List *names;  /* String; NIL: by position */
	List *values; /* Const, or Var with its source as attribute number */
	List *labels; /* String: what EXPLAIN calls the values */
	List *known;  /* as mxpg_batch_known says */
	List *known_labels;
} MxpgBatchModelPlan;

typedef struct MxpgBatchCallPlan
{
	int model; /* number in models */
	MxpgAnswer answer;
	List *functions;   /* Oid: those the user must have EXECUTE on */
	Const *class_name; /* or NULL */
} MxpgBatchCallPlan;

/* To and from CustomScan.custom_private, which must be plain nodes. */
List *mxpg_batch_encode(const MxpgBatchPlan *plan);
void mxpg_batch_decode(List *encoded, MxpgBatchPlan *plan);

Plan *mxpg_batch_create_plan(PlannerInfo *root, RelOptInfo *rel,
                             CustomPath *path, List *target, List *clauses,
                             List *children);

/* ---- batch_node.c ------------------------------------------------------ */

extern const CustomScanMethods mxpg_batch_scan_methods;

#endif
