/* batch_known.c */
/* Plans for rows of which something is known: whether, and which. */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"

#include "pg/batch_known.h"
#include "pg/compat.h"
#include "pg/load.h"
#include "pg/settings.h"

/*
 * What it takes to read an artifact and compile it, by the size of the
 * ordinary image: 10 to 15 ns a byte were measured from 0.2 to 20 MB, and
 * 40 ns where the artifact is compressed.
 */
#define COMPILE_NS 1e6
#define COMPILE_NS_PER_BYTE 25.0

/* ---- what is known ------------------------------------------------------ */

static bool
param_value(ParamListInfo params, const Param *param, Datum *value)
{
	const ParamExternData *given;
	ParamExternData room;

	if (params == NULL || param->paramid <= 0 ||
	    param->paramid > params->numParams)
		return false;
	given = params->paramFetch != NULL
	            ? params->paramFetch(params, param->paramid, false, &room)
	            : &params->params[param->paramid - 1];
	*value = given->value;
	return given->ptype == param->paramtype && !given->isnull;
}

/* false: nothing is known.  An equality that NULL is in is met by no row. */
static bool
find_value(const MxpgBatchModelPlan *plan, ParamListInfo params, int i,
           Oid *type, Datum *value, bool *is_null)
{
	Node *node = list_nth(plan->values, i);

	if (!IsA(node, Const))
		node = plan->known == NIL ? NULL : list_nth(plan->known, i);
	if (node == NULL)
		return false;
	*type = exprType(node);
	*is_null = false;
	if (IsA(node, Param))
		return param_value(params, (const Param *) node, value);
	*value = ((const Const *) node)->constvalue;
	*is_null = ((const Const *) node)->constisnull;
	return true;
}

static bool
is_float(MxpgCast cast)
{
	return cast == MXPG_CAST_FLOAT8 || cast == MXPG_CAST_FLOAT4;
}

/* 0 and -0 are equal, and what is made of them may differ. */
static void
convert(const MxpgField *field, MxColumnKind kind, Oid type, Datum value,
        bool is_null, MxKnown *out)
{
	MxpgField own = *field;
	MxpgRow row = {
	    .numbers = &out->number, .texts = &out->text, .is_ahead = true};

	own.cast = mxpg_cast(type, kind);
	own.cell = 0;
	if (own.cast == MXPG_CAST_REFUSED)
		return;
	mxpg_row_set(&row, &own, value, is_null);
	out->is_known =
	    !row.is_doubtful && !(is_float(own.cast) && out->number == 0);
}

MxKnown *
mxpg_batch_known_inputs(const MxpgBatchModelPlan *plan,
                        const MxpgBatchExecution *execution,
                        const MxpgTarget *target)
{
	MxKnown *known = palloc0_array(MxKnown, target->n_inputs + 1);
	bool is_any = false;
	int i;

	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];
		MxKnown *input = &known[field->input];
		Datum value = 0;
		bool is_null;
		Oid type;

		if (!find_value(plan, execution->params, field->source, &type, &value,
		                &is_null))
			continue;
		convert(field, mx_plan_input(target->plan, field->input).kind, type,
		        value, is_null, input);
		is_any = is_any || input->is_known;
	}
	return is_any ? known : NULL;
}

/* ---- the plan for it ----------------------------------------------------- */

/* Stands for the artifact and what is known together. */
static void
make_key(const MxpgTarget *target, const MxKnown *known,
         uint8 key[MXPG_SHA256_SIZE])
{
	MxpgHash *hash = mxpg_hash_begin();
	size_t i;

	mxpg_hash_add(hash, target->version.sha256, MXPG_SHA256_SIZE);
	for (i = 0; i < target->n_inputs; i++)
	{
		const MxKnown *input = &known[i];
		uint64 about[4] = {i, input->text.data != NULL, input->text.size};

		if (!input->is_known)
			continue;
		memcpy(&about[3], &input->number, sizeof(double));
		mxpg_hash_add(hash, about, sizeof(about));
		if (input->text.data != NULL)
			mxpg_hash_add(hash, input->text.data, input->text.size);
	}
	mxpg_hash_end(hash, key);
}

static double
saved_ns(const MxpgTarget *target, const MxKnown *known)
{
	double saved = 0;
	size_t i;

	for (i = 0; i < target->n_inputs; i++)
		if (known[i].is_known)
			saved += mx_plan_known_saves(target->plan, i);
	return saved;
}

static bool
pays(const MxpgBatchExecution *execution, const MxpgTarget *target,
     double saved)
{
	return mxpg_prune == MXPG_PRUNE_ALWAYS ||
	       execution->rows * saved >
	           COMPILE_NS +
	               COMPILE_NS_PER_BYTE * (double) mx_plan_size(target->plan);
}

const MxPlan *
mxpg_batch_known_plan(const MxpgBatchExecution *execution,
                      const MxpgTarget *target, const MxKnown *known)
{
	double saved = saved_ns(target, known);
	uint8 key[MXPG_SHA256_SIZE];
	MxpgPlan *plan;

	if (mxpg_prune == MXPG_PRUNE_OFF || saved == 0)
		return NULL;
	make_key(target, known, key);
	plan = mxpg_plan_find(key, target->context);
	if (plan == NULL && pays(execution, target, saved))
		plan =
		    mxpg_plan_pin_known(&target->version, known, key, target->context);
	return plan == NULL ? NULL : plan->plan;
}
