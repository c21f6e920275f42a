"""The private server: tables, models, PL/Python twins, CPU time of backends."""

import json
import os

import numpy as np
import psycopg
from models import LEVELS, N_FEATURES, NUMBERS, WORDS, artifact

COLUMNS = ["x%d" % j for j in range(N_FEATURES)]


def connect():
    return psycopg.connect(autocommit=True)


def cpu_seconds(pid):
    """On-CPU time, to the nanosecond where the kernel keeps it so."""
    with open("/proc/%d/schedstat" % pid) as file:
        return int(file.read().split()[0]) / 1e9


def discard(query):
    """Runs a query to its end, its rows made and dropped."""
    return "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) " + query


def backend_seconds(connection, query):
    pid = connection.info.backend_pid
    before = cpu_seconds(pid)
    connection.execute(query).fetchall()
    return cpu_seconds(pid) - before


def copy_numbers(connection, table, rows):
    """Binary COPY of an int4 and float8s a row."""
    row = np.dtype([("n", ">i2"), ("w", ">i4"), ("id", ">i4")]
                   + [f for j in range(rows.shape[1]) for f in (("w%d" % j, ">i4"), ("x%d" % j, ">f8"))])
    data = np.zeros(len(rows), dtype=row)
    data["n"], data["w"], data["id"] = rows.shape[1] + 1, 4, np.arange(len(rows))
    for j in range(rows.shape[1]):
        data["w%d" % j], data["x%d" % j] = 8, rows[:, j]
    with connection.cursor().copy("COPY %s FROM STDIN (FORMAT binary)" % table) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for i in range(0, len(data), 20000):
            copy.write(data[i:i + 20000].tobytes())
        copy.write(b"\xff\xff")


def make_numbers(connection, table, rows):
    columns = ", ".join(c + " float8 NOT NULL" for c in COLUMNS)
    connection.execute("CREATE TABLE %s (id int NOT NULL, %s)" % (table, columns))
    copy_numbers(connection, table, rows)
    connection.execute("ALTER TABLE %s ADD PRIMARY KEY (id)" % table)
    connection.execute("VACUUM ANALYZE %s" % table)


def make_frame(connection, rows, times):
    columns = ["id int"] + [c + " float8" for c in NUMBERS] + [c + " text" for c in WORDS]
    connection.execute("CREATE TABLE d (%s)" % ", ".join(columns))
    with connection.cursor().copy("COPY d FROM STDIN") as copy:
        for row in rows.itertuples():
            copy.write_row([None if v != v else v for v in row])
    for i in range(1, times):
        connection.execute("INSERT INTO d SELECT id + %d, %s FROM d WHERE id < %d" % (
            i * len(rows), ", ".join(NUMBERS + WORDS), len(rows)))
    connection.execute("VACUUM ANALYZE d")


def register(connection, name, recipe, named):
    features = {} if named else {"features": [{"name": c} for c in COLUMNS]}
    connection.execute("SELECT model_ext.register_model_file(%s, %s, %s)",
                       (name, artifact(recipe), json.dumps(features)))


LOADER = """
m = GD.get('{name}')
if m is None:
    import joblib, numpy, pandas
    GD['np'], GD['pd'] = numpy, pandas
    m = GD['{name}'] = joblib.load('{path}')
"""


def python_function(connection, name, arguments, returns, recipe, body):
    connection.execute("CREATE FUNCTION %s(%s) RETURNS %s LANGUAGE plpython3u AS $$%s%s$$" % (
        name, arguments, returns, LOADER.format(name=recipe, path=artifact(recipe)), body))


def python_twins(connection, name, recipe, answer):
    """py_NAME of a row's values, pya_NAME of an array of rows."""
    arguments = ", ".join("%s float8" % c for c in COLUMNS)
    python_function(connection, "py_" + name, arguments, "float8", recipe,
                    "return float(m.%s)" % answer.format("GD['np'].array([[%s]])" % ", ".join(COLUMNS)))
    python_function(connection, "pya_" + name, "a float8[]", "SETOF float8", recipe,
                    "return (m.%s).tolist()" % answer.replace("[0]", "").format(
                        "GD['np'].array(a).reshape(-1, %d)" % N_FEATURES))


def frame_twins(connection):
    """The same for the columns of d: a value of each, or an array of each."""
    names = NUMBERS + WORDS
    types = ["float8"] * len(NUMBERS) + ["text"] * len(WORDS)
    make = "GD['pd'].DataFrame({%s})" % ", ".join("'%s': %%s%s%%s" % (n, n) for n in names)
    one = make % (("[", "]") * len(names))
    many = make % (("", "") * len(names))
    numbers = "".join("f['%s'] = f['%s'].astype(float)\n" % (n, n) for n in NUMBERS)
    python_function(connection, "py_frame", ", ".join("%s %s" % p for p in zip(names, types)), "float8", "frame",
                    "f = %s\n%sreturn float(m.predict_proba(f)[0, 1])" % (one, numbers))
    python_function(connection, "pya_frame", ", ".join("%s %s[]" % p for p in zip(names, types)), "SETOF float8",
                    "frame", "f = %s\n%sreturn m.predict_proba(f)[:, 1].tolist()" % (many, numbers))


def linear_sql(model):
    """The probability of scale+logistic as SQL, the scaler folded in."""
    scaler, last = model[0], model[1]
    weights = last.coef_[0] / scaler.scale_
    start = last.intercept_[0] - float(np.sum(weights * scaler.mean_))
    terms = ["%r * %s" % (float(w), c) for w, c in zip(weights, COLUMNS)]
    return "1 / (1 + exp(-(%r + %s)))" % (float(start), " + ".join(terms))


def frame_sql(model):
    """The same for the pipeline of ten columns."""
    prepare, last = model[0], model[1]
    imputer, scaler = prepare.transformers_[0][1]
    weights = last.coef_[0]
    start, terms = float(last.intercept_[0]), []
    for j, name in enumerate(NUMBERS):
        w = float(weights[j] / scaler.scale_[j])
        start -= w * float(scaler.mean_[j])
        terms.append("%r * coalesce(%s, %r)" % (w, name, float(imputer.statistics_[j])))
    at = len(NUMBERS)
    for name, levels in zip(WORDS, prepare.transformers_[1][1].categories_):
        cases = " ".join("WHEN '%s' THEN %r" % (v, float(weights[at + i])) for i, v in enumerate(levels))
        terms.append("CASE %s %s ELSE 0 END" % (name, cases))
        at += len(levels)
    return "1 / (1 + exp(-(%r + %s)))" % (start, " + ".join(terms))
