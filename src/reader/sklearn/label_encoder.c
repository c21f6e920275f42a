/* label_encoder.c */
/* LabelEncoder: one column of labels to their numbers. */
#include "reader/sk_categories.h"

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	const char *attr = "classes_";
	MxCategorize categorize = {.n = 1, .unknown_fails = true};
	MxCategories column;
	MxCategoryList list;
	const MxValue *value;
	double *codes;
	size_t i;

	MX_TRY(mx_read_value(ctx, object, attr, &value, err));
	MX_TRY(mx_read_category_list(ctx, object, attr, value, &list, err));
	MX_TRY(mx_expect_features(ctx, object, in, 1, err));
	codes = mx_arena_array(ctx->scratch, double, list.n, err);
	MX_NEED(codes, err);
	for (i = 0; i < list.n; i++)
		codes[i] = (double) i;
	MX_TRY(mx_make_categories(ctx, &list, codes, false, &column, err));
	/* y is searched as it is: infinity is a label that was never seen. */
	column.infinite_fails = false;
	categorize.columns = &column;
	return mx_builder_categorize(ctx->builder, in, &categorize, &out->transform,
	                             err);
}

static const MxClassName classes[] = {{"LabelEncoder", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_label_encoder = {
    .classes = classes,
    .limits = "labels are numbers or texts, not both",
    .read = read,
};
