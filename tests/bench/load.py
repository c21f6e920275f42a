"""Loading an artifact beside joblib.load, each in a process of its own."""

import os
import subprocess
import sys

import common
from common import CORE, in_turns, report
from models import artifact

NAME = "forest 100 unlimited"
JOBLIB = """
import sys, time, joblib, sklearn.ensemble

def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])

before = peak()
started = time.process_time()
model = joblib.load(sys.argv[1])
print((time.process_time() - started) * 1e3, (peak() - before) / 1e3)
"""


def ours(path, peaks):
    line = subprocess.check_output([CORE, path], text=True).split(",")
    peaks["core"] = float(line[3])
    return float(line[0])


def joblibs(path, peaks):
    line = subprocess.check_output([sys.executable, "-c", JOBLIB, path], text=True).split()
    peaks["joblib"] = float(line[1])
    return float(line[0])


def run():
    plain = os.path.getsize(artifact(NAME)) / 1e6
    for compress in ("", "zlib", "lz4"):
        path, peaks = artifact(NAME, compress), {}
        least = in_turns({"core": lambda: ours(path, peaks), "joblib": lambda: joblibs(path, peaks)},
                         1 if common.QUICK else 4)
        size = os.path.getsize(path) / 1e6
        # The core's caller holds the file in memory.
        report("load %s, %s, %.0f MB (%.0f MB raw)" % (NAME, compress or "raw", size, plain), least["core"],
               least["joblib"], "ms", "joblib.load", goal="> 1x",
               note="peak %.0f MB beside the file, %.2f of raw; joblib %.0f MB"
               % (peaks["core"] - size, (peaks["core"] - size) / plain, peaks["joblib"]))
