# -*- coding: utf-8 -*-
"""One case to one folder: artifacts, rows, expected answers, origin."""
from __future__ import division, print_function

import io
import json
import os
import pickle
import shutil
import sys

import numpy as np

from . import base, outputs, tiers
from .base import joblib
from .rows import Rows

LARGEST = 65536


def save_text(path, text):
    with io.open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def numbers_in(columns, table, wanted):
    cells = [row[i] for row in table for i, c in enumerate(columns) if wanted(c)]
    values = np.array([float.fromhex(c) for c in cells if c not in (u"\\N", u"nan", u"inf", u"-inf")])
    return values


def floor_for(case, model, rows, columns, table):
    """The smallest difference that counts: 1e-12 of the sum of |terms|."""
    if case.terms:
        ordinary = [row for row in rows.cells if all(
            c is not None and (not isinstance(c, float) or abs(c) < 1e6) for c in row)]
        typical = float(np.median(np.abs(case.terms(model, rows.build(ordinary)))))
    else:
        values = numbers_in(columns, table, lambda c: c != "error" and ":" not in c and "label" not in c)
        values = np.abs(values[np.abs(values) < 1e6])
        typical = float(np.median(values)) if len(values) else 1.0
    return float("%.1e" % (1e-12 * max(typical, 1e-3)))


def tolerance_line(case, model, rows, columns, table):
    if case.exact is True:
        return 0.0, 0.0, u"# tolerance 0"
    floor = floor_for(case, model, rows, columns, table)
    line = u"# tolerance 1e-9 floor %r" % floor
    if case.exact:
        line += u" exact " + u",".join(case.exact)
    return 1e-9, floor, line


def compressions():
    """What joblib can write here; the joblib of 0.18 knows the first three."""
    for name in "zlib", "gzip", "bz2", "xz", "lzma", "lz4":
        if name == "lz4" and base.VERSION < base.NEWEST:
            continue
        if name in ("xz", "lzma") and sys.version_info[0] == 2:
            continue
        yield name


def write_artifacts(case, model, folder, lane):
    """Every file holds the same estimator; returns name -> what it is."""
    made = {"model.joblib": "joblib"}
    joblib.dump(model, os.path.join(folder, "model.joblib"))
    if case.artifacts == "all" or case.artifacts == "newest" and base.VERSION == base.NEWEST:
        protocols = range(pickle.HIGHEST_PROTOCOL + 1)
        for protocol in protocols if lane in tiers.MAIN else protocols[-1:]:
            name = "model.p%d.pkl" % protocol
            with open(os.path.join(folder, name), "wb") as f:
                pickle.dump(model, f, protocol)
            made[name] = "pickle protocol %d" % protocol
        if sys.version_info[0] == 2:
            import cPickle
            for protocol in range(3):
                name = "model.c%d.pkl" % protocol
                with open(os.path.join(folder, name), "wb") as f:
                    cPickle.dump(model, f, protocol)
                made[name] = "cPickle protocol %d" % protocol
        for compression in compressions() if lane in tiers.MAIN else []:
            name = "model." + compression
            joblib.dump(model, os.path.join(folder, name), compress=(compression, 3))
            made[name] = "joblib " + compression
    for name, variant in (case.variants(model) if case.variants else ()):
        joblib.dump(variant, os.path.join(folder, name))
        made[name] = "joblib, arrays in another order"
    for name in sorted(made):
        path = os.path.join(folder, name)
        if os.path.getsize(path) > LARGEST:
            if name == "model.joblib":
                raise ValueError("%s: %d bytes" % (name, os.path.getsize(path)))
            os.remove(path)
            del made[name]
    return made


def close(a, b):
    """Equal, or sums that an array of another layout adds in another order."""
    try:
        return a == b or abs(float.fromhex(a) - float.fromhex(b)) <= 1e-11 * max(1.0, abs(float.fromhex(a)))
    except ValueError:
        return False


def check_reload(folder, made, model, rows, columns, table, methods):
    """The saved estimator answers as the fitted one does."""
    few = Rows(rows.columns, rows.cells[::7], null=rows.null, frame=rows.frame, build=rows.build)
    for name in made:
        path = os.path.join(folder, name)
        if name.endswith(".pkl"):
            with open(path, "rb") as f:
                again = pickle.load(f)
        else:
            again = joblib.load(path)
        got = outputs.score(again, few, methods)
        if got[0] != columns or not all(
                close(a, b) for want, have in zip(table[::7], got[1]) for a, b in zip(want, have)):
            raise ValueError("%s answers otherwise" % name)


def write_case(case, root, lane, limit):
    model = case.make()
    rows = case.rows(model) if callable(case.rows) else case.rows
    rows.thin(limit)
    newest = base.VERSION == base.NEWEST
    methods = case.outputs or outputs.offered(model, short=not newest)
    columns, table = outputs.score(model, rows, methods)
    folder = os.path.join(root, case.name, lane)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.makedirs(folder)
    made = write_artifacts(case, model, folder, lane)
    check_reload(folder, made, model, rows, columns, table, methods)

    lines = [u"\t".join(u"%s:%s" % (name, kind) for name, kind in rows.columns)]
    for row in rows.cells:
        lines.append(u"\t".join(
            outputs.spell_number(cell) if kind == "number" else outputs.spell_text(cell)
            for cell, (_, kind) in zip(row, rows.columns)))
    save_text(os.path.join(folder, "rows.tsv"), u"\n".join(lines) + u"\n")

    tolerance, floor, line = tolerance_line(case, model, rows, columns, table)
    lines = [line, u"\t".join(columns)] + [u"\t".join(row) for row in table]
    save_text(os.path.join(folder, "expected.tsv"), u"\n".join(lines) + u"\n")

    classes = outputs.classes_of(model)
    origin = {
        "command": "tools/run_in_lane.sh %s tools/make_golden.py %s %s" % (lane, lane, case.name),
        "class": type(model).__name__,
        "names": bool(rows.names),
        "n_features": len(rows.columns),
        "classes": classes and [[outputs.spell_label(c) for c in output] for output in classes],
        "tolerance": tolerance, "floor": floor,
        "artifacts": made,
        "versions": {"scikit-learn": base.sklearn.__version__, "numpy": np.__version__,
                     "joblib": joblib.__version__, "python": sys.version.split()[0]},
    }
    save_text(os.path.join(folder, "origin.json"), outputs.text(
        json.dumps(origin, indent=0, sort_keys=True, separators=(",", ":"))) + u"\n")
    return sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)), len(table)
