"""Queries over whole tables beside PL/Python and hand-written SQL."""

import os
import time

import common
import numpy as np
from common import Core, in_turns, report, same
from models import NUMBERS, WORDS, artifact, frame, numbers, stored
from sql_common import (
    COLUMNS,
    backend_seconds,
    connect,
    discard,
    frame_sql,
    frame_twins,
    linear_sql,
    make_frame,
    make_numbers,
    python_twins,
    register,
)


def in_arrays(table, n, key, call, columns):
    """Rows gathered in arrays of 1000."""
    return "SELECT %s FROM (SELECT %s FROM (SELECT row_number() OVER () AS %s, * FROM %s LIMIT %d) AS r " \
           "GROUP BY %s / 1000) AS g" % (call, columns, key, table, n, key)


def compare(connection, query, want):
    got = [r[0] for r in connection.execute(query).fetchall()]
    return same(got, want)


def measure(connection, queries, rounds):
    """Least backend ns a row of each query, given with its number of rows."""
    parties = {
        name: lambda q=query, n=n: backend_seconds(connection, q) / n * 1e9 for name, (query, n) in queries.items()
    }
    return in_turns(parties, rounds)


def with_setting(connection, query, n):
    connection.execute("SET model_ext.enable_batch = off")
    ns = backend_seconds(connection, query) / n * 1e9
    connection.execute("SET model_ext.enable_batch = on")
    return ns


def of_numbers(connection, name, recipe, call, answer, n, hand=None, goals=(None, None, None)):
    values = ", ".join(COLUMNS)
    few, many = (200, 5000) if common.QUICK else (1000, 20000)
    query = discard("SELECT id, model_ext.%s FROM t" % call)
    queries = {
        "predict": (query, n),
        "scan": (discard("SELECT id, x29 FROM t"), n),
        "PL/Python per row": (discard("SELECT id, py_%s(%s) FROM (SELECT * FROM t LIMIT %d) AS s" % (name, values, few)), few),
        "PL/Python in arrays": (discard(in_arrays(
            "t", many, "k", "pya_%s(a)" % name, "array_agg(ARRAY[%s]) AS a" % values)), many),
    }
    if hand:
        queries["hand-written SQL"] = (discard("SELECT id, %s FROM t" % hand), n)
    connection.execute(query).fetchall()
    parties = {k: lambda q=q, m=m: backend_seconds(connection, q) / m * 1e9 for k, (q, m) in queries.items()}
    parties["per row"] = lambda: with_setting(connection, query, n)
    least = in_turns(parties, 2 if common.QUICK else 3)
    plan = "\n".join(r[0] for r in connection.execute(query).fetchall())
    how = "ModelBatch" if "ModelBatch" in plan else "no ModelBatch"
    rows = numbers(n, 2, 12)[:5000]
    agree = compare(connection, "SELECT model_ext.%s FROM t WHERE id < 5000 ORDER BY id" % call,
                    answer(stored(recipe), rows))
    work = "SELECT id, %s FROM t, %d rows x 30" % (call.split("(")[0] + "('%s', t)" % name, n)
    report(work, least["predict"], least["PL/Python in arrays"], "ns/row", "PL/Python in arrays of 1000", goal=goals[0], note=how + ", " + agree)
    report(work, least["predict"], least["PL/Python per row"], "ns/row", "PL/Python per row", goal=goals[1])
    report(work, least["predict"], least["per row"], "ns/row", "the same without ModelBatch")
    if hand:
        report(work, least["predict"], least["hand-written SQL"], "ns/row", "hand-written SQL, scaler folded in", goal=goals[2])
    kernel = kernel_ns(recipe)
    other = least["scan"] + kernel
    report(work, least["predict"], other, "ns/row", "SELECT id, x29 + kernel (%.0f + %.0f)" % (least["scan"], kernel),
           ratio=least["predict"] / other, goal="<= 1.2x")


def kernel_ns(recipe):
    rows = numbers(8192, 2, 11)
    path = os.path.join(common.WORK, "rows.f64")
    rows.tofile(path)
    core = Core(artifact(recipe), path, rows.shape[1])
    ns = min(core.time(0, len(rows), 0.2) for _ in range(3))
    core.close()
    return ns


def of_frame(connection, rows, n):
    register(connection, "frame", "frame", True)
    frame_twins(connection)
    names = NUMBERS + WORDS
    few, many = (50, 5000) if common.QUICK else (200, 50000)
    call = "model_ext.predict_proba_of('frame', '1', d)"
    arrays = ", ".join("array_agg(%s) AS %s" % (c, c) for c in names)
    queries = {
        "predict": ("SELECT avg(%s) FROM d" % call, n),
        "hand-written SQL": ("SELECT avg(%s) FROM d" % frame_sql(stored("frame")), n),
        "PL/Python in arrays": ("SELECT avg(p) FROM (%s) AS s" % in_arrays(
            "d", many, "k", "pya_frame(%s) AS p" % ", ".join(names), arrays), many),
        "PL/Python per row": ("SELECT avg(py_frame(%s)) FROM (SELECT * FROM d LIMIT %d) AS s" % (", ".join(names), few), few),
        "scan": ("SELECT avg(n7), count(c1) FROM d", n),
    }
    connection.execute(queries["predict"][0]).fetchall()
    least = measure(connection, queries, 2 if common.QUICK else 3)
    plan = "\n".join(r[0] for r in connection.execute(discard(queries["predict"][0])).fetchall())
    agree = compare(connection, "SELECT %s FROM d WHERE id < 5000 ORDER BY id" % call, stored("frame").predict_proba(rows[:5000])[:, 1])
    work = "avg of impute + scale + one-hot + logistic, %d rows x 10" % n
    goals = {"hand-written SQL": ">= 3x", "PL/Python in arrays": ">= 40x", "PL/Python per row": ">= 20,000x"}
    for other, goal in goals.items():
        report(work, least["predict"], least[other], "ns/row", other, goal=goal,
               note=("ModelBatch, " if "ModelBatch" in plan else "no ModelBatch, ") + agree)
    report(work, least["predict"], least["scan"], "ns/row", "a scan of the columns", ratio=least["predict"] / least["scan"])


def of_limits(connection, n, rows):
    """A deep forest whose answers are compared only, with all trees and without those that change nothing."""
    recipe = "forest 100 unlimited"
    register(connection, "forest", recipe, False)
    answers = stored(recipe).predict(rows[:20000])
    for part in (1, 10, 50):
        limit = float(np.percentile(answers, 100 - part))
        query = "SELECT count(*) FROM t WHERE model_ext.predict('forest', t) > %r AND id < %d" % (limit, n)

        def run(early, query=query):
            connection.execute("SET model_ext.enable_early_stop = %s" % early)
            return backend_seconds(connection, query) / n * 1e9

        run("on")
        least = in_turns({"early": lambda: run("on"), "whole": lambda: run("off")}, 2)
        connection.execute("RESET model_ext.enable_early_stop")
        report("count(*) WHERE predict('forest', t) > x, %d rows, %d %% pass" % (n, part), least["early"], least["whole"], "ns/row",
               "enable_early_stop = off")


def wall(connection, query):
    started = time.perf_counter()
    connection.execute(query).fetchall()
    return time.perf_counter() - started


def of_workers(connection, n, times):
    """Elapsed time, for the work is on both CPUs."""
    connection.execute("CREATE TABLE big (LIKE t)")
    for _ in range(times):
        connection.execute("INSERT INTO big SELECT * FROM t")
    connection.execute("VACUUM ANALYZE big")
    connection.execute("SET parallel_tuple_cost = 0")

    def run(query, workers):
        connection.execute("SET max_parallel_workers_per_gather = %d" % workers)
        return wall(connection, query)

    # The leader only gathers, so that one process stands against two.
    connection.execute("SET parallel_leader_participation = off")
    query = "SELECT sum(model_ext.predict('gb', big)) FROM big"
    least = in_turns({"serial": lambda: run(query, 0), "parallel": lambda: run(query, 2)}, 2)
    connection.execute("SET max_parallel_workers_per_gather = 2")
    plan = "\n".join(r[0] for r in connection.execute("EXPLAIN " + query).fetchall())
    connection.execute("RESET ALL")
    report("sum(predict('gb', t)), %d rows, 2 workers" % (n * times), least["parallel"], least["serial"], "s",
           "one process, elapsed", goal=">= 1.8x",
           note=("Gather" if "Gather" in plan else "no Gather") + (", ModelBatch" if "ModelBatch" in plan else ""))


def run():
    n = 100000 if common.QUICK else 1000000
    with connect() as connection:
        connection.execute("CREATE EXTENSION model_ext")
        connection.execute("CREATE EXTENSION plpython3u")
        make_numbers(connection, "t", numbers(n, 2, 12))
        register(connection, "gb", "gb 100 x depth 6", False)
        python_twins(connection, "gb", "gb 100 x depth 6", "predict({})[0]")
        register(connection, "lr", "scale+logistic", False)
        python_twins(connection, "lr", "scale+logistic", "predict_proba({})[:, 1][0]")
        of_numbers(connection, "gb", "gb 100 x depth 6", "predict('gb', t)", lambda m, x: m.predict(x), n,
                   goals=(">= 20x", ">= 800x", ""))
        of_numbers(connection, "lr", "scale+logistic", "predict_proba_of('lr', '1', t)",
                   lambda m, x: m.predict_proba(x)[:, 1], n, linear_sql(stored("scale+logistic")), ("", "", ">= 2.5x"))
        of_limits(connection, n // 10, numbers(n, 2, 12))
        rows = frame(n // 10, 13)
        make_frame(connection, rows, 10)
        of_frame(connection, rows, n)
        of_workers(connection, n, 5)
