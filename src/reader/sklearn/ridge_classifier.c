/* ridge_classifier.c */
/* Reads RidgeClassifier, which keeps its classes in a label binarizer. */
#include "reader/linear.h"

/* classes_ is an attribute of its own since 1.8. */
static MxStatus
find_classes(MxReadContext *ctx, const MxValue *object, const MxValue **out,
             MxError *err)
{
	char shown[MX_SHOWN_SIZE];
	MxText type;

	MX_TRY(mx_read_value(ctx, object, "_label_binarizer", out, err));
	MX_TRY(mx_read_text(ctx, *out, "y_type_", &type, err));
	if (mx_text_is(type, "multilabel-indicator"))
		return mx_refuse(
		    ctx, *out, "y_type_", "is %s, which is not supported", err,
		    mx_show_value(mx_value_attribute(*out, "y_type_"), shown));
	return MX_OK;
}

static MxStatus
read_ridge_classifier(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                      MxAnswers *out, MxError *err)
{
	const MxValue *binarizer;

	MX_TRY(find_classes(ctx, object, &binarizer, err));
	return mx_read_linear_decision(ctx, object, binarizer, in, out, err);
}

static const MxClassName classes[] = {{"RidgeClassifier", "sklearn"},
                                      {"RidgeClassifierCV", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_ridge_classifier = {.classes = classes,
                                                   .limits = "one label a row",
                                                   .read =
                                                       read_ridge_classifier};
