/*
 * batch_limits.h: what the answers of a call are compared with, when nothing
 * else in a ModelBatch node uses them.
 */
#ifndef MXPG_BATCH_LIMITS_H
#define MXPG_BATCH_LIMITS_H

#include "pg/batch.h"
#include "pg/target.h"

#include "nodes/execnodes.h"

typedef struct MxpgBatchLimits
{
	List *limits; /* ExprState; NIL: the answers themselves are used */
	ExprContext *context;
} MxpgBatchLimits;

/*
 * Of the answers in a column of the node's scan tuple, from 1: by its final
 * conditions and target, in which planning puts what it likes.
 */
MxpgBatchLimits *mxpg_batch_limits(PlanState *node, int column);

/*
 * Lets target stop early if all of its answers are only compared: a list of
 * MxpgBatchCallPlan, and one of the MxpgBatchLimits of each.
 */
void mxpg_batch_stop_early(MxpgTarget *target, const List *calls,
                           const List *limits);

#endif
