/*
 * object.h: reads features from jsonb objects.
 */
#ifndef MXPG_OBJECT_H
#define MXPG_OBJECT_H

#include "pg/target.h"

/* Fills target's row from a jsonb object; raises when features are missing. */
void mxpg_object_read(MxpgTarget *target, Datum object);

#endif
