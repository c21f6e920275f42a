/* facts.c */
/* What a plan says of its model, as JSON and arrays for the catalog. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/facts.h"

char *
mxpg_server_text(MxText text)
{
	char *copy;

	if (text.data == NULL)
		return NULL;
	copy = pnstrdup(text.data, text.size);
	return pg_any_to_server(copy, (int) text.size, PG_UTF8);
}

Datum
mxpg_jsonb(const char *json)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

void
mxpg_append_json(StringInfo to, const char *text)
{
	if (text == NULL)
		appendStringInfoString(to, "null");
	else
		escape_json(to, text);
}

static const char *
bool_json(bool value)
{
	return value ? "true" : "false";
}

char *
mxpg_inputs_json(const MxPlan *plan, const char *const *names)
{
	StringInfoData json;
	size_t i;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (i = 0; i < mx_plan_n_inputs(plan); i++)
	{
		MxInput input = mx_plan_input(plan, i);

		appendStringInfo(&json, "%s{\"name\": ", i > 0 ? ", " : "");
		mxpg_append_json(&json, names == NULL ? NULL : names[i]);
		appendStringInfo(&json,
		                 ", \"kind\": \"%s\", \"used\": %s, \"category\": %s,"
		                 " \"accepts_missing\": %s}",
		                 input.kind == MX_COLUMN_TEXT ? "text" : "number",
		                 bool_json(input.is_used), bool_json(input.is_category),
		                 bool_json(input.accepts_missing));
	}
	appendStringInfoChar(&json, ']');
	return json.data;
}

bool
mxpg_has_numeric_classes(const MxPlan *plan)
{
	size_t i;

	for (i = 0; i < mx_plan_n_outputs(plan); i++)
		if (!mx_plan_classes_are_numbers(plan, i))
			return false;
	return true;
}

static void
add_output(StringInfo json, const char *function, size_t width)
{
	appendStringInfo(json, "%s\"%s\": %zu", json->len > 1 ? ", " : "", function,
	                 width);
}

/* What predict and its kin answer depends on outputs and classes. */
static void
add_predictions(StringInfo json, const MxPlan *plan)
{
	bool is_classifier = mx_plan_is_classifier(plan);
	size_t n = mx_plan_n_outputs(plan);

	if (!mx_plan_offers(plan,
	                    is_classifier ? MX_ANSWER_LABEL : MX_ANSWER_VALUE))
		return;
	if (!is_classifier || mxpg_has_numeric_classes(plan))
	{
		if (n <= 1)
			add_output(json, "predict", 1);
		add_output(json, "predict_vector", n > 0 ? n : 1);
	}
	if (is_classifier && n <= 1)
		add_output(json, "predict_label", 1);
}

char *
mxpg_outputs_json(const MxPlan *plan)
{
	static const struct
	{
		MxAnswerKind kind;
		const char *function;
	} outputs[] = {{MX_ANSWER_PROBA, "predict_proba"},
	               {MX_ANSWER_LOG_PROBA, "predict_log_proba"},
	               {MX_ANSWER_DECISION, "decision_function"},
	               {MX_ANSWER_TRANSFORM, "transform"},
	               {MX_ANSWER_SCORE_SAMPLES, "score_samples"}};
	StringInfoData json;
	size_t i;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	add_predictions(&json, plan);
	for (i = 0; i < lengthof(outputs); i++)
		if (mx_plan_offers(plan, outputs[i].kind))
			add_output(&json, outputs[i].function,
			           mx_plan_answer_width(plan, outputs[i].kind));
	appendStringInfoChar(&json, '}');
	return json.data;
}

char *
mxpg_steps_json(const MxPlan *plan)
{
	StringInfoData json;
	size_t i;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (i = 0; i < mx_plan_n_steps(plan); i++)
	{
		if (i > 0)
			appendStringInfoString(&json, ", ");
		mxpg_append_json(&json, mx_plan_step_name(plan, i));
	}
	appendStringInfoChar(&json, ']');
	return json.data;
}

char *
mxpg_description_json(const MxPlan *plan)
{
	char *json = mxpg_server_text(mx_plan_info(plan).description);

	return json == NULL ? pstrdup("{}") : json;
}

char *
mxpg_sklearn_version(const MxPlan *plan)
{
	return mxpg_server_text(mx_plan_info(plan).sklearn_version);
}

Datum
mxpg_classes_array(const MxPlan *plan)
{
	ArrayBuildState *array = NULL;
	size_t output;
	size_t i;

	if (!mx_plan_is_classifier(plan))
		return 0;
	for (output = 0; output < mx_plan_n_outputs(plan); output++)
		for (i = 0; i < mx_plan_n_classes(plan, output); i++)
			array = accumArrayResult(array,
			                         CStringGetTextDatum(mxpg_server_text(
			                             mx_plan_class_label(plan, output, i))),
			                         false, TEXTOID, CurrentMemoryContext);
	return array == NULL ? 0 : makeArrayResult(array, CurrentMemoryContext);
}

PG_FUNCTION_INFO_V1(model_ext_classes);

/* classes(model) */
Datum
model_ext_classes(PG_FUNCTION_ARGS)
{
	MxpgVersion version;
	MxpgPlan *plan;
	Datum classes;

	if (!mxpg_resolve(PG_GETARG_TEXT_PP(0), MXPG_RIGHT_EXECUTE, false,
	                  &version))
		PG_RETURN_NULL();
	plan = mxpg_plan_pin(&version, CurrentMemoryContext);
	classes = mxpg_classes_array(plan->plan);
	if (classes == 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("model \"%s\" has no classes", version.name)));
	PG_RETURN_DATUM(classes);
}
