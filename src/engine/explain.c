/* explain.c */
/* Why a row failed: scores it once more and asks the step that refuses it. */
#include "engine/scoring.h"

#include <stdio.h>

/* More columns than this, made by one step, share one description. */
#define DESCRIBED_COLUMNS ((size_t) 4096)
#define DESCRIPTION_SIZE 128

/* Where a column comes from: an input, or column of a step that makes it. */
typedef struct Source
{
	const MxScoreStep *step; /* NULL: an input */
	size_t column;
} Source;

static Source
source_in(const MxScorer *s, const MxImageBlock *block, size_t column)
{
	const MxSegment *segment = s->plan->segments + block->first_segment;

	if (block->is_sparse)
		return (Source){s->by_id[block->maker], column};
	for (; column >= segment->count; segment++)
		column -= segment->count;
	return (Source){segment->source == 0 ? NULL : s->by_id[segment->source - 1],
	                segment->first + column};
}

/* As far back as the steps can tell. */
static Source
trace(const MxScorer *s, const MxImageBlock *block, size_t column)
{
	for (;;)
	{
		Source source = source_in(s, block, column);
		const MxScoreStep *step = source.step;
		size_t origin;

		if (step == NULL || step->op->origin == NULL)
			return source;
		origin = step->op->origin(s->plan->image, step->params, source.column);
		if (origin == MX_NO_ORIGIN)
			return source;
		block = &s->plan->blocks[step->record->first_block];
		for (; origin >= block->n_columns; block++)
			origin -= (size_t) block->n_columns;
		column = origin;
	}
}

static const char *
maker_of(const MxOp *op)
{
	return op->maker != NULL ? op->maker : op->name;
}

static MxStatus
describe(MxScorer *s, Source source, MxText *out, MxError *err)
{
	char text[DESCRIPTION_SIZE];
	const char *maker = source.step == NULL ? "" : maker_of(source.step->op);

	if (source.step == NULL)
		snprintf(text, sizeof(text), "%zu", source.column + 1);
	else if (source.step->record->n_columns > DESCRIBED_COLUMNS)
		snprintf(text, sizeof(text), "output of %s", maker);
	else
		snprintf(text, sizeof(text), "column %zu of the output of %s",
		         source.column + 1, maker);
	return mx_text_copy(s->arena, mx_text_from(text), out, err);
}

/* Descriptions are kept: explaining again and again takes no more memory. */
static MxStatus
name_column(MxScorer *s, MxScoreStep *step, size_t column, const MxText *names,
            MxError *err)
{
	const MxImageBlock *block = &s->plan->blocks[step->record->first_block];
	Source source = trace(s, block, column);
	MxText *described = &step->described[column];

	if (source.step == NULL && names != NULL &&
	    names[source.column].data != NULL)
	{
		step->names[column] = names[source.column];
		return MX_OK;
	}
	if (described->data == NULL)
		MX_TRY(describe(s, source, described, err));
	step->names[column] = *described;
	return MX_OK;
}

/* Names of the columns that a step reads first. */
static MxStatus
name_columns(MxScorer *s, MxScoreStep *step, const MxText *names, MxError *err)
{
	size_t n = step->in[0].n_columns;
	size_t i;

	if (step->names == NULL)
	{
		step->described = mx_arena_array(s->arena, MxText, n, err);
		MX_NEED(step->described, err);
		step->names = mx_arena_array(s->arena, MxText, n, err);
		MX_NEED(step->names, err);
	}
	for (i = 0; i < n; i++)
		MX_TRY(name_column(s, step, i, names, err));
	return MX_OK;
}

static void
ask_step(MxScorer *s, MxScoreStep *step, const MxText *names, uint8_t status,
         MxError *err)
{
	if (step->op->explain != NULL)
	{
		if (name_columns(s, step, names, err) != MX_OK)
			return;
		step->op->explain(s->plan->image, step->params, step->in, step->n_in, 0,
		                  step->names, err);
	}
	if (err->status == MX_OK)
		mx_set_error(err, (MxStatus) status, MX_NO_OFFSET,
		             "row cannot be scored by step \"%s\"", step->op->name);
}

/* The inputs from the row on, as a block of one. */
static void
bind_row(MxScorer *s, const MxColumn *columns, size_t row)
{
	size_t i;

	for (i = 0; i < mx_plan_n_inputs(s->plan); i++)
	{
		if (!s->reads[i])
			continue;
		s->one_row[i] = columns[i];
		if (columns[i].kind == MX_COLUMN_TEXT)
			s->one_row[i].texts += row;
		else
			s->one_row[i].numbers += row;
	}
	for (i = 0; i < s->n_views; i++)
		mx_view_bind(&s->views[i], s->one_row, 1);
}

/* What a step misses may be NaN that an earlier one made of a number. */
static void
ask_why(MxScorer *s, MxScoreStep *step, const MxText *names, uint8_t status,
        bool has_missing, MxError *err)
{
	if (status == MX_ERR_MISSING && !has_missing)
		mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
		             "value of the row becomes NaN, which the model refuses");
	else
		ask_step(s, step, names, status, err);
}

void
mx_scorer_explain(MxScorer *s, const MxColumn *columns, const MxText *names,
                  size_t row, MxError *err)
{
	bool has_missing = mx_row_has_missing(s, columns, row);
	uint8_t status = MX_OK;
	size_t i;

	bind_row(s, columns, row);
	for (i = 0; i < s->n_steps; i++)
	{
		if (mx_score_step(s, &s->steps[i], &status, err) != MX_OK)
			return;
		if (status == MX_OK)
			continue;
		ask_why(s, &s->steps[i], names, status, has_missing, err);
		return;
	}
	mx_set_error(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
	             "row failed, but scores when asked why");
}
