/*
 * batch_known.h: what a query's conditions say of the values a model is given,
 * and plans made for rows that meet them.
 */
#ifndef MXPG_BATCH_KNOWN_H
#define MXPG_BATCH_KNOWN_H

#include "pg/batch.h"
#include "pg/target.h"

#include "nodes/params.h"

/* ---- batch_condition.c ------------------------------------------------- */

/*
 * For each of values what it is in every row of rel: a Const, of NULL too, or
 * a Param that the executor is given; NULL where that is not known.  NIL when
 * nothing is.  Conditions in untested are not met by all rows.
 */
List *mxpg_batch_known(PlannerInfo *root, const RelOptInfo *rel,
                       const List *untested, const List *values);

/* ---- batch_known.c ----------------------------------------------------- */

/* What an execution adds to the plan. */
typedef struct MxpgBatchExecution
{
	ParamListInfo params;
	double rows; /* that the planner expects */
} MxpgBatchExecution;

/*
 * target's fields have the numbers of plan's values as sources: what is known
 * of the inputs, in the current context; NULL when nothing is.
 */
MxKnown *mxpg_batch_known_inputs(const MxpgBatchModelPlan *plan,
                                 const MxpgBatchExecution *execution,
                                 const MxpgTarget *target);

/*
 * The plan for rows that hold what is known, pinned like target's own; NULL
 * when it does not pay or cannot be made.
 */
const MxPlan *mxpg_batch_known_plan(const MxpgBatchExecution *execution,
                                    const MxpgTarget *target,
                                    const MxKnown *known);

#endif
