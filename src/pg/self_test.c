/* self_test.c */
/* Scores the rows that a registrar sent along, and compares the answers. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include <math.h>

#include "pg/compat.h"
#include "pg/facts.h"
#include "pg/target.h"

/* Relative to the number expected, or to 1 when that is smaller. */
#define BOUND 1e-9

typedef struct SelfTest
{
	const MxpgVersion *version;
	const JsonbContainer *columns; /* NULL: in the order of the inputs */
	const JsonbContainer *rows;
	const JsonbContainer *outputs;
	int n_rows;
	double largest; /* difference so far, by the scale of BOUND */
	char *failure;  /* NULL as long as all agrees */
} SelfTest;

static void
refuse(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("self_test of the metadata %s", what)));
}

static const JsonbValue *
element(const JsonbContainer *array, int i)
{
	const JsonbValue *value = getIthJsonbValueFromContainer(
	    unconstify(JsonbContainer *, array), (uint32) i);

	if (value == NULL)
		refuse("has a row or an output that is too short");
	return value;
}

/* null is NaN; infinities are strings, for JSON has no number for them. */
static bool
read_number(const JsonbValue *value, double *out)
{
	char *text;

	switch (value->type)
	{
		case jbvNull:
			*out = get_float8_nan();
			return true;
		case jbvBool:
			*out = value->val.boolean ? 1 : 0;
			return true;
		case jbvNumeric:
			*out = mxpg_numeric_to_double(NumericGetDatum(value->val.numeric));
			return true;
		case jbvString:
			text = mxpg_json_string(value, "self_test");
			*out =
			    text[0] == '-' ? -get_float8_infinity() : get_float8_infinity();
			return pg_strcasecmp(text, "inf") == 0 ||
			       pg_strcasecmp(text, "-inf") == 0;
		default:
			return false;
	}
}

static void
set_cell(MxpgRow *row, const MxpgField *field, MxColumnKind kind,
         const JsonbValue *value)
{
	double number;

	if (value->type == jbvNull)
		mxpg_row_set_null(row, field);
	else if (kind == MX_COLUMN_TEXT && value->type == jbvString)
		mxpg_row_set_text(row, field, value->val.string.val,
		                  (size_t) value->val.string.len);
	else if (kind == MX_COLUMN_NUMBER && read_number(value, &number))
		mxpg_row_set_number(row, field, number);
	else
		refuse("has a value of another type than its feature");
}

/* Place of an input among the test's columns. */
static int
find_column(const SelfTest *test, const MxpgTarget *target, size_t input)
{
	int n;
	int i;

	if (test->columns == NULL)
		return (int) input;
	n = (int) JsonContainerSize(test->columns);
	for (i = 0; i < n; i++)
		if (strcmp(mxpg_json_string(element(test->columns, i), "column"),
		           target->names[input]) == 0)
			return i;
	refuse("lacks a column that the model reads");
	return -1;
}

static void
fill_row(const SelfTest *test, MxpgTarget *target, const int *places, int row)
{
	const JsonbContainer *cells =
	    mxpg_json_array(element(test->rows, row), "row of the self_test");
	size_t i;

	for (i = 0; i < target->n_inputs; i++)
	{
		MxInput input = mx_plan_input(target->plan, i);
		MxpgField field = {.is_category = input.is_category,
		                   .input = i,
		                   .cell = i,
		                   .name = target->names[i]};

		set_cell(&target->row, &field, input.kind, element(cells, places[i]));
	}
}

static char *
show_json(const JsonbValue *value)
{
	Jsonb *json = DatumGetJsonbP(mxpg_json_datum(value));

	return JsonbToCString(NULL, &json->root, (int) VARSIZE(json));
}

static void
fail(SelfTest *test, const char *output, int row, int column, const char *got,
     const JsonbValue *want)
{
	if (column < 0)
		test->failure = psprintf("In row %d, %s gives %s, expected %s.",
		                         row + 1, output, got, show_json(want));
	else
		test->failure =
		    psprintf("In row %d, column %d, %s gives %s, expected %s.", row + 1,
		             column + 1, output, got, show_json(want));
}

static void
compare_number(SelfTest *test, const char *output, int row, int column,
               double got, const JsonbValue *value)
{
	double want;
	double difference = 0;

	if (!read_number(value, &want))
		refuse("expects text where the model answers with a number");
	if (isnan(got) || isnan(want) || isinf(got) || isinf(want))
	{
		if (!(isnan(got) && isnan(want)) && got != want)
			difference = get_float8_infinity();
	}
	else
		difference = fabs(got - want) / Max(fabs(want), 1.0);
	test->largest = Max(test->largest, difference);
	if (difference > BOUND)
		fail(test, output, row, column, float8out_internal(got), value);
}

static void
compare_array(SelfTest *test, const char *output, int row, ArrayType *got,
              const JsonbValue *value)
{
	const JsonbContainer *want =
	    mxpg_json_array(value, "output of the self_test");
	const double *numbers = (const double *) ARR_DATA_PTR(got);
	int n = ArrayGetNItems(ARR_NDIM(got), ARR_DIMS(got));
	int i;

	if (n != (int) JsonContainerSize(want))
		refuse("has an output of another width than the model's");
	for (i = 0; i < n && test->failure == NULL; i++)
		compare_number(test, output, row, i, numbers[i], element(want, i));
}

static void
compare_text(SelfTest *test, const char *output, int row, const char *got,
             const JsonbValue *want)
{
	StringInfoData quoted;

	if (want->type == jbvString &&
	    strcmp(got, mxpg_json_string(want, "output")) == 0)
		return;
	initStringInfo(&quoted);
	mxpg_append_json(&quoted, got);
	fail(test, output, row, -1, quoted.data, want);
}

static void
compare(SelfTest *test, const char *output, int row, MxpgTarget *target,
        const JsonbValue *want)
{
	Datum got = mxpg_answer_datum(target);

	switch (mxpg_answer_type(target->answer))
	{
		case FLOAT8OID:
			compare_number(test, output, row, -1, DatumGetFloat8(got), want);
			break;
		case TEXTOID:
			compare_text(test, output, row, TextDatumGetCString(got), want);
			break;
		default:
			compare_array(test, output, row, DatumGetArrayTypeP(got), want);
			break;
	}
}

/*
 * The function that answers as the output's first row does: scikit-learn's
 * predict gives numbers, texts or, for several outputs, arrays.
 */
static MxpgAnswer
find_answer(const char *output, const JsonbValue *first)
{
	MxpgAnswer answer;

	if (!mxpg_answer_find(output, &answer) || answer == MXPG_PROBA_OF ||
	    answer == MXPG_ALL)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("self_test of the metadata has an unknown output "
		                "\"%s\"",
		                output)));
	if (answer == MXPG_PREDICT && first->type == jbvString)
		return MXPG_LABEL;
	if (answer == MXPG_PREDICT && first->type == jbvBinary)
		return MXPG_VECTOR;
	return answer;
}

static void
run_output(SelfTest *test, const char *output, const JsonbValue *value)
{
	const JsonbContainer *want =
	    mxpg_json_array(value, "output of the self_test");
	MxpgTarget *target;
	int *places;
	size_t i;
	int row;

	if ((int) JsonContainerSize(want) != test->n_rows)
		refuse("has an output with another number of rows");
	if (test->n_rows == 0)
		return;
	target = mxpg_target_open(CurrentMemoryContext, test->version,
	                          find_answer(output, element(want, 0)));
	places = palloc_array(int, target->n_inputs + 1);
	for (i = 0; i < target->n_inputs; i++)
		places[i] = find_column(test, target, i);
	for (row = 0; row < test->n_rows && test->failure == NULL; row++)
	{
		CHECK_FOR_INTERRUPTS();
		fill_row(test, target, places, row);
		mxpg_target_run(target);
		compare(test, output, row, target, element(want, row));
	}
	mxpg_target_close(target);
}

/* Each output in turn; names of those that agree are added to list. */
static void
run_outputs(SelfTest *test, StringInfo list)
{
	JsonbIterator *it =
	    JsonbIteratorInit(unconstify(JsonbContainer *, test->outputs));
	JsonbIteratorToken token;
	JsonbValue key;
	JsonbValue value;

	while (test->failure == NULL &&
	       (token = JsonbIteratorNext(&it, &key, true)) != WJB_DONE)
	{
		char *output;

		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&it, &value, true);
		output = mxpg_json_string(&key, "output");
		run_output(test, output, &value);
		if (list->len > 0)
			appendStringInfoString(list, ", ");
		mxpg_append_json(list, output);
	}
}

char *
mxpg_run_self_test(const MxpgVersion *version, const JsonbValue *test,
                   char **failure)
{
	const JsonbContainer *object = mxpg_json_object(test, "self_test");
	const JsonbValue *columns = mxpg_json_key(object, "columns");
	SelfTest run = {.version = version};
	StringInfoData outputs;

	if (columns != NULL)
		run.columns = mxpg_json_array(columns, "columns of the self_test");
	run.rows =
	    mxpg_json_array(mxpg_json_key(object, "rows"), "rows of the self_test");
	run.outputs = mxpg_json_object(mxpg_json_key(object, "outputs"),
	                               "outputs of the self_test");
	run.n_rows = (int) JsonContainerSize(run.rows);
	initStringInfo(&outputs);
	run_outputs(&run, &outputs);
	*failure = run.failure;
	if (run.failure != NULL)
		return NULL;
	return psprintf("{\"rows\": %d, \"outputs\": [%s],"
	                " \"largest_difference\": %s}",
	                run.n_rows, outputs.data, float8out_internal(run.largest));
}
