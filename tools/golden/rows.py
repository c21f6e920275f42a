# -*- coding: utf-8 -*-
"""The rows to score: ordinary ones, and those that break a wrong program."""
from __future__ import division, print_function

import numpy as np

from . import base

MISSING = None                          # a NULL cell, in any column


class Rows(object):
    """Columns (name, "number" or "text") and cells; a NULL is None.

    null       what scikit-learn gets for a NULL in a text column
    gap        the same in a column of numbers
    build      makes of a list of rows what the estimator takes
    """

    def __init__(self, columns, cells, null=np.nan, frame=False, build=None, dtype=None, names=None,
                 gap=np.nan):
        self.columns, self.cells, self.null, self.frame = columns, cells, null, frame
        self.gap = gap
        self.dtype = dtype              # of the arrays, when not float64 or object
        self.names = frame if names is None else names      # does the model know them
        if build:
            self.build = build

    def value(self, cell, kind):
        if cell is None:
            return self.gap if kind == "number" else self.null
        return float(cell) if kind == "number" else cell

    def build(self, cells):
        columns = [[self.value(row[j], kind) for row in cells]
                   for j, (_, kind) in enumerate(self.columns)]
        if self.frame:
            import pandas as pd
            frame = pd.DataFrame(dict(
                (name, pd.Series(values, dtype=float if kind == "number" else object))
                for (name, kind), values in zip(self.columns, columns)))
            return frame[[name for name, _ in self.columns]]
        if self.dtype is None and all(kind == "number" for _, kind in self.columns):
            return np.array(columns, dtype=float).T
        table = np.empty((len(cells), len(columns)), dtype=object)
        for j, values in enumerate(columns):
            for i, value in enumerate(values):
                table[i, j] = value
        return table if self.dtype is None else table.astype(self.dtype)

    def thin(self, count):
        """Every how-many-th row, so that about COUNT stay."""
        if len(self.cells) > count:
            keep = np.unique(np.linspace(0, len(self.cells) - 1, count).astype(int))
            self.cells = [self.cells[i] for i in keep]
        return self


def numbered(count, kind="number"):
    return [("x%d" % j, kind) for j in range(count)]


def neighbours(value):
    """VALUE, and one float64 and one float32 to either side of it."""
    single = np.float32(value)
    return [float(v) for v in (
        value, np.nextafter(value, -np.inf), np.nextafter(value, np.inf), single,
        np.nextafter(single, np.float32(-np.inf)), np.nextafter(single, np.float32(np.inf)))]


class Nodes(object):
    """The arrays of one tree, of either kind, for walking."""

    def __init__(self, tree):
        if hasattr(tree, "nodes"):      # of a HistGradientBoosting model
            nodes = tree.nodes
            name = "threshold" if "threshold" in nodes.dtype.names else "num_threshold"
            self.left, self.right = nodes["left"].astype(int), nodes["right"].astype(int)
            self.feature, self.threshold = nodes["feature_idx"].astype(int), nodes[name]
            self.leaf = nodes["is_leaf"].astype(bool)
            self.single = False
            if "is_categorical" in nodes.dtype.names:
                self.threshold = np.where(nodes["is_categorical"].astype(bool), np.nan, self.threshold)
        else:
            self.left, self.right = tree.children_left, tree.children_right
            self.feature, self.threshold = tree.feature, tree.threshold
            self.leaf = self.left < 0
            self.single = True

    def visits(self, X):
        """For every node, the first row of X that comes by (or -1)."""
        seen = np.zeros(len(self.left), dtype=int) - 1
        X = X.astype(np.float32).astype(float) if self.single else X
        for i, row in enumerate(X):
            node = 0
            while True:
                if seen[node] < 0:
                    seen[node] = i
                if self.leaf[node]:
                    break
                go_left = row[self.feature[node]] <= self.threshold[node]
                node = self.left[node] if go_left else self.right[node]
        return seen


def trees_of(model):
    if hasattr(model, "_predictors"):
        return [tree for stage in model._predictors for tree in stage]
    if hasattr(model, "tree_"):
        return [model.tree_]
    if hasattr(model, "estimators_"):
        return [e.tree_ for e in np.ravel(model.estimators_) if hasattr(e, "tree_")]
    return []


def at_thresholds(model, X, limit):
    """Rows of X moved onto a threshold on their way, and beside it."""
    rows, done = [], set()
    scaler = None
    if hasattr(model, "steps"):
        if len(model.steps) != 2 or not hasattr(model.steps[0][1], "mean_"):
            return []
        scaler, model = model.steps[0][1], model.steps[1][1]
    trees = trees_of(model)
    seen_as = scaler.transform(X) if scaler else X
    for depth in range(64):             # the same node of every tree, then the next
        for tree in trees:
            nodes = Nodes(tree)
            if depth >= len(nodes.left) or nodes.leaf[depth]:
                continue
            value, feature = float(nodes.threshold[depth]), int(nodes.feature[depth])
            seen = nodes.visits(seen_as)[depth]
            if seen < 0 or not np.isfinite(value) or (feature, value) in done:
                continue
            done.add((feature, value))
            if scaler:                  # back to what the scaler makes of it, nearly
                value = value * scaler.scale_[feature] + scaler.mean_[feature]
            for moved in neighbours(value):
                row = [None if np.isnan(v) else float(v) for v in X[seen]]
                row[feature] = moved
                rows.append(row)
            if len(rows) >= limit:
                return rows
    return rows


EXTREMES = [1e30, -1e30, 1e-300, -0.0, 5e-324, 3.4028235677973362e38,
            3.4028235677973366e38, 1e39, np.inf, -np.inf]


def number_rows(X=None, extremes=EXTREMES, thresholds=30, missing=True, names=None, ordinary=10, extra=(),
                gap=np.nan):
    """A function of the model that returns rows of numbers like those of X."""
    X = base.X if X is None else X

    def rows(model):
        rng = np.random.RandomState(11)
        low, high = np.nanmin(X, axis=0), np.nanmax(X, axis=0)
        typical = np.nanmedian(X, axis=0)
        some = low + (high - low) * rng.uniform(-0.1, 1.1, size=(ordinary, X.shape[1]))
        some[: ordinary // 2] = np.round(some[: ordinary // 2], 2)
        cells = [list(map(float, row)) for row in some]
        cells += [[None if np.isnan(v) else float(v) for v in row] for row in X[:: len(X) // 5]]
        cells += [list(row) for row in extra]
        cells += [[0.0] * X.shape[1], [-0.0] * X.shape[1], cells[0]]
        cells += at_thresholds(model, X, thresholds)
        for i, value in enumerate(extremes):
            row = list(map(float, typical))
            row[i % len(row)] = value
            cells.append(row)
        if missing:
            for j in range(X.shape[1]):
                row = list(map(float, typical))
                row[j] = None
                cells.append(row)
            cells.append([None] * X.shape[1])
        columns = numbered(X.shape[1]) if names is None else [(n, "number") for n in names]
        return Rows(columns, cells, frame=names is not None, gap=gap)
    return rows


def text_rows(values, columns=1, **options):
    """One text column (or several) of VALUES, one-dimensional input."""
    def build(cells):
        return [cell[0] for cell in cells]
    return Rows(numbered(columns, "text"), [[v] for v in values], build=build, **options)
