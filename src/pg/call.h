/*
 * call.h: what one place in a query that scores remembers between rows.
 */
#ifndef MXPG_CALL_H
#define MXPG_CALL_H

#include "pg/answer.h"

/* What an SQL function's arguments are. */
typedef struct MxpgCallShape
{
	MxpgAnswer answer;
	/* The first argument is the uuid of an artifact, not a model's name. */
	bool is_pinned;
	/*
	 * The planner made the call from one with a row: the function it stands
	 * for and the features' names follow the model, then come their values.
	 */
	bool is_flat;
} MxpgCallShape;

/* predict_columns is what the planner makes of predict(model, row). */
#define MXPG_FLAT_SUFFIX "_columns"

/* Evaluates the call: the answer, or NULL. */
Datum mxpg_call(FunctionCallInfo fcinfo, const MxpgCallShape *shape);

#endif
