/* call.c */
/* Scores for one place in a query, remembering what does not change by row. */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/call.h"
#include "pg/compat.h"
#include "pg/idle_target.h"
#include "pg/values.h"

/* Names kept when the name is not the same for all rows. */
#define MAX_MODELS 8

/* A name as it was asked for, and what it meant under the key. */
typedef struct CallModel
{
	MxpgSnapshotKey key;
	char *name; /* or the bytes of a uuid; not terminated */
	size_t name_size;
	MxpgLease *lease; /* NULL: no such model, the answer is NULL */
} CallModel;

typedef struct Call
{
	MemoryContext context;
	MemoryContextCallback at_end;
	const MxpgCallShape *shape;
	int n_unfinished;  /* calls: one that raises an error stays among them */
	MxpgValues values; /* what the arguments after the model are */
	CallModel *last;
	int n_models;
	int next_victim;
	CallModel models[MAX_MODELS];
} Call;

static void
forget_lease(const Call *call, CallModel *model)
{
	MxpgLease *lease = model->lease;

	model->lease = NULL;
	if (lease != NULL)
		mxpg_target_give_back(lease, call->n_unfinished == 0);
}

/* The statement has ended, in whatever way. */
static void
end_call(void *arg)
{
	Call *call = arg;
	int i;

	for (i = 0; i < call->n_models; i++)
		forget_lease(call, &call->models[i]);
}

static Call *
begin_call(FunctionCallInfo fcinfo, const MxpgCallShape *shape)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	MemoryContext context;
	MemoryContext caller;
	Call *call;

	/* Checked first: what is below must not be left half done. */
	MxpgValues values;

	caller = MemoryContextSwitchTo(flinfo->fn_mcxt);
	mxpg_values_describe(fcinfo, shape, &values);
	context = AllocSetContextCreate(flinfo->fn_mcxt, "model_ext call",
	                                ALLOCSET_SMALL_SIZES);
	call = MemoryContextAllocZero(context, sizeof(Call));
	MemoryContextSwitchTo(caller);
	call->context = context;
	call->shape = shape;
	call->values = values;
	call->at_end.func = end_call;
	call->at_end.arg = call;
	MemoryContextRegisterResetCallback(context, &call->at_end);
	flinfo->fn_extra = call;
	return call;
}

static bool
has_name(const CallModel *model, const char *name, size_t size)
{
	return model->name_size == size && memcmp(model->name, name, size) == 0;
}

static CallModel *
find_model(Call *call, const char *name, size_t size)
{
	int i;

	if (call->last != NULL && has_name(call->last, name, size))
		return call->last;
	for (i = 0; i < call->n_models; i++)
		if (has_name(&call->models[i], name, size))
			return &call->models[i];
	return NULL;
}

static void
forget_model(const Call *call, CallModel *model)
{
	forget_lease(call, model);
	if (model->name != NULL)
		pfree(model->name);
	model->name = NULL;
	model->name_size = 0;
}

/* A place for a name not seen before. */
static CallModel *
new_model(Call *call, const char *name, size_t size)
{
	CallModel *model;

	if (call->n_models < MAX_MODELS)
		model = &call->models[call->n_models++];
	else
	{
		model = &call->models[call->next_victim];
		call->next_victim = (call->next_victim + 1) % MAX_MODELS;
	}
	forget_model(call, model);
	model->name = MemoryContextAlloc(call->context, size + 1);
	memcpy(model->name, name, size);
	model->name_size = size;
	/* No snapshot has this one: the name is looked up. */
	memset(&model->key, 0, sizeof(model->key));
	return model;
}

static bool
resolve(const Call *call, const CallModel *model, MxpgVersion *version)
{
	if (call->shape->is_pinned)
		return mxpg_resolve_pinned((const pg_uuid_t *) model->name, version);
	return mxpg_resolve(
	    cstring_to_text_with_len(model->name, (int) model->name_size),
	    MXPG_RIGHT_EXECUTE, false, version);
}

static void
look_up(Call *call, CallModel *model, const MxpgSnapshotKey *key)
{
	MxpgVersion version;
	bool exists;

	/* Whatever fails below must be looked up again next time. */
	memset(&model->key, 0, sizeof(model->key));
	exists = resolve(call, model, &version);
	if (model->lease != NULL &&
	    (!exists || !mxpg_target_is(model->lease->target, &version)))
		forget_lease(call, model);
	if (exists && model->lease == NULL)
		model->lease =
		    mxpg_target_lease(&version, call->shape->answer, &call->values);
	model->key = *key;
}

/* What the model's argument names now. */
static CallModel *
current_model(FunctionCallInfo fcinfo, Call *call)
{
	MxpgSnapshotKey key;
	CallModel *model;
	const char *name;
	size_t size;

	if (call->shape->is_pinned)
	{
		name = (const char *) PG_GETARG_UUID_P(0);
		size = UUID_LEN;
	}
	else
	{
		text *argument = PG_GETARG_TEXT_PP(0);

		name = VARDATA_ANY(argument);
		size = VARSIZE_ANY_EXHDR(argument);
	}
	model = find_model(call, name, size);
	if (model == NULL)
		model = new_model(call, name, size);
	call->last = model;
	mxpg_snapshot_key(&key);
	if (!mxpg_snapshot_key_equal(&key, &model->key))
		look_up(call, model, &key);
	return model;
}

static void
prepare(FunctionCallInfo fcinfo, const Call *call, MxpgLease *lease)
{
	int class_argument = call->values.class_argument;

	if (class_argument > 0)
		mxpg_target_set_class(lease->target, PG_GETARG_TEXT_PP(class_argument));
	if (!lease->is_bound)
	{
		mxpg_values_bind(&call->values, lease->target);
		lease->is_bound = true;
	}
}

Datum
mxpg_call(FunctionCallInfo fcinfo, const MxpgCallShape *shape)
{
	Call *call = fcinfo->flinfo->fn_extra;
	MxpgLease *lease;
	Datum answer;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (call == NULL)
		call = begin_call(fcinfo, shape);
	if (mxpg_values_are_null(fcinfo, &call->values))
		PG_RETURN_NULL();
	lease = current_model(fcinfo, call)->lease;
	if (lease == NULL)
		PG_RETURN_NULL();
	call->n_unfinished++;
	prepare(fcinfo, call, lease);
	mxpg_values_read(fcinfo, &call->values, lease->target);
	mxpg_target_run(lease->target);
	answer = mxpg_answer_datum(lease->target);
	call->n_unfinished--;
	return answer;
}
