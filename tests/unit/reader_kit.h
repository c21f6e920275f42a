/*
 * reader_kit.h: documents of golden files, and reading them changed, for
 * tests.
 */
#ifndef MX_TESTS_UNIT_READER_KIT_H
#define MX_TESTS_UNIT_READER_KIT_H

#include "check.h"
#include "golden_table.h"

#include "reader/internal.h"

#include <string.h>

typedef struct Doc
{
	MxArena *arena;
	MxDocument document;
} Doc;

/* Parses tests/golden/NAME; end with doc_end. */
static inline bool
doc_begin(Doc *doc, const char *name)
{
	MxMemorySource memory;
	MxError err = {0};
	MxSource source;
	char path[256];
	size_t size = 0;
	char *data;

	*doc = (Doc){mx_arena_create(&mx_libc_heap, (size_t) 1 << 28), {0}};
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	data = golden_read_file(path, doc->arena, &size);
	if (!CHECK(data != NULL))
		return false;
	source = mx_memory_source(&memory, data, size);
	return CHECK_OK(mx_artifact_parse(&source, &mx_default_limits,
	                                  &mx_libc_heap, doc->arena, &doc->document,
	                                  &err),
	                &err);
}

static inline void
doc_end(Doc *doc)
{
	mx_libc_heap.free(mx_libc_heap.ctx, (void *) doc->document.bytes);
	mx_arena_destroy(doc->arena);
}

/* What mx_model_read does after parsing; the model lives in arena. */
static inline MxStatus
read_value(const MxValue *root, const MxLimits *limits, MxArena *arena,
           const MxModel **out, MxError *err)
{
	MxReadContext ctx = {
	    .scratch = arena, .limits = limits, .version = MX_SKLEARN(0, 17)};
	MxModelInfo info = {.class_name = MX_TEXT_LITERAL("test")};
	MxAnswers answers;

	MX_TRY(mx_builder_create(arena, &ctx.builder, err));
	MX_TRY(mx_read_estimator(&ctx, root, "", mx_builder_input(ctx.builder),
	                         &answers, err));
	MX_TRY(mx_describe(root, arena, arena, &info.description, err));
	return mx_builder_finish(ctx.builder, &answers, &info, out, err);
}

/* Reads root, and forgets the model. */
static inline MxStatus
try_value(const MxValue *root, const MxLimits *limits, MxError *err)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 28);
	const MxModel *model;
	MxStatus status;

	*err = (MxError){0};
	status = read_value(root, limits, arena, &model, err);
	mx_arena_destroy(arena);
	return status;
}

/* ---- changing documents ------------------------------------------------ */

typedef const MxValue *Slot;

/* Where the attribute of an object is kept; NULL when it has none. */
static inline Slot *
slot_of(const MxValue *object, const char *attr)
{
	const MxValue *state = object->as.object.state;
	size_t i;

	for (i = 0; i < state->as.entries.n; i++)
	{
		MxText key;

		if (mx_value_to_text(state->as.entries.keys[i], &key) &&
		    mx_text_is(key, attr))
			return (Slot *) &state->as.entries.values[i];
	}
	return NULL;
}

/* Item i of a list or tuple. */
static inline Slot *
slot_at(const MxValue *list, size_t i)
{
	return (Slot *) &list->as.items.items[i];
}

static inline MxValue
text_value(const char *text)
{
	return (MxValue){.kind = MX_VALUE_TEXT, .as.text = mx_text_from(text)};
}

static inline MxValue
items_value(MxValueKind kind, const MxValue *const *items, size_t n)
{
	return (MxValue){.kind = kind, .as.items = {n, items}};
}

#endif
