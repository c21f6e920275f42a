/* reader.c */
/* The way in: stored bytes to a model, by the table of class readers. */
#include "reader/internal.h"

#include <stdio.h>
#include <string.h>

#define MX_CLASS(file) extern const MxClassReader mx_sklearn_##file;
#include "reader/sklearn_classes.inc"
#undef MX_CLASS

#define MX_CLASS(file) &mx_sklearn_##file,
static const MxClassReader *const readers[] = {
#include "reader/sklearn_classes.inc"
};
#undef MX_CLASS

#define N_READERS (sizeof(readers) / sizeof(readers[0]))

const MxClassReader *const *
mx_class_readers(size_t *n)
{
	*n = N_READERS;
	return readers;
}

const MxClassReader *
mx_find_class_reader(const MxGlobal *class_name)
{
	const MxClassName *at;
	size_t i;

	for (i = 0; i < N_READERS; i++)
		for (at = readers[i]->classes; at->name != NULL; at++)
			if (mx_global_is(class_name, at->root, at->name))
				return readers[i];
	return NULL;
}

/* "1.4.2" and "1.10.dev0" to MX_SKLEARN(1, 4) and (1, 10). */
static bool
parse_version(MxText text, int *out)
{
	int part[2] = {0, 0};
	size_t i = 0;
	int k;

	for (k = 0; k < 2; k++)
	{
		size_t start = i;

		while (i < text.size && text.data[i] >= '0' && text.data[i] <= '9' &&
		       i - start < 3)
			part[k] = part[k] * 10 + (text.data[i++] - '0');
		if (i == start || (k == 0 && (i == text.size || text.data[i++] != '.')))
			return false;
	}
	*out = MX_SKLEARN(part[0], part[1]);
	return true;
}

MxStatus
mx_note_version(MxReadContext *ctx, const MxValue *object, MxError *err)
{
	char quoted[MX_QUOTED_SIZE];
	int version;
	MxText text;

	MX_TRY(mx_read_text(ctx, object, "_sklearn_version", &text, err));
	if (text.data == NULL)
		return MX_OK;
	if (!parse_version(text, &version))
		return mx_malformed(ctx, object, "_sklearn_version",
		                    "is %.80s, which is no version", err,
		                    mx_quote(text, quoted));
	if (version > MX_NEWEST_SKLEARN && !ctx->limits->allow_untested)
	{
		mx_set_error(err, MX_ERR_UNSUPPORTED, object->offset,
		             "artifact was written by scikit-learn %d.%d, newer than "
		             "%d.%d",
		             version / 100, version % 100, MX_NEWEST_SKLEARN / 100,
		             MX_NEWEST_SKLEARN % 100);
		mx_set_hint(err, "Set \"model_ext.allow_untested_versions\" to read it "
		                 "all the same.");
		return MX_ERR_UNSUPPORTED;
	}
	ctx->version = version;
	return MX_OK;
}

static bool
is_readable(const MxValue *value)
{
	return value->kind == MX_VALUE_OBJECT && mx_value_class(value) != NULL &&
	       mx_find_class_reader(mx_value_class(value)) != NULL;
}

/* Appends "label", keeping text a whole list; n_found counts. */
static void
add_place(char *text, size_t size, const char *label, size_t *n_found)
{
	size_t used = strlen(text);

	if (used + strlen(label) + 3 < size)
		snprintf(text + used, size - used, "%s%s", *n_found == 0 ? "" : ", ",
		         label);
	++*n_found;
}

/* The keys of a dict, or the positions of a list, that hold estimators. */
static size_t
find_estimators(const MxValue *root, char *places, size_t size)
{
	char label[MX_SHOWN_SIZE];
	size_t n_found = 0;
	MxItems items;
	size_t i;

	places[0] = '\0';
	if (root->kind == MX_VALUE_DICT)
		for (i = 0; i < root->as.entries.n; i++)
			if (is_readable(root->as.entries.values[i]))
				add_place(places, size,
				          mx_show_value(root->as.entries.keys[i], label),
				          &n_found);
	if (root->kind != MX_VALUE_DICT && mx_value_to_items(root, &items))
		for (i = 0; i < items.n; i++)
			if (is_readable(items.items[i]))
			{
				snprintf(label, sizeof(label), "[%zu]", i);
				add_place(places, size, label, &n_found);
			}
	return n_found;
}

MxStatus
mx_refuse_root(const MxValue *root, MxError *err)
{
	char shown[MX_SHOWN_SIZE];
	char places[160];

	if (root->kind == MX_VALUE_GLOBAL || root->kind == MX_VALUE_OBJECT)
		mx_show_value(root, shown);
	else
		snprintf(shown, sizeof(shown), "a value of type %s",
		         mx_value_kind_name(root));
	mx_set_error(err, MX_ERR_UNSUPPORTED, root->offset,
	             "artifact holds %s, not an estimator", shown);
	if (find_estimators(root, places, sizeof(places)) > 0)
		mx_set_detail(err, "Estimators are at %s: save one of them alone.",
		              places);
	return MX_ERR_UNSUPPORTED;
}

static MxStatus
read_root(MxReadContext *ctx, const MxDocument *document, MxArena *arena,
          const MxModel **out, MxError *err)
{
	const MxValue *root = document->root;
	MxModelInfo info = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	MxAnswers answers;

	MX_TRY(mx_builder_create(arena, &ctx->builder, err));
	mx_builder_lend(ctx->builder, document->bytes,
	                document->format.size_uncompressed);
	MX_TRY(mx_read_estimator(ctx, root, "", mx_builder_input(ctx->builder),
	                         &answers, err));
	info.class_name = mx_value_class(root)->name;
	MX_TRY(mx_read_text(ctx, root, "_sklearn_version", &info.sklearn_version,
	                    err));
	MX_TRY(mx_describe(root, ctx->scratch, arena, &info.description, err));
	return mx_builder_finish(ctx->builder, &answers, &info, out, err);
}

MxStatus
mx_model_read(const MxSource *source, const MxLimits *limits,
              const MxHeap *heap, MxArena *arena, const MxModel **out,
              MxArtifactFormat *format, MxError *err)
{
	MxArena *scratch = mx_arena_create(heap, limits->max_memory);
	MxReadContext ctx = {
	    .scratch = scratch, .limits = limits, .version = MX_SKLEARN(0, 17)};
	MxDocument document = {0};
	bool is_kept;
	MxStatus status;

	if (scratch == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = mx_artifact_parse(source, limits, heap, scratch, &document, err);
	if (status == MX_OK)
		status = read_root(&ctx, &document, arena, out, err);
	if (format != NULL)
		*format = document.format;
	/* After finish, the model holds copies of what it has not borrowed. */
	is_kept = status == MX_OK && mx_builder_borrows(ctx.builder);
	if (is_kept)
		status = mx_arena_adopt(arena, (void *) document.bytes,
		                        document.format.size_uncompressed, err);
	if (document.bytes != NULL && (!is_kept || status != MX_OK))
		heap->free(heap->ctx, (void *) document.bytes);
	mx_arena_destroy(scratch);
	return status;
}
