"""Fits models, and times loading and scoring beside scikit-learn, in one run.

    python tests/bench/core.py BENCH_CORE [NAME...]

Needs scikit-learn; BENCH_CORE is the program of bench_core.c.  Every answer is
compared with scikit-learn's.  Times are CPU times of one thread, the least of
several rounds; read the ratios.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import joblib
import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

N_FEATURES = 30
TRAINING = 20000
ROWS = 65536


def data():
    """Decimal rows, so that values meet thresholds."""
    rng = np.random.RandomState(7)
    train = rng.normal(size=(TRAINING, N_FEATURES)).round(1)
    rows = rng.normal(size=(ROWS, N_FEATURES)).round(2)
    target = train[:, 0] * train[:, 1] + np.sin(3 * train[:, 2]) + train[:, 3]
    target += 0.3 * rng.normal(size=TRAINING)
    return train, target, rows


def models():
    yield "ridge", Ridge(), "number"
    yield "scale+logistic", make_pipeline(StandardScaler(), LogisticRegression()), "class"
    yield "scale+pca+logistic", make_pipeline(StandardScaler(), PCA(10), LogisticRegression()), "class"
    yield "gaussian nb", GaussianNB(), "class"
    yield "kmeans 8", KMeans(8, n_init=1, random_state=0), "number"
    yield "decision tree", DecisionTreeRegressor(random_state=0), "number"
    yield "gb 100 x depth 6", GradientBoostingRegressor(max_depth=6, random_state=0), "number"
    yield "histgb 100 x 31", HistGradientBoostingRegressor(early_stopping=False, random_state=0), "number"
    yield "forest 100 unlimited", RandomForestRegressor(n_jobs=1, random_state=0), "number"
    yield "extra trees 100 x depth 10", ExtraTreesClassifier(max_depth=10, n_jobs=1, random_state=0), "class"


def timed(call, seconds=1.0):
    """Least CPU seconds of a call."""
    least, until = 1e300, time.process_time() + seconds
    while True:
        started = time.process_time()
        result = call()
        least = min(least, time.process_time() - started)
        if time.process_time() > until:
            return least, result


def answer(model, rows):
    return model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)


def compare(got, want):
    want = np.asarray(want, dtype=float).reshape(len(want), -1)
    got = got.reshape(want.shape)
    if np.array_equal(got, want):
        return "same bits"
    return "max %.1e" % np.max(np.abs(got - want) / np.maximum(np.abs(want), 1e-12))


def bench(program, folder, name, model, rows):
    path = os.path.join(folder, "model.joblib")
    joblib.dump(model, path)
    size = os.path.getsize(path)
    load, _ = timed(lambda: joblib.load(path))
    bulk, want = timed(lambda: answer(model, rows))
    single, _ = timed(lambda: answer(model, rows[:1]))
    answers = os.path.join(folder, "answers.f64")
    line = subprocess.check_output(
        [program, path, os.path.join(folder, "rows.f64"), str(N_FEATURES), answers], text=True
    )
    load_ms, arena, image, one, few, many = map(float, line.split(","))
    ns = bulk / len(rows) * 1e9
    print(
        "| %s | %.1f | %.1f / %.1f (%.1fx) | %.0f + %.0f | %.0f / %.0f (%.0fx) | %.0f | %.0f / %.1f (%.1fx) | %s |"
        % (
            name, size / 1e6, load * 1e3, load_ms, load * 1e3 / load_ms, arena, image,
            single * 1e9, one, single * 1e9 / one, few, ns, many, ns / many,
            compare(np.fromfile(answers), want),
        ),
        flush=True,
    )


def main():
    program, names = sys.argv[1], sys.argv[2:]
    train, target, rows = data()
    print("scikit-learn %s, NumPy %s, Python %s, %s, %d features, %d rows" % (
        sklearn.__version__, np.__version__, platform.python_version(), platform.machine(), N_FEATURES, ROWS))
    print("| model | file MB | load ms sklearn / ours | arena + image MB | one row ns sklearn / ours"
          " | 64 rows ns | bulk ns sklearn / ours | answers |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        rows.tofile(os.path.join(folder, "rows.f64"))
        for name, model, kind in models():
            if names and not any(n in name for n in names):
                continue
            model.fit(train, target > 0 if kind == "class" else target)
            bench(program, folder, name, model, rows)


if __name__ == "__main__":
    main()
