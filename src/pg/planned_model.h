/*
 * planned_model.h: the model a call names, while the planner looks at it.
 */
#ifndef MXPG_PLANNED_MODEL_H
#define MXPG_PLANNED_MODEL_H

#include "pg/mxpg.h"

#include "nodes/primnodes.h"

typedef struct MxpgPlannedModel
{
	MemoryContext context; /* holds the plan; delete it when done */
	MxpgVersion version;
	const MxPlan *plan;
} MxpgPlannedModel;

/* false, and nothing to delete, when name means no one model that exists. */
bool mxpg_planned_model(const Node *name, MxpgPlannedModel *out);

#endif
