/* decision_tree.c */
/* Reads single trees: DecisionTree* and ExtraTree*. */
#include "reader/sk_tree.h"

static MxStatus
read_decision_tree(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                   MxAnswers *out, MxError *err)
{
	return mx_read_tree_family(ctx, object, &object, 1, false, in, out, err);
}

static const MxClassName classes[] = {{"DecisionTreeClassifier", "sklearn"},
                                      {"DecisionTreeRegressor", "sklearn"},
                                      {"ExtraTreeClassifier", "sklearn"},
                                      {"ExtraTreeRegressor", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_decision_tree = {.classes = classes,
                                                .read = read_decision_tree};
