/* target.c */
/* A model made ready to answer one kind of question, row by row. */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "pg/compat.h"
#include "pg/settings.h"
#include "pg/target.h"

static const char *
server_text(MxText text)
{
	char *copy = pnstrdup(text.data, text.size);

	return pg_any_to_server(copy, (int) text.size, PG_UTF8);
}

const char **
mxpg_feature_names(const MxpgVersion *version, const MxPlan *plan)
{
	size_t n = mx_plan_n_inputs(plan);
	bool is_given = version->n_features > 0 && version->n_features == (int) n;
	const char **names;
	size_t i;

	if (n == 0 || (!is_given && !mx_plan_has_names(plan)))
		return NULL;
	names = palloc(n * sizeof(char *));
	for (i = 0; i < n; i++)
		names[i] = is_given ? pstrdup(version->features[i])
		                    : server_text(mx_plan_input(plan, i).name);
	return names;
}

/* As scikit-learn calls the columns of a model fitted without names. */
static const char **
invented_names(size_t n)
{
	const char **names = palloc((n + 1) * sizeof(char *));
	size_t i;

	for (i = 0; i < n; i++)
		names[i] = psprintf("x%zu", i);
	return names;
}

/* Columns of blocks are never a power of two apart: they share cache sets. */
#define STRIDE_PADDING 8

static void
make_cells(MxpgTarget *target)
{
	MxpgRow *row = &target->row;
	size_t n = target->n_inputs;
	size_t stride =
	    target->max_rows == 1 ? 1 : target->max_rows + STRIDE_PADDING;
	size_t i;

	target->stride = stride;
	/* One more of each: a model of no inputs is still a model. */
	target->numbers = palloc((n + 1) * stride * sizeof(double));
	target->texts = palloc0((n + 1) * stride * sizeof(MxText));
	target->row_status = palloc(target->max_rows);
	row->columns = palloc0((n + 1) * sizeof(MxColumn));
	row->model = target->version.name;
	for (i = 0; i < n * stride; i++)
		target->numbers[i] = get_float8_nan();
	for (i = 0; i < n; i++)
	{
		row->columns[i].kind = mx_plan_input(target->plan, i).kind;
		row->columns[i].numbers = &target->numbers[i * stride];
		row->columns[i].texts = &target->texts[i * stride];
	}
	mxpg_target_seek(target, 0);
}

void
mxpg_version_copy(MxpgVersion *to, const MxpgVersion *from)
{
	int i;

	*to = *from;
	to->features = palloc((from->n_features + 1) * sizeof(char *));
	for (i = 0; i < from->n_features; i++)
		to->features[i] = pstrdup(from->features[i]);
}

static void
make_scorer(MxpgTarget *target)
{
	MxHeap heap = mxpg_heap(target->context);
	MxArena *arena = mx_arena_create(&heap, mxpg_limits().max_memory);
	MxError err = {0};

	target->scorer_arena = arena;
	if (arena == NULL)
		mx_set_error(&err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	else if (mx_scorer_create(target->plan, target->wanted,
	                          (size_t) target->n_wanted, target->max_rows,
	                          arena, &target->scorer, &err) == MX_OK)
		mx_scorer_set_cancel(target->scorer, mxpg_canceled, NULL);
	if (err.status != MX_OK)
		mxpg_raise(&err, target->version.name, target->version.version);
}

/* Several answers may be read from one of the scorer's. */
static void
want_answer(MxpgTarget *target, MxpgAnswer answer)
{
	MxWanted wanted[MX_ANSWER_KINDS];
	int n =
	    mxpg_answer_wanted(target->plan, answer, target->version.name, wanted);
	int i;
	int k;

	for (i = 0; i < n; i++)
	{
		for (k = 0; k < target->n_wanted; k++)
			if (target->wanted[k].kind == wanted[i].kind)
				break;
		target->wanted[k] = wanted[i];
		target->n_wanted = Max(target->n_wanted, k + 1);
	}
}

static void
open_target(MxpgTarget *target, const MxpgVersion *version, int n_answers,
            const MxpgAnswer *answers, size_t min_rows, size_t max_rows)
{
	const char **names;
	int i;

	mxpg_version_copy(&target->version, version);
	target->answer = answers[0];
	target->plan = mxpg_plan_pin(&target->version, target->context)->plan;
	for (i = 0; i < n_answers; i++)
		want_answer(target, answers[i]);
	target->max_rows =
	    Max(Min(max_rows, mx_plan_block_rows(target->plan)), min_rows);
	target->n_inputs = mx_plan_n_inputs(target->plan);
	names = mxpg_feature_names(&target->version, target->plan);
	target->has_names = names != NULL;
	target->names = names != NULL ? names : invented_names(target->n_inputs);
	make_cells(target);
	make_scorer(target);
}

MxpgTarget *
mxpg_target_open(MemoryContext parent, const MxpgVersion *version,
                 MxpgAnswer answer)
{
	return mxpg_target_open_block(parent, version, 1, &answer, 1, 1);
}

MxpgTarget *
mxpg_target_open_block(MemoryContext parent, const MxpgVersion *version,
                       int n_answers, const MxpgAnswer *answers,
                       size_t min_rows, size_t max_rows)
{
	MemoryContext context = AllocSetContextCreate(
	    parent, "model_ext model to score with", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	MxpgTarget *target = palloc0(sizeof(MxpgTarget));

	target->context = context;
	target->binding_context = AllocSetContextCreate(
	    context, "model_ext binding", ALLOCSET_SMALL_SIZES);
	/* parent may live long after an error is caught, as in PL/pgSQL. */
	PG_TRY();
	{
		open_target(target, version, n_answers, answers, min_rows, max_rows);
	}
	PG_CATCH();
	{
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	return target;
}

void
mxpg_target_close(MxpgTarget *target)
{
	MemoryContextDelete(target->context);
}

void
mxpg_target_use(MxpgTarget *target, const MxPlan *plan)
{
	mx_arena_destroy(target->scorer_arena);
	target->plan = plan;
	make_scorer(target);
}

bool
mxpg_target_is(const MxpgTarget *target, const MxpgVersion *version)
{
	const MxpgVersion *mine = &target->version;
	int i;

	if (memcmp(mine->sha256, version->sha256, MXPG_SHA256_SIZE) != 0 ||
	    strcmp(mine->name, version->name) != 0 ||
	    mine->version != version->version ||
	    mine->n_features != version->n_features)
		return false;
	for (i = 0; i < mine->n_features; i++)
		if (strcmp(mine->features[i], version->features[i]) != 0)
			return false;
	return true;
}

void
mxpg_target_set_class(MxpgTarget *target, const text *name)
{
	size_t size = VARSIZE_ANY_EXHDR(name);
	char *asked;

	if (target->class_name != NULL && strlen(target->class_name) == size &&
	    memcmp(target->class_name, VARDATA_ANY(name), size) == 0)
		return;
	/* May raise: what is remembered must stay true. */
	asked = pnstrdup(VARDATA_ANY(name), size);
	target->class_index =
	    mxpg_answer_class(target->plan, target->version.name, asked);
	if (target->class_name != NULL)
		pfree(target->class_name);
	target->class_name = MemoryContextStrdup(target->context, asked);
}

void
mxpg_target_stop_early(MxpgTarget *target, const MxLimit *limits, size_t n)
{
	MxError err = {0};

	if (mx_scorer_stop_early(target->scorer, limits, n, &err) != MX_OK)
		mxpg_raise(&err, target->version.name, target->version.version);
}

static void
raise_row_error(MxpgTarget *target)
{
	MxText *names = palloc((target->n_inputs + 1) * sizeof(MxText));
	MxError err = {0};
	size_t i;

	for (i = 0; i < target->n_inputs; i++)
		names[i] = mx_text_from(pg_server_to_any(
		    target->names[i], (int) strlen(target->names[i]), PG_UTF8));
	mx_scorer_explain(target->scorer, target->row.columns, names, 0, &err);
	mxpg_raise(&err, target->version.name, target->version.version);
}

void
mxpg_target_run(MxpgTarget *target)
{
	mxpg_target_run_block(target, 1);
	if (target->row_status[0] != MX_OK)
		raise_row_error(target);
}

void
mxpg_target_run_block(MxpgTarget *target, size_t n)
{
	MxError err = {0};

	if (mx_scorer_run(target->scorer, target->row.columns, n, target->outs,
	                  target->row_status, &err) != MX_OK)
		mxpg_raise(&err, target->version.name, target->version.version);
}

int
mxpg_target_out(const MxpgTarget *target, MxpgAnswer answer)
{
	MxWanted wanted[MX_ANSWER_KINDS];
	int k = 0;

	(void) mxpg_answer_wanted(target->plan, answer, target->version.name,
	                          wanted);
	while (k < target->n_wanted && target->wanted[k].kind != wanted[0].kind)
		k++;
	Assert(k < target->n_wanted);
	return k;
}

void
mxpg_target_unbind(MxpgTarget *target)
{
	MemoryContextReset(target->binding_context);
	target->n_fields = 0;
	target->fields = NULL;
	target->record = NULL;
}
