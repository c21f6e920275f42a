/*
 * batch_deliver.h: what a ModelBatch node passes on of the rows it has read.
 */
#ifndef MXPG_BATCH_DELIVER_H
#define MXPG_BATCH_DELIVER_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "executor/tuptable.h"

typedef struct MxpgDeliveryItem
{
	int column;   /* of the slot, from 0 */
	int source;   /* attribute, from 1; below 0: of the system */
	int32 offset; /* in a tuple without NULLs; -1: not known beforehand */
	int16 length;
	bool is_by_value;
} MxpgDeliveryItem;

typedef struct MxpgDelivery
{
	TupleDesc descriptor;
	int n;
	MxpgDeliveryItem *items;
	int last;      /* source; 0: none but the system's */
	bool is_fixed; /* all have offsets */
} MxpgDelivery;

/*
 * Column i of a slot from sources[i], for n columns; source 0 is skipped.
 * Lives in the current context.
 */
MxpgDelivery *mxpg_delivery_create(TupleDesc descriptor, const int *sources,
                                   int n);

/* Whether the tuple has to be in a slot for its values to be found. */
bool mxpg_delivery_needs_slot(const MxpgDelivery *delivery, HeapTuple tuple);
/* Puts tuple's values into slot; from holds the tuple, if that is needed. */
void mxpg_delivery_load(const MxpgDelivery *delivery, HeapTuple tuple,
                        TupleTableSlot *from, TupleTableSlot *slot);

#endif
