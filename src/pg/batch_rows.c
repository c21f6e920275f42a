/* batch_rows.c */
/* Reads rows ahead for a ModelBatch node and keeps them until they are used. */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "pg/batch_deliver.h"
#include "pg/batch_page.h"
#include "pg/batch_rows.h"
#include "pg/compat.h"
#include "pg/record.h"

/* More pages than this are never held, nor more than a share of all. */
#define MAX_PINS 256
#define PIN_SHARE 64
/* Copied values may take this much; then the block is full. */
#define MAX_COPIED_BYTES ((Size) 8 * 1024 * 1024)

/* Values of one of the child's columns, by row. */
typedef struct Column
{
	int attribute; /* from 0 */
	int16 length;
	bool is_by_value;
	Datum *values;
	bool *nulls;
} Column;

struct MxpgBatchRows
{
	PlanState *child;
	bool is_raw;
	bool is_narrow;
	bool is_page;         /* the rest of a page may be taken at once */
	bool is_backward;     /* the order in which the block was read */
	bool is_done;         /* the child has no more rows that way */
	int at;               /* the row that was asked for last */
	TupleDesc descriptor; /* of the table, or of the child's rows */
	MemoryContext owner;
	MemoryContext context; /* what the current block's rows consist of */
	int n;
	int room;

	/* Raw: tuples point into pages, or into context where buffer is 0. */
	HeapTupleData *tuples;
	Buffer *buffers;
	Buffer *pins;
	int n_pins;
	int max_pins;
	TupleTableSlot *page_slot;
	TupleTableSlot *heap_slot;

	/* Otherwise. */
	int n_columns;
	Column *columns;
	Column **by_attribute; /* NULL: not read */

	MxpgDelivery *delivery;
};

static void
prepare_tuples(MxpgBatchRows *rows, EState *estate)
{
	Relation table = ((ScanState *) rows->child)->ss_currentRelation;
	int n_buffers =
	    RelationUsesLocalBuffers(table) ? num_temp_buffers : NBuffers;

	rows->descriptor = RelationGetDescr(table);
	rows->is_page = mxpg_page_can_take(rows->child);
	rows->max_pins = Max(1, Min(MAX_PINS, n_buffers / PIN_SHARE));
	/* The row that opens one page too many is kept, too. */
	rows->pins = palloc_array(Buffer, rows->max_pins + 1);
	rows->page_slot = ExecInitExtraTupleSlot(estate, rows->descriptor,
	                                         &TTSOpsBufferHeapTuple);
	rows->heap_slot =
	    ExecInitExtraTupleSlot(estate, rows->descriptor, &TTSOpsHeapTuple);
}

static void
prepare_columns(MxpgBatchRows *rows, const Bitmapset *columns)
{
	int i = -1;

	rows->descriptor = ExecGetResultType(rows->child);
	rows->columns = palloc0_array(Column, bms_num_members(columns) + 1);
	rows->by_attribute = palloc0_array(Column *, rows->descriptor->natts + 1);
	while ((i = bms_next_member(columns, i)) >= 0)
	{
		Form_pg_attribute attribute = TupleDescAttr(rows->descriptor, i);
		Column *column = &rows->columns[rows->n_columns++];

		column->attribute = i;
		column->length = attribute->attlen;
		column->is_by_value = attribute->attbyval;
		rows->by_attribute[i] = column;
	}
}

MxpgBatchRows *
mxpg_batch_rows_create(const MxpgBatchSource *source, EState *estate)
{
	MxpgBatchRows *rows = palloc0_object(MxpgBatchRows);

	rows->child = source->child;
	rows->is_raw = source->is_raw;
	rows->is_narrow = source->is_narrow;
	rows->at = -1;
	rows->owner = CurrentMemoryContext;
	rows->context =
	    AllocSetContextCreate(CurrentMemoryContext, "model_ext block of rows",
	                          ALLOCSET_DEFAULT_SIZES);
	if (rows->is_raw)
		prepare_tuples(rows, estate);
	else
		prepare_columns(rows, source->columns);
	return rows;
}

/* ---- Reading ahead ---- */

/* Room that has no need to keep what is there. */
static void *
renew(MxpgBatchRows *rows, void *old, Size size)
{
	if (old != NULL)
		pfree(old);
	return MemoryContextAllocHuge(rows->owner, size);
}

static void
make_room(MxpgBatchRows *rows, int n)
{
	Size room = (Size) n;
	int i;

	if (n <= rows->room)
		return;
	if (rows->is_raw)
	{
		rows->tuples = renew(rows, rows->tuples, room * sizeof(HeapTupleData));
		rows->buffers = renew(rows, rows->buffers, room * sizeof(Buffer));
	}
	for (i = 0; i < rows->n_columns; i++)
	{
		Column *column = &rows->columns[i];

		column->values = renew(rows, column->values, room * sizeof(Datum));
		column->nulls = renew(rows, column->nulls, room * sizeof(bool));
	}
	rows->room = n;
}

static void
release_block(MxpgBatchRows *rows)
{
	int i;

	if (rows->is_raw)
	{
		ExecClearTuple(rows->page_slot);
		ExecClearTuple(rows->heap_slot);
	}
	for (i = 0; i < rows->n_pins; i++)
		ReleaseBuffer(rows->pins[i]);
	rows->n_pins = 0;
	rows->n = 0;
	rows->at = -1;
	MemoryContextReset(rows->context);
}

static void
pin_page(MxpgBatchRows *rows, Buffer buffer)
{
	if (rows->n_pins > 0 && rows->pins[rows->n_pins - 1] == buffer)
		return;
	IncrBufferRefCount(buffer);
	rows->pins[rows->n_pins++] = buffer;
}

static void
keep_tuple(MxpgBatchRows *rows, TupleTableSlot *slot)
{
	BufferHeapTupleTableSlot *page = (BufferHeapTupleTableSlot *) slot;

	if (TTS_IS_BUFFERTUPLE(slot) && page->base.tuple != NULL &&
	    BufferIsValid(page->buffer))
	{
		pin_page(rows, page->buffer);
		rows->tuples[rows->n] = *page->base.tuple;
		rows->buffers[rows->n] = page->buffer;
	}
	else
	{
		/* EvalPlanQual's rows are in no page. */
		MemoryContext caller = MemoryContextSwitchTo(rows->context);

		rows->tuples[rows->n] = *ExecCopySlotHeapTuple(slot);
		rows->buffers[rows->n] = InvalidBuffer;
		MemoryContextSwitchTo(caller);
	}
}

static void
keep_values(MxpgBatchRows *rows, TupleTableSlot *slot)
{
	MemoryContext caller = MemoryContextSwitchTo(rows->context);
	int i;

	if (rows->n_columns > 0)
		slot_getsomeattrs(slot,
		                  rows->columns[rows->n_columns - 1].attribute + 1);
	for (i = 0; i < rows->n_columns; i++)
	{
		Column *column = &rows->columns[i];
		Datum value = slot->tts_values[column->attribute];
		bool is_null = slot->tts_isnull[column->attribute];

		if (!column->is_by_value && !is_null)
			value = datumCopy(value, false, column->length);
		column->values[rows->n] = value;
		column->nulls[rows->n] = is_null;
	}
	MemoryContextSwitchTo(caller);
}

/* The rows that follow on the page of the last one. */
static void
keep_page(MxpgBatchRows *rows, int limit)
{
	Buffer buffer = rows->buffers[rows->n - 1];
	int n;
	int i;

	if (!BufferIsValid(buffer))
		return;
	n = mxpg_page_take(rows->child, buffer, &rows->tuples[rows->n],
	                   limit - rows->n);
	for (i = 0; i < n; i++)
		rows->buffers[rows->n + i] = buffer;
	rows->n += n;
}

static bool
is_full(const MxpgBatchRows *rows)
{
	return rows->n_pins > rows->max_pins ||
	       MemoryContextMemAllocated(rows->context, false) > MAX_COPIED_BYTES;
}

static TupleTableSlot *
next_row(MxpgBatchRows *rows)
{
	TupleTableSlot *slot = ExecProcNode(rows->child);

	if (TupIsNull(slot))
		return NULL;
	/* The scan's own tuple: what it projects has no columns. */
	return rows->is_narrow ? rows->child->ps_ExprContext->ecxt_scantuple : slot;
}

static void
read_block(MxpgBatchRows *rows, int limit)
{
	while (rows->n < limit && !rows->is_done && !is_full(rows))
	{
		TupleTableSlot *slot = next_row(rows);

		if (slot == NULL)
		{
			/* Some nodes would start again. */
			rows->is_done = true;
			break;
		}
		if (rows->is_raw)
			keep_tuple(rows, slot);
		else
			keep_values(rows, slot);
		rows->n++;
		if (rows->is_page)
			keep_page(rows, limit);
	}
}

static bool
is_turned(const MxpgBatchRows *rows)
{
	ScanDirection direction = rows->child->state->es_direction;

	return ScanDirectionIsBackward(direction) != rows->is_backward;
}

/*
 * A cursor moves the other way, beyond the block: the child, which is at the
 * block's last row or past it, goes back to the first.
 */
static void
turn(MxpgBatchRows *rows)
{
	int steps = rows->n - 1 + (rows->is_done ? 1 : 0);

	for (; steps > 0; steps--)
		(void) ExecProcNode(rows->child);
	rows->is_backward = !rows->is_backward;
	rows->is_done = false;
}

int
mxpg_batch_rows_next(MxpgBatchRows *rows)
{
	rows->at += is_turned(rows) ? -1 : 1;
	return rows->at >= 0 && rows->at < rows->n ? rows->at : -1;
}

int
mxpg_batch_rows_fill(MxpgBatchRows *rows, int limit)
{
	if (is_turned(rows))
		turn(rows);
	release_block(rows);
	make_room(rows, limit);
	read_block(rows, limit);
	return rows->n;
}

int
mxpg_batch_rows_count(const MxpgBatchRows *rows)
{
	return rows->n;
}

MemoryContext
mxpg_batch_rows_context(const MxpgBatchRows *rows)
{
	return rows->context;
}

void
mxpg_batch_rows_reset(MxpgBatchRows *rows)
{
	release_block(rows);
	rows->is_done = false;
	rows->is_backward = false;
}

/* ---- Using rows ---- */

void
mxpg_batch_rows_bind(const MxpgBatchRows *rows, MxpgTarget *target)
{
	if (rows->is_raw)
		mxpg_tuple_bind(target, rows->descriptor);
}

void
mxpg_batch_rows_read(const MxpgBatchRows *rows, MxpgTarget *target, int row)
{
	int i;

	if (rows->is_raw)
	{
		mxpg_tuple_read(target, rows->tuples[row].t_data);
		return;
	}
	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];
		const Column *column = rows->by_attribute[field->source];

		mxpg_row_set(&target->row, field, column->values[row],
		             column->nulls[row]);
	}
}

/* Side by side, as they are read. */
static const HeapTupleData *
selected_tuples(const MxpgBatchRows *rows, const MxpgBatchSelection *selected)
{
	HeapTupleData *tuples;
	int i;

	if (selected == NULL)
		return rows->tuples;
	tuples = MemoryContextAlloc(rows->context,
	                            (Size) selected->n * sizeof(HeapTupleData));
	for (i = 0; i < selected->n; i++)
		tuples[i] = rows->tuples[selected->rows[i]];
	return tuples;
}

void
mxpg_batch_rows_read_all(const MxpgBatchRows *rows, MxpgTarget *target,
                         const MxpgBatchSelection *selected, bool *doubtful)
{
	bool is_doubtful = target->row.is_doubtful;
	int n = selected == NULL ? rows->n : selected->n;
	int i;

	if (rows->is_raw)
	{
		mxpg_tuples_read(target, selected_tuples(rows, selected), n, doubtful);
		return;
	}
	for (i = 0; i < n; i++)
	{
		mxpg_target_seek(target, (size_t) i);
		target->row.is_doubtful = is_doubtful;
		mxpg_batch_rows_read(rows, target,
		                     selected == NULL ? i : selected->rows[i]);
		doubtful[i] = target->row.is_doubtful;
	}
}

void
mxpg_batch_rows_deliver(MxpgBatchRows *rows, const int *sources, int n)
{
	rows->delivery = mxpg_delivery_create(rows->descriptor, sources, n);
}

static TupleTableSlot *
tuple_slot(MxpgBatchRows *rows, int row)
{
	if (BufferIsValid(rows->buffers[row]))
		return ExecStoreBufferHeapTuple(&rows->tuples[row], rows->page_slot,
		                                rows->buffers[row]);
	return ExecStoreHeapTuple(&rows->tuples[row], rows->heap_slot, false);
}

static void
load_values(const MxpgBatchRows *rows, int row, TupleTableSlot *slot)
{
	int i;

	for (i = 0; i < rows->delivery->n; i++)
	{
		const MxpgDeliveryItem *item = &rows->delivery->items[i];
		const Column *column = rows->by_attribute[item->source - 1];

		slot->tts_values[item->column] = column->values[row];
		slot->tts_isnull[item->column] = column->nulls[row];
	}
}

void
mxpg_batch_rows_load(MxpgBatchRows *rows, int row, TupleTableSlot *slot)
{
	HeapTuple tuple;
	TupleTableSlot *from = NULL;

	if (!rows->is_raw)
	{
		load_values(rows, row, slot);
		return;
	}
	tuple = &rows->tuples[row];
	if (mxpg_delivery_needs_slot(rows->delivery, tuple))
		from = tuple_slot(rows, row);
	mxpg_delivery_load(rows->delivery, tuple, from, slot);
}
