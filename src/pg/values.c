/* values.c */
/* What the arguments of a scoring function hold, and reading them. */
#include "postgres.h"

#include "access/tupmacs.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "pg/binding.h"
#include "pg/compat.h"
#include "pg/object.h"
#include "pg/record.h"
#include "pg/values.h"

static Oid
argument_type(FunctionCallInfo fcinfo, int argument)
{
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, argument);

	if (!OidIsValid(type))
		ereport(ERROR, (errcode(ERRCODE_INDETERMINATE_DATATYPE),
		                errmsg("could not determine data type of argument %d",
		                       argument + 1)));
	return type;
}

/* The last pair that was found to match; while no function changes. */
static Oid matching_own = InvalidOid;
static Oid matching_written = InvalidOid;

static void
forget_match(Datum argument, int cache, uint32 hash)
{
	matching_own = InvalidOid;
}

static bool
is_planned_for(Oid own, Oid written)
{
	static bool is_registered = false;
	char *written_name;
	char *own_name;

	if (!is_registered)
		CacheRegisterSyscacheCallback(PROCOID, forget_match, (Datum) 0);
	is_registered = true;
	if (matching_own == own && matching_written == written)
		return true;
	written_name = get_func_name(written);
	own_name = get_func_name(own);
	if (written_name == NULL || own_name == NULL ||
	    get_func_namespace(written) != get_func_namespace(own) ||
	    strcmp(psprintf("%s" MXPG_FLAT_SUFFIX, written_name), own_name) != 0)
		return false;
	matching_own = own;
	matching_written = written;
	return true;
}

/*
 * The executor checked EXECUTE on the function the planner put into the plan,
 * not on the one the user wrote.  Its names must match, or anybody could name
 * a function of his own here.
 */
static void
check_planned_call(FunctionCallInfo fcinfo, Oid written)
{
	AclResult result;

	if (!is_planned_for(fcinfo->flinfo->fn_oid, written))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("function is only called by the planner")));
	result = mxpg_function_aclcheck(written, GetUserId(), ACL_EXECUTE);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_FUNCTION, get_func_name(written));
	InvokeFunctionExecuteHook(written);
}

static void
describe_planned(FunctionCallInfo fcinfo, MxpgValues *values)
{
	ArrayType *names;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("function is only called by the planner")));
	check_planned_call(fcinfo, PG_GETARG_OID(1));
	names = PG_GETARG_ARRAYTYPE_P_COPY(2);
	if (ArrayGetNItems(ARR_NDIM(names), ARR_DIMS(names)) != values->n ||
	    array_contains_nulls(names))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("function is only called by the planner")));
	values->kind = MXPG_VALUES_PLANNED;
	values->names = names;
}

static void
describe_array(MxpgValues *values, Oid element)
{
	values->kind = MXPG_VALUES_ARRAY;
	values->types[0] = element;
	get_typlenbyvalalign(element, &values->length, &values->is_by_value,
	                     &values->align);
}

/* One argument may be many values. */
static void
describe_single(MxpgValues *values)
{
	Oid type = getBaseType(values->types[0]);

	if (OidIsValid(get_element_type(type)))
		describe_array(values, get_element_type(type));
	else if (type == JSONBOID)
		values->kind = MXPG_VALUES_OBJECT;
	else if (type_is_rowtype(type))
		values->kind = MXPG_VALUES_ROW;
}

void
mxpg_values_describe(FunctionCallInfo fcinfo, const MxpgCallShape *shape,
                     MxpgValues *values)
{
	int next = shape->is_flat ? 3 : 1;
	int i;

	memset(values, 0, sizeof(*values));
	if (shape->answer == MXPG_PROBA_OF)
		values->class_argument = next++;
	values->first = next;
	values->n = PG_NARGS() - next;
	values->types = palloc(((size_t) values->n + 1) * sizeof(Oid));
	for (i = 0; i < values->n; i++)
		values->types[i] = argument_type(fcinfo, next + i);
	if (shape->is_flat)
		describe_planned(fcinfo, values);
	else if (values->n == 1)
		describe_single(values);
}

bool
mxpg_values_are_null(FunctionCallInfo fcinfo, const MxpgValues *values)
{
	if (values->class_argument > 0 && PG_ARGISNULL(values->class_argument))
		return true;
	return values->kind >= MXPG_VALUES_ARRAY && PG_ARGISNULL(values->first);
}

static void
bind_planned(const MxpgValues *values, MxpgTarget *target)
{
	MxpgOffer *offers = palloc(((size_t) values->n + 1) * sizeof(MxpgOffer));
	Datum *names;
	int n;
	int i;

	deconstruct_array((ArrayType *) values->names, TEXTOID, -1, false,
	                  TYPALIGN_INT, &names, NULL, &n);
	for (i = 0; i < n; i++)
	{
		offers[i].name = TextDatumGetCString(names[i]);
		offers[i].type = values->types[i];
	}
	mxpg_bind_by_name(target, MXPG_OFFER_PLANNED, offers, values->n);
}

/* All elements of an array have one type; its length is seen row by row. */
static void
bind_array(const MxpgValues *values, MxpgTarget *target)
{
	Oid *types = palloc((target->n_inputs + 1) * sizeof(Oid));
	size_t i;

	for (i = 0; i < target->n_inputs; i++)
		types[i] = values->types[0];
	mxpg_bind_by_position(target, types, (int) target->n_inputs);
}

void
mxpg_values_bind(const MxpgValues *values, MxpgTarget *target)
{
	switch (values->kind)
	{
		case MXPG_VALUES_SCALARS:
			mxpg_bind_by_position(target, values->types, values->n);
			return;
		case MXPG_VALUES_PLANNED:
			bind_planned(values, target);
			return;
		case MXPG_VALUES_ARRAY:
			bind_array(values, target);
			return;
		case MXPG_VALUES_ROW:
		case MXPG_VALUES_OBJECT:
			/* Names come with the values. */
			return;
	}
}

static void
check_array(const MxpgTarget *target, int n_dimensions, int n_elements)
{
	if (n_dimensions > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
		                errmsg("features of model \"%s\" must be a "
		                       "one-dimensional array",
		                       target->version.name)));
	if ((size_t) n_elements != target->n_inputs)
		mxpg_refuse_count(target, n_elements);
}

static void
read_expanded_array(MxpgTarget *target, ExpandedArrayHeader *array)
{
	int i;

	deconstruct_expanded_array(array);
	check_array(target, array->ndims, array->nelems);
	for (i = 0; i < target->n_fields; i++)
	{
		int source = target->fields[i].source;

		mxpg_row_set(&target->row, &target->fields[i], array->dvalues[source],
		             array->dnulls != NULL && array->dnulls[source]);
	}
}

static void
read_flat_array(MxpgTarget *target, const MxpgValues *values, ArrayType *array)
{
	int n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const uint8 *nulls = ARR_NULLBITMAP(array);
	const char *at = ARR_DATA_PTR(array);
	int field = 0;
	int i;

	check_array(target, ARR_NDIM(array), n);
	for (i = 0; i < n && field < target->n_fields; i++)
	{
		bool is_null = nulls != NULL && att_isnull(i, nulls);
		bool is_wanted = target->fields[field].source == i;
		Datum value = 0;

		if (!is_null && is_wanted)
			value = fetch_att(at, values->is_by_value, values->length);
		if (is_wanted)
			mxpg_row_set(&target->row, &target->fields[field++], value,
			             is_null);
		if (is_null)
			continue;
		at = att_addlength_pointer(at, values->length, at);
		at = (const char *) att_align_nominal(at, values->align);
	}
}

static void
read_array(MxpgTarget *target, const MxpgValues *values, Datum array)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(array)))
		read_expanded_array(target,
		                    (ExpandedArrayHeader *) DatumGetEOHP(array));
	else
		read_flat_array(target, values, DatumGetArrayTypeP(array));
}

static void
read_scalars(FunctionCallInfo fcinfo, MxpgTarget *target, int first)
{
	const MxpgField *field = target->fields;
	const MxpgField *end = field + target->n_fields;

	for (; field < end; field++)
	{
		const NullableDatum *argument = &fcinfo->args[first + field->source];

		mxpg_row_set(&target->row, field, argument->value, argument->isnull);
	}
}

void
mxpg_values_read(FunctionCallInfo fcinfo, const MxpgValues *values,
                 MxpgTarget *target)
{
	switch (values->kind)
	{
		case MXPG_VALUES_SCALARS:
		case MXPG_VALUES_PLANNED:
			read_scalars(fcinfo, target, values->first);
			return;
		case MXPG_VALUES_ARRAY:
			read_array(target, values, PG_GETARG_DATUM(values->first));
			return;
		case MXPG_VALUES_ROW:
			mxpg_record_read(target, PG_GETARG_DATUM(values->first));
			return;
		case MXPG_VALUES_OBJECT:
			mxpg_object_read(target, PG_GETARG_DATUM(values->first));
			return;
	}
}
