"""GradientBoosting and HistGradientBoosting."""
from __future__ import division, print_function

import numpy as np

from .base import (N, VERSION, X, Xnan, add, colours, make, rng, since, sizes, t3, y2, y2u, y3u, ypos, yr)
from .rows import Rows, number_rows

small = dict(n_estimators=2, max_depth=2, random_state=0)
STORED = VERSION < (0, 21)              # the start value stands in the file, no log is taken


def classifier(name, target, exact=(), loss=None, lanes="all", **params):
    def function():
        options = dict(small, **params)
        if loss:
            options["loss"] = loss
        return make("ensemble.GradientBoostingClassifier", **options).fit(X, target)
    add(name, function, number_rows(), exact=["decision"] if exact or STORED else False, terms=lambda m, rows: 1.0,
        lanes=lanes)


classifier("gradient_boosting_binary", y2, exact=True)          # equal classes: starts at log(1)
classifier("gradient_boosting_unequal", y2u)
classifier("gradient_boosting_text", t3)
classifier("gradient_boosting_unequal_3", y3u)
classifier("gradient_boosting_exponential", y2u, loss="exponential")
classifier("gradient_boosting_exponential_equal", y2, exact=True, loss="exponential", lanes="newest")
classifier("gradient_boosting_init_zero", t3, exact=True, init="zero")
classifier("gradient_boosting_init_zero_2", y2u, exact=True, init="zero", subsample=0.8, lanes="newest")


def init_tree():
    since(0, 21)                        # before, init had to answer in another shape
    return make("ensemble.GradientBoostingClassifier", init=make(
        "tree.DecisionTreeClassifier", max_depth=1), **small).fit(X, t3)


add("gradient_boosting_init_tree", init_tree, number_rows(), terms=lambda m, rows: 10.0)


def regressor(name, lanes="all", **params):
    def function():
        options = dict(small, **params)
        loss = options.get("loss")
        if VERSION < (1, 0) and loss == "absolute_error":
            options["loss"] = "lad"
        return make("ensemble.GradientBoostingRegressor", **options).fit(X, yr)
    add(name, function, number_rows(), exact=True, outputs=["predict"], lanes=lanes)


regressor("gradient_boosting_regressor")
regressor("gradient_boosting_absolute", loss="absolute_error")
regressor("gradient_boosting_huber", loss="huber", alpha=0.8)
regressor("gradient_boosting_quantile", loss="quantile", alpha=0.8)
regressor("gradient_boosting_regressor_zero", init="zero", learning_rate=0.3, lanes="newest")


def regressor_init_tree():
    since(0, 21)
    return make("ensemble.GradientBoostingRegressor", init=make(
        "tree.DecisionTreeRegressor", max_depth=2), **small).fit(X, yr)


add("gradient_boosting_regressor_init", regressor_init_tree, number_rows(), exact=True)


def hist(kind, table, target, **params):
    since(0, 21)
    if VERSION < (1, 0):
        from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    options = dict(max_iter=2, max_leaf_nodes=5, min_samples_leaf=5, random_state=0)
    if VERSION < (0, 24) and "loss" not in params and kind == "Regressor":
        params["loss"] = "least_squares"
    if params.get("loss") == "absolute_error" and VERSION < (1, 0):
        params["loss"] = "least_absolute_deviation"
    options.update(params)
    return make("ensemble.HistGradientBoosting" + kind, **options).fit(table, target)


def hist_case(name, kind, table, target, release=(0, 21), rows=None, exact=None, artifacts=None, lanes="all", **params):
    def function():
        since(*release)
        return hist(kind, table, target, **params)
    if exact is None:
        exact = ["decision"] if kind == "Classifier" else True
    add(name, function, rows or number_rows(table), exact=exact, artifacts=artifacts, lanes=lanes,
        terms=None if exact is True else (lambda m, X: 1.0))


hist_case("hist_binary", "Classifier", X, y2u, artifacts="newest")
hist_case("hist_text", "Classifier", X, t3)
hist_case("hist_regressor", "Regressor", X, yr)
hist_case("hist_nan", "Classifier", Xnan, t3, (0, 22))
hist_case("hist_regressor_nan", "Regressor", Xnan, yr, (0, 22))
hist_case("hist_absolute", "Regressor", X, yr, (0, 22), loss="absolute_error")
hist_case("hist_poisson", "Regressor", X, ypos, (0, 23), loss="poisson", exact=False)
hist_case("hist_gamma", "Regressor", X, ypos, (1, 3), loss="gamma", exact=False)
hist_case("hist_quantile", "Regressor", X, yr, (1, 1), loss="quantile", quantile=0.7)

# Categories 0 to 11 of one feature, few of another, numbers beside them.
codes = np.column_stack([Xnan[:, 0], rng.randint(0, 12, N), np.round(X[:, 1], 1), rng.randint(0, 3, N)]).astype(float)
codes[rng.uniform(size=N) < 0.1, 1] = np.nan
code_target = np.round(yr + 7 * np.isin(codes[:, 1], [1, 4, 7, 10]) - 5 * (codes[:, 3] == 1), 1) if hasattr(
    np, "isin") else yr
ODD_CODES = [0, 1, 4, 7, 11, 12, 255, 256, 300, 2.5, 1.999, -1, -0.5, -0.0, 1e10, None]


def code_rows(model):
    rows = number_rows(codes)(model)
    some = list(rows.cells[4])
    for value in ODD_CODES:
        for j in (1, 3):
            row = list(some)
            row[j] = None if value is None else float(value)
            rows.cells.insert(8, row)
    return rows


def plain_codes(model):
    """Without values that a cast to a byte leaves undefined."""
    rows = code_rows(model)
    rows.cells = [r for r in rows.cells if all(
        r[j] is None or r[j] < 256 and r[j] > -1e9 for j in (1, 3))]
    return rows


hist_case("hist_categories", "Regressor", codes, code_target, (0, 24), categorical_features=[1, 3], rows=plain_codes)
hist_case("hist_categories_mask", "Classifier", codes, t3, (0, 24),
          categorical_features=np.array([False, True, False, True]), rows=plain_codes)


def frame(dtype):
    import pandas as pd
    table = pd.DataFrame({"colour": colours, "age": Xnan[:, 0], "size": sizes, "income": X[:, 1]},
                         columns=["age", "colour", "income", "size"])
    for name in "colour", "size":
        table.loc[rng.uniform(size=N) < 0.05, name] = np.nan
        table[name] = table[name].astype(dtype)
    return table


def frame_rows(model):
    names = [("age", "number"), ("colour", "text"), ("income", "number"), ("size", "text")]
    cells = [[0.5, c, 50.25, s] for c in (u"red", u"green", u"blue", u"t\xfcrkis", u"pink", u"", None)
             for s in (u"S", u"M", u"L", u"XL", u"XXL", None)]
    cells += [[a, u"red", i, u"M"] for a in (None, -2.0, 0.3, 1e30, np.inf) for i in (None, 30.0, 55.5, -1e30)]
    return Rows(names, cells, frame=True, null=np.nan)


def hist_frame(kind, target, dtype, **params):
    since(1, 4)
    return hist(kind, frame(dtype), target, **params)


add("hist_strings", lambda: hist_frame("Classifier", t3, object, categorical_features=["colour", "size"]),
    frame_rows, exact=["decision"], terms=lambda m, X: 1.0)
add("hist_strings_regressor", lambda: hist_frame("Regressor", code_target, object, categorical_features=["size", "colour"]),
    frame_rows, exact=True)
add("hist_from_dtype", lambda: hist_frame("Regressor", code_target, "category", categorical_features="from_dtype"),
    frame_rows, exact=True)
add("hist_from_dtype_binary", lambda: hist_frame("Classifier", y2u, "category", categorical_features="from_dtype"),
    frame_rows, exact=["decision"], terms=lambda m, X: 1.0)
