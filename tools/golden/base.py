# -*- coding: utf-8 -*-
"""What every case needs: the release, its classes, the data, the catalogue."""
from __future__ import division, print_function

import warnings

warnings.filterwarnings("ignore")
import numpy as np
import sklearn

try:
    import joblib
except ImportError:
    from sklearn.externals import joblib

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
NEWEST = (1, 9)


class Absent(Exception):
    """The release lacks the class or the parameter."""


def since(*version):
    if VERSION < version:
        raise Absent


def until(*version):
    if VERSION > version:
        raise Absent


def find(*paths):
    """The first class among PATHS ("module.Class" below sklearn) there is."""
    for path in paths:
        module, name = path.rsplit(".", 1)
        try:
            return getattr(__import__("sklearn." + module, fromlist=[str(name)]), name)
        except (ImportError, AttributeError):
            continue
    raise Absent


def make(path, *args, **params):
    return find(path)(*args, **params)


class Case(object):
    """One folder of golden files.

    make       returns the fitted estimator
    rows       Rows, or a function of the estimator that returns them
    exact      True: every column's bits are promised; or a list of those
               columns for which they are
    outputs    the columns to write, or None: what the estimator offers
    terms      a function of (estimator, X) that returns the typical sum of
               |terms| behind an output value; else taken from the outputs
    artifacts  "all": every protocol and compression the lane can write
    lanes      "newest": the case shows nothing that other releases do
               differently
    """

    def __init__(self, name, make, rows, exact=False, outputs=None, terms=None,
                 artifacts=None, lanes="all", variants=None):
        self.name, self.make, self.rows = name, make, rows
        self.exact, self.outputs, self.terms = exact, outputs, terms
        self.artifacts, self.lanes, self.variants = artifacts, lanes, variants


CASES = []


def case(name, rows, **options):
    """Decorator: a function that fits the estimator becomes a case."""
    def register(function):
        CASES.append(Case(name, function, rows, **options))
        return function
    return register


def add(name, function, rows, **options):
    CASES.append(Case(name, function, rows, **options))


# The data.  Decimals on purpose: thresholds then fall on and between values
# that float32 and float64 round differently.
rng = np.random.RandomState(7)
N, F = 120, 4
X = np.round(rng.normal(size=(N, F)) * [1.0, 10.0, 0.1, 3.0] + [0.0, 50.0, 0.3, -1.0], 2)
signal = X[:, 0] + X[:, 1] / 10 - 5 + 4 * X[:, 2] * X[:, 3] + 0.5 * rng.normal(size=N)
order = np.argsort(np.argsort(signal, kind="mergesort"), kind="mergesort")
y2 = (order >= N // 2).astype(int)              # two classes of equal size
y2u = (order >= N // 3).astype(int)             # of unequal size
y3 = (order * 3) // N
y3u = np.digitize(order, [20, 70])
TEXT3 = np.array(["blue", u"gr\xfcn", "red"])
t3 = TEXT3[y3]
t2 = np.array(["no", "yes"])[y2u]
yr = np.round(3 * signal + 10, 1)
Y2 = np.column_stack([yr, np.round(X[:, 3] - yr / 7, 2)])
ypos = np.abs(yr) + 0.5
Xnan = X.copy()
Xnan[rng.uniform(size=X.shape) < 0.12] = np.nan
Ycls = np.column_stack([y3, y2u])
Xint = np.column_stack([rng.randint(0, 4, N), rng.randint(0, 3, N), rng.randint(0, 6, N)])
Xcount = rng.poisson(1.5, size=(N, F)).astype(float)
colours = np.array(["red", "green", "blue", u"t\xfcrkis"], dtype=object)[
    np.where(rng.uniform(size=N) < 0.04, 3, (order * 3 // N + rng.randint(0, 2, N)) % 3)]
sizes = np.array(["S", "M", "L", "XL"], dtype=object)[rng.randint(0, 4, N)]
