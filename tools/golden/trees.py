"""Trees and forests: every bit of their sums and averages is promised."""
from __future__ import division, print_function

import numpy as np

from .base import X, Xnan, Y2, Ycls, add, make, since, t3, y2, y2u, y3, y3u, yr
from .rows import number_rows

PLAIN = ["predict", "predict_proba"]
LABELS2 = np.column_stack([t3, np.array(["no", "yes", "no"])[y3u]])


def tree(path, name, table, target, release=(0, 18), exact=True, outputs=None, lanes="all", artifacts=None, rows=None,
         **params):
    if outputs is None:
        outputs = PLAIN if "Classifier" in path else ["predict"]

    def function():
        since(*release)
        return make(path, random_state=0, **params).fit(table, target)
    add(name, function, rows or number_rows(table), exact=exact, outputs=outputs, lanes=lanes, artifacts=artifacts)


DTC, DTR = "tree.DecisionTreeClassifier", "tree.DecisionTreeRegressor"
tree(DTC, "decision_tree_binary", X, y2u, max_depth=4)
tree(DTC, "decision_tree_text", X, t3, max_depth=3, artifacts="all")
tree(DTC, "decision_tree_weighted", X, y3u, max_depth=3, class_weight={0: 0.3, 1: 1.7, 2: 1.1})
tree(DTC, "decision_tree_entropy", X, y3, max_leaf_nodes=9, criterion="entropy", lanes="newest")
tree(DTC, "decision_tree_multi_output", X, Ycls, max_depth=3)
tree(DTC, "decision_tree_multi_output_text", X, LABELS2, release=(0, 21), max_depth=3)
tree(DTC, "decision_tree_one_class", X, y2 * 0 + 5, max_depth=3)
tree(DTC, "decision_tree_log_proba", X, t3, max_depth=3, outputs=PLAIN + ["predict_log_proba"],
     exact=["predict", "label", "proba"])
tree(DTC, "decision_tree_nan", Xnan, t3, release=(1, 3), max_depth=5)
tree(DTR, "decision_tree_regressor", X, yr, max_depth=4)
tree(DTR, "decision_tree_regressor_leaf", X, yr * 0 + 2.5)
tree(DTR, "decision_tree_regressor_multi", X, Y2, max_depth=3)
tree(DTR, "decision_tree_regressor_nan", Xnan, yr, release=(1, 3), max_depth=5)
tree("tree.ExtraTreeClassifier", "extra_tree_classifier", X, t3, max_depth=4)
tree("tree.ExtraTreeRegressor", "extra_tree_regressor", X, yr, max_depth=4)
tree("tree.ExtraTreeRegressor", "extra_tree_regressor_nan", Xnan, yr, release=(1, 6), max_depth=4)

RFC, RFR = "ensemble.RandomForestClassifier", "ensemble.RandomForestRegressor"
small = dict(n_estimators=3, max_depth=3)
tree(RFC, "random_forest_binary", X, y2u, **small)
tree(RFC, "random_forest_text", X, t3, artifacts="newest", **small)
tree(RFC, "random_forest_ties", X, y3, n_estimators=2, max_depth=2)
tree(RFC, "random_forest_seven", X, y2, n_estimators=6, max_depth=1)
tree(RFC, "random_forest_multi_output", X, Ycls, n_estimators=2, max_depth=3)
tree(RFC, "random_forest_log_proba", X, y3, n_estimators=2, max_depth=3, outputs=PLAIN + ["predict_log_proba"],
     exact=["predict", "label", "proba"])
tree(RFC, "random_forest_balanced", X, y3u, class_weight="balanced", **small)
tree(RFC, "random_forest_nan", Xnan, t3, release=(1, 4), **small)
tree(RFC, "random_forest_large", X, t3, n_estimators=12, lanes="newest", rows=number_rows(thresholds=200))
tree(RFR, "random_forest_regressor", X, yr, **small)
tree(RFR, "random_forest_regressor_multi", X, Y2, n_estimators=3, max_depth=3)
tree(RFR, "random_forest_regressor_nan", Xnan, yr, release=(1, 4), **small)
tree("ensemble.ExtraTreesClassifier", "extra_trees_classifier", X, t3, **small)
tree("ensemble.ExtraTreesRegressor", "extra_trees_regressor", X, yr, **small)
tree("ensemble.ExtraTreesClassifier", "extra_trees_nan", Xnan, y2, release=(1, 6), **small)


def deep_forest():
    """Seven small trees, and one of more than 256 leaves: trees too large to be folded, in a small file."""
    random = np.random.RandomState(3)
    table = random.randint(0, 40, (1300, 4)).astype(float)
    target = (table[:, 0] + random.normal(0, 15, 1300) > 20).astype(int)
    forest = make(RFC, random_state=0, n_estimators=7, max_depth=2, warm_start=True).fit(table, target)
    return forest.set_params(n_estimators=8, max_depth=None, min_samples_split=2).fit(table, target)


add("random_forest_deep", deep_forest, number_rows(thresholds=200), exact=True, outputs=PLAIN, lanes="newest")
