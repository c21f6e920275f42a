/* sk_onehot_legacy.c */
/* OneHotEncoder for integers: one column for each number below a bound. */
#include "reader/sk_onehot_legacy.h"

/* Honest bounds are small; each number below one becomes a category. */
#define MAX_VALUES ((size_t) 1000000)

typedef struct Encoder
{
	size_t n;
	const int64_t *offsets; /* n + 1 */
	/*
	 * Of all offsets[n] numbers, those that have a column, ascending; NULL
	 * when all have.
	 */
	const int64_t *active;
	size_t n_active;
	bool unknown_fails;
} Encoder;

bool
mx_onehot_is_legacy(MxReadContext *ctx, const MxValue *object)
{
	bool is_legacy = false;

	if (ctx->version < MX_SKLEARN(0, 20))
		return true;
	return mx_value_to_bool(mx_value_attribute(object, "_legacy_mode"),
	                        &is_legacy) &&
	       is_legacy;
}

/* 0.20 put an underscore before the names of 0.18 and 0.19. */
static const char *
spelled(MxReadContext *ctx, const char *name)
{
	return ctx->version < MX_SKLEARN(0, 20) ? name + 1 : name;
}

static MxStatus
check_offsets(MxReadContext *ctx, const MxValue *object, const char *attr,
              const Encoder *e, MxError *err)
{
	size_t j;

	for (j = 0; j < e->n; j++)
		if (e->offsets[j + 1] < e->offsets[j])
			break;
	if (e->offsets[0] != 0 || j < e->n)
		return mx_malformed(ctx, object, attr, "does not ascend from 0", err);
	if ((uint64_t) e->offsets[e->n] > MAX_VALUES)
		return mx_refuse(ctx, object, attr,
		                 "has %lld values, more than %zu are not supported",
		                 err, (long long) e->offsets[e->n], MAX_VALUES);
	return MX_OK;
}

static MxStatus
read_active(MxReadContext *ctx, const MxValue *object, Encoder *e, MxError *err)
{
	const char *attr = spelled(ctx, "_active_features_");
	size_t i;

	if (!mx_has(object, attr))
		return MX_OK;
	MX_TRY(mx_read_integers(ctx, object, attr, MX_ANY_SIZE, &e->active,
	                        &e->n_active, err));
	for (i = 0; i < e->n_active; i++)
		if (e->active[i] < (i == 0 ? 0 : e->active[i - 1] + 1) ||
		    e->active[i] >= e->offsets[e->n])
			return mx_malformed(ctx, object, attr,
			                    "is not ascending within range", err);
	return MX_OK;
}

static MxStatus
read_encoder(MxReadContext *ctx, const MxValue *object, Encoder *e,
             MxError *err)
{
	static const char *const unknown_names[] = {"error", "ignore", NULL};
	const char *attr = spelled(ctx, "_feature_indices_");
	size_t choice;
	size_t n;

	MX_TRY(
	    mx_read_integers(ctx, object, attr, MX_ANY_SIZE, &e->offsets, &n, err));
	if (n == 0)
		return mx_malformed(ctx, object, attr, "is empty", err);
	e->n = n - 1;
	MX_TRY(check_offsets(ctx, object, attr, e, err));
	MX_TRY(read_active(ctx, object, e, err));
	MX_TRY(mx_read_choice(ctx, object, "handle_unknown", unknown_names, &choice,
	                      err));
	e->unknown_fails = choice == 0;
	return MX_OK;
}

/* Numbers 0 to the bound; one without a column is known, and sets none. */
static MxStatus
make_column(MxReadContext *ctx, const Encoder *e, size_t j, size_t *next_active,
            MxCategories *out, size_t *width, MxError *err)
{
	size_t n = (size_t) (e->offsets[j + 1] - e->offsets[j]);
	double *numbers = mx_arena_array(ctx->scratch, double, n, err);
	double *codes = mx_arena_array(ctx->scratch, double, n, err);
	size_t i;

	if (numbers == NULL || codes == NULL)
		return err->status;
	*width = 0;
	for (i = 0; i < n; i++)
	{
		bool is_active = true;

		if (e->active != NULL)
			is_active = *next_active < e->n_active &&
			            e->active[*next_active] == e->offsets[j] + (int64_t) i;
		*next_active += is_active;
		numbers[i] = (double) i;
		codes[i] = is_active ? (double) (*width)++ : -1.0;
	}
	*out = (MxCategories){.n = n,
	                      .kind = MX_COLUMN_NUMBER,
	                      .numbers = numbers,
	                      .codes = codes,
	                      .missing_fails = true,
	                      .infinite_fails = true,
	                      .cuts_to_integer = true};
	return MX_OK;
}

static MxStatus
build(MxReadContext *ctx, const Encoder *e, MxNodeId in, MxNodeId *out,
      MxError *err)
{
	MxCategories *columns;
	size_t *widths;
	MxCategorize categorize = {.n = e->n, .unknown_code = -1.0};
	MxExpand expand = {.n = e->n};
	size_t next_active = 0;
	size_t j;

	columns = mx_arena_array(ctx->scratch, MxCategories, e->n, err);
	MX_NEED(columns, err);
	widths = mx_arena_array(ctx->scratch, size_t, e->n, err);
	MX_NEED(widths, err);
	for (j = 0; j < e->n; j++)
		MX_TRY(
		    make_column(ctx, e, j, &next_active, &columns[j], &widths[j], err));
	categorize.columns = columns;
	categorize.unknown_fails = e->unknown_fails;
	expand.widths = widths;
	MX_TRY(mx_builder_categorize(ctx->builder, in, &categorize, out, err));
	return mx_builder_expand(ctx->builder, *out, &expand, out, err);
}

/* categorical_features is a list of indexes or a mask, into is_selected. */
static MxStatus
read_selection(MxReadContext *ctx, const MxValue *object, const char *attr,
               bool *is_selected, size_t width, MxError *err)
{
	MxItems items;
	int64_t index;
	size_t i;

	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	for (i = 0; i < items.n; i++)
	{
		const MxValue *item = items.items[i];

		if (item->kind == MX_VALUE_BOOL && items.n == width)
		{
			is_selected[i] = item->as.boolean;
			continue;
		}
		if (item->kind == MX_VALUE_BOOL || !mx_value_to_integer(item, &index) ||
		    index < 0 || (uint64_t) index >= width)
			return mx_malformed(ctx, object, attr,
			                    "holds what is no feature's index", err);
		is_selected[index] = true;
	}
	return MX_OK;
}

/* The columns with the flag, as a node. */
static MxStatus
select_columns(MxReadContext *ctx, MxNodeId in, const bool *flags, size_t width,
               bool wanted, MxNodeId *out, size_t *n, MxError *err)
{
	size_t *columns = mx_arena_array(ctx->scratch, size_t, width, err);
	MxSelect select = {.n = 0};
	size_t j;

	MX_NEED(columns, err);
	for (j = 0; j < width; j++)
		if (flags[j] == wanted)
			columns[select.n++] = j;
	select.columns = columns;
	*n = select.n;
	if (select.n == 0)
		return MX_OK;
	return mx_builder_select(ctx->builder, in, &select, out, err);
}

/* Encoded columns first, then those left alone. */
static MxStatus
build_selected(MxReadContext *ctx, const MxValue *object, const char *attr,
               const Encoder *e, MxNodeId in, MxNodeId *out, MxError *err)
{
	size_t width = mx_builder_width(ctx->builder, in);
	MxNodeId parts[2];
	bool *is_selected;
	size_t n_selected;
	size_t n_others;

	if (width == MX_OPEN_WIDTH)
		return mx_refuse(ctx, object, attr,
		                 "does not tell how many features there are, which is "
		                 "not supported",
		                 err);
	is_selected = mx_arena_array(ctx->scratch, bool, width, err);
	MX_NEED(is_selected, err);
	MX_TRY(read_selection(ctx, object, attr, is_selected, width, err));
	MX_TRY(select_columns(ctx, in, is_selected, width, true, &parts[0],
	                      &n_selected, err));
	MX_TRY(select_columns(ctx, in, is_selected, width, false, &parts[1],
	                      &n_others, err));
	if (n_selected != e->n || n_selected == 0)
		return mx_malformed(ctx, object, attr,
		                    "selects %zu features, expected %zu", err,
		                    n_selected, e->n);
	MX_TRY(build(ctx, e, parts[0], &parts[0], err));
	return mx_builder_concat(ctx->builder, parts, n_others == 0 ? 1 : 2, out,
	                         err);
}

/* The attribute in use, NULL when all features are encoded. */
static const char *
selection_attribute(MxReadContext *ctx, const MxValue *object)
{
	const char *attr = spelled(ctx, "_categorical_features");
	MxText text;

	if (!mx_has(object, attr) ||
	    mx_value_to_text(mx_value_attribute(object, attr), &text))
		return NULL;
	return attr;
}

/* A list of indexes does not tell how many features there are, a mask does. */
static MxStatus
count_features(MxReadContext *ctx, const MxValue *object, const char *selection,
               const Encoder *e, size_t *n, MxError *err)
{
	MxItems items;

	*n = e->n;
	if (selection == NULL)
		return MX_OK;
	MX_TRY(mx_read_items(ctx, object, selection, &items, err));
	*n = items.n > 0 && items.items[0]->kind == MX_VALUE_BOOL ? items.n
	                                                          : MX_ANY_SIZE;
	return MX_OK;
}

MxStatus
mx_read_onehot_legacy(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                      MxAnswers *out, MxError *err)
{
	const char *selection = selection_attribute(ctx, object);
	Encoder e = {0};
	size_t n;

	MX_TRY(read_encoder(ctx, object, &e, err));
	MX_TRY(count_features(ctx, object, selection, &e, &n, err));
	MX_TRY(mx_expect_features(ctx, object, in, n, err));
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_NAN | MX_GUARD_INFINITE,
	                        &in, err));
	if (selection == NULL)
		return build(ctx, &e, in, &out->transform, err);
	return build_selected(ctx, object, selection, &e, in, &out->transform, err);
}
