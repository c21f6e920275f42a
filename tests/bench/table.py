"""The report: conditions, and one table of ratios.

    python tests/bench/table.py docs/performance.md    puts the last run's into the page
"""

import importlib.metadata
import os
import platform
import subprocess
import sys

import common

PACKAGES = ["scikit-learn", "numpy", "joblib", "onnxruntime", "skl2onnx", "treelite", "tl2cgen", "xgboost-cpu",
            "lightgbm", "lleaves", "catboost", "pandas"]


def version(package):
    try:
        return "%s %s" % (package, importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return "%s is not installed" % package


def processor():
    lines = open("/proc/cpuinfo").read().split("\n")
    facts = dict(l.split(":", 1) for l in reversed(lines) if ":" in l)
    facts = {k.strip(): v.strip() for k, v in facts.items()}
    has = [f for f in ("avx2", "fma", "avx512f", "asimd") if f in facts.get("flags", "").split()]
    return "%s, family %s model %s, %d CPUs, %s" % (
        facts.get("model name", platform.machine()), facts.get("cpu family"), facts.get("model"),
        os.cpu_count(), ", ".join(has))


def postgres():
    return subprocess.check_output([os.environ["PG_CONFIG"], "--version"], text=True).strip()


def met(ratio, goal):
    """Whether a goal like ">= 18x" is met, or "<= 5 us" of a difference or time in place of a ratio."""
    if not goal:
        return ""
    sign, bound = goal.split()[0], float(goal.split()[1].rstrip("x").replace(",", ""))
    good = {">=": ratio >= bound, "<=": ratio <= bound, ">": ratio > bound}[sign]
    return "yes" if good else "**no**"


def number(value):
    return "%.0f" % value if abs(value) >= 100 else "%.3g" % value


def write(seconds):
    lines = ["Commit %s; %s; %s; Python %s; %.0f s%s." % (
        os.environ.get("MODEL_EXT_COMMIT", "?"), processor(), postgres(),
        platform.python_version(), seconds, ", quick" if common.QUICK else ""),
        "", ", ".join(version(p) for p in PACKAGES) + ".", "",
        "| work | beside | ours | theirs | unit | ratio | goal | met | answers and notes |",
        "|---|---|---:|---:|---|---:|---|---|---|"]
    for work, versus, ours, other, unit, ratio, goal, note in common.RESULTS:
        mark = "x" if len(goal.split()) < 3 else " " + goal.split()[2]
        lines.append("| %s | %s | %s | %s | %s | %s%s | %s | %s | %s |" % (
            work, versus, number(ours), number(other), unit, number(ratio), mark, goal, met(ratio, goal), note))
    print("\n" + "\n".join(lines))
    with open(os.path.join(common.WORK, "table.md"), "w") as file:
        file.write("\n".join(lines) + "\n")


def paste(page):
    """Replaces what the page has between its two marks."""
    with open(page) as file:
        text = file.read()
    head, rest = text.split("<!-- figures -->\n")
    tail = rest.split("<!-- end of figures -->\n")[1]
    with open(os.path.join(common.WORK, "table.md")) as file:
        figures = file.read()
    with open(page, "w") as file:
        file.write(head + "<!-- figures -->\n" + figures + "<!-- end of figures -->\n" + tail)


if __name__ == "__main__":
    paste(sys.argv[1])
