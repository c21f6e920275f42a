/*
 * answer.h: the kinds of answers SQL asks for, and how scores become them.
 */
#ifndef MXPG_ANSWER_H
#define MXPG_ANSWER_H

#include "pg/mxpg.h"

typedef enum MxpgAnswer
{
	MXPG_PREDICT, /* float8: one value or numeric class */
	MXPG_LABEL,   /* text */
	MXPG_PROBA,   /* float8[], as the next five */
	MXPG_LOG_PROBA,
	MXPG_DECISION,
	MXPG_TRANSFORM,
	MXPG_VECTOR,   /* one value per output */
	MXPG_PROBA_OF, /* float8: of one class */
	MXPG_SAMPLES,  /* float8: score_samples */
	MXPG_ALL,      /* jsonb: whatever the model has */
	MXPG_ANSWERS
} MxpgAnswer;

struct MxpgTarget;

/* As the SQL functions are called: "predict_proba_of". */
const char *mxpg_answer_function(MxpgAnswer answer);
/* The type of the answer's Datum. */
Oid mxpg_answer_type(MxpgAnswer answer);
/* false when there is no such function; MXPG_ALL is "predict_json". */
bool mxpg_answer_find(const char *function, MxpgAnswer *answer);

/*
 * Fills wanted (room for MX_ANSWER_KINDS) with what the scorer must compute
 * and returns the number; raises when the model cannot give the answer.
 */
int mxpg_answer_wanted(const MxPlan *plan, MxpgAnswer answer, const char *model,
                       MxWanted *wanted);

/*
 * The answer from the outs of the last run, for the row that target is at, in
 * the current context.
 */
Datum mxpg_answer_datum(struct MxpgTarget *target);
/* By row, where the answer is one number of the outs as it is; else NULL. */
const double *mxpg_answer_numbers(const struct MxpgTarget *target);

/* json.c: the same for MXPG_ALL, of a target for single rows. */
Datum mxpg_answer_json(struct MxpgTarget *target);

/* Index of the class called text (numbers: of equal value); or false. */
bool mxpg_answer_find_class(const MxPlan *plan, const char *text,
                            size_t *index);
/* The same; raises 22023. */
size_t mxpg_answer_class(const MxPlan *plan, const char *model,
                         const char *text);

#endif
