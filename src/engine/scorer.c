/* scorer.c */
/* Scratch for one caller, made once; then block after block of rows. */
#include "engine/scoring.h"

#include <math.h>
#include <string.h>

/* Which steps of the plan lead to the answers wanted. */
static MxStatus
choose_steps(MxScorer *s, const MxWanted *wanted, size_t n_wanted, bool **out,
             MxError *err)
{
	const MxPlan *plan = s->plan;
	bool *is_wanted =
	    mx_arena_array(s->arena, bool, mx_plan_n_steps(plan), err);
	size_t i;
	size_t k;

	MX_NEED(is_wanted, err);
	for (i = 0; i < n_wanted; i++)
	{
		const MxImageAnswer *answer = &plan->answers[wanted[i].kind];

		if (!mx_plan_offers(plan, wanted[i].kind))
			return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
			               "model does not offer the answer");
		if (!answer->is_offered)
			answer = &plan->answers[MX_ANSWER_LABEL];
		for (k = 0; k < answer->n_route; k++)
			is_wanted[plan->routes[answer->first_route + k]] = true;
	}
	*out = is_wanted;
	return MX_OK;
}

static MxStatus
make_output(MxScorer *s, size_t id, MxScoreStep *step, MxError *err)
{
	const MxImageStep *record = step->record;

	if (step->op->is_view)
		return MX_OK;
	if (!record->is_sparse)
		return mx_columns_make(s, id, (MxColumnKind) record->column_kind,
		                       (size_t) record->n_columns, &step->columns,
		                       &step->run.numbers, &step->run.texts, err);
	step->sparse.arena = s->arena;
	step->sparse.start = mx_arena_array(s->arena, size_t, s->max_rows + 1, err);
	MX_NEED(step->sparse.start, err);
	step->run.sparse = &step->sparse;
	/* So that ops meet no NULL, and seldom grow it. */
	return mx_sparse_reserve(&step->sparse, s->max_rows, err);
}

static MxStatus
make_scratch(MxScorer *s, MxScoreStep *step, MxError *err)
{
	const MxPlan *plan = s->plan;
	MxShape *shapes;
	size_t size;
	size_t i;

	if (step->op->scratch == NULL)
		return MX_OK;
	shapes = mx_arena_array(s->arena, MxShape, step->n_in, err);
	MX_NEED(shapes, err);
	for (i = 0; i < step->n_in; i++)
	{
		const MxImageBlock *block =
		    &plan->blocks[step->record->first_block + i];

		shapes[i].n_columns = (size_t) block->n_columns;
		shapes[i].is_sparse = block->is_sparse;
	}
	size = step->op->scratch(plan->image, step->params, shapes, s->max_rows);
	step->run.scratch = mx_arena_alloc(s->arena, size, 1, err);
	return step->run.scratch == NULL ? err->status : MX_OK;
}

static MxStatus
make_step(MxScorer *s, size_t id, MxScoreStep *step, MxError *err)
{
	const MxImageStep *record = &s->plan->steps[id];
	size_t i;

	step->record = record;
	step->op = mx_op((MxStepKind) record->kind);
	step->params = record->params;
	step->n_in = record->n_in;
	step->in = mx_arena_array(s->arena, MxBlock, step->n_in, err);
	MX_NEED(step->in, err);
	for (i = 0; i < step->n_in; i++)
		MX_TRY(mx_view_make(s, (size_t) record->first_block + i, false,
		                    &step->in[i], err));
	MX_TRY(make_output(s, id, step, err));
	return make_scratch(s, step, err);
}

static size_t
count_views(const MxPlan *plan, const bool *is_wanted, size_t n_wanted)
{
	size_t n = n_wanted;
	size_t i;

	for (i = 0; i < mx_plan_n_steps(plan); i++)
		if (is_wanted[i])
			n += plan->steps[i].n_in;
	return n;
}

static MxStatus
make_steps(MxScorer *s, const bool *is_wanted, MxError *err)
{
	size_t n = mx_plan_n_steps(s->plan);
	size_t id;

	s->steps = mx_arena_array(s->arena, MxScoreStep, n, err);
	MX_NEED(s->steps, err);
	s->by_id = mx_arena_array(s->arena, MxScoreStep *, n, err);
	MX_NEED(s->by_id, err);
	for (id = 0; id < n; id++)
		if (is_wanted[id])
		{
			s->by_id[id] = &s->steps[s->n_steps++];
			MX_TRY(make_step(s, id, s->by_id[id], err));
		}
	return MX_OK;
}

static MxStatus
make_decoder(MxScorer *s, MxAnswerOut *out, MxError *err)
{
	MxDecoder *d = mx_arena_array(s->arena, MxDecoder, 1, err);

	MX_NEED(d, err);
	d->n = mx_plan_n_outputs(s->plan);
	MX_TRY(mx_view_make(s, (size_t) s->plan->answers[MX_ANSWER_LABEL].block,
	                    false, &d->labels, err));
	MX_TRY(mx_columns_make(s, MX_NO_STEP, MX_COLUMN_NUMBER, d->n, &d->columns,
	                       &d->numbers, NULL, err));
	out->decoder = d;
	out->block.n_columns = d->n;
	out->block.columns = d->columns;
	return MX_OK;
}

static MxStatus
make_outs(MxScorer *s, const MxWanted *wanted, size_t n_wanted, MxError *err)
{
	size_t i;

	s->n_outs = n_wanted;
	s->outs = mx_arena_array(s->arena, MxAnswerOut, n_wanted, err);
	MX_NEED(s->outs, err);
	for (i = 0; i < n_wanted; i++)
	{
		const MxImageAnswer *answers = s->plan->answers;
		const MxImageAnswer *answer = &answers[wanted[i].kind];

		s->outs[i].kind = wanted[i].kind;
		s->outs[i].answer =
		    answer->is_offered ? answer : &answers[MX_ANSWER_LABEL];
		if (answer->is_offered)
			MX_TRY(mx_view_make(s, (size_t) answer->block, true,
			                    &s->outs[i].block, err));
		else
			MX_TRY(make_decoder(s, &s->outs[i], err));
	}
	return MX_OK;
}

MxStatus
mx_scorer_create(const MxPlan *plan, const MxWanted *wanted, size_t n_wanted,
                 size_t max_rows, MxArena *arena, MxScorer **out, MxError *err)
{
	MxScorer *s = mx_arena_array(arena, MxScorer, 1, err);
	bool *is_wanted = NULL;

	MX_NEED(s, err);
	s->plan = plan;
	s->arena = arena;
	s->max_rows = max_rows;
	MX_TRY(choose_steps(s, wanted, n_wanted, &is_wanted, err));
	s->views = mx_arena_array(arena, MxView,
	                          count_views(plan, is_wanted, n_wanted), err);
	MX_NEED(s->views, err);
	s->reads = mx_arena_array(arena, bool, mx_plan_n_inputs(plan), err);
	MX_NEED(s->reads, err);
	s->one_row = mx_arena_array(arena, MxColumn, mx_plan_n_inputs(plan), err);
	MX_NEED(s->one_row, err);
	MX_TRY(mx_rooms_plan(s, is_wanted, wanted, n_wanted, err));
	MX_TRY(make_steps(s, is_wanted, err));
	MX_TRY(make_outs(s, wanted, n_wanted, err));
	*out = s;
	return MX_OK;
}

void
mx_scorer_set_cancel(MxScorer *s, bool (*canceled)(void *ctx), void *ctx)
{
	size_t i;

	s->canceled = canceled;
	s->ctx = ctx;
	for (i = 0; i < s->n_steps; i++)
	{
		s->steps[i].run.canceled = canceled;
		s->steps[i].run.ctx = ctx;
	}
}

bool
mx_scorer_reads(const MxScorer *s, size_t input)
{
	return s->reads[input];
}

MxStatus
mx_score_step(const MxScorer *s, MxScoreStep *step, uint8_t *row_status,
              MxError *err)
{
	MxSparseBuffer *sparse = step->run.sparse;

	step->run.row_status = row_status;
	if (sparse != NULL)
	{
		sparse->n = 0;
		sparse->start[0] = 0;
	}
	MX_TRY(step->op->score(s->plan->image, step->params, step->in, step->n_in,
	                       &step->run, err));
	if (sparse != NULL)
		step->rows =
		    (MxSparseRows){sparse->start, sparse->columns, sparse->values};
	return MX_OK;
}

/*
 * A decision names a class there is; the row that failed may hold anything
 * at all, so that the index is held against the classes once more.
 */
static void
decode(const MxPlan *plan, const MxDecoder *d, size_t rows)
{
	size_t i;
	size_t row;

	for (i = 0; i < d->n; i++)
	{
		const double *labels = d->labels.columns[i].numbers;
		const double *classes =
		    mx_at(plan->image, double, plan->outputs[i].numbers);
		double n = (double) plan->outputs[i].n_classes;

		for (row = 0; row < rows; row++)
			d->numbers[i][row] = labels[row] >= 0 && labels[row] < n
			                         ? classes[(size_t) labels[row]]
			                         : 0;
	}
}

bool
mx_row_has_missing(const MxScorer *s, const MxColumn *columns, size_t row)
{
	size_t n = mx_plan_n_inputs(s->plan);
	size_t i;

	for (i = 0; i < n; i++)
	{
		if (!s->reads[i])
			continue;
		if (columns[i].kind == MX_COLUMN_TEXT
		        ? columns[i].texts[row].data == NULL
		        : isnan(columns[i].numbers[row]))
			return true;
	}
	return false;
}

/* NaN that a function made of a number, log(-1), is no missing value. */
static void
settle_missing(const MxScorer *s, const MxColumn *columns, size_t rows,
               uint8_t *row_status)
{
	uint8_t *at = row_status;

	while ((at = memchr(at, MX_ERR_MISSING,
	                    (size_t) (row_status + rows - at))) != NULL)
	{
		if (!mx_row_has_missing(s, columns, (size_t) (at - row_status)))
			*at = MX_ERR_VALUE;
		at++;
	}
}

MxStatus
mx_scorer_run(MxScorer *s, const MxColumn *columns, size_t rows, MxBlock *outs,
              uint8_t *row_status, MxError *err)
{
	size_t i;

	if (rows > s->max_rows)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "%zu rows for a scorer of %zu", rows, s->max_rows);
	memset(row_status, MX_OK, rows);
	for (i = 0; i < s->n_views; i++)
		mx_view_bind(&s->views[i], columns, rows);
	for (i = 0; i < s->n_steps; i++)
	{
		if (s->canceled != NULL && s->canceled(s->ctx))
			return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
		MX_TRY(mx_score_step(s, &s->steps[i], row_status, err));
	}
	settle_missing(s, columns, rows, row_status);
	for (i = 0; i < s->n_outs; i++)
	{
		if (s->outs[i].decoder != NULL)
			decode(s->plan, s->outs[i].decoder, rows);
		outs[i] = s->outs[i].block;
		outs[i].n_rows = rows;
	}
	return MX_OK;
}
