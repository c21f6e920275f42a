/*
 * record.h: reads rows: composite values and PL/pgSQL's expanded records.
 */
#ifndef MXPG_RECORD_H
#define MXPG_RECORD_H

#include "pg/target.h"

/*
 * Fills target's row from a value of a composite type, binding by column name
 * when its type is not that of the last one.
 */
void mxpg_record_read(MxpgTarget *target, Datum record);

#endif
