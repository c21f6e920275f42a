/*
 * register.h: what all forms of registering share.
 */
#ifndef MXPG_REGISTER_H
#define MXPG_REGISTER_H

#include "postgres.h"

#include "fmgr.h"

#include "pg/input.h"

/* The first argument, checked: it is a name the user may register. */
char *mxpg_register_name(FunctionCallInfo fcinfo);

/*
 * Registers input and returns the version.  Arguments 2 and 3 of every form
 * are metadata and promote.
 */
int mxpg_register(FunctionCallInfo fcinfo, const char *name, MxpgInput *input);

#endif
