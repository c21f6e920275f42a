/*
 * array.h: NumPy arrays as views into the artifact's bytes.
 *
 * An array of numbers borrows its bytes; byte order, Fortran order and axis
 * permutations are part of the view and dealt with when it is read.
 */
#ifndef MX_FORMAT_ARRAY_H
#define MX_FORMAT_ARRAY_H

#include "base/arena.h"
#include "base/text.h"
#include "format/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MX_MAX_RANK 8

typedef enum MxDtypeKind
{
	MX_DTYPE_BOOL,      /* b1 */
	MX_DTYPE_INTEGER,   /* i1 i2 i4 i8 */
	MX_DTYPE_UNSIGNED,  /* u1 u2 u4 u8 */
	MX_DTYPE_FLOAT,     /* f2 f4 f8 */
	MX_DTYPE_UNICODE,   /* U<n>: UCS-4, zero padded */
	MX_DTYPE_BYTES,     /* S<n>: zero padded */
	MX_DTYPE_OBJECT,    /* O */
	MX_DTYPE_STRUCTURE, /* V with fields */
	MX_DTYPE_OTHER      /* dates, complex, long double, void: kept, not read */
} MxDtypeKind;

typedef struct MxField
{
	MxText name;
	const MxDtype *dtype;
	size_t offset; /* in the record; offset + itemsize <= the record's */
} MxField;

struct MxDtype
{
	MxDtypeKind kind;
	size_t itemsize;
	bool swapped;     /* big-endian */
	bool has_objects; /* O, or a structure with such a field */
	size_t n_fields;
	const MxField *fields;
};

struct MxArray
{
	const MxDtype *dtype;
	size_t rank;
	size_t shape[MX_MAX_RANK];
	size_t strides[MX_MAX_RANK]; /* in elements, of data as stored */
	size_t n;                    /* product of shape; 1 for rank 0 */
	const uint8_t *data;         /* n * itemsize bytes, any alignment */
	const MxValue *const *items; /* dtype O: n elements, as stored */
};

/* Offset of the element i (in C order of the shape) among those stored. */
size_t mx_array_position(const MxArray *array, size_t i);

/*
 * All elements in C order as doubles: the bytes themselves when they are
 * aligned, native and C-ordered float64, else a converted copy in the arena.
 * Takes numbers and bools, and object arrays of numbers (None is NaN).
 * MX_ERR_UNSUPPORTED for other dtypes.  An integer beyond 2^53 in magnitude is
 * MX_ERR_UNSUPPORTED as well, for the double would be another number.
 */
MxStatus mx_array_f64(MxArena *arena, const MxArray *array, const double **out,
                      MxError *err);
/* The same as integers; floats must be integral. */
MxStatus mx_array_i64(MxArena *arena, const MxArray *array, const int64_t **out,
                      MxError *err);
/* Bools, or numbers that are 0 or 1. */
MxStatus mx_array_bool(MxArena *arena, const MxArray *array, const bool **out,
                       MxError *err);

/*
 * One element in C order as a value: number, bool, text, or the item of an
 * object array.  The arena holds the value when it has to be made.
 */
MxStatus mx_array_element(MxArena *arena, const MxArray *array, size_t i,
                          const MxValue **out, MxError *err);

/* Field of a structured dtype by name; NULL when absent. */
const MxField *mx_dtype_field(const MxDtype *dtype, const char *name);

/*
 * A field of record i (in C order) of a structured array, as a number or an
 * integer; the field's dtype must be a number or bool, which
 * mx_field_is_number tells.
 */
bool mx_field_is_number(const MxField *field);
double mx_field_f64(const MxArray *array, const MxField *field, size_t i);
int64_t mx_field_i64(const MxArray *array, const MxField *field, size_t i);

/* "float64", "int32", "<U7", "object", ...: for messages; returns buffer. */
const char *mx_dtype_name(const MxDtype *dtype, char buffer[32]);

#endif
