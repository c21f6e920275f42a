/* trigger.c */
/* score_trigger(model, column [, answer [, class]]): scores rows as written. */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/typcache.h"

#include "pg/binding.h"
#include "pg/compat.h"
#include "pg/record.h"

#define MIN_ARGUMENTS 2
#define MAX_ARGUMENTS 4

/* What one trigger of one relation remembers between rows. */
typedef struct TriggerState
{
	MemoryContext context; /* all below is made anew with it */
	MxpgSnapshotKey key;
	Oid relation;
	uint64 row_type; /* identifier: it changes with columns and their names */
	MxpgTarget *target;
	int column;              /* number of the column to set */
	int32 offset;            /* of its value where that is known, or -1 */
	ExprState *assign;       /* answer to column type; NULL: as it is */
	ExprContext *assign_row; /* where assign finds the answer */
} TriggerState;

static void
check_called_as_trigger(FunctionCallInfo fcinfo)
{
	const TriggerData *data = (const TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
		                errmsg("score_trigger must be called as a trigger")));
	if (!TRIGGER_FIRED_BEFORE(data->tg_event) ||
	    !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
	    TRIGGER_FIRED_BY_DELETE(data->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
		                errmsg("score_trigger must be fired BEFORE INSERT OR "
		                       "UPDATE FOR EACH ROW")));
}

static MxpgAnswer
answer_for_type(const char *column, Oid type)
{
	switch (getBaseType(type))
	{
		case FLOAT8OID:
		case FLOAT4OID:
		case NUMERICOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return MXPG_PREDICT;
		case FLOAT8ARRAYOID:
			return MXPG_PROBA;
		case JSONBOID:
			return MXPG_ALL;
		default:
			break;
	}
	if (mxpg_cast(type, MX_COLUMN_TEXT) == MXPG_CAST_REFUSED ||
	    getBaseType(type) == UUIDOID)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("column \"%s\" of type %s can hold no answer of "
		                       "a model",
		                       column, format_type_be(type))));
	return MXPG_LABEL;
}

static MxpgAnswer
answer_asked_for(const Trigger *trigger, Oid column_type)
{
	MxpgAnswer answer;

	if (trigger->tgnargs < 3)
		return answer_for_type(trigger->tgargs[1], column_type);
	if (!mxpg_answer_find(trigger->tgargs[2], &answer))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("there is no answer \"%s\"", trigger->tgargs[2]),
		                errhint("It is the name of a scoring function, such as "
		                        "predict_proba.")));
	if ((answer == MXPG_PROBA_OF) != (trigger->tgnargs == 4))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("predict_proba_of, and nothing else, needs a class")));
	return answer;
}

static void
check_argument_count(const Trigger *trigger)
{
	if (trigger->tgnargs < MIN_ARGUMENTS || trigger->tgnargs > MAX_ARGUMENTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("trigger \"%s\" has %d arguments",
		                       trigger->tgname, trigger->tgnargs),
		                errhint("They are model, column, and optionally answer "
		                        "and class.")));
}

static int
find_column(Relation relation, const char *name)
{
	int column = SPI_fnumber(RelationGetDescr(relation), name);

	if (column <= 0)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_COLUMN),
		         errmsg("column \"%s\" of relation \"%s\" does not exist", name,
		                RelationGetRelationName(relation))));
	if (TupleDescAttr(RelationGetDescr(relation), column - 1)->attgenerated)
		ereport(ERROR, (errcode(ERRCODE_GENERATED_ALWAYS),
		                errmsg("column \"%s\" of relation \"%s\" is generated",
		                       name, RelationGetRelationName(relation))));
	return column;
}

/* Generated columns are computed after BEFORE triggers: they read NULL here. */
static void
refuse_generated_inputs(const MxpgTarget *target, Relation relation)
{
	int i;

	for (i = 0; i < target->n_fields; i++)
	{
		Form_pg_attribute column =
		    TupleDescAttr(RelationGetDescr(relation), target->fields[i].source);

		if (column->attgenerated)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("generated column \"%s\" cannot be a feature",
			                NameStr(column->attname)),
			         errdetail("It has no value yet when the trigger runs.")));
	}
}

/* The answer becomes what INSERT would make of it: casts, lengths, domains. */
static void
prepare_assignment(TriggerState *state, Form_pg_attribute column)
{
	Oid type = mxpg_answer_type(state->target->answer);
	CaseTestExpr *answer = makeNode(CaseTestExpr);
	Node *assign;

	answer->typeId = type;
	answer->typeMod = -1;
	answer->collation = get_typcollation(type);
	assign = coerce_to_target_type(
	    NULL, (Node *) answer, type, column->atttypid, column->atttypmod,
	    COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
	if (assign == NULL)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("column \"%s\" is of type %s but %s gives %s",
		                       NameStr(column->attname),
		                       format_type_be(column->atttypid),
		                       mxpg_answer_function(state->target->answer),
		                       format_type_be(type))));
	if (assign == (Node *) answer)
		return;
	state->assign = ExecInitExpr((Expr *) assign, NULL);
	state->assign_row = CreateStandaloneExprContext();
}

static bool
resolve_model(const Trigger *trigger, MxpgVersion *version)
{
	return mxpg_resolve(cstring_to_text(trigger->tgargs[0]), MXPG_RIGHT_EXECUTE,
	                    false, version);
}

static void
prepare_target(TriggerState *state, const TriggerData *data,
               const MxpgVersion *version)
{
	const Trigger *trigger = data->tg_trigger;
	TupleDesc columns = RelationGetDescr(data->tg_relation);
	Form_pg_attribute column;

	state->column = find_column(data->tg_relation, trigger->tgargs[1]);
	column = TupleDescAttr(columns, state->column - 1);
	state->target = mxpg_target_open(
	    state->context, version, answer_asked_for(trigger, column->atttypid));
	mxpg_bind_by_name(state->target, MXPG_OFFER_RELATION,
	                  mxpg_offers_of(columns), columns->natts);
	refuse_generated_inputs(state->target, data->tg_relation);
	if (state->target->answer == MXPG_PROBA_OF)
		mxpg_target_set_class(state->target,
		                      cstring_to_text(trigger->tgargs[3]));
	prepare_assignment(state, column);
}

/* The state in fn_extra, empty: nothing in it holds for the relation. */
static TriggerState *
new_state(FunctionCallInfo fcinfo)
{
	TriggerState *old = fcinfo->flinfo->fn_extra;
	MemoryContext context;
	TriggerState *state;

	fcinfo->flinfo->fn_extra = NULL;
	if (old != NULL)
		MemoryContextDelete(old->context);
	context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
	                                "model_ext trigger", ALLOCSET_SMALL_SIZES);
	state = MemoryContextAllocZero(context, sizeof(TriggerState));
	state->context = context;
	fcinfo->flinfo->fn_extra = state;
	return state;
}

static bool
is_current(const TriggerState *state, Relation relation, uint64 row_type,
           const MxpgSnapshotKey *key)
{
	return state != NULL && state->relation == RelationGetRelid(relation) &&
	       state->row_type == row_type &&
	       mxpg_snapshot_key_equal(&state->key, key);
}

/* Where a value of the column's kind can be written over another. */
static int32
overwritten_offset(TupleDesc columns, int column)
{
	int32 *offsets = palloc_array(int32, column);

	mxpg_tuple_offsets(columns, column, offsets);
	return TupleDescAttr(columns, column - 1)->attbyval ? offsets[column - 1]
	                                                    : -1;
}

/* Ready to score rows of the relation; its target is NULL without a model. */
static TriggerState *
current_state(FunctionCallInfo fcinfo)
{
	const TriggerData *data = (const TriggerData *) fcinfo->context;
	TriggerState *state = fcinfo->flinfo->fn_extra;
	uint64 row_type =
	    assign_record_type_identifier(data->tg_relation->rd_rel->reltype, -1);
	MxpgSnapshotKey key;
	MxpgVersion version;
	MemoryContext caller;

	mxpg_snapshot_key(&key);
	if (is_current(state, data->tg_relation, row_type, &key))
		return state;
	check_argument_count(data->tg_trigger);
	state = new_state(fcinfo);
	caller = MemoryContextSwitchTo(state->context);
	if (resolve_model(data->tg_trigger, &version))
		prepare_target(state, data, &version);
	else
		state->column =
		    find_column(data->tg_relation, data->tg_trigger->tgargs[1]);
	state->offset =
	    overwritten_offset(RelationGetDescr(data->tg_relation), state->column);
	MemoryContextSwitchTo(caller);
	/* Stamped last: what failed half way is done again. */
	state->relation = RelationGetRelid(data->tg_relation);
	state->row_type = row_type;
	state->key = key;
	return state;
}

static void
read_row(MxpgTarget *target, TupleTableSlot *slot)
{
	int i;

	for (i = 0; i < target->n_fields; i++)
	{
		bool is_null;
		Datum value =
		    slot_getattr(slot, target->fields[i].source + 1, &is_null);

		mxpg_row_set(&target->row, &target->fields[i], value, is_null);
	}
}

static Datum
score(TriggerState *state, TupleTableSlot *slot, bool *is_null)
{
	Datum answer;

	read_row(state->target, slot);
	mxpg_target_run(state->target);
	answer = mxpg_answer_datum(state->target);
	*is_null = false;
	if (state->assign == NULL)
		return answer;
	state->assign_row->caseValue_datum = answer;
	state->assign_row->caseValue_isNull = false;
	return ExecEvalExpr(state->assign, state->assign_row, is_null);
}

/* Re-forming a tuple costs more than looking whether it has to be. */
static bool
is_same(TupleTableSlot *slot, int column, Datum value, bool is_null)
{
	Form_pg_attribute about =
	    TupleDescAttr(slot->tts_tupleDescriptor, column - 1);
	bool old_is_null;
	Datum old = slot_getattr(slot, column, &old_is_null);

	if (is_null || old_is_null)
		return is_null && old_is_null;
	return about->attbyval && datumIsEqual(old, value, true, about->attlen);
}

static HeapTuple
overwritten(const TriggerState *state, TupleTableSlot *slot, HeapTuple tuple,
            Datum value)
{
	HeapTuple copy = heap_copytuple(tuple);
	char *data = (char *) copy->t_data + copy->t_data->t_hoff;

	store_att_byval(
	    data + state->offset, value,
	    TupleDescAttr(slot->tts_tupleDescriptor, state->column - 1)->attlen);
	return copy;
}

/* heap_modify_tuple, but for taking apart what the slot has apart already. */
static HeapTuple
formed_anew(const TriggerState *state, TupleTableSlot *slot, HeapTuple tuple,
            Datum value, bool is_null)
{
	TupleDesc columns = slot->tts_tupleDescriptor;
	Datum *values = palloc_array(Datum, columns->natts);
	bool *nulls = palloc_array(bool, columns->natts);
	HeapTuple copy;

	slot_getallattrs(slot);
	memcpy(values, slot->tts_values, columns->natts * sizeof(Datum));
	memcpy(nulls, slot->tts_isnull, columns->natts * sizeof(bool));
	values[state->column - 1] = value;
	nulls[state->column - 1] = is_null;
	copy = heap_form_tuple(columns, values, nulls);
	copy->t_data->t_ctid = tuple->t_data->t_ctid;
	copy->t_self = tuple->t_self;
	copy->t_tableOid = tuple->t_tableOid;
	return copy;
}

static HeapTuple
replace_value(const TriggerState *state, TupleTableSlot *slot, HeapTuple tuple,
              Datum value, bool is_null)
{
	if (state->offset >= 0 && !is_null && !HeapTupleHasNulls(tuple) &&
	    HeapTupleHeaderGetNatts(tuple->t_data) >= state->column)
		return overwritten(state, slot, tuple, value);
	return formed_anew(state, slot, tuple, value, is_null);
}

PG_FUNCTION_INFO_V1(model_ext_score_trigger);

Datum
model_ext_score_trigger(PG_FUNCTION_ARGS)
{
	const TriggerData *data = (const TriggerData *) fcinfo->context;
	TriggerState *state;
	TupleTableSlot *slot;
	HeapTuple tuple;
	Datum value = 0;
	bool is_null = true;

	check_called_as_trigger(fcinfo);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		slot = data->tg_newslot;
		tuple = data->tg_newtuple;
	}
	else
	{
		slot = data->tg_trigslot;
		tuple = data->tg_trigtuple;
	}
	state = current_state(fcinfo);
	if (state->target != NULL)
		value = score(state, slot, &is_null);
	if (!is_same(slot, state->column, value, is_null))
		tuple = replace_value(state, slot, tuple, value, is_null);
	return PointerGetDatum(tuple);
}
