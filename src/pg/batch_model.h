/*
 * batch_model.h: a model of a ModelBatch node, and what it says of the rows.
 */
#ifndef MXPG_BATCH_MODEL_H
#define MXPG_BATCH_MODEL_H

#include "pg/batch.h"
#include "pg/batch_known.h"
#include "pg/batch_limits.h"
#include "pg/batch_rows.h"

typedef struct MxpgBatchModel MxpgBatchModel;
typedef struct MxpgBatchAnswer MxpgBatchAnswer;

/* Lives in the current context. */
MxpgBatchModel *mxpg_batch_model_create(const MxpgBatchModelPlan *plan,
                                        const MxpgBatchExecution *execution,
                                        MxpgBatchRows *rows);
/* An answer it will be asked for; all of them before the first row. */
MxpgBatchAnswer *mxpg_batch_answer_create(MxpgBatchModel *model,
                                          const MxpgBatchCallPlan *call,
                                          const MxpgBatchLimits *limits);
/*
 * Trees of rows so far, and those of them that conditions did not need; false
 * when all are added.
 */
bool mxpg_batch_model_count_trees(const MxpgBatchModel *model, uint64 *n_asked,
                                  uint64 *n_skipped);

/* The block has changed. */
void mxpg_batch_model_forget(MxpgBatchModel *model);
/* false until a row of the block has been asked about. */
bool mxpg_batch_model_is_scored(const MxpgBatchModel *model);
/* Nanoseconds for one row; 0 before it knows. */
double mxpg_batch_model_cost(const MxpgBatchModel *model);
/*
 * Scores the rows selected, or all of the block when that is NULL, and looks
 * the model's name up when the snapshot is not that of the last time.
 */
void mxpg_batch_model_score(MxpgBatchModel *model,
                            const MxpgBatchSelection *selected);
/* Rows per block it wants at most; as many as there may be before it knows. */
int mxpg_batch_model_rows(const MxpgBatchModel *model);

/* Whether there is an answer for the row, and mxpg_batch_answer cannot fail. */
bool mxpg_batch_answer_is_sure(const MxpgBatchAnswer *answer, int row);
/*
 * The answer for a row of the scored block, in the current context; raises
 * what the call by itself would.  false: NULL.
 */
bool mxpg_batch_answer(MxpgBatchAnswer *answer, int row, Datum *value);

/* For EXPLAIN: "churn version 3", or what the query says. */
char *mxpg_batch_model_title(const MxpgBatchModel *model);

/* Whether conditions, or constants, have decided tests of its trees. */
bool mxpg_batch_model_is_pruned(const MxpgBatchModel *model);
/* For EXPLAIN ANALYZE: "12 of 600", the tests that are left of one pruned. */
char *mxpg_batch_model_tests(const MxpgBatchModel *model);

/* Rows in one block at most. */
#define MXPG_BATCH_ROWS 8192

#endif
