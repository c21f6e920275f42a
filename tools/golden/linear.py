"""Linear models, regression and classification, and GaussianNB."""
from __future__ import division, print_function

import copy

import numpy as np

from .base import (VERSION, X, Xcount, Y2, add, case, make, since, t2, t3, until, y2,
                   y2u, y3, yr)
from .rows import EXTREMES, number_rows


def linear_terms(model, rows):
    coef = model.coef_
    coef = np.atleast_2d(coef.toarray() if hasattr(coef, "toarray") else coef)
    return np.dot(np.abs(rows), np.abs(coef).T) + np.abs(model.intercept_)


def linear(name, function, rows=None, **options):
    add(name, function, rows or number_rows(), terms=linear_terms, **options)


linear("ridge", lambda: make("linear_model.Ridge", alpha=0.5).fit(X, yr), artifacts="all")
linear("ridge_no_intercept", lambda: make("linear_model.Ridge", fit_intercept=False).fit(X, yr))
linear("ridge_multi", lambda: make("linear_model.Ridge").fit(X, Y2))
linear("linear_regression", lambda: make("linear_model.LinearRegression").fit(X, yr))
linear("linear_regression_multi", lambda: make("linear_model.LinearRegression").fit(X, Y2))
linear("linear_regression_one_output", lambda: make("linear_model.LinearRegression").fit(X, Y2[:, :1]))
linear("lasso", lambda: make("linear_model.Lasso", alpha=0.1).fit(X, yr))
linear("lasso_multi", lambda: make("linear_model.Lasso", alpha=0.1).fit(X, Y2), lanes="newest")
linear("elastic_net", lambda: make("linear_model.ElasticNet", alpha=0.1, l1_ratio=0.3).fit(X, yr))


@case("ridge_float32", number_rows(), terms=linear_terms)
def ridge_float32():
    return make("linear_model.Ridge").fit(X.astype(np.float32), yr.astype(np.float32))


@case("ridge_frame", number_rows(names=["a", "B b", "c%", "d"]), terms=linear_terms)
def ridge_frame():
    since(1, 0)                         # older files do not know the names
    import pandas as pd
    return make("linear_model.Ridge").fit(pd.DataFrame(X, columns=["a", "B b", "c%", "d"]), yr)


def reordered(model):
    """The same numbers in big-endian and Fortran order."""
    other = copy.deepcopy(model)
    other.coef_ = np.asfortranarray(model.coef_.astype(">f8"))
    other.intercept_ = model.intercept_.astype(">f8")
    yield "model.big-endian.joblib", other
    other = copy.deepcopy(model)
    other.coef_ = np.repeat(model.coef_, 2, axis=1)[:, ::2]
    yield "model.strided.joblib", other


def logistic(**params):
    return make("linear_model.LogisticRegression", **params)


def before_1_8(**params):
    until(1, 7)
    return logistic(**params)


linear("logistic_binary", lambda: logistic().fit(X, y2))
linear("logistic_binary_text", lambda: logistic(C=0.3).fit(X, t2), artifacts="all")
linear("logistic_binary_ties", lambda: logistic(fit_intercept=False).fit(X - X.mean(axis=0), y2))
linear("logistic_bool", lambda: logistic().fit(X, y2u.astype(bool)), lanes="newest")
linear("logistic_float_classes", lambda: logistic().fit(X, np.array([-1.0, 2.0])[y2]))
linear("logistic_negative_classes", lambda: logistic().fit(X, np.array([-1, 10, 7])[y3]), lanes="newest")
linear("logistic_multi", lambda: logistic(solver="lbfgs", max_iter=500).fit(X, t3), variants=reordered)
linear("logistic_default", lambda: logistic().fit(X, y3))
linear("logistic_ovr", lambda: before_1_8(multi_class="ovr", solver="liblinear").fit(X, t3))
linear("logistic_liblinear_binary", lambda: logistic(solver="liblinear").fit(X, t2))
linear("logistic_liblinear_auto", lambda: before_1_8(solver="liblinear").fit(X, y3))
linear("logistic_ovr_lbfgs", lambda: before_1_8(multi_class="ovr", solver="lbfgs").fit(X, t3))
linear("logistic_multinomial_3", lambda: before_1_8(multi_class="multinomial", solver="lbfgs").fit(X, y3))
linear("logistic_multinomial_2", lambda: before_1_8(multi_class="multinomial", solver="lbfgs").fit(X, t2))
linear("logistic_l1", lambda: logistic(solver="liblinear", **(
    dict(penalty="l1") if VERSION < (1, 8) else dict(l1_ratio=1.0))).fit(X, y2))
linear("logistic_float32", lambda: logistic(solver="lbfgs").fit(X.astype(np.float32), t3))


@case("logistic_newton_cholesky", number_rows(), terms=linear_terms)
def logistic_newton_cholesky():
    since(1, 2)
    return logistic(solver="newton-cholesky").fit(X, t3)


def sgd(kind, **params):
    params.update(dict(n_iter=5) if VERSION < (0, 19) else dict(max_iter=50, tol=1e-3))
    if params.get("loss") == "log" and VERSION >= (1, 1):
        params["loss"] = "log_loss"
    return make("linear_model.SGD" + kind, random_state=0, **params)


Z = np.round((X - X.mean(axis=0)) / X.std(axis=0), 2)
for loss in "hinge", "log", "modified_huber":
    for several, target in (2, t2), (3, t3):
        linear("sgd_%s_%d" % (loss, several),
               lambda loss=loss, target=target: sgd("Classifier", loss=loss).fit(Z, target), number_rows(Z))
linear("sgd_average", lambda: sgd("Classifier", loss="log", average=True).fit(Z, y3), number_rows(Z))
linear("sgd_regressor", lambda: sgd("Regressor").fit(Z, yr), number_rows(Z))
linear("linear_svc_2", lambda: make("svm.LinearSVC", random_state=0).fit(Z, t2), number_rows(Z))
linear("linear_svc_3", lambda: make("svm.LinearSVC", random_state=0).fit(Z, y3), number_rows(Z))


def few():
    return number_rows(ordinary=4, thresholds=0)


# Each reads as one of those above: a case shows that it does.
linear("ridge_cv", lambda: make("linear_model.RidgeCV").fit(X, yr), few())
linear("lasso_cv", lambda: make("linear_model.LassoCV", cv=3, eps=0.1).fit(X, yr), few())
linear("elastic_net_cv", lambda: make("linear_model.ElasticNetCV", cv=3, eps=0.1).fit(X, yr), few())
linear("lasso_lars", lambda: make("linear_model.LassoLars", alpha=0.01).fit(X, yr), few())
linear("orthogonal_matching", lambda: make(
    "linear_model.OrthogonalMatchingPursuit", n_nonzero_coefs=2).fit(X, yr), few())
linear("multi_task_lasso", lambda: make("linear_model.MultiTaskLasso", alpha=0.1).fit(X, Y2), few())
linear("bayesian_ridge", lambda: make("linear_model.BayesianRidge").fit(X, yr), few())
linear("huber", lambda: make("linear_model.HuberRegressor").fit(Z, yr), few())
linear("linear_svr", lambda: make("svm.LinearSVR", random_state=0).fit(Z, yr), few())
linear("passive_aggressive_regressor", lambda: make(
    "linear_model.PassiveAggressiveRegressor", random_state=0).fit(Z, yr), few())
linear("passive_aggressive", lambda: make(
    "linear_model.PassiveAggressiveClassifier", random_state=0).fit(Z, t3), few())
linear("perceptron", lambda: make("linear_model.Perceptron", random_state=0).fit(Z, t2), few())
linear("ridge_classifier", lambda: make("linear_model.RidgeClassifier").fit(X, t3), few())
linear("ridge_classifier_2", lambda: make("linear_model.RidgeClassifier", fit_intercept=False).fit(X, y2), few())
linear("ridge_classifier_cv", lambda: make("linear_model.RidgeClassifierCV").fit(X, t2), few())
linear("logistic_cv", lambda: make("linear_model.LogisticRegressionCV", Cs=3, cv=3, **(
    dict(use_legacy_attributes=False) if VERSION >= (1, 8) else {})).fit(Z, t3), few())
linear("logistic_sparsified", lambda: logistic().fit(X, t2).sparsify(), few())


def nb_terms(model, rows):
    return np.dot(np.abs(rows), np.abs(model.feature_log_prob_).T) + 1


add("multinomial_nb", lambda: make("naive_bayes.MultinomialNB").fit(Xcount, t3), number_rows(Xcount), terms=nb_terms)
add("multinomial_nb_2", lambda: make("naive_bayes.MultinomialNB", alpha=0.1, fit_prior=False).fit(Xcount, y2u),
    number_rows(Xcount), terms=nb_terms)


def gaussian_terms(model, rows):
    variance = getattr(model, "var_", None)
    variance = model.sigma_ if variance is None else variance
    return np.sum((rows[:, None, :] - model.theta_) ** 2 / variance, axis=2)


def moderate(values):
    return [v for v in values if not 1e6 < abs(v) < np.inf] + [1e5, -1e5]


add("gaussian_nb", lambda: make("naive_bayes.GaussianNB").fit(X, t3), number_rows(extremes=moderate(EXTREMES)),
    terms=gaussian_terms)
add("gaussian_nb_2", lambda: make("naive_bayes.GaussianNB").fit(X, y2u), number_rows(extremes=moderate(EXTREMES)),
    terms=gaussian_terms)
add("gaussian_nb_priors", lambda: make("naive_bayes.GaussianNB", priors=[0.2, 0.5, 0.3]).fit(X, y3),
    number_rows(extremes=moderate(EXTREMES)), terms=gaussian_terms, lanes="newest")
