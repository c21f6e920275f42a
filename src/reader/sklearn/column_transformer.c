/* column_transformer.c */
/* Reads ColumnTransformer: each transformer takes columns of its own. */
#include "reader/columns.h"
#include "reader/parts.h"

#include <stdio.h>

/* Up to 0.24 the names are in _df_columns, a pandas Index, or in neither. */
static MxStatus
name_inputs(MxReadContext *ctx, const MxValue *object, MxError *err)
{
	const char *attr = "_df_columns";
	MxItems items;
	MxText *names;
	size_t i;

	if (!mx_has(object, attr))
		attr = "_feature_names_in";
	if (!mx_has(object, attr))
		return MX_OK;
	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	names = mx_arena_array(ctx->scratch, MxText, items.n, err);
	MX_NEED(names, err);
	for (i = 0; i < items.n; i++)
		/* Columns may have been numbered: then they have no names. */
		if (!mx_value_to_text(items.items[i], &names[i]))
			return MX_OK;
	return mx_builder_name_inputs(ctx->builder, names, items.n, err);
}

static MxStatus
expect_features(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                MxError *err)
{
	MX_TRY(mx_expect_features(ctx, object, in, MX_ANY_SIZE, err));
	if (in == mx_builder_input(ctx->builder) && ctx->version < MX_SKLEARN(1, 0))
		return name_inputs(ctx, object, err);
	return MX_OK;
}

/*
 * Since 1.0 the columns of a transformer stand there by position; *columns is
 * left alone in older files.
 */
static MxStatus
find_columns(MxReadContext *ctx, const MxValue *object, MxText name,
             const MxValue **columns, MxError *err)
{
	const MxValue *known =
	    mx_value_attribute(object, "_transformer_to_input_indices");
	MxText key;
	size_t i;

	if (known == NULL || known->kind != MX_VALUE_DICT)
		return MX_OK;
	MX_TRY(mx_charge(ctx, known->as.entries.n, err));
	for (i = 0; i < known->as.entries.n; i++)
		if (mx_value_to_text(known->as.entries.keys[i], &key) &&
		    mx_text_equals(key, name))
		{
			*columns = known->as.entries.values[i];
			return MX_OK;
		}
	return MX_OK;
}

/* Columns of one transformer, and whether it works in their memory. */
typedef struct Taken
{
	MxColumns columns;
	bool is_overwritten;
} Taken;

/*
 * A step with copy=False changes the columns that it shares with others: in an
 * array or in a DataFrame, as the release has it.
 */
static MxStatus
check_shared(MxReadContext *ctx, const MxValue *object, const Taken *taken,
             size_t n_taken, size_t width, MxError *err)
{
	uint8_t *state = mx_arena_array(ctx->scratch, uint8_t, width, err);
	enum
	{
		READ = 1,
		OVERWRITTEN = 2
	};

	MX_NEED(state, err);
	for (size_t i = 0; i < n_taken; i++)
		for (size_t j = 0; j < taken[i].columns.n; j++)
		{
			uint8_t *at = &state[taken[i].columns.indexes[j]];

			if (*at == OVERWRITTEN || (*at == READ && taken[i].is_overwritten))
				return mx_refuse(ctx, object, "transformers_",
				                 "holds a step with copy=False, which changes "
				                 "columns that others see; that is not "
				                 "supported",
				                 err);
			*at = taken[i].is_overwritten ? OVERWRITTEN : READ;
		}
	return MX_OK;
}

static MxStatus
read_part(MxReadContext *ctx, const MxValue *object, const MxItems *list,
          size_t i, MxNodeId in, Taken *taken, MxParts *parts, MxError *err)
{
	MxAnswers answers = {0};
	const MxValue *where;
	MxColumns columns;
	MxNodeId own;
	MxSelect select;
	char label[48];
	MxItems items;
	MxText name;

	snprintf(label, sizeof(label), "transformers_[%zu]", i);
	if (!mx_value_to_items(list->items[i], &items) || items.n != 3 ||
	    !mx_value_to_text(items.items[0], &name))
		return mx_malformed(ctx, object, label,
		                    "is not a name, a transformer and columns", err);
	if (mx_step_is(items.items[1], "drop"))
		return MX_OK;
	where = items.items[2];
	MX_TRY(find_columns(ctx, object, name, &where, err));
	MX_TRY(mx_resolve_columns(ctx, object, label, where, in, &columns, err));
	/* Nothing was fitted, then. */
	if (columns.n == 0)
		return MX_OK;
	select = (MxSelect){columns.n, columns.indexes};
	MX_TRY(mx_builder_select(ctx->builder, in, &select, &own, err));
	answers.transform = own;
	if (!mx_step_is(items.items[1], "passthrough"))
		MX_TRY(
		    mx_read_estimator(ctx, items.items[1], label, own, &answers, err));
	taken->columns = columns;
	taken->is_overwritten =
	    mx_builder_has_note(ctx->builder, own, MX_NOTE_OVERWRITTEN);
	if (taken->is_overwritten)
		mx_builder_note(ctx->builder, in, MX_NOTE_OVERWRITTEN);
	if (answers.transform == 0)
		return mx_malformed(ctx, object, label, "transforms nothing", err);
	return mx_add_part(ctx, object, name, answers.transform, parts, err);
}

static MxStatus
read_column_transformer(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                        MxAnswers *out, MxError *err)
{
	MxParts parts = {0};
	MxItems list;
	Taken *taken;
	size_t width = 0;
	size_t i;
	size_t j;

	MX_TRY(mx_read_parts(ctx, object, "transformers_", &list, err));
	MX_TRY(expect_features(ctx, object, in, err));
	taken = mx_arena_array(ctx->scratch, Taken, list.n, err);
	MX_NEED(taken, err);
	for (i = 0; i < list.n; i++)
	{
		MX_TRY(read_part(ctx, object, &list, i, in, &taken[i], &parts, err));
		for (j = 0; j < taken[i].columns.n; j++)
			if (taken[i].columns.indexes[j] >= width)
				width = taken[i].columns.indexes[j] + 1;
	}
	MX_TRY(check_shared(ctx, object, taken, list.n, width, err));
	return mx_join_parts(ctx, object, &parts, &out->transform, err);
}

static const MxClassName classes[] = {{"ColumnTransformer", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_column_transformer = {
    .classes = classes,
    .limits = "no step with copy=False on columns that another one takes too",
    .read = read_column_transformer};
