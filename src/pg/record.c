/* record.c */
/* Reads from a row the columns a model wants, and steps over the others. */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "utils/expandedrecord.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "pg/binding.h"
#include "pg/compat.h"
#include "pg/record.h"

#define NO_OFFSET (-1)

#define CACHE_LINE 64
/*
 * How far fetching is ahead of reading: pages come from memory, and a tuple's
 * lines in one go keep what waits for them waiting.
 */
#define TUPLES_AHEAD 4

/* How to step over one attribute, and where its value goes. */
typedef struct Attribute
{
	int16 length;
	char align;
	bool is_by_value;
	int field; /* the first of target->fields that it is */
	int n_fields;
	int32 offset; /* in a tuple without NULLs, or NO_OFFSET */
} Attribute;

/* A float8 at an offset known beforehand, which most are. */
typedef struct Double
{
	int32 offset;
	size_t cell;
} Double;

/* How rows of one type are read; lives in the binding context. */
typedef struct MxpgRecord
{
	uint64 identifier; /* of the descriptor: it changes with names, too */
	Oid type;
	int32 typmod;
	TupleDesc columns; /* with the values of columns added later */
	int n_attributes;  /* up to the last one wanted */
	Attribute *attributes;
	int n_fixed_passed; /* up to the last at an offset known beforehand */
	int n_fixed;        /* fields that those are, but for float8 */
	int *fixed;
	int n_doubles;
	Double *doubles;
} MxpgRecord;

/* ROW(1, 2) calls its columns f1, f2; scoring those by position is a trap. */
static bool
is_unnamed(TupleDesc columns)
{
	int i;

	if (columns->tdtypeid != RECORDOID)
		return false;
	for (i = 0; i < columns->natts; i++)
	{
		char invented[NAMEDATALEN];

		snprintf(invented, sizeof(invented), "f%d", i + 1);
		if (strcmp(NameStr(TupleDescAttr(columns, i)->attname), invented) != 0)
			return false;
	}
	return true;
}

static void
refuse_unnamed(const MxpgTarget *target)
{
	ereport(ERROR, (errcode(ERRCODE_INDETERMINATE_DATATYPE),
	                errmsg("row has no column names to match the features of "
	                       "model \"%s\"",
	                       target->version.name),
	                errhint("Pass the alias of a table or subquery, or the "
	                        "values themselves.")));
}

void
mxpg_tuple_offsets(TupleDesc columns, int n, int32 *offsets)
{
	int32 offset = 0;
	int i;

	for (i = 0; i < n; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		/* A varlena's place depends on whether its header is short. */
		if (column->attlen <= 0)
			offset = NO_OFFSET;
		if (offset != NO_OFFSET)
			offset = (int32) att_align_nominal(offset, column->attalign);
		offsets[i] = offset;
		if (offset != NO_OFFSET)
			offset += column->attlen;
	}
}

static void
lay_out(const MxpgTarget *target, MxpgRecord *record)
{
	int n = target->n_fields > 0
	            ? target->fields[target->n_fields - 1].source + 1
	            : 0;
	int32 *offsets = palloc(((size_t) n + 1) * sizeof(int32));
	int field = 0;
	int i;

	mxpg_tuple_offsets(record->columns, n, offsets);
	record->n_attributes = n;
	record->attributes = palloc0((n + 1) * sizeof(Attribute));
	for (i = 0; i < n; i++)
	{
		Form_pg_attribute column = TupleDescAttr(record->columns, i);
		Attribute *to = &record->attributes[i];

		to->length = column->attlen;
		to->align = column->attalign;
		to->is_by_value = column->attbyval;
		to->field = field;
		while (field < target->n_fields && target->fields[field].source == i)
			field++;
		to->n_fields = field - to->field;
		to->offset = offsets[i];
		if (to->offset != NO_OFFSET && to->n_fields > 0)
			record->n_fixed_passed = i + 1;
	}
	pfree(offsets);
}

static void
choose_fixed(const MxpgTarget *target, MxpgRecord *record)
{
	int i;

	record->fixed = palloc(((size_t) target->n_fields + 1) * sizeof(int));
	record->doubles = palloc(((size_t) target->n_fields + 1) * sizeof(Double));
	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];
		int32 offset = record->attributes[field->source].offset;

		if (field->source >= record->n_fixed_passed)
			return;
		if (field->cast == MXPG_CAST_FLOAT8)
			record->doubles[record->n_doubles++] =
			    (Double){offset, field->cell};
		else
			record->fixed[record->n_fixed++] = i;
	}
}

void
mxpg_tuple_bind(MxpgTarget *target, TupleDesc columns)
{
	MemoryContext caller = MemoryContextSwitchTo(target->binding_context);
	MxpgRecord *record = palloc0(sizeof(MxpgRecord));

	record->type = columns->tdtypeid;
	record->typmod = columns->tdtypmod;
	record->columns = CreateTupleDescCopyConstr(columns);
	lay_out(target, record);
	choose_fixed(target, record);
	MemoryContextSwitchTo(caller);
	target->record = record;
}

static void
bind_record(MxpgTarget *target, TupleDesc columns, uint64 identifier)
{
	if (is_unnamed(columns))
		refuse_unnamed(target);
	mxpg_bind_by_name(target,
	                  columns->tdtypeid == RECORDOID ? MXPG_OFFER_RECORD
	                                                 : MXPG_OFFER_ROW,
	                  mxpg_offers_of(columns), columns->natts);
	mxpg_tuple_bind(target, columns);
	target->record->identifier = identifier;
}

static void
read_expanded(MxpgTarget *target, ExpandedRecordHeader *expanded)
{
	const MxpgRecord *record = target->record;
	int i;

	if (record == NULL || record->identifier != expanded->er_tupdesc_id)
		bind_record(target, expanded_record_get_tupdesc(expanded),
		            expanded->er_tupdesc_id);
	deconstruct_expanded_record(expanded);
	for (i = 0; i < target->n_fields; i++)
	{
		const MxpgField *field = &target->fields[i];

		mxpg_row_set(&target->row, field, expanded->dvalues[field->source],
		             expanded->dnulls[field->source]);
	}
}

static inline void
store(MxpgTarget *target, const Attribute *attribute, Datum value, bool is_null)
{
	int i;

	for (i = 0; i < attribute->n_fields; i++)
		mxpg_row_set(&target->row, &target->fields[attribute->field + i], value,
		             is_null);
}

static inline Datum
fetch(const Attribute *attribute, const char *value)
{
	return fetch_att(value, attribute->is_by_value, attribute->length);
}

/* Whether all that is at an offset known beforehand is there. */
static inline bool
is_plain(const MxpgRecord *record, HeapTupleHeader tuple)
{
	return (tuple->t_infomask & HEAP_HASNULL) == 0 &&
	       HeapTupleHeaderGetNatts(tuple) >= record->n_fixed_passed;
}

static inline const char *
data_of(HeapTupleHeader tuple)
{
	return (const char *) tuple + tuple->t_hoff;
}

static void
read_doubles(MxpgTarget *target, const MxpgRecord *record, const char *data)
{
	double *numbers = target->row.numbers;
	int i;

	for (i = 0; i < record->n_doubles; i++)
		memcpy(&numbers[record->doubles[i].cell],
		       data + record->doubles[i].offset, sizeof(double));
}

static void
read_fixed(MxpgTarget *target, const MxpgRecord *record, const char *data)
{
	int i;

	for (i = 0; i < record->n_fixed; i++)
	{
		const MxpgField *field = &target->fields[record->fixed[i]];
		const Attribute *attribute = &record->attributes[field->source];

		mxpg_row_set(&target->row, field,
		             fetch(attribute, data + attribute->offset), false);
	}
}

/* From the first that is not at a known offset, or all. */
static void
read_attributes(MxpgTarget *target, const MxpgRecord *record,
                HeapTupleHeader tuple, int first)
{
	const char *data = data_of(tuple);
	const uint8 *nulls =
	    (tuple->t_infomask & HEAP_HASNULL) != 0 ? tuple->t_bits : NULL;
	int n = Min(record->n_attributes, HeapTupleHeaderGetNatts(tuple));
	size_t offset = 0;
	int i;

	if (first > 0)
		offset = (size_t) record->attributes[first - 1].offset +
		         (size_t) record->attributes[first - 1].length;
	for (i = first; i < n; i++)
	{
		const Attribute *attribute = &record->attributes[i];

		if (nulls != NULL && att_isnull(i, nulls))
		{
			store(target, attribute, (Datum) 0, true);
			continue;
		}
		offset = att_align_pointer(offset, attribute->align, attribute->length,
		                           data + offset);
		if (attribute->n_fields > 0)
			store(target, attribute, fetch(attribute, data + offset), false);
		offset =
		    att_addlength_pointer(offset, attribute->length, data + offset);
	}
}

/* Columns the table got after the row was written. */
static void
read_added(MxpgTarget *target, const MxpgRecord *record, HeapTupleHeader tuple)
{
	int i;

	for (i = HeapTupleHeaderGetNatts(tuple); i < record->n_attributes; i++)
	{
		bool is_null;
		Datum value;

		if (record->attributes[i].n_fields == 0)
			continue;
		value = getmissingattr(record->columns, i + 1, &is_null);
		store(target, &record->attributes[i], value, is_null);
	}
}

/*
 * Of a blessed record type neither number is ever used again in a session;
 * of a named type the columns may have been renamed since.
 */
static bool
is_same_type(const MxpgRecord *record, Oid type, int32 typmod)
{
	if (record == NULL || record->type != type || record->typmod != typmod)
		return false;
	return type == RECORDOID ||
	       record->identifier == assign_record_type_identifier(type, typmod);
}

static void
read_flat(MxpgTarget *target, HeapTupleHeader tuple)
{
	Oid type = HeapTupleHeaderGetTypeId(tuple);
	int32 typmod = HeapTupleHeaderGetTypMod(tuple);

	if (!is_same_type(target->record, type, typmod))
	{
		TupleDesc columns = lookup_rowtype_tupdesc(type, typmod);

		bind_record(target, columns,
		            assign_record_type_identifier(type, typmod));
		ReleaseTupleDesc(columns);
	}
	mxpg_tuple_read(target, tuple);
}

void
mxpg_tuple_read(MxpgTarget *target, HeapTupleHeader tuple)
{
	const MxpgRecord *record = target->record;
	int first = 0;

	if (is_plain(record, tuple))
	{
		read_doubles(target, record, data_of(tuple));
		read_fixed(target, record, data_of(tuple));
		first = record->n_fixed_passed;
	}
	read_attributes(target, record, tuple, first);
	read_added(target, record, tuple);
}

/* Fetches what is read soon: a page's tuples are rarely in the cache. */
static void
prefetch(HeapTupleHeader tuple, size_t size)
{
	const char *at = (const char *) tuple;
	const char *end = at + size;

	for (; at < end; at += CACHE_LINE)
		__builtin_prefetch(at);
}

void
mxpg_tuples_read(MxpgTarget *target, const HeapTupleData *tuples, int n,
                 bool *doubtful)
{
	bool is_doubtful = target->row.is_doubtful;
	int i;

	for (i = 0; i < n; i++)
	{
		if (i + TUPLES_AHEAD < n)
			prefetch(tuples[i + TUPLES_AHEAD].t_data,
			         tuples[i + TUPLES_AHEAD].t_len);
		mxpg_target_seek(target, (size_t) i);
		target->row.is_doubtful = is_doubtful;
		mxpg_tuple_read(target, tuples[i].t_data);
		doubtful[i] = target->row.is_doubtful;
	}
}

void
mxpg_record_read(MxpgTarget *target, Datum record)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(record)))
		read_expanded(target, (ExpandedRecordHeader *) DatumGetEOHP(record));
	else
		read_flat(target, DatumGetHeapTupleHeader(record));
}
