"""The report: conditions, and one table of ratios."""

import importlib.metadata
import os
import platform

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


def met(ratio, goal):
    """Whether a goal like ">= 18x" or "<= 1.2x" is met."""
    if not goal:
        return ""
    sign, bound = goal.split()[0], float(goal.split()[1].rstrip("x").replace(",", ""))
    good = {">=": ratio >= bound, "<=": ratio <= bound, ">": ratio > bound}[sign]
    return "yes" if good else "**no**"


def number(value):
    return "%.0f" % value if abs(value) >= 100 else "%.3g" % value


def write(seconds):
    lines = ["Commit %s; %s; %s; Python %s; %.0f s%s." % (
        os.environ.get("MODEL_EXT_COMMIT", "?"), processor(), os.environ.get("PG_VERSION", "PostgreSQL"),
        platform.python_version(), seconds, ", quick" if common.QUICK else ""),
        "", ", ".join(version(p) for p in PACKAGES) + ".", "",
        "| work | beside | ours | theirs | unit | ratio | goal | met | answers and notes |",
        "|---|---|---:|---:|---|---:|---|---|---|"]
    for work, versus, ours, other, unit, ratio, goal, note in common.RESULTS:
        lines.append("| %s | %s | %s | %s | %s | %sx | %s | %s | %s |" % (
            work, versus, number(ours), number(other), unit, number(ratio), goal, met(ratio, goal), note))
    print("\n" + "\n".join(lines))
    with open(os.path.join(common.WORK, "table.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
