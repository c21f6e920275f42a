/* predict.c */
/* The SQL functions that score: what each answers and how it is called. */
#include "postgres.h"

#include "fmgr.h"

#include "pg/call.h"

#define SCORING_FUNCTION(name, ...) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		static const MxpgCallShape shape = {__VA_ARGS__}; \
\
		return mxpg_call(fcinfo, &shape); \
	} \
	PG_FUNCTION_INFO_V1(name)

/* (model text, VARIADIC features "any") */
SCORING_FUNCTION(model_ext_predict, .answer = MXPG_PREDICT);
SCORING_FUNCTION(model_ext_predict_label, .answer = MXPG_LABEL);
SCORING_FUNCTION(model_ext_predict_proba, .answer = MXPG_PROBA);
SCORING_FUNCTION(model_ext_predict_log_proba, .answer = MXPG_LOG_PROBA);
SCORING_FUNCTION(model_ext_decision_function, .answer = MXPG_DECISION);
SCORING_FUNCTION(model_ext_transform, .answer = MXPG_TRANSFORM);
SCORING_FUNCTION(model_ext_predict_vector, .answer = MXPG_VECTOR);
SCORING_FUNCTION(model_ext_score_samples, .answer = MXPG_SAMPLES);

/* (model text, class text, VARIADIC features "any") */
SCORING_FUNCTION(model_ext_predict_proba_of, .answer = MXPG_PROBA_OF);

/* (model text, features jsonb) */
SCORING_FUNCTION(model_ext_predict_json, .answer = MXPG_ALL);

/* (artifact uuid, [class text,] VARIADIC features "any") */
SCORING_FUNCTION(model_ext_predict_pinned, .answer = MXPG_PREDICT,
                 .is_pinned = true);
SCORING_FUNCTION(model_ext_predict_label_pinned, .answer = MXPG_LABEL,
                 .is_pinned = true);
SCORING_FUNCTION(model_ext_predict_proba_pinned, .answer = MXPG_PROBA,
                 .is_pinned = true);
SCORING_FUNCTION(model_ext_predict_proba_of_pinned, .answer = MXPG_PROBA_OF,
                 .is_pinned = true);

/*
 * (model text, function regprocedure, features text[], [class text,]
 * VARIADIC columns "any")
 */
SCORING_FUNCTION(model_ext_predict_columns, .answer = MXPG_PREDICT,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_predict_label_columns, .answer = MXPG_LABEL,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_predict_proba_columns, .answer = MXPG_PROBA,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_predict_log_proba_columns, .answer = MXPG_LOG_PROBA,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_decision_function_columns, .answer = MXPG_DECISION,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_transform_columns, .answer = MXPG_TRANSFORM,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_predict_vector_columns, .answer = MXPG_VECTOR,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_score_samples_columns, .answer = MXPG_SAMPLES,
                 .is_flat = true);
SCORING_FUNCTION(model_ext_predict_proba_of_columns, .answer = MXPG_PROBA_OF,
                 .is_flat = true);
