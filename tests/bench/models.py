"""The data and the fitted models, kept between runs.

Rows are decimal, trained on one decimal and scored on two, so that values meet
thresholds.  Fitting takes longer than measuring: models are stored in
WORK/models, under scikit-learn's version.
"""

import copy
import os
import warnings

import joblib
import numpy as np
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

N_FEATURES = 30
TRAINING = 20000
NUMBERS = ["n%d" % j for j in range(8)]
WORDS = ["c0", "c1"]
LEVELS = {"c0": ["red", "green", "blue"], "c1": ["north", "east", "south", "west"]}


def numbers(n, decimals, seed):
    return np.random.RandomState(seed).normal(size=(n, N_FEATURES)).round(decimals)


def training():
    x = numbers(TRAINING, 1, 7)
    y = x[:, 0] * x[:, 1] + np.sin(3 * x[:, 2]) + x[:, 3]
    return x, y + 0.3 * np.random.RandomState(8).normal(size=TRAINING)


def frame(n, seed):
    """Eight columns of numbers, two of words, some values missing."""
    import pandas

    rng = np.random.RandomState(seed)
    x = rng.normal(size=(n, len(NUMBERS))).round(2)
    x[rng.uniform(size=x.shape) < 0.03] = np.nan
    columns = {name: x[:, j] for j, name in enumerate(NUMBERS)}
    for name in WORDS:
        columns[name] = np.array(LEVELS[name], dtype=object)[rng.randint(len(LEVELS[name]), size=n)]
    return pandas.DataFrame(columns)


def texts(n, seed):
    """Short texts over some 50,000 words, a few of them common."""
    rng = np.random.RandomState(seed)
    letters = np.random.RandomState(9).randint(97, 123, size=(60000, 8)).astype(np.uint8)
    lengths = np.random.RandomState(10).randint(3, 9, size=60000)
    words = np.array([bytes(w[:k]).decode() for w, k in zip(letters, lengths)])
    picks = (len(words) * rng.uniform(size=(n, 10)) ** 2).astype(int)
    return [" ".join(words[p[:k]]) for p, k in zip(picks, rng.randint(5, 11, size=n))]


def logistic():
    x, y = training()
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(x, (y > 0).astype(int))


def of_frame():
    rows = frame(TRAINING, 3)
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), WORDS),
    )
    target = (rows["n0"].fillna(0) + (rows["c0"] == "red") + rows["n1"].fillna(0) > 0.5).astype(int)
    return make_pipeline(prepare, LogisticRegression()).fit(rows, target)


def of_texts():
    rows = texts(60000, 1)
    target = np.array([len(r) % 2 for r in rows])
    model = make_pipeline(TfidfVectorizer(max_features=50000), LogisticRegression(max_iter=20))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 20 rounds are enough to measure
        return model.fit(rows, target)


def deep_copies():
    """A forest whose plan is large, of copies, for fitting would take long."""
    model = stored("forest 100 unlimited")
    model.estimators_ = [copy.deepcopy(t) for _ in range(4) for t in model.estimators_]
    model.n_estimators = len(model.estimators_)
    return model


def of_many_words():
    """60 classes of texts over 2**20 words; the weights are made up, for their number is what counts."""
    n_words, n_classes = 2**20, 60
    rows = texts(2000, 2)
    model = make_pipeline(CountVectorizer(), SGDClassifier(loss="log_loss", max_iter=1, tol=None, random_state=0))
    model.fit(rows, np.arange(len(rows)) % n_classes)
    words = sorted(np.base_repr(36**4 + 7919 * i, 36).lower() for i in range(n_words))
    model[0].vocabulary_ = {word: i for i, word in enumerate(words)}
    model[1].coef_ = np.random.RandomState(11).normal(size=(n_classes, n_words))
    model[1].n_features_in_ = n_words
    return model


# Of 500 trees with depth 8 each looks at 8 features a split: as large, fitted sooner.
RECIPES = {
    "scale+logistic": logistic,
    "gb 100 x depth 6": lambda: GradientBoostingRegressor(max_depth=6, random_state=0).fit(*training()),
    "gb 500 x depth 8": lambda: GradientBoostingRegressor(
        n_estimators=500, max_depth=8, max_features=8, random_state=0).fit(*training()),
    "histgb 100 x 31": lambda: HistGradientBoostingRegressor(
        early_stopping=False, random_state=0).fit(*training()),
    "forest 100 unlimited": lambda: RandomForestRegressor(n_jobs=1, random_state=0).fit(*training()),
    "forest of 72": lambda: ExtraTreesRegressor(72, n_jobs=1, max_features=1, random_state=0).fit(*training()),
    "forest of 16": lambda: ExtraTreesRegressor(16, n_jobs=1, max_features=1, random_state=0).fit(*training()),
    "forest of 400": deep_copies,
    "frame": of_frame,
    "texts": of_texts,
    "60 classes of texts": of_many_words,
}


def path_of(name, suffix=""):
    folder = os.path.join(os.environ["MODEL_EXT_BENCH"], "models")
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, "%s %s%s.joblib" % (name, sklearn.__version__, suffix))


def artifact(name, compress=0):
    """The path of a model's file."""
    path = path_of(name, " %s" % compress if compress else "")
    if not os.path.exists(path):
        print("fitting", name, flush=True)
        model = stored(name) if compress else RECIPES[name]()
        joblib.dump(model, path + ".new", compress=(compress, 3) if compress else 0)
        os.rename(path + ".new", path)
    return path


def stored(name):
    return joblib.load(artifact(name))


if __name__ == "__main__":
    for each in RECIPES:
        artifact(each)
