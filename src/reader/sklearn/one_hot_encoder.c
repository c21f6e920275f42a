/* one_hot_encoder.c */
/* OneHotEncoder: categories to codes, codes to groups of 0/1 columns. */
#include "reader/sk_categories.h"
#include "reader/sk_onehot_legacy.h"

typedef enum Unknown
{
	UNKNOWN_FAILS,
	UNKNOWN_IGNORED,
	UNKNOWN_INFREQUENT, /* a column without infrequent ones ignores it */
	UNKNOWN_WARNS
} Unknown;

static const char *const unknown_names[] = {
    "error", "ignore", "infrequent_if_exist", "warn", NULL};

/* What is dropped from a column: a group, or none. */
#define NOTHING ((size_t) -1)

typedef struct Encoder
{
	size_t n;
	const MxCategoryList *lists;
	const MxCategoryGroups *groups;
	size_t *dropped;
	Unknown unknown;
} Encoder;

static MxStatus
read_unknown(MxReadContext *ctx, const MxValue *object, Unknown *out,
             MxError *err)
{
	size_t choice;

	MX_TRY(mx_read_choice(ctx, object, "handle_unknown", unknown_names, &choice,
	                      err));
	*out = (Unknown) choice;
	/* 1.6 and 1.7 treat it as "ignore", whatever their manuals say. */
	if (*out == UNKNOWN_WARNS)
		*out = ctx->version >= MX_SKLEARN(1, 8) ? UNKNOWN_INFREQUENT
		                                        : UNKNOWN_IGNORED;
	return MX_OK;
}

/* From 1.2 on, drop_idx_ is what was dropped before categories were grouped. */
static const char *
dropped_attribute(const MxValue *object)
{
	const char *grouped = "_drop_idx_after_grouping";

	return mx_value_attribute(object, grouped) != NULL ? grouped : "drop_idx_";
}

static MxStatus
read_dropped(MxReadContext *ctx, const MxValue *object, Encoder *e,
             MxError *err)
{
	const char *attr = dropped_attribute(object);
	MxItems items = {0, NULL};
	int64_t index;
	size_t j;

	e->dropped = mx_arena_array(ctx->scratch, size_t, e->n, err);
	MX_NEED(e->dropped, err);
	if (mx_has(object, attr))
	{
		MX_TRY(mx_read_items(ctx, object, attr, &items, err));
		if (items.n != e->n)
			return mx_malformed(ctx, object, attr,
			                    "has %zu elements, expected %zu", err, items.n,
			                    e->n);
	}
	for (j = 0; j < e->n; j++)
	{
		e->dropped[j] = NOTHING;
		if (items.n == 0 || mx_value_is_none(items.items[j]))
			continue;
		if (!mx_value_to_integer(items.items[j], &index) || index < 0 ||
		    (uint64_t) index >= e->groups[j].n)
			return mx_malformed(ctx, object, attr,
			                    "holds what is no category's index", err);
		e->dropped[j] = (size_t) index;
	}
	return MX_OK;
}

static double
code_of_group(size_t group, size_t dropped)
{
	if (group == dropped)
		return -1.0;
	return (double) (dropped != NOTHING && group > dropped ? group - 1 : group);
}

static MxStatus
make_column(MxReadContext *ctx, const Encoder *e, size_t j, MxCategories *out,
            MxError *err)
{
	const MxCategoryGroups *groups = &e->groups[j];
	double *codes = mx_arena_array(ctx->scratch, double, e->lists[j].n, err);
	/* NaN was no category before 0.24, and no value either. */
	bool refuses_nan = ctx->version < MX_SKLEARN(0, 24);
	size_t i;

	MX_NEED(codes, err);
	for (i = 0; i < e->lists[j].n; i++)
		codes[i] = code_of_group(groups->group[i], e->dropped[j]);
	MX_TRY(mx_make_categories(ctx, &e->lists[j], codes, refuses_nan, out, err));
	if (e->unknown == UNKNOWN_INFREQUENT && groups->has_infrequent)
	{
		out->has_unknown_code = true;
		out->unknown_code = code_of_group(groups->n - 1, e->dropped[j]);
	}
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
	size_t j;

	columns = mx_arena_array(ctx->scratch, MxCategories, e->n, err);
	MX_NEED(columns, err);
	widths = mx_arena_array(ctx->scratch, size_t, e->n, err);
	MX_NEED(widths, err);
	for (j = 0; j < e->n; j++)
	{
		MX_TRY(make_column(ctx, e, j, &columns[j], err));
		widths[j] = e->groups[j].n - (e->dropped[j] != NOTHING);
	}
	categorize.columns = columns;
	categorize.unknown_fails = e->unknown == UNKNOWN_FAILS;
	expand.widths = widths;
	MX_TRY(mx_builder_categorize(ctx->builder, in, &categorize, out, err));
	return mx_builder_expand(ctx->builder, *out, &expand, out, err);
}

/* Zeros and ones are exact in any type, but what follows would not be. */
static MxStatus
check_dtype(MxReadContext *ctx, const MxValue *object, MxDtypeKind *kind,
            size_t *size, MxError *err)
{
	MX_TRY(mx_read_dtype(ctx, object, "dtype", kind, size, err));
	if (*kind == MX_DTYPE_FLOAT && *size < 8)
		return mx_refuse(ctx, object, "dtype",
		                 "is float%zu, which is not supported", err, 8 * *size);
	return MX_OK;
}

static MxStatus
read_new(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
         MxError *err)
{
	Encoder e = {0};

	MX_TRY(mx_read_category_lists(ctx, object, "categories_", &e.lists, &e.n,
	                              err));
	MX_TRY(mx_expect_features(ctx, object, in, e.n, err));
	MX_TRY(mx_check_imputed(ctx, object, e.lists, e.n, in, err));
	MX_TRY(read_unknown(ctx, object, &e.unknown, err));
	MX_TRY(mx_read_category_groups(ctx, object, e.lists, e.n, false, &e.groups,
	                               err));
	MX_TRY(read_dropped(ctx, object, &e, err));
	return build(ctx, &e, in, &out->transform, err);
}

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	MxDtypeKind kind;
	size_t size;

	MX_TRY(check_dtype(ctx, object, &kind, &size, err));
	if (mx_onehot_is_legacy(ctx, object))
		MX_TRY(mx_read_onehot_legacy(ctx, object, in, out, err));
	else
		MX_TRY(read_new(ctx, object, in, out, err));
	mx_note_dtype(ctx, out->transform, kind, size);
	return MX_OK;
}

static const MxClassName classes[] = {{"OneHotEncoder", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_one_hot_encoder = {
    .classes = classes,
    .limits = "categories of one column are numbers or texts, not both, and "
              "without None or NaN behind an imputer; no "
              "dtype float32 or float16",
    .read = read,
};
