/*
 * record.h: reads rows: composite values and PL/pgSQL's expanded records.
 */
#ifndef MXPG_RECORD_H
#define MXPG_RECORD_H

#include "access/htup.h"
#include "access/tupdesc.h"

#include "pg/target.h"

/*
 * Fills target's row from a value of a composite type, binding by column name
 * when its type is not that of the last one.
 */
void mxpg_record_read(MxpgTarget *target, Datum record);

/*
 * The same for tuples of a table, when target's fields are bound to its
 * attributes already; several may be bound to one.
 */
void mxpg_tuple_bind(MxpgTarget *target, TupleDesc columns);
void mxpg_tuple_read(MxpgTarget *target, HeapTupleHeader tuple);
/*
 * n of them into as many rows from the first; says of each whether it may be
 * refused, which all are when target's row is.
 */
void mxpg_tuples_read(MxpgTarget *target, const HeapTupleData *tuples, int n,
                      bool *doubtful);

/*
 * Where the first n attributes are in the data of a tuple without NULLs; -1
 * where that depends on values.
 */
void mxpg_tuple_offsets(TupleDesc columns, int n, int32 *offsets);

#endif
