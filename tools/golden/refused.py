# -*- coding: utf-8 -*-
"""Files that must be refused, each with a word that the refusal holds."""
from __future__ import division, print_function

import os
import pickle
import sys
import types
import zlib

import numpy as np

from .base import X, joblib, make, t3
from .write import save_text


def helpers():
    """A module of the user's own, as a notebook would have it."""
    module = types.ModuleType("churn_helpers")
    sys.modules["churn_helpers"] = module
    exec("import sklearn.base\n"
         "def halve(X):\n    return X / 2\n"
         "def split_words(text):\n    return text.split()\n"
         "class Doubler(sklearn.base.BaseEstimator, sklearn.base.TransformerMixin):\n"
         "    def fit(self, X, y=None):\n        return self\n"
         "    def transform(self, X):\n        return X * 2\n", module.__dict__)
    for value in vars(module).values():
        if getattr(value, "__module__", "") in ("builtins", __name__):
            value.__module__ = "churn_helpers"
    return module


def bare(value):
    return lambda path: joblib.dump(value, path)


def bytes_of(data):
    def write(path):
        with open(path, "wb") as f:
            f.write(data)
    return write


def write_all(root):
    own = helpers()
    logistic = make("linear_model.LogisticRegression")
    texts = [u"ham spam", u"egg ham", u"spam egg"]
    calls = b"cposix\nsystem\n(S'touch /tmp/model_ext_was_here'\ntR."
    ridge = pickle.dumps(make("linear_model.Ridge").fit(X, X[:, 0]), 2)
    for name, word, write in (
            ("svc", u"SVC", bare(make("svm.SVC").fit(X, t3))),
            ("k_neighbors", u"KNeighborsClassifier", bare(make("neighbors.KNeighborsClassifier").fit(X, t3))),
            ("svc_in_pipeline", u"SVC", bare(make("pipeline.Pipeline", [
                ("scale", make("preprocessing.StandardScaler")), ("model", make("svm.SVC"))]).fit(X, t3))),
            ("user_function", u"halve", bare(make("pipeline.Pipeline", [
                ("half", make("preprocessing.FunctionTransformer", own.halve)), ("model", logistic)]).fit(X, t3))),
            ("tokenizer", u"tokenizer", bare(make(
                "feature_extraction.text.TfidfVectorizer", tokenizer=own.split_words, token_pattern=None).fit(texts))),
            ("own_class", u"Doubler", bare(make("pipeline.Pipeline", [
                ("double", own.Doubler()), ("model", logistic)]).fit(X, t3))),
            ("calls_system", u"system", bytes_of(calls)),
            ("numbers_only", u"", bare([1, 2, 3])),
            ("joblib_zf", u"joblib", bytes_of(b"ZF" + hex(len(ridge)).ljust(19).encode() + zlib.compress(ridge))),
            ("plain_text", u"", bytes_of(b"age,income\n31,52000\n")),
            ("empty", u"", bytes_of(b"")),
            ("pca_float32", u"float32", bare(make("decomposition.PCA", n_components=2).fit(X.astype("float32")))),
            ("unseen_feature", u"alpha=0", bare(make("naive_bayes.MultinomialNB", alpha=0, force_alpha=True).fit([[1, 0], [0, 1]], [0, 1]))),
            ("search_without_refit", u"refit=False", bare(make(
                "model_selection.GridSearchCV", logistic, {"C": [0.1, 1.0]}, cv=3, refit=False).fit(X, t3))),
            ("union_in_place", u"copy=False", bare(make("pipeline.FeatureUnion", [
                ("a", make("preprocessing.StandardScaler", copy=False)),
                ("b", make("preprocessing.MaxAbsScaler"))]).fit(X.copy()))),
            ("columns_in_place", u"copy=False", bare(make("compose.ColumnTransformer", [
                ("a", make("preprocessing.MinMaxScaler", copy=False), [0, 1]),
                ("b", "passthrough", [1, 2])]).fit(X.copy()))),
            ("imputed_none", u"holds None", bare(make(
                "pipeline.make_pipeline", make("impute.SimpleImputer", strategy="most_frequent"),
                make("preprocessing.OneHotEncoder")).fit(np.array([["a"], ["a"], [None]], dtype=object)))),
            ("exp_of_bytes", u"of integers", bare(make(
                "pipeline.make_pipeline", make("preprocessing.OneHotEncoder", dtype=np.int8, sparse_output=False),
                make("preprocessing.FunctionTransformer", np.exp)).fit([["a"], ["b"]]))),
            ("reciprocal_of_codes", u"of integers", bare(make(
                "pipeline.make_pipeline", make("preprocessing.OrdinalEncoder", dtype=np.int64),
                make("preprocessing.FunctionTransformer", np.reciprocal)).fit([["a"], ["b"]]))),
            ("unfitted", u"Ridge", bare(make("linear_model.Ridge")))):
        folder = os.path.join(root, name)
        if not os.path.isdir(folder):
            os.makedirs(folder)
        write(os.path.join(folder, "model.joblib"))
        save_text(os.path.join(folder, "refused.txt"), word + u"\n")
