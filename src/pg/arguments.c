/* arguments.c */
/* Arguments that must not be NULL, though the function is not STRICT. */
#include "postgres.h"

#include "utils/builtins.h"

#include "pg/arguments.h"

void
mxpg_arg_need(FunctionCallInfo fcinfo, int i, const char *name)
{
	if (PG_ARGISNULL(i))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("argument \"%s\" must not be null", name)));
}

char *
mxpg_arg_text(FunctionCallInfo fcinfo, int i, const char *name)
{
	mxpg_arg_need(fcinfo, i, name);
	return text_to_cstring(PG_GETARG_TEXT_PP(i));
}

int
mxpg_arg_int4(FunctionCallInfo fcinfo, int i, const char *name)
{
	mxpg_arg_need(fcinfo, i, name);
	return PG_GETARG_INT32(i);
}
