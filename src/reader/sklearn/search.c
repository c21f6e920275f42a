/* search.c */
/* Reads searches for parameters: the best estimator, refitted, answers. */
#include "reader/reader.h"

static MxStatus
read_search(MxReadContext *ctx, const MxValue *object, MxNodeId in,
            MxAnswers *out, MxError *err)
{
	if (!mx_has(object, "best_estimator_"))
		return mx_refuse(ctx, object, NULL,
		                 "has no best_estimator_: it was not fitted, or with "
		                 "refit=False",
		                 err);
	return mx_read_child(ctx, object, "best_estimator_", in, out, err);
}

static const MxClassName classes[] = {{"GridSearchCV", "sklearn"},
                                      {"RandomizedSearchCV", "sklearn"},
                                      {"HalvingGridSearchCV", "sklearn"},
                                      {"HalvingRandomSearchCV", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_search = {.classes = classes,
                                         .read = read_search};
