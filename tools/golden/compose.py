# -*- coding: utf-8 -*-
"""Pipelines, ColumnTransformer, FeatureUnion, searches."""
from __future__ import division, print_function

import numpy as np

from .base import N, VERSION, X, Xnan, add, case, colours, make, rng, since, sizes, t3, until, y2u, y3, yr
from .encode import DENSE
from .rows import Rows, number_rows
from .text import DOCUMENTS, ROWS as TEXT_ROWS


def steps(*parts):
    return [("step%d" % i, part) for i, part in enumerate(parts)]


def pipeline(*parts):
    return make("pipeline.Pipeline", steps=steps(*parts))


def scaler():
    return make("preprocessing.StandardScaler")


def imputer(**params):
    since(0, 20)
    return make("impute.SimpleImputer", **params)


def onehot(**params):
    return make("preprocessing.OneHotEncoder", **dict(dict(handle_unknown="ignore"), **params))


def logistic(**params):
    return make("linear_model.LogisticRegression", **dict(dict(solver="lbfgs"), **params))


def forest(kind="Classifier", **params):
    return make("ensemble.RandomForest" + kind, **dict(dict(
        n_estimators=3, max_depth=3, random_state=0), **params))


def columns(*transformers, **params):
    since(0, 20)
    return make("compose.ColumnTransformer", transformers=[
        ("part%d" % i, part, where) for i, (part, where) in enumerate(transformers)], **params)


NUMBERS, TEXTS = ["age", "income"], ["colour", "size"]
gaps = rng.uniform(size=(N, 2)) < 0.08


def frame(text_gaps=True):
    import pandas as pd
    colour, size = np.array(colours), np.array(sizes)
    if text_gaps:
        colour[gaps[:, 0]] = np.nan
        size[gaps[:, 1]] = np.nan
    return pd.DataFrame({"age": Xnan[:, 0], "colour": colour, "income": Xnan[:, 1], "size": size, "unused": X[:, 3]},
                        columns=["age", "colour", "unused", "income", "size"])


def frame_rows(text_gaps=True):
    def rows(model):
        names = [("age", "number"), ("colour", "text"), ("unused", "number"), ("income", "number"), ("size", "text")]
        table = frame(text_gaps)
        cells = [[None if v != v else v for v in row] for row in table.values.tolist()[:: N // 16]]
        some = [0.25, u"red", 1.5, 51.75, u"M"]
        for j, values in ((0, [None, 0.0, -3.5, 1e30, np.inf]), (1, [u"pink", u"", u"t\xfcrkis", u"Red", None]),
                          (2, [None, 9.9]), (3, [None, 50.0, -1e30]), (4, [u"XXL", u"s", u"XL", None])):
            for value in values:
                cells.append(some[:j] + [value] + some[j + 1:])
        cells += [[None] * 5, [None, u"blue", 0.0, None, u"S"], [1.0, None, 0.0, 45.5, None]]
        cells += [cells[0], [0.25, u"red", 1.5, 51.75, u"M"]]
        return Rows(names, cells, frame=True)
    return rows


def prepared(scale=True, **params):
    numbers = [imputer(strategy="median")] + ([scaler()] if scale else [])
    return columns((pipeline(*numbers), NUMBERS),
                   (pipeline(imputer(strategy="most_frequent"), onehot()), TEXTS), **params)


def mixed(name, function, target=t3, text_gaps=True, **options):
    add(name, lambda: function().fit(frame(text_gaps), target), frame_rows(text_gaps), **options)


FOREST = dict(exact=True, outputs=["predict", "predict_proba"])
LINEAR = dict(terms=lambda model, rows: 3.0)
mixed("pipeline_mixed_logistic", lambda: pipeline(prepared(), logistic()), artifacts="newest", **LINEAR)
mixed("pipeline_mixed_forest", lambda: pipeline(prepared(scale=False), forest()), **FOREST)
mixed("pipeline_mixed_scaled_forest", lambda: pipeline(prepared(), forest()), y2u, **FOREST)
mixed("pipeline_mixed_regressor", lambda: pipeline(prepared(), make("linear_model.Ridge")), yr,
      terms=lambda model, rows: 30.0)
mixed("pipeline_constant_forest", lambda: pipeline(columns(
    (imputer(strategy="constant", fill_value=-1), NUMBERS),
    (pipeline(imputer(strategy="constant", fill_value="missing"), onehot()), TEXTS)), forest()), **FOREST)
mixed("pipeline_remainder_passthrough", lambda: pipeline(prepared(remainder="passthrough"), logistic()), **LINEAR)
mixed("pipeline_remainder_estimator", lambda: pipeline(columns(
    (pipeline(imputer(strategy="most_frequent"), onehot()), TEXTS),
    remainder=pipeline(imputer(add_indicator=True) if VERSION >= (0, 21) else imputer(), scaler())), logistic()), **LINEAR)
mixed("pipeline_drop_passthrough", lambda: pipeline(columns(
    ("passthrough", ["unused"]), ("drop", ["size"]), (pipeline(imputer(), scaler()), NUMBERS),
    ("drop", ["colour"])), logistic()), **LINEAR)
mixed("pipeline_masks", lambda: pipeline(columns(
    (imputer(), np.array([True, False, False, True, False])), ("passthrough", [2]),
    (pipeline(imputer(strategy="most_frequent"), onehot()), [False, True, False, False, True])), logistic()), **LINEAR)
mixed("pipeline_slices", lambda: pipeline(columns(
    (imputer(), slice("unused", "income")), (pipeline(imputer(strategy="most_frequent"), onehot()), [1, -1])), logistic()), **LINEAR)
mixed("pipeline_weights", lambda: pipeline(prepared(transformer_weights={"part0": 0.5, "part1": 2.0}), logistic()), **LINEAR)
mixed("column_transformer", lambda: prepared(remainder="passthrough", sparse_threshold=0), exact=False)
mixed("column_transformer_text", lambda: columns((imputer(strategy="most_frequent"), TEXTS), ("passthrough", ["unused"])),
      exact=True)


def ordinal_hist():
    since(0, 24)
    from .boosting import hist
    encoder = make("preprocessing.OrdinalEncoder", handle_unknown="use_encoded_value", unknown_value=-1)
    model = hist("Classifier", X, y2u)   # for its parameters
    return pipeline(columns((pipeline(imputer(strategy="most_frequent"), encoder), TEXTS), remainder="passthrough"),
                    model.__class__(**model.get_params()))


mixed("pipeline_ordinal_hist", ordinal_hist, y2u, exact=["decision"], terms=lambda model, rows: 1.0)


def by_dtype():
    since(0, 22)
    selector = make("compose.make_column_selector", dtype_include=float)
    return pipeline(columns((pipeline(imputer(), scaler()), selector), (pipeline(
        imputer(strategy="most_frequent"), onehot()), make("compose.make_column_selector", dtype_exclude=float))), logistic())


mixed("pipeline_selector", by_dtype, **LINEAR)


def set_output():
    since(1, 2)
    model = pipeline(columns((pipeline(imputer(), scaler()), NUMBERS), (pipeline(imputer(strategy="most_frequent"), onehot(
        **DENSE)), TEXTS), remainder="passthrough"), forest())
    return model.set_output(transform="pandas")


mixed("pipeline_set_output", set_output, **FOREST)


def array_case(name, function, target=t3, table=X, **options):
    add(name, lambda: function().fit(table, target), number_rows(table), **options)


array_case("pipeline_scaler_logistic", lambda: pipeline(scaler(), logistic()), **LINEAR)
array_case("pipeline_scaler_forest", lambda: pipeline(scaler(), forest()), **FOREST)
array_case("pipeline_pca_logistic", lambda: pipeline(scaler(), make("decomposition.PCA", n_components=2), logistic()), **LINEAR)
array_case("pipeline_kbest_tree", lambda: pipeline(
    make("feature_selection.SelectKBest", k=2), make("tree.DecisionTreeClassifier", max_depth=3, random_state=0)), **FOREST)
array_case("pipeline_positions", lambda: pipeline(columns(
    (scaler(), [0, 2]), ("passthrough", slice(3, 4)), (make("preprocessing.MinMaxScaler"), [-3])), logistic()), **LINEAR)
array_case("pipeline_array_remainder", lambda: pipeline(columns(
    (scaler(), [2]), (imputer(), slice(0, 2)), remainder=make("preprocessing.MinMaxScaler")), logistic()), **LINEAR)
array_case("pipeline_array_mask", lambda: pipeline(columns(
    (scaler(), np.array([False, True, False, True])), remainder="passthrough"), logistic()), **LINEAR)
array_case("pipeline_imputer_forest", lambda: pipeline(imputer(), forest()), table=Xnan, **FOREST)
array_case("pipeline_imputer_ridge", lambda: pipeline(imputer(), scaler(), make("linear_model.Ridge")), yr, Xnan,
           terms=lambda model, rows: 30.0)
array_case("pipeline_old_imputer", lambda: until(0, 21) or pipeline(
    make("preprocessing.Imputer"), scaler(), forest()), table=Xnan, **FOREST)
array_case("pipeline_log1p_ridge", lambda: pipeline(make("preprocessing.MinMaxScaler"), make(
    "preprocessing.FunctionTransformer", np.log1p, **(dict(validate=True) if VERSION >= (0, 20) else {})), make("linear_model.Ridge")),
    yr, terms=lambda model, rows: 30.0)
array_case("pipeline_kmeans", lambda: pipeline(scaler(), make("cluster.KMeans", n_clusters=3, n_init=1, random_state=0),
                                               logistic()), **LINEAR)
array_case("pipeline_transformer", lambda: pipeline(scaler(), make("decomposition.PCA", n_components=2)), outputs=["transform"])
array_case("pipeline_nested", lambda: pipeline(pipeline(scaler(), pipeline(make("preprocessing.MinMaxScaler"))), logistic()), **LINEAR)
array_case("pipeline_none_step", lambda: until(1, 0) or pipeline(scaler(), None, logistic()), **LINEAR)
array_case("pipeline_passthrough_step", lambda: since(0, 21) or pipeline(
    "passthrough", pipeline(scaler(), "passthrough"), logistic()), **LINEAR)
array_case("pipeline_last_passthrough", lambda: since(0, 21) or pipeline(scaler(), "passthrough"), outputs=["transform"])


def union(weights=None, drop=False):
    parts = steps(scaler(), make("decomposition.PCA", n_components=2), make("feature_selection.SelectKBest", k=1))
    if drop:
        parts.append(("gone", "drop" if VERSION >= (0, 20) else None))
    return make("pipeline.FeatureUnion", transformer_list=parts, transformer_weights=weights)


array_case("feature_union", union)
array_case("feature_union_weights", lambda: union({"step0": 2.0, "step2": -0.5}))
array_case("feature_union_logistic", lambda: pipeline(union(drop=True), logistic()), terms=lambda model, rows: 30.0)


def passthrough_union():
    since(1, 1)
    return pipeline(make("pipeline.FeatureUnion", transformer_list=[("same", "passthrough"), ("scaled", scaler())]), forest())


array_case("feature_union_passthrough", passthrough_union, **FOREST)


def grid(estimator, grid, **params):
    return make("model_selection.GridSearchCV", estimator, grid, cv=3, **params)


array_case("grid_search", lambda: grid(pipeline(scaler(), logistic()), {"step1__C": [0.1, 1.0]}), **LINEAR)
array_case("grid_search_forest", lambda: grid(forest(), {"max_depth": [2, 3]}), **FOREST)
array_case("randomized_search", lambda: make(
    "model_selection.RandomizedSearchCV", pipeline(scaler(), logistic()), {"step1__C": [0.1, 1.0, 10.0]}, n_iter=2, cv=3,
    random_state=0), **LINEAR)


def halving():
    since(0, 24)
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401
    return make("model_selection.HalvingGridSearchCV", logistic(), {"C": [0.1, 1.0]}, cv=3, random_state=0)


array_case("halving_search", halving, lanes="newest", **LINEAR)
array_case("pipeline_grid_last", lambda: pipeline(scaler(), grid(logistic(), {"C": [0.1, 1.0]})), y3, **LINEAR)
mixed("grid_search_mixed", lambda: grid(pipeline(prepared(), logistic()), {"step1__C": [0.1, 1.0]}), **LINEAR)


@case("pipeline_text_columns", lambda model: Rows(
    [("words", "text"), ("x", "number"), ("y", "number")],
    [[w, 0.5, 50.0] for w in TEXT_ROWS] + [[u"ham spam", v, 40.5] for v in (None, 0.0, -1.5, 1e30)], null=None, frame=True),
    **LINEAR)
def pipeline_text_columns():
    import pandas as pd
    table = pd.DataFrame({"words": DOCUMENTS, "x": X[:, 0], "y": X[:, 1]}, columns=["words", "x", "y"])
    return pipeline(columns((make("feature_extraction.text.TfidfVectorizer", max_features=20), "words"),
                            (scaler(), ["x", "y"])), logistic()).fit(table, t3)
