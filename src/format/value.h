/*
 * value.h: the inert document, what a pickle says without anything being run.
 *
 * Every "call" of a pickle (REDUCE, NEWOBJ, INST, ...) becomes an object node
 * that remembers what would have been called with what.  Values may be shared
 * and cyclic: whoever walks deeper than its own attributes carries a depth.
 * All memory is the document arena's, or the artifact's bytes themselves.
 */
#ifndef MX_FORMAT_VALUE_H
#define MX_FORMAT_VALUE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum MxValueKind
{
	MX_VALUE_NONE,
	MX_VALUE_BOOL,    /* Python's or NumPy's */
	MX_VALUE_INTEGER, /* Python's or NumPy's, when it fits int64 */
	MX_VALUE_BIG,     /* an integer that does not; bytes, two's complement LE */
	MX_VALUE_FLOAT,   /* Python's or NumPy's (float16 and 32 widened) */
	MX_VALUE_TEXT,    /* UTF-8; Latin-1 where the bytes were not UTF-8 */
	MX_VALUE_BYTES,
	MX_VALUE_LIST,
	MX_VALUE_TUPLE,
	MX_VALUE_SET, /* set or frozenset */
	MX_VALUE_DICT,
	MX_VALUE_GLOBAL, /* a name, nothing more */
	MX_VALUE_OBJECT,
	MX_VALUE_ARRAY,
	MX_VALUE_OPAQUE /* cannot be decoded, and may well not be needed */
} MxValueKind;

typedef struct MxValue MxValue;
typedef struct MxArray MxArray; /* format/array.h */
typedef struct MxDtype MxDtype; /* format/array.h */

/* Items of a list, tuple or set, in order. */
typedef struct MxItems
{
	size_t n;
	const MxValue *const *items;
} MxItems;

/* Entries of a dict, in order of insertion; a key set twice counts once. */
typedef struct MxEntries
{
	size_t n;
	const MxValue *const *keys;
	const MxValue *const *values;
} MxEntries;

/* "sklearn.linear_model._ridge", "Ridge"; both as the file spells them. */
typedef struct MxGlobal
{
	MxText module;
	MxText name;
} MxGlobal;

/*
 * What a call would have made.  Any pointer may be NULL.  state is what the
 * last BUILD brought (a dict, a tuple, ...).  Items and entries are those that
 * APPENDS and SETITEMS put on the object itself (dict and list subclasses).
 */
typedef struct MxObject
{
	const MxValue *callable; /* mostly a global */
	const MxValue *args;     /* a tuple */
	const MxValue *kwargs;   /* a dict */
	const MxValue *state;
	MxItems items;
	MxEntries entries;
	const MxDtype *dtype; /* what a numpy.dtype says; else NULL */
} MxObject;

/* Never copy a whole one: only the member that its kind names is there. */
struct MxValue
{
	MxValueKind kind;
	uint32_t depth; /* levels of containers below, 0 for plain values */
	size_t offset;  /* of the opcode that made it, in uncompressed bytes */
	union
	{
		bool boolean;
		int64_t integer;
		double number;
		MxText text;
		struct
		{
			const uint8_t *data;
			size_t size;
		} bytes; /* MX_VALUE_BYTES, MX_VALUE_BIG */
		MxItems items;
		MxEntries entries;
		MxGlobal global;
		MxObject object;
		const MxArray *array;
		const char *opaque; /* why, in a few words */
	} as;
};

/* "int", "list", "ndarray", ...: for messages. */
const char *mx_value_kind_name(const MxValue *value);

/* Entry of a dict (or of a dict subclass) by text key; NULL when absent. */
const MxValue *mx_value_entry(const MxValue *value, const char *key);

/*
 * Attribute of an object: looked up in its state, be it a dict or the pair
 * (dict, slots).  NULL when absent or when value is no object.
 */
const MxValue *mx_value_attribute(const MxValue *value, const char *name);

/*
 * The class of an object, or the global itself; NULL for anything else.  Sees
 * through copyreg._reconstructor and __newobj__.
 */
const MxGlobal *mx_value_class(const MxValue *value);

/*
 * Whether the name is this one and the module is the prefix or inside of it
 * ("sklearn": sklearn.tree, not sklearnex); any module for "".
 */
bool mx_global_is(const MxGlobal *global, const char *module_prefix,
                  const char *name);

/*
 * Plain readings; false when the value is of another kind.  A number is an
 * integer, bool or float; an array of rank 0 counts as its element.
 */
bool mx_value_to_number(const MxValue *value, double *out);
bool mx_value_to_integer(const MxValue *value, int64_t *out);
bool mx_value_to_bool(const MxValue *value, bool *out);
bool mx_value_to_text(const MxValue *value, MxText *out);
/* Items of a list, tuple, set, or of a list subclass such as UserList. */
bool mx_value_to_items(const MxValue *value, MxItems *out);
bool mx_value_is_none(const MxValue *value); /* NULL counts as None */

/* The array or list inside a pandas Index; any other value as it is. */
const MxValue *mx_value_unwrap(const MxValue *value);

/* What a numpy.dtype object says; NULL for any other value. */
const MxDtype *mx_value_dtype(const MxValue *value);

#endif
