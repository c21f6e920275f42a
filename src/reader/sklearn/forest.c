/* forest.c */
/* Reads averages of trees: RandomForest* and ExtraTrees*. */
#include "reader/sk_tree.h"

static MxStatus
read_forest(MxReadContext *ctx, const MxValue *object, MxNodeId in,
            MxAnswers *out, MxError *err)
{
	MxItems items;

	MX_TRY(mx_read_items(ctx, object, "estimators_", &items, err));
	return mx_read_tree_family(ctx, object, items.items, items.n, true, in, out,
	                           err);
}

static const MxClassName classes[] = {{"RandomForestClassifier", "sklearn"},
                                      {"RandomForestRegressor", "sklearn"},
                                      {"ExtraTreesClassifier", "sklearn"},
                                      {"ExtraTreesRegressor", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_forest = {.classes = classes,
                                         .read = read_forest};
