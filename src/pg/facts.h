/*
 * facts.h: what a plan says of its model, and what a registrar says of it.
 */
#ifndef MXPG_FACTS_H
#define MXPG_FACTS_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "pg/mxpg.h"

/* ---- facts.c ----------------------------------------------------------- */

/* [{"name", "kind", "used", "category", "accepts_missing"}, ...] */
char *mxpg_inputs_json(const MxPlan *plan, const char *const *names);
/* {"predict": 1, "predict_proba": 3, ...}: functions and widths. */
char *mxpg_outputs_json(const MxPlan *plan);
/* ["guard", "scale", ...] */
char *mxpg_steps_json(const MxPlan *plan);
/* What the artifact says: classes, parameters, steps. */
char *mxpg_description_json(const MxPlan *plan);
/* text[] in the order of predict_proba; 0 when it is no classifier. */
Datum mxpg_classes_array(const MxPlan *plan);
/* Of every output; true for a regressor. */
bool mxpg_has_numeric_classes(const MxPlan *plan);
/* NULL when the artifact does not say. */
char *mxpg_sklearn_version(const MxPlan *plan);

/* In the server's encoding; raises when that lacks a character. */
char *mxpg_server_text(MxText text);
Datum mxpg_jsonb(const char *json);
/* "a", "b" and so on: adds text as a JSON string. */
void mxpg_append_json(StringInfo to, const char *text);

/* ---- metadata.c -------------------------------------------------------- */

typedef struct MxpgMetadata
{
	Jsonb *given;
	int n_features; /* given because the artifact has no names */
	char **features;
	char *python_version;
	const JsonbValue *hyperparameters; /* NULL when not given, as below */
	const JsonbValue *training_summary;
	const JsonbValue *metrics;
	const JsonbValue *self_test;
} MxpgMetadata;

/*
 * Reads the keys that have a meaning and checks them against the plan; raises
 * 22023 when they contradict it.  given NULL is no metadata.
 */
void mxpg_read_metadata(Jsonb *given, const MxPlan *plan, MxpgMetadata *out);

/* jsonb of a value; 0 for NULL. */
Datum mxpg_json_datum(const JsonbValue *value);
/* NULL when it is absent or JSON's null. */
const JsonbValue *mxpg_json_key(const JsonbContainer *object, const char *key);
/* Raises 22023 unless value is an array; what is for the message. */
const JsonbContainer *mxpg_json_array(const JsonbValue *value,
                                      const char *what);
const JsonbContainer *mxpg_json_object(const JsonbValue *value,
                                       const char *what);
char *mxpg_json_string(const JsonbValue *value, const char *what);

/* ---- self_test.c ------------------------------------------------------- */

/*
 * Scores the rows of a self-test and compares.  The result is JSON; *failure
 * is NULL or, with the result NULL, a sentence that names row and both values.
 * Raises when the test itself makes no sense.
 */
char *mxpg_run_self_test(const MxpgVersion *version, const JsonbValue *test,
                         char **failure);

#endif
