/*
 * convert.h: values of SQL types as the numbers and texts a model reads.
 */
#ifndef MXPG_CONVERT_H
#define MXPG_CONVERT_H

#include "pg/mxpg.h"

#include "utils/float.h"

typedef enum MxpgCast
{
	MXPG_CAST_REFUSED, /* nothing that this feature reads */
	MXPG_CAST_NULL,    /* an untyped literal for a number: NULL or an error */
	MXPG_CAST_FLOAT8,
	MXPG_CAST_FLOAT4,
	MXPG_CAST_INT2,
	MXPG_CAST_INT4,
	MXPG_CAST_INT8,
	MXPG_CAST_BOOL,
	MXPG_CAST_NUMERIC,
	MXPG_CAST_TEXT, /* and all that is stored like it */
	MXPG_CAST_BPCHAR,
	MXPG_CAST_NAME,
	MXPG_CAST_CHAR,
	MXPG_CAST_ENUM,
	MXPG_CAST_UUID,
	MXPG_CAST_CSTRING /* an untyped literal */
} MxpgCast;

/* One value of a row: where it is found and where it goes. */
typedef struct MxpgField
{
	MxpgCast cast;
	bool is_category; /* feeds an encoder: integers must be exact */
	int source;       /* argument, attribute or element, from 0 */
	size_t input;     /* of the plan */
	size_t cell;      /* of the row, where the input's values go */
	const char *name; /* the feature's, for messages */
} MxpgField;

/*
 * One row as the scorer takes it: a cell for each input of the plan, read
 * through columns.  Texts are borrowed from the values stored.
 */
typedef struct MxpgRow
{
	double *numbers;
	MxText *texts;
	MxColumn *columns;
	const char *model; /* its name, for messages */
	/*
	 * Rows read ahead of the query must not raise errors: they mark what is,
	 * or may be, refused, and it is converted again when it is needed.
	 */
	bool is_ahead;
	bool is_doubtful;
} MxpgRow;

/* How values of type become what a column of kind holds. */
MxpgCast mxpg_cast(Oid type, MxColumnKind kind);

/* Raises 42804: values of a type called type_name do not fit the feature. */
void mxpg_refuse_type(const char *feature, const char *model, MxColumnKind kind,
                      const char *type_name) __attribute__((noreturn));

/* Fit for any cast but REFUSED; allocates in the current context, if at all. */
void mxpg_row_convert(MxpgRow *row, const MxpgField *field, Datum value);

void mxpg_row_set_number(MxpgRow *row, const MxpgField *field, double number);
/* data is in the server's encoding. */
void mxpg_row_set_text(MxpgRow *row, const MxpgField *field, const char *data,
                       size_t size);

static inline void
mxpg_row_set_null(MxpgRow *row, const MxpgField *field)
{
	row->numbers[field->cell] = get_float8_nan();
	row->texts[field->cell] = (MxText){NULL, 0};
}

static inline void
mxpg_row_set(MxpgRow *row, const MxpgField *field, Datum value, bool is_null)
{
	if (is_null)
		mxpg_row_set_null(row, field);
	else if (field->cast == MXPG_CAST_FLOAT8)
		row->numbers[field->cell] = DatumGetFloat8(value);
	else if (field->cast == MXPG_CAST_INT4)
		row->numbers[field->cell] = DatumGetInt32(value);
	else
		mxpg_row_convert(row, field, value);
}

/* ---- numeric.c ---- */

/* The nearest double, infinity being the nearest to what is beyond them. */
double mxpg_numeric_to_double(Datum numeric);

#endif
