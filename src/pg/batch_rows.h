/*
 * batch_rows.h: the rows a ModelBatch node has read ahead.
 *
 * Tuples of a table stay in their pages, each page pinned once; of other
 * rows the values needed are copied, a column at a time.
 */
#ifndef MXPG_BATCH_ROWS_H
#define MXPG_BATCH_ROWS_H

#include "pg/target.h"

#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "storage/buf.h"

typedef struct MxpgBatchRows MxpgBatchRows;

typedef struct MxpgBatchSource
{
	PlanState *child;
	bool is_raw;        /* child scans one heap; sources are its attributes */
	bool is_narrow;     /* child's tuples are not in the slot it returns */
	Bitmapset *columns; /* read from a child that is not raw, from 0 */
} MxpgBatchSource;

/* Some of a block's rows, ascending. */
typedef struct MxpgBatchSelection
{
	int n;
	int *rows;
} MxpgBatchSelection;

/* Lives in the current context; slots are the query's. */
MxpgBatchRows *mxpg_batch_rows_create(const MxpgBatchSource *source,
                                      EState *estate);

/*
 * The number, within the block, of the next row in the query's direction; -1
 * when another block must be read for it.
 */
int mxpg_batch_rows_next(MxpgBatchRows *rows);
/* Reads up to limit rows that way; returns how many there were. */
int mxpg_batch_rows_fill(MxpgBatchRows *rows, int limit);
int mxpg_batch_rows_count(const MxpgBatchRows *rows);
/* What is made for the block's rows; reset with the next one. */
MemoryContext mxpg_batch_rows_context(const MxpgBatchRows *rows);

/* Gives up the block and starts again, when the child does. */
void mxpg_batch_rows_reset(MxpgBatchRows *rows);

/* target's fields are bound to sources: makes it ready to read. */
void mxpg_batch_rows_bind(const MxpgBatchRows *rows, MxpgTarget *target);
/* Fills target's row from a row of the block. */
void mxpg_batch_rows_read(const MxpgBatchRows *rows, MxpgTarget *target,
                          int row);
/*
 * Fills target's rows from those selected, or from all of the block's when
 * that is NULL: as many as there are.  Says of each whether it may be refused;
 * all may be when the target's row says so.
 */
void mxpg_batch_rows_read_all(const MxpgBatchRows *rows, MxpgTarget *target,
                              const MxpgBatchSelection *selected,
                              bool *doubtful);

/*
 * What is passed on of each row: column i of a slot from sources[i], for n
 * columns; source 0 is skipped.  Once, before the first row.
 */
void mxpg_batch_rows_deliver(MxpgBatchRows *rows, const int *sources, int n);
/* Puts those values of a row into slot, which is virtual and empty. */
void mxpg_batch_rows_load(MxpgBatchRows *rows, int row, TupleTableSlot *slot);

#endif
