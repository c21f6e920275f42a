/* planned_model.c */
/* Loads the model that a call in a query names as a constant. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/compat.h"
#include "pg/planned_model.h"

bool
mxpg_planned_model(const Node *node, MxpgPlannedModel *out)
{
	const Const *name = (const Const *) node;
	MemoryContext caller;
	bool exists;

	if (node == NULL || !IsA(node, Const) || name->consttype != TEXTOID ||
	    name->constisnull || !ActiveSnapshotSet())
		return false;
	out->context = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext planning", ALLOCSET_SMALL_SIZES);
	caller = MemoryContextSwitchTo(out->context);
	exists = mxpg_resolve(DatumGetTextPP(name->constvalue), MXPG_RIGHT_EXECUTE,
	                      true, &out->version);
	if (exists)
		out->plan = mxpg_plan_pin(&out->version, out->context)->plan;
	MemoryContextSwitchTo(caller);
	if (!exists)
		MemoryContextDelete(out->context);
	return exists;
}
