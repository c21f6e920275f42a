/* answer.c */
/* What answers a model has, and how its scores become SQL values. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "pg/compat.h"
#include "pg/target.h"

/* Sparse rows are spread out up to here: 80 kB of float8. */
#define MAX_SPARSE_COLUMNS 10000

typedef struct AnswerName
{
	const char *function;
	const char *noun; /* what the model has none of */
	Oid type;
} AnswerName;

static const AnswerName answer_names[MXPG_ANSWERS] = {
    [MXPG_PREDICT] = {"predict", "predictions", FLOAT8OID},
    [MXPG_LABEL] = {"predict_label", "classes", TEXTOID},
    [MXPG_PROBA] = {"predict_proba", "probabilities", FLOAT8ARRAYOID},
    [MXPG_LOG_PROBA] = {"predict_log_proba", "probabilities", FLOAT8ARRAYOID},
    [MXPG_DECISION] = {"decision_function", "decision function",
                       FLOAT8ARRAYOID},
    [MXPG_TRANSFORM] = {"transform", "transform", FLOAT8ARRAYOID},
    [MXPG_VECTOR] = {"predict_vector", "predictions", FLOAT8ARRAYOID},
    [MXPG_PROBA_OF] = {"predict_proba_of", "probabilities", FLOAT8OID},
    [MXPG_SAMPLES] = {"score_samples", "sample scores", FLOAT8OID},
    [MXPG_ALL] = {"predict_json", "answers", JSONBOID},
};

const char *
mxpg_answer_function(MxpgAnswer answer)
{
	return answer_names[answer].function;
}

Oid
mxpg_answer_type(MxpgAnswer answer)
{
	return answer_names[answer].type;
}

bool
mxpg_answer_find(const char *function, MxpgAnswer *answer)
{
	int i;

	for (i = 0; i < MXPG_ANSWERS; i++)
	{
		if (strcmp(answer_names[i].function, function) != 0)
			continue;
		*answer = (MxpgAnswer) i;
		return true;
	}
	return false;
}

static bool
has_numeric_classes(const MxPlan *plan)
{
	size_t i;

	for (i = 0; i < mx_plan_n_outputs(plan); i++)
		if (!mx_plan_classes_are_numbers(plan, i))
			return false;
	return true;
}

/* A class is asked for by its index: the plan then need not spell it out. */
static MxAnswerKind
prediction_kind(const MxPlan *plan)
{
	return mx_plan_is_classifier(plan) ? MX_ANSWER_LABEL : MX_ANSWER_VALUE;
}

static MxAnswerKind
kind_of(const MxPlan *plan, MxpgAnswer answer)
{
	switch (answer)
	{
		case MXPG_PREDICT:
		case MXPG_VECTOR:
		case MXPG_ALL:
			return prediction_kind(plan);
		case MXPG_LABEL:
			return MX_ANSWER_LABEL;
		case MXPG_PROBA:
		case MXPG_PROBA_OF:
			return MX_ANSWER_PROBA;
		case MXPG_LOG_PROBA:
			return MX_ANSWER_LOG_PROBA;
		case MXPG_DECISION:
			return MX_ANSWER_DECISION;
		case MXPG_TRANSFORM:
			return MX_ANSWER_TRANSFORM;
		case MXPG_SAMPLES:
			return MX_ANSWER_SCORE_SAMPLES;
		case MXPG_ANSWERS:
			break;
	}
	elog(ERROR, "unknown answer %d", (int) answer);
}

/* Answers of one value for models of several outputs have no meaning. */
static bool
wants_one_output(MxpgAnswer answer)
{
	return answer == MXPG_PREDICT || answer == MXPG_LABEL ||
	       answer == MXPG_PROBA_OF;
}

static bool
wants_numbers(MxpgAnswer answer)
{
	return answer == MXPG_PREDICT || answer == MXPG_VECTOR;
}

static bool
has_answer(const MxPlan *plan, MxpgAnswer answer)
{
	if (!mx_plan_offers(plan, kind_of(plan, answer)) ||
	    (answer == MXPG_LABEL && !mx_plan_is_classifier(plan)))
		return false;
	if (wants_one_output(answer) && mx_plan_n_outputs(plan) > 1)
		return false;
	return !wants_numbers(answer) || !mx_plan_is_classifier(plan) ||
	       has_numeric_classes(plan);
}

/* "It has predict, predict_label and ..." */
static char *
describe_answers(const MxPlan *plan)
{
	StringInfoData list;
	int i;

	initStringInfo(&list);
	for (i = 0; i < MXPG_ALL; i++)
		if (has_answer(plan, (MxpgAnswer) i))
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
			                 answer_names[i].function);
	return list.len > 0 ? list.data : pstrdup("predict_json");
}

static void
refuse_outputs(const MxPlan *plan, MxpgAnswer answer, const char *model)
{
	bool fits = answer == MXPG_PREDICT && has_answer(plan, MXPG_VECTOR);

	ereport(
	    ERROR,
	    (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	     errmsg("model \"%s\" has %zu outputs", model, mx_plan_n_outputs(plan)),
	     errhint("Use %s.", fits ? "predict_vector" : "predict_json")));
}

static void
check_answer(const MxPlan *plan, MxpgAnswer answer, const char *model)
{
	if (has_answer(plan, answer))
		return;
	if (!mx_plan_offers(plan, kind_of(plan, answer)) ||
	    (answer == MXPG_LABEL && !mx_plan_is_classifier(plan)))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("model \"%s\" has no %s", model,
		                       answer_names[answer].noun),
		                errhint("It has %s.", describe_answers(plan))));
	if (wants_one_output(answer) && mx_plan_n_outputs(plan) > 1)
		refuse_outputs(plan, answer, model);
	ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
	                errmsg("classes of model \"%s\" are not numbers", model),
	                errhint("Use %s.", mx_plan_n_outputs(plan) > 1
	                                       ? "predict_json"
	                                       : "predict_label")));
}

static void
check_sparse_width(const MxPlan *plan, MxAnswerKind kind, const char *model)
{
	size_t width = mx_plan_answer_width(plan, kind);

	if (mx_plan_answer_is_sparse(plan, kind) && width > MAX_SPARSE_COLUMNS)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("transform of model \"%s\" has %zu columns, more "
		                "than %d",
		                model, width, MAX_SPARSE_COLUMNS),
		         errhint("Register the pipeline together with the estimator "
		                 "that reads these columns.")));
}

static int
wanted_of_all(const MxPlan *plan, MxWanted *wanted)
{
	int n = 0;
	int kind;

	for (kind = 0; kind < MX_ANSWER_KINDS; kind++)
	{
		/* The label says the same, in one form for all classes. */
		if (kind == MX_ANSWER_VALUE && mx_plan_is_classifier(plan))
			continue;
		if (mx_plan_offers(plan, (MxAnswerKind) kind))
			wanted[n++].kind = (MxAnswerKind) kind;
	}
	return n;
}

int
mxpg_answer_wanted(const MxPlan *plan, MxpgAnswer answer, const char *model,
                   MxWanted *wanted)
{
	int n = 1;
	int i;

	if (answer == MXPG_ALL)
		n = wanted_of_all(plan, wanted);
	else
	{
		check_answer(plan, answer, model);
		wanted[0].kind = kind_of(plan, answer);
	}
	for (i = 0; i < n; i++)
		check_sparse_width(plan, wanted[i].kind, model);
	return n;
}

bool
mxpg_answer_find_class(const MxPlan *plan, const char *text, size_t *index)
{
	bool are_numbers = mx_plan_classes_are_numbers(plan, 0);
	size_t n = mx_plan_n_classes(plan, 0);
	char *end = NULL;
	double number = are_numbers ? strtod(text, &end) : 0;
	bool is_number = are_numbers && end != text && *end == '\0';
	MxText wanted =
	    mx_text_from(pg_server_to_any(text, (int) strlen(text), PG_UTF8));
	size_t i;

	for (i = 0; i < n; i++)
		if (mx_text_equals(mx_plan_class_label(plan, 0, i), wanted) ||
		    (is_number && mx_plan_class_number(plan, 0, i) == number))
			break;
	*index = i;
	return i < n;
}

size_t
mxpg_answer_class(const MxPlan *plan, const char *model, const char *text)
{
	size_t i;

	if (mxpg_answer_find_class(plan, text, &i))
		return i;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("model \"%s\" has no class \"%s\"", model, text),
	                errdetail("model_ext.classes('%s') shows them.", model)));
}

static Datum
label_datum(MxpgTarget *target)
{
	const MxBlock *out = &target->outs[target->out];
	double index = out->columns[0].numbers[target->at];
	MxText label = mx_plan_class_label(target->plan, 0, (size_t) index);
	char *text = pg_any_to_server(label.data, (int) label.size, PG_UTF8);
	size_t size = text == label.data ? label.size : strlen(text);

	return PointerGetDatum(cstring_to_text_with_len(text, (int) size));
}

/* The number of one column; a class's own when columns are class indexes. */
static double
number_at(const MxpgTarget *target, size_t column)
{
	const MxBlock *out = &target->outs[target->out];
	double number = out->columns[column].numbers[target->at];

	if (target->wanted[target->out].kind != MX_ANSWER_LABEL)
		return number;
	return mx_plan_class_number(target->plan, column, (size_t) number);
}

static void
fill_sparse(double *to, const MxSparseRows *rows, size_t row)
{
	size_t i;

	for (i = rows->start[row]; i < rows->start[row + 1]; i++)
		to[rows->columns[i]] = rows->values[i];
}

static void
check_numbers(const MxpgTarget *target)
{
	const MxBlock *out = &target->outs[target->out];
	size_t i;

	for (i = 0; out->sparse == NULL && i < out->n_columns; i++)
		if (out->columns[i].kind != MX_COLUMN_NUMBER)
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         errmsg("transform of model \"%s\" is not all numbers",
			                target->version.name),
			         errhint("Use predict_json.")));
}

/* What construct_array would make, without the array of Datums before it. */
static Datum
vector_datum(MxpgTarget *target)
{
	const MxBlock *out = &target->outs[target->out];
	size_t n = out->n_columns;
	size_t size = ARR_OVERHEAD_NONULLS(1) + n * sizeof(double);
	ArrayType *array;
	double *to;
	size_t i;

	check_numbers(target);
	if (n == 0)
		return PointerGetDatum(construct_empty_array(FLOAT8OID));
	array = palloc0(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = (int) n;
	ARR_LBOUND(array)[0] = 1;
	to = (double *) ARR_DATA_PTR(array);
	if (out->sparse != NULL)
		fill_sparse(to, out->sparse, target->at);
	else
		for (i = 0; i < n; i++)
			to[i] = number_at(target, i);
	return PointerGetDatum(array);
}

const double *
mxpg_answer_numbers(const MxpgTarget *target)
{
	const MxBlock *out = &target->outs[target->out];
	bool is_of_class = target->answer == MXPG_PROBA_OF;

	if ((!is_of_class && target->answer != MXPG_PREDICT &&
	     target->answer != MXPG_SAMPLES) ||
	    target->wanted[target->out].kind == MX_ANSWER_LABEL)
		return NULL;
	return out->columns[is_of_class ? target->class_index : 0].numbers;
}

Datum
mxpg_answer_datum(MxpgTarget *target)
{
	switch (target->answer)
	{
		case MXPG_PREDICT:
		case MXPG_SAMPLES:
			return Float8GetDatum(number_at(target, 0));
		case MXPG_PROBA_OF:
			return Float8GetDatum(number_at(target, target->class_index));
		case MXPG_LABEL:
			return label_datum(target);
		case MXPG_PROBA:
		case MXPG_LOG_PROBA:
		case MXPG_DECISION:
		case MXPG_TRANSFORM:
		case MXPG_VECTOR:
			return vector_datum(target);
		case MXPG_ALL:
			return mxpg_answer_json(target);
		case MXPG_ANSWERS:
			break;
	}
	elog(ERROR, "unknown answer %d", (int) target->answer);
}
