/* ordinal_encoder.c */
/* OrdinalEncoder: categories to their numbers. */
#include "reader/sk_categories.h"

#include <math.h>

typedef struct Encoder
{
	size_t n;
	const MxCategoryList *lists;
	const MxCategoryGroups *groups;
	bool codes_nan_apart; /* by nan_code, from 1.0 on */
	double nan_code;
	bool is_integer; /* dtype */
	bool unknown_fails;
	double unknown_code;
} Encoder;

/* Codes are float64, or integers that hold them all. */
static MxStatus
check_dtype(MxReadContext *ctx, const MxValue *object, bool *is_integer,
            MxError *err)
{
	MxDtypeKind kind;
	size_t size;

	MX_TRY(mx_read_dtype(ctx, object, "dtype", &kind, &size, err));
	*is_integer = kind == MX_DTYPE_INTEGER;
	if ((kind != MX_DTYPE_FLOAT || size != 8) && (!*is_integer || size < 4))
		return mx_refuse(ctx, object, "dtype",
		                 "is another type than float64, int64 or int32, which "
		                 "is not supported",
		                 err);
	return MX_OK;
}

/* The number that stands for something; absent: NaN. */
static MxStatus
read_code(MxReadContext *ctx, const MxValue *object, const char *attr,
          bool is_integer, double *out, MxError *err)
{
	*out = NAN;
	if (mx_has(object, attr))
		MX_TRY(mx_read_number(ctx, object, attr, MX_ALLOW_NAN, out, err));
	if (is_integer && !isnan(*out))
		*out = trunc(*out);
	return MX_OK;
}

static MxStatus
read_encoder(MxReadContext *ctx, const MxValue *object, Encoder *e,
             MxError *err)
{
	static const char *const unknown_names[] = {"error", "use_encoded_value",
	                                            NULL};
	size_t choice;

	MX_TRY(check_dtype(ctx, object, &e->is_integer, err));
	MX_TRY(mx_read_choice(ctx, object, "handle_unknown", unknown_names, &choice,
	                      err));
	e->unknown_fails = choice == 0;
	MX_TRY(read_code(ctx, object, "unknown_value", e->is_integer,
	                 &e->unknown_code, err));
	MX_TRY(read_code(ctx, object, "encoded_missing_value", e->is_integer,
	                 &e->nan_code, err));
	e->codes_nan_apart = ctx->version >= MX_SKLEARN(1, 0);
	return mx_read_category_groups(ctx, object, e->lists, e->n,
	                               e->codes_nan_apart, &e->groups, err);
}

static MxStatus
make_column(MxReadContext *ctx, const Encoder *e, size_t j, MxCategories *out,
            MxError *err)
{
	const MxCategoryList *list = &e->lists[j];
	double *codes = mx_arena_array(ctx->scratch, double, list->n, err);
	size_t group = 0;
	size_t i;

	MX_NEED(codes, err);
	for (i = 0; i < list->n; i++)
		if (e->codes_nan_apart && i == list->nan)
			codes[i] = e->nan_code;
		else
			codes[i] = (double) e->groups[j].group[group++];
	return mx_make_categories(ctx, list, codes, !e->codes_nan_apart, out, err);
}

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	MxCategorize categorize;
	MxCategories *columns;
	Encoder e = {0};
	size_t j;

	MX_TRY(mx_read_category_lists(ctx, object, "categories_", &e.lists, &e.n,
	                              err));
	MX_TRY(mx_expect_features(ctx, object, in, e.n, err));
	MX_TRY(mx_check_imputed(ctx, object, e.lists, e.n, in, err));
	MX_TRY(read_encoder(ctx, object, &e, err));
	columns = mx_arena_array(ctx->scratch, MxCategories, e.n, err);
	MX_NEED(columns, err);
	for (j = 0; j < e.n; j++)
		MX_TRY(make_column(ctx, &e, j, &columns[j], err));
	categorize = (MxCategorize){.n = e.n,
	                            .columns = columns,
	                            .unknown_fails = e.unknown_fails,
	                            .unknown_code = e.unknown_code};
	MX_TRY(mx_builder_categorize(ctx->builder, in, &categorize, &out->transform,
	                             err));
	if (e.is_integer)
		mx_builder_note(ctx->builder, out->transform, MX_NOTE_INTEGERS);
	return MX_OK;
}

static const MxClassName classes[] = {{"OrdinalEncoder", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_ordinal_encoder = {
    .classes = classes,
    .limits = "categories of one column are numbers or texts, not both, and "
              "without None or NaN behind an imputer; dtype "
              "is float64, int64 or int32",
    .read = read,
};
