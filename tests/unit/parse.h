/*
 * parse.h: for tests: parses bytes or files, and shows values as text.
 */
#ifndef MX_TESTS_UNIT_PARSE_H
#define MX_TESTS_UNIT_PARSE_H

#include "failing_heap.h"

#include "format/array.h"
#include "format/artifact.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One artifact parsed; parsed_end gives everything back. */
typedef struct Parsed
{
	MxStatus status;
	MxError err;
	MxDocument document;
	MxArena *arena;
	MxHeap heap;
} Parsed;

static inline Parsed
parse_source(const MxSource *source, const MxLimits *limits, const MxHeap *heap)
{
	Parsed parsed;

	memset(&parsed, 0, sizeof(parsed));
	parsed.heap = *heap;
	parsed.arena = mx_arena_create(heap, limits->max_memory);
	if (parsed.arena == NULL)
		parsed.status = mx_fail(&parsed.err, MX_ERR_NO_MEMORY, MX_NO_OFFSET,
		                        "out of memory");
	else
		parsed.status = mx_artifact_parse(source, limits, heap, parsed.arena,
		                                  &parsed.document, &parsed.err);
	return parsed;
}

static inline Parsed
parse_within(const void *data, size_t size, const MxLimits *limits,
             const MxHeap *heap)
{
	MxMemorySource memory;
	MxSource source = mx_memory_source(&memory, data, size);

	return parse_source(&source, limits, heap);
}

static inline Parsed
parse_bytes(const void *data, size_t size)
{
	return parse_within(data, size, &mx_default_limits, &mx_libc_heap);
}

static inline void
parsed_end(Parsed *parsed)
{
	mx_arena_destroy(parsed->arena);
	if (parsed->document.bytes != NULL)
		parsed->heap.free(parsed->heap.ctx, (void *) parsed->document.bytes);
}

/* The whole file, for free(); NULL when it cannot be read. */
static inline uint8_t *
read_whole_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t capacity = 0;

	*size = 0;
	while (file != NULL && *size == capacity)
	{
		capacity = capacity == 0 ? 65536 : capacity * 2;
		data = realloc(data, capacity);
		*size += fread(data + *size, 1, capacity - *size, file);
	}
	if (file != NULL)
		fclose(file);
	return data;
}

/* Text that grows up to a limit; what does not fit is left out. */
typedef struct Shown
{
	char text[4096];
	size_t n;
} Shown;

__attribute__((format(printf, 2, 3))) static inline void
show_text(Shown *shown, const char *format, ...)
{
	size_t room = sizeof(shown->text) - shown->n;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(shown->text + shown->n, room, format, args);
	va_end(args);
	shown->n += n < 0 ? 0 : (size_t) n < room ? (size_t) n : room - 1;
}

static inline void show_value(Shown *shown, const MxValue *value, int depth);

static inline void
show_items(Shown *shown, const char *open, const MxItems *items,
           const char *close, int depth)
{
	size_t i;

	show_text(shown, "%s", open);
	for (i = 0; i < items->n; i++)
	{
		show_text(shown, "%s", i == 0 ? "" : ", ");
		show_value(shown, items->items[i], depth);
	}
	show_text(shown, "%s", close);
}

static inline void
show_entries(Shown *shown, const MxEntries *entries, int depth)
{
	size_t i;

	show_text(shown, "{");
	for (i = 0; i < entries->n; i++)
	{
		show_text(shown, "%s", i == 0 ? "" : ", ");
		show_value(shown, entries->keys[i], depth);
		show_text(shown, ": ");
		show_value(shown, entries->values[i], depth);
	}
	show_text(shown, "}");
}

static inline void
show_bytes(Shown *shown, const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		show_text(shown, "%02x", data[i]);
}

/* float64(2,3)[0, 1, 2, 3, 4, 5], in C order */
static inline void
show_array(Shown *shown, const MxArray *array, int depth)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 24);
	char name[32];
	size_t i;

	show_text(shown, "%s(", mx_dtype_name(array->dtype, name));
	for (i = 0; i < array->rank; i++)
		show_text(shown, "%s%zu", i == 0 ? "" : ",", array->shape[i]);
	show_text(shown, ")[");
	for (i = 0; i < array->n && i < 100; i++)
	{
		MxError err = {0};
		const MxValue *element;

		show_text(shown, "%s", i == 0 ? "" : ", ");
		if (mx_array_element(arena, array, i, &element, &err) == MX_OK)
			show_value(shown, element, depth);
		else
			show_text(shown, "?");
	}
	show_text(shown, "]");
	mx_arena_destroy(arena);
}

/* callable(args, **kwargs)!state+[items]+{entries} */
static inline void
show_object(Shown *shown, const MxObject *object, int depth)
{
	show_value(shown, object->callable, depth);
	if (object->args != NULL)
		show_value(shown, object->args, depth);
	if (object->kwargs != NULL)
	{
		show_text(shown, "**");
		show_value(shown, object->kwargs, depth);
	}
	if (object->state != NULL)
	{
		show_text(shown, "!");
		show_value(shown, object->state, depth);
	}
	if (object->items.n != 0)
		show_items(shown, "+[", &object->items, "]", depth);
	if (object->entries.n != 0)
	{
		show_text(shown, "+");
		show_entries(shown, &object->entries, depth);
	}
}

static inline void
show_plain(Shown *shown, const MxValue *value)
{
	if (value->kind == MX_VALUE_NONE)
		show_text(shown, "None");
	else if (value->kind == MX_VALUE_BOOL)
		show_text(shown, value->as.boolean ? "True" : "False");
	else if (value->kind == MX_VALUE_INTEGER)
		show_text(shown, "%lld", (long long) value->as.integer);
	else if (value->kind == MX_VALUE_FLOAT &&
	         value->as.number != value->as.number)
		show_text(shown, "nan");
	else if (value->kind == MX_VALUE_FLOAT)
		show_text(shown, "%.17g", value->as.number);
	else if (value->kind == MX_VALUE_TEXT)
		show_text(shown, "'%.*s'", (int) value->as.text.size,
		          value->as.text.data);
	else if (value->kind == MX_VALUE_OPAQUE)
		show_text(shown, "opaque %s", value->as.opaque);
	else if (value->kind == MX_VALUE_GLOBAL)
		show_text(shown, "<%.*s.%.*s>", (int) value->as.global.module.size,
		          value->as.global.module.data,
		          (int) value->as.global.name.size, value->as.global.name.data);
	else
	{
		show_text(shown, value->kind == MX_VALUE_BIG ? "big:" : "b:");
		show_bytes(shown, value->as.bytes.data, value->as.bytes.size);
	}
}

static inline void
show_value(Shown *shown, const MxValue *value, int depth)
{
	if (value == NULL)
		show_text(shown, "nothing");
	else if (depth > 8)
		show_text(shown, "...");
	else if (value->kind == MX_VALUE_LIST)
		show_items(shown, "[", &value->as.items, "]", depth + 1);
	else if (value->kind == MX_VALUE_TUPLE)
		show_items(shown, "(", &value->as.items, ")", depth + 1);
	else if (value->kind == MX_VALUE_SET)
		show_items(shown, "set(", &value->as.items, ")", depth + 1);
	else if (value->kind == MX_VALUE_DICT)
		show_entries(shown, &value->as.entries, depth + 1);
	else if (value->kind == MX_VALUE_ARRAY)
		show_array(shown, value->as.array, depth + 1);
	else if (value->kind == MX_VALUE_OBJECT)
		show_object(shown, &value->as.object, depth + 1);
	else
		show_plain(shown, value);
}

#endif
