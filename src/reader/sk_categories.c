/* sk_categories.c */
/* Categories of encoders: numbers or texts, with None and NaN among them. */
#include "reader/sk_categories.h"

#include <math.h>

/* Integers up to here are all doubles. */
#define MAX_EXACT ((int64_t) 1 << 53)

static bool
is_missing(const MxCategoryList *list, size_t i)
{
	return i == list->none || i == list->nan;
}

/* An array of numbers, converted as a whole. */
static MxStatus
read_number_array(MxReadContext *ctx, const MxValue *object, const char *attr,
                  const MxArray *array, MxCategoryList *out, MxError *err)
{
	size_t i;

	out->n = array->n;
	out->kind = MX_COLUMN_NUMBER;
	MX_TRY(mx_array_f64(ctx->scratch, array, &out->numbers, err));
	for (i = 0; i < out->n; i++)
	{
		if (isinf(out->numbers[i]))
			return mx_malformed(ctx, object, attr, "holds infinity", err);
		if (!isnan(out->numbers[i]))
			continue;
		if (out->nan != MX_NO_CATEGORY)
			return mx_malformed(ctx, object, attr, "holds NaN twice", err);
		out->nan = i;
	}
	return MX_OK;
}

/* What one value of a list is: None, NaN, a number or a text. */
static MxStatus
read_item(MxReadContext *ctx, const MxValue *object, const char *attr,
          const MxValue *item, size_t i, double *number, MxText *text,
          MxCategoryList *out, MxError *err)
{
	char shown[MX_SHOWN_SIZE];
	int64_t integer;
	size_t *missing = NULL;

	if (mx_value_is_none(item))
		missing = &out->none;
	else if (mx_value_to_text(item, text))
		return MX_OK;
	else if (!mx_value_to_number(item, number) || isinf(*number) ||
	         (mx_value_to_integer(item, &integer) &&
	          (integer > MAX_EXACT || integer < -MAX_EXACT)))
		return mx_refuse(ctx, object, attr, "holds %s, which is not supported",
		                 err, mx_show_value(item, shown));
	else if (isnan(*number))
		missing = &out->nan;
	if (missing == NULL)
		return MX_OK;
	if (*missing != MX_NO_CATEGORY)
		return mx_malformed(ctx, object, attr, "holds %s twice", err,
		                    missing == &out->none ? "None" : "NaN");
	*missing = i;
	return MX_OK;
}

/* All texts or all numbers, apart from what is missing. */
static MxStatus
settle_kind(MxReadContext *ctx, const MxValue *object, const char *attr,
            const double *numbers, const MxText *texts, MxCategoryList *out,
            MxError *err)
{
	size_t n_texts = 0;
	size_t n_missing =
	    (size_t) (out->none != MX_NO_CATEGORY) + (out->nan != MX_NO_CATEGORY);
	size_t i;

	for (i = 0; i < out->n; i++)
		n_texts += texts[i].data != NULL;
	if (n_texts != 0 && n_texts + n_missing != out->n)
		return mx_refuse(ctx, object, attr,
		                 "mixes texts and numbers, which is not supported",
		                 err);
	/* Nothing but missing values was seen: no text has a meaning either. */
	out->kind =
	    n_texts != 0 || n_missing == out->n ? MX_COLUMN_TEXT : MX_COLUMN_NUMBER;
	if (out->kind == MX_COLUMN_TEXT)
		out->texts = texts;
	else
		out->numbers = numbers;
	return MX_OK;
}

static MxStatus
read_items(MxReadContext *ctx, const MxValue *object, const char *attr,
           const MxValue *value, MxCategoryList *out, MxError *err)
{
	MxItems items;
	double *numbers;
	MxText *texts;
	size_t i;

	MX_TRY(mx_value_items(ctx, value, attr, &items, err));
	out->n = items.n;
	numbers = mx_arena_array(ctx->scratch, double, items.n, err);
	MX_NEED(numbers, err);
	texts = mx_arena_array(ctx->scratch, MxText, items.n, err);
	MX_NEED(texts, err);
	for (i = 0; i < items.n; i++)
		MX_TRY(read_item(ctx, object, attr, items.items[i], i, &numbers[i],
		                 &texts[i], out, err));
	return settle_kind(ctx, object, attr, numbers, texts, out, err);
}

static bool
holds_numbers(MxDtypeKind kind)
{
	return kind == MX_DTYPE_BOOL || kind == MX_DTYPE_INTEGER ||
	       kind == MX_DTYPE_UNSIGNED || kind == MX_DTYPE_FLOAT;
}

MxStatus
mx_read_category_list(MxReadContext *ctx, const MxValue *object,
                      const char *attr, const MxValue *value,
                      MxCategoryList *out, MxError *err)
{
	const MxArray *array;

	*out = (MxCategoryList){.none = MX_NO_CATEGORY, .nan = MX_NO_CATEGORY};
	if (value->kind != MX_VALUE_ARRAY)
		return read_items(ctx, object, attr, value, out, err);
	array = value->as.array;
	if (array->rank != 1)
		return mx_malformed(ctx, object, attr,
		                    "has %zu dimensions for a column, expected 1", err,
		                    array->rank);
	if (holds_numbers(array->dtype->kind))
		return read_number_array(ctx, object, attr, array, out, err);
	out->is_object = array->dtype->kind == MX_DTYPE_OBJECT;
	return read_items(ctx, object, attr, value, out, err);
}

MxStatus
mx_read_category_lists(MxReadContext *ctx, const MxValue *object,
                       const char *attr, const MxCategoryList **out, size_t *n,
                       MxError *err)
{
	MxCategoryList *lists;
	MxItems items;
	size_t j;

	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	lists = mx_arena_array(ctx->scratch, MxCategoryList, items.n, err);
	MX_NEED(lists, err);
	for (j = 0; j < items.n; j++)
		MX_TRY(mx_read_category_list(ctx, object, attr, items.items[j],
		                             &lists[j], err));
	*out = lists;
	*n = items.n;
	return MX_OK;
}

static MxStatus
keep_known(MxReadContext *ctx, const MxCategoryList *list, const double *codes,
           MxCategories *out, MxError *err)
{
	double *numbers = mx_arena_array(ctx->scratch, double, list->n, err);
	MxText *texts = mx_arena_array(ctx->scratch, MxText, list->n, err);
	double *kept = mx_arena_array(ctx->scratch, double, list->n, err);
	size_t i;

	if (numbers == NULL || texts == NULL || kept == NULL)
		return err->status;
	for (i = 0; i < list->n; i++)
	{
		if (is_missing(list, i))
			continue;
		if (list->kind == MX_COLUMN_TEXT)
			texts[out->n] = list->texts[i];
		else
			numbers[out->n] = list->numbers[i];
		kept[out->n++] = codes[i];
	}
	out->texts = list->kind == MX_COLUMN_TEXT ? texts : NULL;
	out->numbers = list->kind == MX_COLUMN_TEXT ? NULL : numbers;
	out->codes = kept;
	return MX_OK;
}

MxStatus
mx_make_categories(MxReadContext *ctx, const MxCategoryList *list,
                   const double *codes, bool refuses_nan, MxCategories *out,
                   MxError *err)
{
	size_t missing = list->none != MX_NO_CATEGORY ? list->none : list->nan;

	*out = (MxCategories){.kind = list->kind};
	if (missing != MX_NO_CATEGORY)
	{
		out->has_missing = true;
		out->missing_code = codes[missing];
	}
	if (list->kind == MX_COLUMN_NUMBER && !list->is_object)
	{
		out->infinite_fails = true;
		out->missing_fails = refuses_nan;
	}
	return keep_known(ctx, list, codes, out, err);
}

MxStatus
mx_check_imputed(MxReadContext *ctx, const MxValue *object,
                 const MxCategoryList *lists, size_t n, MxNodeId in,
                 MxError *err)
{
	size_t j;

	for (j = 0; j < n; j++)
	{
		bool has_none = lists[j].none != MX_NO_CATEGORY;
		size_t steps = 0;

		if ((!has_none && lists[j].nan == MX_NO_CATEGORY) ||
		    !mx_builder_is_imputed(ctx->builder, in, j, &steps))
			MX_TRY(mx_charge(ctx, steps, err));
		else
			return mx_refuse(ctx, object, "categories_",
			                 "holds %s, which the imputer before it did not "
			                 "take for missing; that is not supported",
			                 err, has_none ? "None" : "NaN");
	}
	return MX_OK;
}
