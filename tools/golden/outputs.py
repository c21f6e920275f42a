# -*- coding: utf-8 -*-
"""What scikit-learn answers, row by row, and how the answers are spelled."""
from __future__ import division, print_function

import sys

import numpy as np
import scipy.sparse

PY2 = sys.version_info[0] == 2
text_type = type(u"")


def text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return text_type(value)


def spell_text(value):
    """As COPY writes it."""
    if value is None:
        return u"\\N"
    for plain, escaped in ((u"\\", u"\\\\"), (u"\t", u"\\t"), (u"\n", u"\\n"), (u"\r", u"\\r")):
        value = value.replace(plain, escaped)
    return value


def spell_number(value):
    """A number of rows.tsv: shortest digits that read back."""
    return u"\\N" if value is None else text(repr(float(value)))


def spell_hex(value):
    """A number of expected.tsv: all its bits."""
    value = float(value)
    if value == 0:
        return u"-0" if np.signbit(value) else u"0"
    if value != value:
        return u"nan"
    if value in (np.inf, -np.inf):
        return u"inf" if value > 0 else u"-inf"
    digits, exponent = value.hex().split("p")
    return text(digits.rstrip("0").rstrip(".") if "." in digits else digits) + u"p" + text(exponent)


def spell_label(value):
    if isinstance(value, (bool, np.bool_)):
        return u"True" if value else u"False"
    if isinstance(value, (int, np.integer)):
        return text(int(value))
    if isinstance(value, (float, np.floating)):
        return text(repr(float(value)))
    return text(value)


def is_number(value):
    return isinstance(value, (bool, int, float, np.bool_, np.number))


def classes_of(model):
    """A list of class lists, one per output; None when it is no classifier."""
    while hasattr(model, "best_estimator_"):
        model = model.best_estimator_
    while hasattr(model, "steps"):
        model = model.steps[-1][1]
        while hasattr(model, "best_estimator_"):
            model = model.best_estimator_
    classes = getattr(model, "classes_", None)
    # A tree that is a regressor had the attribute too, up to 0.23.
    if classes is None or type(model).__name__.endswith("Regressor"):
        return None
    if any(c is None for c in classes) or not any(np.size(c) for c in classes):
        return None                     # a tree regressor of the early releases
    if isinstance(classes, list) and len(classes) and isinstance(classes[0], (list, np.ndarray)):
        return [list(c) for c in classes]
    return [list(classes)]


def offered(model, short=False):
    """The methods whose answers are written, in this order."""
    is_classifier = classes_of(model) is not None
    names = ["predict"]
    if is_classifier:
        names += ["predict_proba", "decision_function"]
        if not short:
            names.insert(2, "predict_log_proba")
    elif not type(model).__name__.endswith("Regressor"):
        names += ["transform"]          # regressors selected features by it, up to 0.18
    return [name for name in names if hasattr(model, name)]


def answers_to(model, method, X, classes):
    """(column, cell) pairs of one row."""
    with np.errstate(all="ignore"):
        got = getattr(model, method)(X)
    if method == "predict":
        got = np.asarray(got)
        several = got.ndim == 2
        cells = []
        for j, value in enumerate(got.ravel()):
            suffix = ".%d" % j if several else ""
            if not PY2 or not isinstance(value, bytes):
                if is_number(value):
                    cells.append(("predict" + suffix, spell_hex(value)))
            if classes is not None:
                if several:             # the array has one type for all outputs
                    value = [c for c in classes[j] if c == value][0]
                cells.append(("label" + suffix, spell_text(spell_label(value))))
        return cells
    short = {"predict_proba": "proba", "predict_log_proba": "log_proba",
             "decision_function": "decision"}.get(method, method)
    if isinstance(got, list):           # one matrix per output
        return [("%s.%d.%d" % (short, j, k), spell_hex(v))
                for j, matrix in enumerate(got) for k, v in enumerate(np.ravel(matrix))]
    if scipy.sparse.issparse(got):
        got = got.toarray()
    cells = []
    for k, value in enumerate(np.ravel(np.asarray(got))):
        column = "%s.%d" % (short, k)
        if is_number(value):
            cells.append((column, spell_hex(value)))
        else:
            cells.append((column + ":text", spell_text(None if value is None else text(value))))
    return cells


UNSEEN = ("unknown categor", "unknown feature", "not in index", "unseen")


def kind_of(error, row):
    """'missing' or 'value': which of our two errors scikit-learn's is."""
    message = str(error).lower()
    if any(cell is None for cell in row) and not any(word in message for word in UNSEEN):
        return u"missing"
    return u"value"


def score(model, rows, methods):
    """The table: (columns, list of rows of cells), the error column last."""
    classes = classes_of(model)
    columns, found = [], []
    for row in rows.cells:
        answers, error, answered = {}, None, 0
        for method in methods:
            try:
                pairs = answers_to(model, method, rows.build([row]), classes)
                answered += 1
            except Exception as problem:
                error = error or kind_of(problem, row)
                continue
            for column, cell in pairs:
                if column not in columns and not any(c.split(":")[0] == column.split(":")[0] for c in columns):
                    columns.append(column)
                answers[column.split(":")[0]] = cell
        if error and answered:
            raise ValueError("row %r: some methods answer, others do not" % (row,))
        found.append((answers, error))
    table = []
    for answers, error in found:
        table.append([answers.get(c.split(":")[0], u"\\N") for c in columns] + [error or u"\\N"])
    return columns + ["error"], table
