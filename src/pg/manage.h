/*
 * manage.h: what registering shares with the functions that manage.
 */
#ifndef MXPG_MANAGE_H
#define MXPG_MANAGE_H

#include "pg/write.h"

/* Makes an alias point to a version that is there, and says so in the history. */
void mxpg_point_alias(const MxpgWriter *writer, const char *model,
                      const char *alias, int version);

#endif
