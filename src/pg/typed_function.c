/* typed_function.c */
/* create_predict_function(): a function with one named argument per input. */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "pg/arguments.h"
#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/target.h"

/* With the model's name and what the planner may add, 100 is the most. */
#define MAX_INPUTS 97

typedef struct Question
{
	const char *function; /* of model_ext */
	const char *type;     /* of its answer */
} Question;

static bool
predicts_numbers(const MxPlan *plan)
{
	if (mx_plan_is_classifier(plan))
		return mxpg_has_numeric_classes(plan);
	return mx_plan_offers(plan, MX_ANSWER_VALUE);
}

/* The first thing that the model can say. */
static Question
choose_question(const MxPlan *plan, const char *model)
{
	static const Question number = {"predict", "double precision"};
	static const Question vector = {"predict_vector", "double precision[]"};
	static const Question label = {"predict_label", "pg_catalog.text"};
	static const Question transform = {"transform", "double precision[]"};

	if (predicts_numbers(plan))
		return mx_plan_n_outputs(plan) > 1 ? vector : number;
	if (mx_plan_is_classifier(plan) && mx_plan_n_outputs(plan) == 1)
		return label;
	if (mx_plan_offers(plan, MX_ANSWER_TRANSFORM))
		return transform;
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("model \"%s\" has no answer that a function of "
	                       "its inputs could return",
	                       model),
	                errhint("Use predict_json.")));
}

static void
check_inputs(const MxPlan *plan, const char *model)
{
	size_t n = mx_plan_n_inputs(plan);

	if (n > MAX_INPUTS)
		ereport(ERROR,
		        (errcode(ERRCODE_TOO_MANY_ARGUMENTS),
		         errmsg("model \"%s\" has %zu features, more than the %d that "
		                "a function can take",
		                model, n, MAX_INPUTS),
		         errhint("Pass a row to predict instead.")));
}

/* "age" double precision, "city" text: into both lists. */
static void
append_arguments(const MxpgVersion *version, const MxPlan *plan,
                 StringInfo declared, StringInfo passed, Oid *types)
{
	const char **names = mxpg_feature_names(version, plan);
	size_t i;

	for (i = 0; i < mx_plan_n_inputs(plan); i++)
	{
		bool is_text = mx_plan_input(plan, i).kind == MX_COLUMN_TEXT;
		const char *name = names != NULL ? names[i] : psprintf("x%zu", i);

		types[i] = is_text ? TEXTOID : FLOAT8OID;
		appendStringInfo(declared, "%s%s %s", i > 0 ? ", " : "",
		                 quote_identifier(name),
		                 is_text ? "pg_catalog.text" : "double precision");
		appendStringInfo(passed, ", $%zu", i + 1);
	}
}

/* With the rights and in the name of whoever calls. */
static void
create_function(const char *sql)
{
	int code;

	SPI_connect();
	code = SPI_execute(sql, false, 0);
	if (code < 0)
		elog(ERROR, "statement failed: %s: %s", SPI_result_code_string(code),
		     sql);
	SPI_finish();
}

PG_FUNCTION_INFO_V1(model_ext_create_predict_function);

/* create_predict_function(model, function_name) */
Datum
model_ext_create_predict_function(PG_FUNCTION_ARGS)
{
	char *spec = mxpg_arg_text(fcinfo, 0, "model");
	Oid types[MAX_INPUTS];
	StringInfoData declared;
	StringInfoData passed;
	MxpgVersion version;
	const MxPlan *plan;
	Question question;
	List *name;

	mxpg_arg_need(fcinfo, 1, "function_name");
	name = textToQualifiedNameList(PG_GETARG_TEXT_PP(1));
	if (!mxpg_resolve(PG_GETARG_TEXT_PP(0), MXPG_RIGHT_EXECUTE, false,
	                  &version))
		PG_RETURN_NULL();
	plan = mxpg_plan_pin(&version, CurrentMemoryContext)->plan;
	check_inputs(plan, version.name);
	question = choose_question(plan, version.name);
	initStringInfo(&declared);
	initStringInfo(&passed);
	append_arguments(&version, plan, &declared, &passed, types);
	/* Not STRICT and one SELECT: the planner puts the call in its place. */
	create_function(psprintf(
	    "CREATE FUNCTION %s(%s) RETURNS %s LANGUAGE sql STABLE PARALLEL SAFE"
	    " RETURN model_ext.%s(%s%s)",
	    NameListToQuotedString(name), declared.data, question.type,
	    question.function, quote_literal_cstr(spec), passed.data));
	PG_RETURN_OID(
	    LookupFuncName(name, (int) mx_plan_n_inputs(plan), types, false));
}
