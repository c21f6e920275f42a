"""Timing in turns, and the rows of the report."""

import os
import subprocess
import time

import numpy as np

WORK = os.environ["MODEL_EXT_BENCH"]
CORE = os.path.join(WORK, "source/build/bench/bench_core")
QUICK = False
RESULTS = []


def report(work, ours, other, unit, versus, ratio=None, goal="", note=""):
    """Adds a row; the ratio is how many times less ours is."""
    ratio = other / ours if ratio is None else ratio
    RESULTS.append((work, versus, ours, other, unit, ratio, goal, note))
    print("  %s, %s: %.5g / %.5g %s, %.2fx %s" % (work, versus, ours, other, unit, ratio, note), flush=True)


def cpu_ns(call, n, seconds):
    """Least CPU nanoseconds a row of a call, over some seconds."""
    least, until = 1e300, time.process_time() + seconds
    while True:
        started = time.process_time_ns()
        call()
        ended = time.process_time_ns()
        least = min(least, ended - started)
        if time.process_time() >= until:
            return least / n


def in_turns(parties, rounds):
    """Least value of each party, all asked once a round."""
    least = {name: 1e300 for name in parties}
    for _ in range(rounds):
        for name, measure in parties.items():
            least[name] = min(least[name], measure())
    return least


class Core:
    """A conversation with bench_core about one model."""

    def __init__(self, artifact, rows, n_columns):
        command = [CORE, artifact, rows, str(n_columns)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.load_ms, _, self.image_mb, self.peak_mb, _ = map(float, self.process.stdout.readline().split(","))

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def time(self, block, limit, seconds):
        return float(self.ask("time %d %d %g" % (block, limit, seconds)))

    def answers(self, block, n):
        path = os.path.join(WORK, "answers.f64")
        self.ask("save %d %s" % (block, path))
        return np.fromfile(path).reshape(n, -1)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def same(got, want):
    """How two answers agree."""
    want = np.asarray(want, dtype=float).reshape(len(want), -1)
    got = np.asarray(got, dtype=float).reshape(want.shape)
    if np.array_equal(got, want):
        return "same bits"
    differ = np.any(got != want, axis=1).sum()
    worst = np.max(np.abs(got - want)) / np.max(np.abs(want))
    return "%d of %d differ, by %.0e of the largest" % (differ, len(want), worst)
