/* convert.c */
/* Values of SQL types as the numbers and texts a model reads. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

#include "pg/compat.h"
#include "pg/convert.h"

/* From here on neighbouring integers are one double, hence one category. */
#define MAX_EXACT_INTEGER 9007199254740992.0

static MxpgCast
number_cast(Oid type)
{
	switch (type)
	{
		case FLOAT8OID:
			return MXPG_CAST_FLOAT8;
		case FLOAT4OID:
			return MXPG_CAST_FLOAT4;
		case INT2OID:
			return MXPG_CAST_INT2;
		case INT4OID:
			return MXPG_CAST_INT4;
		case INT8OID:
			return MXPG_CAST_INT8;
		case BOOLOID:
			return MXPG_CAST_BOOL;
		case NUMERICOID:
			return MXPG_CAST_NUMERIC;
		case UNKNOWNOID:
			return MXPG_CAST_NULL;
		default:
			return MXPG_CAST_REFUSED;
	}
}

static MxpgCast
text_cast(Oid type)
{
	switch (type)
	{
		case BPCHAROID:
			return MXPG_CAST_BPCHAR;
		case NAMEOID:
			return MXPG_CAST_NAME;
		case CHAROID:
			return MXPG_CAST_CHAR;
		case UUIDOID:
			return MXPG_CAST_UUID;
		case UNKNOWNOID:
			return MXPG_CAST_CSTRING;
		default:
			if (type_is_enum(type))
				return MXPG_CAST_ENUM;
			return IsBinaryCoercible(type, TEXTOID) ? MXPG_CAST_TEXT
			                                        : MXPG_CAST_REFUSED;
	}
}

MxpgCast
mxpg_cast(Oid type, MxColumnKind kind)
{
	MxpgCast cast;

	/* Most types need no look at the catalogs to see that they are no domain. */
	if (kind == MX_COLUMN_NUMBER)
	{
		cast = number_cast(type);
		return cast != MXPG_CAST_REFUSED ? cast
		                                 : number_cast(getBaseType(type));
	}
	return type == TEXTOID ? MXPG_CAST_TEXT : text_cast(getBaseType(type));
}

void
mxpg_refuse_type(const char *feature, const char *model, MxColumnKind kind,
                 const char *type_name)
{
	if (kind == MX_COLUMN_NUMBER)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("feature \"%s\" of model \"%s\" is a number, not %s",
		                feature, model, type_name)));
	ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
	                errmsg("feature \"%s\" of model \"%s\" is text, not %s",
	                       feature, model, type_name)));
}

static void
check_category(MxpgRow *row, const MxpgField *field, bool is_exact)
{
	if (!field->is_category || is_exact)
		return;
	row->is_doubtful = true;
	if (!row->is_ahead)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("value of feature \"%s\" is out of range for a "
		                       "category",
		                       field->name)));
}

void
mxpg_row_set_number(MxpgRow *row, const MxpgField *field, double number)
{
	/* Rounded already: 2^53 may have been 2^53 + 1. */
	check_category(row, field,
	               !(number >= MAX_EXACT_INTEGER) &&
	                   !(number <= -MAX_EXACT_INTEGER));
	row->numbers[field->cell] = number;
}

static void
set_int8(MxpgRow *row, const MxpgField *field, int64 value)
{
	check_category(row, field,
	               value <= (int64) MAX_EXACT_INTEGER &&
	                   value >= -(int64) MAX_EXACT_INTEGER);
	row->numbers[field->cell] = (double) value;
}

void
mxpg_row_set_text(MxpgRow *row, const MxpgField *field, const char *data,
                  size_t size)
{
	MxText *cell = &row->texts[field->cell];

	cell->data = data;
	cell->size = size;
	if (GetDatabaseEncoding() != PG_UTF8)
	{
		cell->data = pg_server_to_any(data, (int) size, PG_UTF8);
		if (cell->data != data)
			cell->size = strlen(cell->data);
	}
}

static void
set_cstring(MxpgRow *row, const MxpgField *field, const char *text)
{
	mxpg_row_set_text(row, field, text, strlen(text));
}

static void
set_varlena(MxpgRow *row, const MxpgField *field, Datum value)
{
	text *packed = DatumGetTextPP(value);
	size_t size = VARSIZE_ANY_EXHDR(packed);

	/* char(n) is compared and cast to text without its padding. */
	if (field->cast == MXPG_CAST_BPCHAR)
		size = (size_t) bpchartruelen(VARDATA_ANY(packed), (int) size);
	mxpg_row_set_text(row, field, VARDATA_ANY(packed), size);
}

static void
set_enum(MxpgRow *row, const MxpgField *field, Oid value)
{
	HeapTuple tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	char *label;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for enum value %u", value);
	label = pstrdup(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel));
	ReleaseSysCache(tuple);
	set_cstring(row, field, label);
}

static void
set_char(MxpgRow *row, const MxpgField *field, char value)
{
	char *text = palloc(2);

	text[0] = value;
	text[1] = '\0';
	set_cstring(row, field, text);
}

void
mxpg_row_convert(MxpgRow *row, const MxpgField *field, Datum value)
{
	double *number = &row->numbers[field->cell];

	switch (field->cast)
	{
		case MXPG_CAST_REFUSED:
		case MXPG_CAST_NULL:
			row->is_doubtful = true;
			if (row->is_ahead)
				return;
			mxpg_refuse_type(field->name, row->model, MX_COLUMN_NUMBER, "text");
		case MXPG_CAST_FLOAT8:
			*number = DatumGetFloat8(value);
			return;
		case MXPG_CAST_FLOAT4:
			*number = DatumGetFloat4(value);
			return;
		case MXPG_CAST_INT2:
			*number = DatumGetInt16(value);
			return;
		case MXPG_CAST_INT4:
			*number = DatumGetInt32(value);
			return;
		case MXPG_CAST_INT8:
			set_int8(row, field, DatumGetInt64(value));
			return;
		case MXPG_CAST_BOOL:
			*number = DatumGetBool(value);
			return;
		case MXPG_CAST_NUMERIC:
			mxpg_row_set_number(row, field, mxpg_numeric_to_double(value));
			return;
		case MXPG_CAST_TEXT:
		case MXPG_CAST_BPCHAR:
			set_varlena(row, field, value);
			return;
		case MXPG_CAST_NAME:
			set_cstring(row, field, NameStr(*DatumGetName(value)));
			return;
		case MXPG_CAST_CHAR:
			set_char(row, field, DatumGetChar(value));
			return;
		case MXPG_CAST_ENUM:
			set_enum(row, field, DatumGetObjectId(value));
			return;
		case MXPG_CAST_UUID:
			set_cstring(row, field,
			            DatumGetCString(DirectFunctionCall1(uuid_out, value)));
			return;
		case MXPG_CAST_CSTRING:
			set_cstring(row, field, DatumGetCString(value));
			return;
	}
}
