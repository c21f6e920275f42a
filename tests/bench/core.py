"""The core beside scikit-learn and other engines: bulk, and one row a call."""

import os

import common
import numpy as np
import peers
from common import WORK, Core, cpu_ns, in_turns, report, same
from models import artifact, numbers, stored, texts

ROWS = 32768
TREES = ["ONNX Runtime", "treelite GTIL", "TL2cgen", "XGBoost", "LightGBM", "lleaves", "CatBoost"]

# Model, what it is, its peers, goals in bulk and for one row.
WORKLOADS = [
    ("gb 100 x depth 6", TREES, {"scikit-learn": ">= 18x", "TL2cgen": ">= 15x", "CatBoost": ">= 1x"},
     {"ONNX Runtime": ">= 15x", "scikit-learn": ">= 500x"}),
    ("histgb 100 x 31", TREES, {"scikit-learn": ">= 20x", "lleaves": ">= 6x"},
     {"ONNX Runtime": ">= 10x", "scikit-learn": ">= 500x"}),
    ("gb 500 x depth 8", TREES, {"scikit-learn": ">= 8x", "XGBoost": ">= 4x"}, {}),
    ("forest 100 unlimited", TREES[:2], {"scikit-learn": ">= 6x"},
     {"ONNX Runtime": ">= 3x", "scikit-learn": ">= 500x"}),
    ("scale+logistic", ["ONNX Runtime"], {"scikit-learn": ">= 15x"}, {}),
]


def answer(model):
    return model.predict_proba if hasattr(model, "predict_proba") else model.predict


def bulk(name, core, known, rows, goals):
    seconds, rounds = (0.05, 2) if common.QUICK else (0.25, 4)
    n = min(len(rows), 8192) if "forest" in name or common.QUICK else len(rows)
    parties = {"core": lambda: core.time(0, n, seconds)}
    for peer, (kind, call) in known.items():
        slow = peer == "treelite GTIL" or "500" in name
        x = np.ascontiguousarray(rows[:n // 8 if slow else n].astype(kind))
        parties[peer] = lambda call=call, x=x: cpu_ns(lambda: call(x), len(x), seconds)
    least = in_turns(parties, rounds)
    few, ours = rows[:4096], core.answers(0, len(rows))[:4096]
    for peer, (kind, call) in known.items():
        checked = "its own model" if peer in peers.OWN_MODEL else same(ours, call(few.astype(kind)))
        report("%s, bulk" % name, least["core"], least[peer], "ns/row", peer, goal=goals.get(peer, ""), note=checked)


def one_row(name, core, known, rows, goals):
    seconds, rounds = (0.05, 2) if common.QUICK else (0.1, 4)
    n = 100 if common.QUICK else 1000
    parties = {"core": lambda: core.time(1, n, seconds)}
    for peer in ("scikit-learn", "ONNX Runtime"):
        if peer in known:
            kind, call = known[peer]
            singles = [rows[i:i + 1].astype(kind) for i in range(n)]
            parties[peer] = lambda call=call, singles=singles: cpu_ns(
                lambda: [call(x) for x in singles], len(singles), seconds)
    least = in_turns(parties, rounds)
    alike = same(core.answers(1, len(rows)), core.answers(0, len(rows)))
    for peer in parties:
        if peer != "core":
            report("%s, one row a call" % name, least["core"], least[peer], "ns/row", peer,
                   goal=goals.get(peer, ""), note="one row and bulk: " + alike)


def kernels():
    rows = numbers(ROWS, 2, 11)
    path = os.path.join(WORK, "rows.f64")
    rows.tofile(path)
    for name, wanted, goals, goals_of_one in WORKLOADS:
        model = stored(name)
        known = {"scikit-learn": (np.float64, answer(model)), **peers.make(name, model, wanted)}
        core = Core(artifact(name), path, rows.shape[1])
        bulk(name, core, known, rows, goals)
        one_row(name, core, known, rows, goals_of_one)
        core.close()


def of_texts():
    n = 20000 if common.QUICK else 100000
    rows = texts(n, 2)
    path = os.path.join(WORK, "rows.txt")
    with open(path, "w") as file:
        file.writelines(r + "\n" for r in rows)
    model = stored("texts")
    core = Core(artifact("texts"), path, 0)
    least = in_turns({
        "core": lambda: core.time(0, n, 0.1),
        "scikit-learn": lambda: cpu_ns(lambda: model.predict_proba(rows), n, 0.1),
    }, 2 if common.QUICK else 3)
    words = len(model[0].vocabulary_)
    report("TF-IDF (%d words) + logistic, %d texts" % (words, n), least["core"], least["scikit-learn"],
           "ns/row", "scikit-learn", goal=">= 5x", note=same(core.answers(0, n), model.predict_proba(rows)))
    core.close()


def run():
    kernels()
    of_texts()
