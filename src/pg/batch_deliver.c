/* batch_deliver.c */
/* Finds in a tuple the values that a ModelBatch node passes on. */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/tupmacs.h"

#include "pg/batch_deliver.h"
#include "pg/compat.h"
#include "pg/record.h"

static void
place_items(MxpgDelivery *delivery)
{
	int32 *offsets = palloc_array(int32, delivery->last + 1);
	int i;

	mxpg_tuple_offsets(delivery->descriptor, delivery->last, offsets);
	delivery->is_fixed = true;
	for (i = 0; i < delivery->n; i++)
	{
		MxpgDeliveryItem *item = &delivery->items[i];
		Form_pg_attribute attribute;

		if (item->source < 0)
			continue;
		attribute = TupleDescAttr(delivery->descriptor, item->source - 1);
		item->length = attribute->attlen;
		item->is_by_value = attribute->attbyval;
		item->offset = offsets[item->source - 1];
		delivery->is_fixed = delivery->is_fixed && item->offset >= 0;
	}
	pfree(offsets);
}

MxpgDelivery *
mxpg_delivery_create(TupleDesc descriptor, const int *sources, int n)
{
	MxpgDelivery *delivery = palloc0_object(MxpgDelivery);
	int i;

	delivery->descriptor = descriptor;
	delivery->items = palloc0_array(MxpgDeliveryItem, n + 1);
	for (i = 0; i < n; i++)
	{
		if (sources[i] == 0)
			continue;
		delivery->items[delivery->n].column = i;
		delivery->items[delivery->n++].source = sources[i];
		delivery->last = Max(delivery->last, sources[i]);
	}
	place_items(delivery);
	return delivery;
}

bool
mxpg_delivery_needs_slot(const MxpgDelivery *delivery, HeapTuple tuple)
{
	if (delivery->last == 0)
		return false;
	return !delivery->is_fixed || HeapTupleHasNulls(tuple) ||
	       HeapTupleHeaderGetNatts(tuple->t_data) < delivery->last;
}

static inline void
load_item(const MxpgDelivery *delivery, const MxpgDeliveryItem *item,
          HeapTuple tuple, TupleTableSlot *from, TupleTableSlot *slot)
{
	const char *data = (const char *) tuple->t_data + tuple->t_data->t_hoff;
	Datum *value = &slot->tts_values[item->column];
	bool *is_null = &slot->tts_isnull[item->column];

	*is_null = false;
	if (item->source < 0)
		*value =
		    heap_getsysattr(tuple, item->source, delivery->descriptor, is_null);
	else if (from == NULL)
		*value =
		    fetch_att(data + item->offset, item->is_by_value, item->length);
	else
	{
		*value = from->tts_values[item->source - 1];
		*is_null = from->tts_isnull[item->source - 1];
	}
}

void
mxpg_delivery_load(const MxpgDelivery *delivery, HeapTuple tuple,
                   TupleTableSlot *from, TupleTableSlot *slot)
{
	int i;

	if (from != NULL)
		slot_getsomeattrs(from, delivery->last);
	for (i = 0; i < delivery->n; i++)
		load_item(delivery, &delivery->items[i], tuple, from, slot);
	/* What WHERE CURRENT OF asks for. */
	slot->tts_tid = tuple->t_self;
	slot->tts_tableOid = tuple->t_tableOid;
}
