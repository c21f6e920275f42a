"""Scalers, PCA, feature selection, k-means."""
from __future__ import division, print_function

import numpy as np

from .base import VERSION, X, Xnan, add, case, make, since, until, y3
from .rows import EXTREMES, number_rows


def scaler_terms(model, rows):
    return (np.abs(rows) + np.abs(model.mean_ if model.mean_ is not None else 0)) / (
        model.scale_ if model.scale_ is not None else 1)


@case("standard_scaler", number_rows(), artifacts="all")
def standard_scaler():
    return make("preprocessing.StandardScaler").fit(X)


@case("standard_scaler_no_mean", number_rows())
def standard_scaler_no_mean():
    return make("preprocessing.StandardScaler", with_mean=False).fit(X)


@case("standard_scaler_no_std", number_rows())
def standard_scaler_no_std():
    return make("preprocessing.StandardScaler", with_std=False).fit(X)


@case("standard_scaler_neither", number_rows(), lanes="newest")
def standard_scaler_neither():
    return make("preprocessing.StandardScaler", with_mean=False, with_std=False).fit(X)


@case("standard_scaler_constant", number_rows())
def standard_scaler_constant():
    table = X.copy()
    table[:, 1] = 7.25
    return make("preprocessing.StandardScaler").fit(table)


@case("standard_scaler_nan", number_rows())
def standard_scaler_nan():
    since(0, 20)
    table = Xnan.copy()
    table[:, 2] = np.nan                # honest files hold NaN in mean_ and scale_
    return make("preprocessing.StandardScaler").fit(table)


@case("standard_scaler_float32", number_rows())
def standard_scaler_float32():
    return make("preprocessing.StandardScaler").fit(X.astype(np.float32))


@case("minmax_scaler", number_rows())
def minmax_scaler():
    return make("preprocessing.MinMaxScaler").fit(X)


@case("minmax_scaler_range", number_rows())
def minmax_scaler_range():
    return make("preprocessing.MinMaxScaler", feature_range=(-1, 3)).fit(np.column_stack([X[:, :3], X[:, 3] * 0 + 4]))


@case("minmax_scaler_clip", number_rows())
def minmax_scaler_clip():
    since(0, 24)
    return make("preprocessing.MinMaxScaler", clip=True).fit(X)


@case("max_abs_scaler", number_rows(), exact=True)
def max_abs_scaler():
    return make("preprocessing.MaxAbsScaler", **(dict(clip=True) if VERSION >= (1, 8) else {})).fit(X)


@case("robust_scaler", number_rows(), exact=True)
def robust_scaler():
    return make("preprocessing.RobustScaler").fit(X)


@case("robust_scaler_no_centre", number_rows(), exact=True, lanes="newest")
def robust_scaler_no_centre():
    return make("preprocessing.RobustScaler", with_centering=False, quantile_range=(10, 90)).fit(Xnan)


@case("variance_threshold", number_rows(), exact=True)
def variance_threshold():
    return make("feature_selection.VarianceThreshold", threshold=1.0).fit(X)


def pca_terms(model, rows):
    scale = np.sqrt(model.explained_variance_) if model.whiten else 1.0
    return np.dot(np.abs(rows) + np.abs(model.mean_), np.abs(model.components_).T) / scale


for name, params in (("pca", dict(n_components=3)), ("pca_whiten", dict(n_components=2, whiten=True)),
                     ("pca_all", dict())):
    add(name, lambda params=params: make("decomposition.PCA", **params).fit(X),
        number_rows(), outputs=["transform"], terms=pca_terms, lanes="newest" if name == "pca_all" else "all")


add("truncated_svd", lambda: make("decomposition.TruncatedSVD", n_components=2, random_state=0).fit(X),
    number_rows(), terms=lambda model, rows: np.dot(np.abs(rows), np.abs(model.components_).T))


@case("pca_float32", number_rows(), outputs=["transform"], terms=pca_terms)
def pca_float32():
    since(0, 20)                        # older ones compute in float32 by way of float64
    until(1, 4)                         # newer ones project the mean in float32: refused
    return make("decomposition.PCA", n_components=2).fit(X.astype(np.float32))


@case("select_kbest", number_rows(), exact=True)
def select_kbest():
    return make("feature_selection.SelectKBest", k=2).fit(X, y3)


@case("select_kbest_nan_score", number_rows(), exact=True)
def select_kbest_nan_score():
    table = X.copy()
    table[:, 1] = 5.0                   # a constant feature: its score is NaN
    return make("feature_selection.SelectKBest", k=3).fit(table, y3)


@case("select_kbest_all", number_rows(), exact=True, lanes="newest")
def select_kbest_all():
    return make("feature_selection.SelectKBest", k="all").fit(X, y3)


@case("select_kbest_ties", number_rows(np.column_stack([X, X])), exact=True)
def select_kbest_ties():
    return make("feature_selection.SelectKBest", k=3).fit(np.column_stack([X, X]), y3)


def near(values):
    return [v for v in values if not 1e4 < abs(v) < np.inf] + [1e3, -1e3]


@case("kmeans", number_rows(extremes=near(EXTREMES)), outputs=["predict", "transform"], terms=lambda m, rows: rows ** 2)
def kmeans():
    return make("cluster.KMeans", n_clusters=3, n_init=2, random_state=0).fit(X)


@case("mini_batch_kmeans", number_rows(extremes=near(EXTREMES)), outputs=["predict", "transform"],
      terms=lambda m, rows: rows ** 2)
def mini_batch_kmeans():
    return make("cluster.MiniBatchKMeans", n_clusters=3, n_init=1, random_state=0).fit(X)


@case("kmeans_8", number_rows(X[:, :2], extremes=near(EXTREMES)), outputs=["predict", "transform"],
      terms=lambda m, rows: rows ** 2)
def kmeans_8():
    return make("cluster.KMeans", n_clusters=8, n_init=1, random_state=1).fit(X[:, :2])
