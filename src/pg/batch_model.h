/*
 * batch_model.h: a model of a ModelBatch node, and what it says of the rows.
 */
#ifndef MXPG_BATCH_MODEL_H
#define MXPG_BATCH_MODEL_H

#include "pg/batch.h"
#include "pg/batch_rows.h"

typedef struct MxpgBatchModel MxpgBatchModel;
typedef struct MxpgBatchAnswer MxpgBatchAnswer;

/* Lives in the current context. */
MxpgBatchModel *mxpg_batch_model_create(const MxpgBatchModelPlan *plan,
                                        MxpgBatchRows *rows);
/* An answer it will be asked for; all of them before the first row. */
MxpgBatchAnswer *mxpg_batch_answer_create(MxpgBatchModel *model,
                                          const MxpgBatchCallPlan *call);

/* The block has changed. */
void mxpg_batch_model_forget(MxpgBatchModel *model);
/* false until a row of the block has been asked about. */
bool mxpg_batch_model_is_scored(const MxpgBatchModel *model);
/*
 * Scores the block, and looks the model's name up when the snapshot is not
 * that of the last time.
 */
void mxpg_batch_model_score(MxpgBatchModel *model);
/* Rows per block it wants at most; as many as there may be before it knows. */
int mxpg_batch_model_rows(const MxpgBatchModel *model);

/*
 * The answer for a row of the scored block, in the current context; raises
 * what the call by itself would.  false: NULL.
 */
bool mxpg_batch_answer(MxpgBatchAnswer *answer, int row, Datum *value);

/* For EXPLAIN: "churn version 3", or what the query says. */
char *mxpg_batch_model_title(const MxpgBatchModel *model);

/* Rows in one block at most. */
#define MXPG_BATCH_ROWS 8192

#endif
