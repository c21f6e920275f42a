/*
 * batch_state.h: a ModelBatch node as its parts see it while it runs.
 */
#ifndef MXPG_BATCH_STATE_H
#define MXPG_BATCH_STATE_H

#include "pg/batch_model.h"

#include "access/parallel.h"
#include "commands/explain.h"
#include "nodes/execnodes.h"
#include "port/atomics.h"
#include "portability/instr_time.h"

/* A condition, or the target: with the answers that no earlier one needs. */
typedef struct MxpgBatchStage
{
	ExprState *condition; /* NULL: the target */
	bool is_safe;         /* it cannot fail, nor can those before it */
	bool reads_values;    /* not answers alone */
	int n_calls;
	int *calls;
} MxpgBatchStage;

/* What EXPLAIN ANALYZE tells. */
typedef struct MxpgBatchCounts
{
	uint64 blocks;
	uint64 rows;
	uint64 nanoseconds; /* of scoring */
} MxpgBatchCounts;

/* The workers' sums, in memory that goes with the workers. */
typedef struct MxpgBatchShared
{
	pg_atomic_uint64 blocks;
	pg_atomic_uint64 rows;
	pg_atomic_uint64 nanoseconds;
} MxpgBatchShared;

typedef struct MxpgBatchState
{
	CustomScanState custom; /* must be first */
	MxpgBatchPlan plan;
	MxpgBatchRows *rows;
	int ramp; /* rows of the next block */

	int n_models;
	MxpgBatchModel **models;
	int n_calls;
	MxpgBatchAnswer **answers;
	int *model_of; /* by call */

	/* Columns of the scan tuple: values first, then calls. */
	int n_values;
	int *sources; /* 0: nobody needs it */

	int n_stages;
	MxpgBatchStage *stages;
	int n_ahead;                  /* stages tested for the whole block */
	int *passed;                  /* by row: how many of those, or -1 */
	int room;                     /* of passed and selected */
	MxpgBatchSelection *selected; /* rows that passed; NULL: all of them */
	MxpgBatchSelection selection;
	int n_blind; /* blocks for which it is not worth it */

	uint64 n_blocks;
	uint64 n_rows;
	instr_time scoring;
	MxpgBatchShared *shared; /* NULL: there are no workers */
	bool is_worker;
	MxpgBatchCounts counted; /* a worker's, in shared already; the leader's:
	                          * those of workers that are gone */
} MxpgBatchState;

/* ---- batch_stage.c ----------------------------------------------------- */

/* Says in state->sources what the stages read. */
void mxpg_batch_prepare_stages(MxpgBatchState *state);
/* The block has changed. */
void mxpg_batch_forget_stages(MxpgBatchState *state);
/*
 * Loads a row into the scan slot, with its answers; false when a condition
 * drops it.
 */
bool mxpg_batch_pass(MxpgBatchState *state, int row);

/* ---- batch_explain.c --------------------------------------------------- */

void mxpg_batch_explain(CustomScanState *node, List *ancestors,
                        ExplainState *es);

/* As CustomExecMethods has them. */
Size mxpg_batch_estimate_shared(CustomScanState *node,
                                ParallelContext *context);
void mxpg_batch_begin_shared(CustomScanState *node, ParallelContext *context,
                             void *shared);
void mxpg_batch_renew_shared(CustomScanState *node, ParallelContext *context,
                             void *shared);
void mxpg_batch_join_shared(CustomScanState *node, shm_toc *toc, void *shared);
void mxpg_batch_leave_shared(CustomScanState *node);

/* A worker tells what it has done since the last time. */
void mxpg_batch_report(MxpgBatchState *state);

/* ---- batch_node.c ------------------------------------------------------ */

/* Rows per block at most. */
int mxpg_batch_most_rows(const MxpgBatchState *state);

#endif
