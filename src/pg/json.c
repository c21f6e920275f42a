/* json.c */
/* All answers of a model as one jsonb object, for predict_json. */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "pg/compat.h"
#include "pg/target.h"

/* Written as text and parsed once: the API that builds jsonb changes. */

static void
append_comma(StringInfo out)
{
	char last = out->len > 0 ? out->data[out->len - 1] : '{';

	if (strchr("[{:", last) == NULL)
		appendStringInfoChar(out, ',');
}

static void
append_text(StringInfo out, MxText text)
{
	char *copy = pnstrdup(text.data, text.size);

	append_comma(out);
	escape_json(out, pg_any_to_server(copy, (int) text.size, PG_UTF8));
}

static void
append_key(StringInfo out, MxText key)
{
	append_text(out, key);
	appendStringInfoChar(out, ':');
}

/*
 * NaN is null and the infinities are strings, as in a model's self-test;
 * float8out's digits are the fewest that give the same number back, where a
 * cast to numeric would round to 15.
 */
static void
append_number(StringInfo out, double number)
{
	append_comma(out);
	if (isnan(number))
		appendStringInfoString(out, "null");
	else if (isinf(number))
		appendStringInfoString(out, number > 0 ? "\"inf\"" : "\"-inf\"");
	else
		appendStringInfoString(out, float8out_internal(number));
}

static void
append_cell(StringInfo out, const MxColumn *column)
{
	if (column->kind == MX_COLUMN_NUMBER)
		append_number(out, column->numbers[0]);
	else if (column->texts[0].data != NULL)
		append_text(out, column->texts[0]);
	else
	{
		append_comma(out);
		appendStringInfoString(out, "null");
	}
}

/* Answers with one value per output are plain when there is one output. */
static void
begin_array(StringInfo out, bool is_plain)
{
	if (is_plain)
		return;
	append_comma(out);
	appendStringInfoChar(out, '[');
}

static void
end_array(StringInfo out, bool is_plain)
{
	if (!is_plain)
		appendStringInfoChar(out, ']');
}

static void
append_cells(StringInfo out, const MxBlock *block, bool may_be_plain)
{
	bool is_plain = may_be_plain && block->n_columns == 1;
	size_t i;

	begin_array(out, is_plain);
	for (i = 0; i < block->n_columns; i++)
		append_cell(out, &block->columns[i]);
	end_array(out, is_plain);
}

static void
append_sparse(StringInfo out, const MxBlock *block)
{
	const MxSparseRows *rows = block->sparse;
	size_t next = rows->start[0];
	size_t i;

	begin_array(out, false);
	for (i = 0; i < block->n_columns; i++)
	{
		bool is_stored = next < rows->start[1] && rows->columns[next] == i;

		append_number(out, is_stored ? rows->values[next++] : 0);
	}
	end_array(out, false);
}

/* block holds class indexes; as_labels for texts even where classes are not. */
static void
append_classes(StringInfo out, const MxPlan *plan, const MxBlock *block,
               bool as_labels)
{
	bool is_plain = block->n_columns == 1;
	size_t i;

	begin_array(out, is_plain);
	for (i = 0; i < block->n_columns; i++)
	{
		size_t index = (size_t) block->columns[i].numbers[0];

		if (!as_labels && mx_plan_classes_are_numbers(plan, i))
			append_number(out, mx_plan_class_number(plan, i, index));
		else
			append_text(out, mx_plan_class_label(plan, i, index));
	}
	end_array(out, is_plain);
}

/* {"no": 0.2, "yes": 0.8}; an array of them for several outputs. */
static void
append_probabilities(StringInfo out, const MxPlan *plan, const MxBlock *block)
{
	size_t n_outputs = mx_plan_n_outputs(plan);
	const MxColumn *column = block->columns;
	size_t output;
	size_t i;

	begin_array(out, n_outputs == 1);
	for (output = 0; output < n_outputs; output++)
	{
		append_comma(out);
		appendStringInfoChar(out, '{');
		for (i = 0; i < mx_plan_n_classes(plan, output); i++)
		{
			append_key(out, mx_plan_class_label(plan, output, i));
			append_cell(out, column++);
		}
		appendStringInfoChar(out, '}');
	}
	end_array(out, n_outputs == 1);
}

static void
append_answer(StringInfo out, const MxPlan *plan, MxAnswerKind kind,
              const MxBlock *block)
{
	switch (kind)
	{
		case MX_ANSWER_LABEL:
			append_key(out, MX_TEXT_LITERAL("predict"));
			append_classes(out, plan, block, false);
			append_key(out, MX_TEXT_LITERAL("predict_label"));
			append_classes(out, plan, block, true);
			return;
		case MX_ANSWER_VALUE:
			append_key(out, MX_TEXT_LITERAL("predict"));
			append_cells(out, block, true);
			return;
		case MX_ANSWER_PROBA:
			append_key(out, MX_TEXT_LITERAL("predict_proba"));
			append_probabilities(out, plan, block);
			return;
		case MX_ANSWER_LOG_PROBA:
			append_key(out, MX_TEXT_LITERAL("predict_log_proba"));
			append_probabilities(out, plan, block);
			return;
		case MX_ANSWER_DECISION:
			append_key(out, MX_TEXT_LITERAL("decision_function"));
			append_cells(out, block, false);
			return;
		case MX_ANSWER_TRANSFORM:
			append_key(out, MX_TEXT_LITERAL("transform"));
			if (block->sparse != NULL)
				append_sparse(out, block);
			else
				append_cells(out, block, false);
			return;
		case MX_ANSWER_SCORE_SAMPLES:
			append_key(out, MX_TEXT_LITERAL("score_samples"));
			append_cells(out, block, true);
			return;
		case MX_ANSWER_KINDS:
			break;
	}
	elog(ERROR, "unknown answer %d", (int) kind);
}

Datum
mxpg_answer_json(MxpgTarget *target)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (i = 0; i < target->n_wanted; i++)
		append_answer(&out, target->plan, target->wanted[i].kind,
		              &target->outs[i]);
	appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
