/*
 * values.h: what the arguments of a scoring function hold, and reading them.
 */
#ifndef MXPG_VALUES_H
#define MXPG_VALUES_H

#include "pg/call.h"
#include "pg/target.h"

#include "utils/array.h"

typedef enum MxpgValuesKind
{
	MXPG_VALUES_SCALARS, /* by position */
	MXPG_VALUES_PLANNED, /* scalars with the names the planner put first */
	MXPG_VALUES_ARRAY,   /* by position */
	MXPG_VALUES_ROW,     /* by name */
	MXPG_VALUES_OBJECT   /* jsonb, by name */
} MxpgValuesKind;

typedef struct MxpgValues
{
	MxpgValuesKind kind;
	int class_argument;     /* number of the argument, or 0 */
	int first;              /* argument with the first value */
	int n;                  /* arguments with values */
	Oid *types;             /* of these; of the elements of an array */
	const ArrayType *names; /* of MXPG_VALUES_PLANNED: text[], a copy */

	/* Of an array's elements. */
	int16 length;
	bool is_by_value;
	char align;
} MxpgValues;

/*
 * Looks at the arguments' types, once for each place that calls.  Memory comes
 * from the current context.  For a planned call, raises 42501 when the user
 * may not call the function it stands for.
 */
void mxpg_values_describe(FunctionCallInfo fcinfo, const MxpgCallShape *shape,
                          MxpgValues *values);

/*
 * Whether the answer is NULL whatever the model: no row, no array, no object,
 * no class.  A row of NULLs is a row.
 */
bool mxpg_values_are_null(FunctionCallInfo fcinfo, const MxpgValues *values);

/* Matches types, and names where they are known, with target's features. */
void mxpg_values_bind(const MxpgValues *values, MxpgTarget *target);

/* Fills target's row. */
void mxpg_values_read(FunctionCallInfo fcinfo, const MxpgValues *values,
                      MxpgTarget *target);

#endif
