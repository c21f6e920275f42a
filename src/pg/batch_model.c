/* batch_model.c */
/* Scores blocks of rows for a ModelBatch node, and tells the answers. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/batch_model.h"
#include "pg/binding.h"
#include "pg/compat.h"
#include "pg/settings.h"

/* A block whose texts take more than this when fetched is too long. */
#define MAX_FETCHED_BYTES ((Size) 8 * 1024 * 1024)

/* Scratch for longer blocks is made when there are some. */
#define FEW_ROWS 16

struct MxpgBatchModel
{
	const MxpgBatchModelPlan *plan;
	MxpgBatchExecution execution;
	MxpgBatchRows *rows;
	MemoryContext context;
	List *answers; /* MxpgBatchAnswer */
	List *calls;   /* MxpgBatchCallPlan: theirs */
	List *limits;  /* MxpgBatchLimits: the same */

	MxpgSnapshotKey key; /* under which the name meant the target */
	MxpgTarget *target;  /* NULL: no such model, answers are NULL */
	int generation;      /* of target */
	bool is_scored;
	int *places;      /* of the block's rows among the target's, or -1; NULL:
	                   * the same */
	bool is_doubtful; /* a constant may be refused, in every row */
	bool *doubtful;   /* rows whose values may be refused */
	bool is_clean;    /* every row of the block has its answers */
	int max_rows;
};

struct MxpgBatchAnswer
{
	MxpgBatchModel *model;
	const MxpgBatchCallPlan *call;
	int generation; /* of the target that the next ones belong to */
	int out;
	size_t class_index;
	const double *numbers; /* the block's answers, if it is clean and they are
	                        * no more than that */
	MxpgTarget *single;    /* for rows that may have no answer; made when met */
};

MxpgBatchModel *
mxpg_batch_model_create(const MxpgBatchModelPlan *plan,
                        const MxpgBatchExecution *execution,
                        MxpgBatchRows *rows)
{
	MxpgBatchModel *model = palloc0_object(MxpgBatchModel);

	model->plan = plan;
	model->execution = *execution;
	model->rows = rows;
	model->context = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext batch", ALLOCSET_SMALL_SIZES);
	model->max_rows = MXPG_BATCH_ROWS;
	return model;
}

MxpgBatchAnswer *
mxpg_batch_answer_create(MxpgBatchModel *model, const MxpgBatchCallPlan *call,
                         const MxpgBatchLimits *limits)
{
	MxpgBatchAnswer *answer = palloc0_object(MxpgBatchAnswer);

	answer->model = model;
	answer->call = call;
	answer->generation = -1;
	model->answers = lappend(model->answers, answer);
	model->calls = lappend(model->calls, (void *) call);
	model->limits = lappend(model->limits, (void *) limits);
	return answer;
}

void
mxpg_batch_model_forget(MxpgBatchModel *model)
{
	ListCell *cell;

	model->is_scored = false;
	foreach (cell, model->answers)
		((MxpgBatchAnswer *) lfirst(cell))->numbers = NULL;
}

bool
mxpg_batch_model_is_scored(const MxpgBatchModel *model)
{
	return model->is_scored;
}

int
mxpg_batch_model_rows(const MxpgBatchModel *model)
{
	return model->max_rows;
}

double
mxpg_batch_model_cost(const MxpgBatchModel *model)
{
	return model->target == NULL ? 0 : mx_plan_row_cost(model->target->plan);
}

/* ---- From values to features ---- */

/* Offers in the order of the values, named as the planner knew them. */
static void
bind_by_name(const MxpgBatchModelPlan *plan, MxpgTarget *target,
             const Oid *types, int n)
{
	MxpgOffer *offers = palloc_array(MxpgOffer, n);
	int i;

	for (i = 0; i < n; i++)
	{
		offers[i].name = strVal(list_nth(plan->names, i));
		offers[i].type = types[i];
	}
	mxpg_bind_by_name(target, MXPG_OFFER_PLANNED, offers, n);
}

/* A constant is written once for all rows. */
static void
set_constant(MxpgTarget *target, const MxpgField *field, const Const *constant)
{
	MemoryContext caller = MemoryContextSwitchTo(target->binding_context);
	size_t row;

	for (row = 0; row < target->max_rows; row++)
	{
		mxpg_target_seek(target, row);
		mxpg_row_set(&target->row, field, constant->constvalue,
		             constant->constisnull);
	}
	MemoryContextSwitchTo(caller);
}

/* Fields with numbers of values become fields with sources in rows. */
static void
place_fields(const MxpgBatchModelPlan *plan, MxpgTarget *target)
{
	int n = 0;
	int i;

	for (i = 0; i < target->n_fields; i++)
	{
		MxpgField field = target->fields[i];
		const Node *value = list_nth(plan->values, field.source);

		if (IsA(value, Const))
		{
			set_constant(target, &field, (const Const *) value);
			continue;
		}
		field.source = ((const Var *) value)->varattno - 1;
		target->fields[n++] = field;
	}
	target->n_fields = n;
	mxpg_sort_fields(target);
}

/* Numbers of values become sources; known, if wanted, is what they hold. */
static void
bind(const MxpgBatchModel *model, MxpgTarget *target, MxKnown **known)
{
	const MxpgBatchModelPlan *plan = model->plan;
	int n = list_length(plan->values);
	Oid *types = palloc_array(Oid, n);
	int i;

	for (i = 0; i < n; i++)
		types[i] = exprType(list_nth(plan->values, i));
	if (plan->names != NIL)
		bind_by_name(plan, target, types, n);
	else
		mxpg_bind_by_position(target, types, n);
	if (known != NULL)
		*known = mxpg_batch_known_inputs(plan, &model->execution, target);
	place_fields(plan, target);
	mxpg_batch_rows_bind(model->rows, target);
}

/* ---- What the name means ---- */

static bool
resolve(const MxpgBatchModel *model, MxpgVersion *version)
{
	const Const *name = model->plan->model;

	if (name->consttype == UUIDOID)
		return mxpg_resolve_pinned(DatumGetUUIDP(name->constvalue), version);
	return mxpg_resolve(DatumGetTextPP(name->constvalue), MXPG_RIGHT_EXECUTE,
	                    false, version);
}

static void
close_target(MxpgBatchModel *model)
{
	ListCell *cell;

	foreach (cell, model->answers)
	{
		MxpgBatchAnswer *answer = lfirst(cell);

		if (answer->single != NULL)
			mxpg_target_close(answer->single);
		answer->single = NULL;
	}
	mxpg_target_close(model->target);
	model->target = NULL;
	model->generation++;
}

/* Once the blocks are long enough. */
static void
prune(MxpgTarget *target, const MxpgBatchModel *model, const MxKnown *known)
{
	const MxPlan *plan =
	    mxpg_batch_known_plan(&model->execution, target, known);

	if (plan != NULL)
		mxpg_target_use(target, plan);
}

static void
open_target(MxpgBatchModel *model, const MxpgVersion *version)
{
	int n_rows = mxpg_batch_rows_count(model->rows);
	int n = list_length(model->answers);
	MxpgAnswer *answers = palloc_array(MxpgAnswer, n);
	MxKnown *known = NULL;
	MxpgTarget *target;
	int i;

	for (i = 0; i < n; i++)
		answers[i] =
		    ((MxpgBatchAnswer *) list_nth(model->answers, i))->call->answer;
	target = mxpg_target_open_block(
	    model->context, version, n, answers, (size_t) n_rows,
	    n_rows > FEW_ROWS ? MXPG_BATCH_ROWS : FEW_ROWS);
	target->row.is_ahead = true;
	bind(model, target, n_rows > FEW_ROWS ? &known : NULL);
	model->is_doubtful = target->row.is_doubtful;
	model->doubtful = MemoryContextAllocZero(target->context, target->max_rows);
	model->max_rows =
	    (int) Min(mx_plan_block_rows(target->plan), MXPG_BATCH_ROWS);
	if (known != NULL)
		prune(target, model, known);
	if (n_rows > FEW_ROWS && mxpg_enable_early_stop)
		mxpg_batch_stop_early(target, model->calls, model->limits);
	model->target = target;
}

/* The blocks have become longer than the target was made for. */
static void
enlarge_target(MxpgBatchModel *model)
{
	MxpgVersion version;

	mxpg_version_copy(&version, &model->target->version);
	close_target(model);
	open_target(model, &version);
}

/* In a context that is short-lived: versions and bindings leave some behind. */
static void
look_up(MxpgBatchModel *model)
{
	MxpgSnapshotKey key;
	MxpgVersion version;
	bool exists;

	mxpg_snapshot_key(&key);
	if (mxpg_snapshot_key_equal(&key, &model->key))
		return;
	/* Whatever fails below must be looked up again. */
	memset(&model->key, 0, sizeof(model->key));
	exists = resolve(model, &version);
	if (model->target != NULL &&
	    (!exists || !mxpg_target_is(model->target, &version)))
		close_target(model);
	if (exists && model->target == NULL)
		open_target(model, &version);
	model->key = key;
}

/* ---- Scoring ---- */

/* Lives as long as the block. */
static int *
places_of(const MxpgBatchSelection *selected, int n_rows)
{
	int *places = palloc_array(int, n_rows);
	int i;

	memset(places, -1, sizeof(int) * (Size) n_rows);
	for (i = 0; i < selected->n; i++)
		places[selected->rows[i]] = i;
	return places;
}

static void
read_rows(MxpgBatchModel *model, const MxpgBatchSelection *selected)
{
	model->target->row.is_doubtful = model->is_doubtful;
	mxpg_batch_rows_read_all(model->rows, model->target, selected,
	                         model->doubtful);
}

static bool
is_clean(const MxpgBatchModel *model, int n)
{
	int found = 0;
	int i;

	for (i = 0; i < n; i++)
		found |= model->target->row_status[i] | model->doubtful[i];
	return found == MX_OK;
}

/* Texts out of line are fetched for all rows at once. */
static void
limit_memory(MxpgBatchModel *model, int n)
{
	MemoryContext block = mxpg_batch_rows_context(model->rows);

	if (MemoryContextMemAllocated(block, false) > MAX_FETCHED_BYTES)
		model->max_rows = Max(1, Min(model->max_rows, n / 2));
}

static void
score_rows(MxpgBatchModel *model, const MxpgBatchSelection *selected)
{
	int n = mxpg_batch_rows_count(model->rows);
	int n_scored = selected == NULL ? n : selected->n;

	if ((size_t) n > model->target->max_rows)
		enlarge_target(model);
	model->places = selected == NULL ? NULL : places_of(selected, n);
	read_rows(model, selected);
	limit_memory(model, n);
	if (n_scored > 0)
		mxpg_target_run_block(model->target, (size_t) n_scored);
	model->is_clean = is_clean(model, n_scored);
}

void
mxpg_batch_model_score(MxpgBatchModel *model,
                       const MxpgBatchSelection *selected)
{
	MemoryContext caller =
	    MemoryContextSwitchTo(mxpg_batch_rows_context(model->rows));

	look_up(model);
	if (model->target != NULL)
		score_rows(model, selected);
	MemoryContextSwitchTo(caller);
	model->is_scored = true;
}

/* ---- Answers ---- */

static size_t
class_in(MxpgTarget *target, const MxpgBatchCallPlan *call)
{
	if (call->class_name == NULL)
		return 0;
	mxpg_target_set_class(target, DatumGetTextPP(call->class_name->constvalue));
	return target->class_index;
}

static void
prepare_answer(MxpgBatchAnswer *answer)
{
	MxpgTarget *target = answer->model->target;

	answer->class_index = class_in(target, answer->call);
	answer->out = mxpg_target_out(target, answer->call->answer);
	answer->generation = answer->model->generation;
}

/*
 * Scores the row by itself, as the call would have: for its error, and for
 * what is bad for another answer of the same run only.
 */
static Datum
answer_single(MxpgBatchAnswer *answer, int row)
{
	const MxpgBatchModel *model = answer->model;

	if (answer->single == NULL)
	{
		MxpgTarget *single = mxpg_target_open(
		    model->context, &model->target->version, answer->call->answer);

		bind(model, single, NULL);
		(void) class_in(single, answer->call);
		answer->single = single;
	}
	mxpg_batch_rows_read(model->rows, answer->single, row);
	mxpg_target_run(answer->single);
	return mxpg_answer_datum(answer->single);
}

/* Where the target has the row's answer; -1 when it has none. */
static inline int
place_of(const MxpgBatchModel *model, int row)
{
	int at = model->places == NULL ? row : model->places[row];

	if (at < 0 || model->target->row_status[at] != MX_OK || model->doubtful[at])
		return -1;
	return at;
}

bool
mxpg_batch_answer_is_sure(const MxpgBatchAnswer *answer, int row)
{
	const MxpgBatchModel *model = answer->model;

	return answer->numbers != NULL || model->target == NULL ||
	       place_of(model, row) >= 0;
}

bool
mxpg_batch_answer(MxpgBatchAnswer *answer, int row, Datum *value)
{
	MxpgBatchModel *model = answer->model;
	MxpgTarget *target = model->target;
	int at;

	if (answer->numbers != NULL)
	{
		*value = Float8GetDatum(answer->numbers[row]);
		return true;
	}
	if (target == NULL)
		return false;
	if (answer->generation != model->generation)
		prepare_answer(answer);
	at = place_of(model, row);
	if (at < 0)
	{
		*value = answer_single(answer, row);
		return true;
	}
	target->answer = answer->call->answer;
	target->out = answer->out;
	target->class_index = answer->class_index;
	target->at = (size_t) at;
	if (model->is_clean && model->places == NULL)
		answer->numbers = mxpg_answer_numbers(target);
	*value = mxpg_answer_datum(target);
	return true;
}

bool
mxpg_batch_model_count_trees(const MxpgBatchModel *model, uint64 *n_asked,
                             uint64 *n_skipped)
{
	if (model->target == NULL || !mx_scorer_stops_early(model->target->scorer))
		return false;
	mx_scorer_count_trees(model->target->scorer, n_asked, n_skipped);
	return true;
}

char *
mxpg_batch_model_title(const MxpgBatchModel *model)
{
	const Const *name = model->plan->model;

	if (model->target != NULL)
		return psprintf("%s version %d", model->target->version.name,
		                model->target->version.version);
	if (name->consttype == UUIDOID)
		return DatumGetCString(DirectFunctionCall1(uuid_out, name->constvalue));
	return TextDatumGetCString(name->constvalue);
}

bool
mxpg_batch_model_is_pruned(const MxpgBatchModel *model)
{
	return model->target != NULL &&
	       mx_plan_pruning(model->target->plan).n_tests > 0;
}

char *
mxpg_batch_model_tests(const MxpgBatchModel *model)
{
	MxPruning pruning = mx_plan_pruning(model->target->plan);

	return psprintf("%zu of %zu", pruning.n_left, pruning.n_tests);
}
