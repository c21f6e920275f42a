/*
 * document.h: for fuzz entry points: what must hold whatever the bytes are.
 */
#ifndef MX_TESTS_FUZZ_DOCUMENT_H
#define MX_TESTS_FUZZ_DOCUMENT_H

#include "format/array.h"
#include "format/artifact.h"

#include <stdlib.h>

#define FUZZ_MUST(cond) ((cond) ? (void) 0 : abort())

/* Small, so that what passes a limit is found by small inputs. */
static const MxLimits fuzz_limits = {
    .max_decompressed = (size_t) 16 << 20,
    .max_ratio = 1000,
    .max_memory = (size_t) 16 << 20,
    .max_nodes = 200000,
    .max_depth = 256,
};

/* Reads each element and conversion of an array. */
static inline void
fuzz_read_array(MxArena *arena, const MxArray *array)
{
	MxError err = {0};
	const MxValue *element;
	const double *numbers;
	const int64_t *integers;
	const bool *bools;
	size_t i;

	for (i = 0; i < array->n && err.status == MX_OK; i++)
		(void) mx_array_element(arena, array, i, &element, &err);
	err.status = MX_OK;
	(void) mx_array_f64(arena, array, &numbers, &err);
	err.status = MX_OK;
	(void) mx_array_i64(arena, array, &integers, &err);
	err.status = MX_OK;
	(void) mx_array_bool(arena, array, &bools, &err);
	for (i = 0; i < array->dtype->n_fields && array->n != 0; i++)
	{
		const MxField *field = &array->dtype->fields[i];

		if (!mx_field_is_number(field))
			continue;
		(void) mx_field_f64(array, field, array->n - 1);
		(void) mx_field_i64(array, field, array->n - 1);
	}
}

/* Touches what a value holds; steps bound the walk, for values are cyclic. */
static inline void
fuzz_read_value(MxArena *arena, const MxValue *value, int depth, int *steps)
{
	MxItems items = {0};
	MxEntries entries = {0};
	size_t i;

	if (value == NULL || depth > 20 || (*steps)-- <= 0)
		return;
	(void) mx_value_class(value);
	(void) mx_value_attribute(value, "x");
	(void) mx_value_entry(value, "x");
	(void) mx_value_to_items(mx_value_unwrap(value), &items);
	if (value->kind == MX_VALUE_ARRAY)
		fuzz_read_array(arena, value->as.array);
	if (value->kind == MX_VALUE_DICT)
		entries = value->as.entries;
	if (value->kind == MX_VALUE_OBJECT)
	{
		entries = value->as.object.entries;
		fuzz_read_value(arena, value->as.object.args, depth + 1, steps);
		fuzz_read_value(arena, value->as.object.state, depth + 1, steps);
	}
	for (i = 0; i < items.n; i++)
		fuzz_read_value(arena, items.items[i], depth + 1, steps);
	for (i = 0; i < entries.n; i++)
	{
		fuzz_read_value(arena, entries.keys[i], depth + 1, steps);
		fuzz_read_value(arena, entries.values[i], depth + 1, steps);
	}
}

/* One status, with a message if and only if it is a failure. */
static inline MxStatus
fuzz_read_document(const uint8_t *data, size_t size)
{
	MxMemorySource memory;
	MxSource source = mx_memory_source(&memory, data, size);
	MxArena *arena = mx_arena_create(&mx_libc_heap, fuzz_limits.max_memory);
	MxDocument document;
	MxError err = {0};
	MxStatus status = mx_artifact_parse(&source, &fuzz_limits, &mx_libc_heap,
	                                    arena, &document, &err);
	int steps = 2000;

	FUZZ_MUST(status == err.status);
	FUZZ_MUST((status == MX_OK) == (err.message[0] == '\0'));
	FUZZ_MUST(status != MX_ERR_INTERNAL);
	FUZZ_MUST(mx_arena_used(arena) <= fuzz_limits.max_memory);
	FUZZ_MUST(document.format.size_uncompressed <=
	          fuzz_limits.max_decompressed);
	if (status == MX_OK)
		fuzz_read_value(arena, document.root, 0, &steps);
	mx_arena_destroy(arena);
	free((void *) document.bytes);
	return status;
}

#endif
