/*
 * arguments.h: arguments of functions that are not STRICT, and of those that
 * describe themselves by text.
 */
#ifndef MXPG_ARGUMENTS_H
#define MXPG_ARGUMENTS_H

#include "postgres.h"

#include "fmgr.h"

/* Raise 22004 with the argument's name when it is NULL. */
void mxpg_arg_need(FunctionCallInfo fcinfo, int i, const char *name);
char *mxpg_arg_text(FunctionCallInfo fcinfo, int i, const char *name);
int mxpg_arg_int4(FunctionCallInfo fcinfo, int i, const char *name);

#endif
