"""Times predictions in SQL beside PL/Python and a plain scan, in one run.

Run by run.sh against a private server.  CPU times of the backend, from
/proc, so that other load on the machine matters little; read the ratios.
"""

import io
import os
import time

import joblib
import numpy as np
import psycopg
import sklearn
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

N_FEATURES = 30
ROWS = 200000
COLUMNS = ["x%d" % j for j in range(N_FEATURES)]
TICKS = os.sysconf("SC_CLK_TCK")


def data():
    rng = np.random.RandomState(7)
    train = rng.normal(size=(20000, N_FEATURES)).round(1)
    target = train[:, 0] * train[:, 1] + np.sin(3 * train[:, 2]) + train[:, 3]
    return train, target, rng.normal(size=(ROWS, N_FEATURES)).round(2)


def models(train, target):
    yield "logistic", make_pipeline(StandardScaler(), LogisticRegression()).fit(train, target > 0)
    yield "gb100x6", GradientBoostingRegressor(max_depth=6, random_state=0).fit(train, target)
    yield "forest100", RandomForestRegressor(n_jobs=1, random_state=0).fit(train[:5000], target[:5000])


def backend_seconds(pid):
    with open("/proc/%d/stat" % pid) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def connect():
    return psycopg.connect(autocommit=True)


def timed(connection, query, rounds=3):
    """Least CPU seconds of the backend over some rounds, and the first column."""
    pid, least = connection.info.backend_pid, 1e300
    for _ in range(rounds):
        before = backend_seconds(pid)
        rows = connection.execute(query).fetchall()
        least = min(least, backend_seconds(pid) - before)
    return least, rows


def set_up(connection, rows):
    connection.execute("CREATE EXTENSION model_ext")
    connection.execute("CREATE EXTENSION plpython3u")
    connection.execute("CREATE TABLE t (id int NOT NULL, %s)" % ", ".join(c + " float8 NOT NULL" for c in COLUMNS))
    with connection.cursor().copy("COPY t FROM STDIN") as copy:
        for i, row in enumerate(rows.tolist()):
            copy.write_row([i] + row)
    connection.execute("ALTER TABLE t ADD PRIMARY KEY (id)")
    connection.execute("VACUUM ANALYZE t")


def register(connection, name, model):
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    features = '{"features": [%s]}' % ", ".join('{"name": "%s"}' % c for c in COLUMNS)
    connection.execute("SELECT model_ext.register_model(%s, %s, %s)", (name, buffer.getvalue(), features))
    path = "/var/tmp/model_ext-bench/%s.joblib" % name
    joblib.dump(model, path)
    arguments = ", ".join("%s float8" % c for c in COLUMNS)
    loader = "m = GD.get('{0}')\nif m is None:\n    import joblib, numpy\n    GD['np'] = numpy\n    m = GD['{0}'] = joblib.load('{1}')\n".format(name, path)
    connection.execute(
        "CREATE FUNCTION py_%s(%s) RETURNS float8 LANGUAGE plpython3u AS $$\n%sreturn float(m.predict(GD['np'].array([[%s]]))[0])\n$$"
        % (name, arguments, loader, ", ".join(COLUMNS)))
    connection.execute(
        "CREATE FUNCTION pya_%s(a float8[]) RETURNS SETOF float8 LANGUAGE plpython3u AS $$\n%sreturn [float(v) for v in m.predict(GD['np'].array(a).reshape(-1, %d))]\n$$"
        % (name, loader, N_FEATURES))


def in_arrays(name):
    """Rows gathered in arrays of 1000 for PL/Python."""
    return ("SELECT sum(p) FROM (SELECT pya_%s(a) AS p FROM (SELECT array_agg(v ORDER BY id) AS a FROM "
            "(SELECT id, ARRAY[%s] AS v FROM t WHERE id < 20000) AS r GROUP BY id / 1000) AS g) AS s"
            % (name, ", ".join(COLUMNS)))


def report(connection, name):
    columns = ", ".join(COLUMNS)
    scan, _ = timed(connection, "SELECT sum(x29) FROM t")
    lines = [("scan that reads the last column", scan / ROWS, None)]
    flat, total = timed(connection, "SELECT sum(model_ext.predict('%s', t)) FROM t" % name)
    lines.append(("predict, whole row", flat / ROWS, None))
    scalar, _ = timed(connection, "SELECT sum(model_ext.predict('%s', %s)) FROM t" % (name, columns))
    lines.append(("predict, scalars", scalar / ROWS, None))
    limit = 2000 if name != "forest100" else 200
    one, _ = timed(connection, "SELECT sum(py_%s(%s)) FROM (SELECT * FROM t LIMIT %d) AS t" % (name, columns, limit), 2)
    lines.append(("PL/Python per row", one / limit, None))
    many, _ = timed(connection, in_arrays(name), 2)
    lines.append(("PL/Python in arrays of 1000", many / 20000, None))
    for what, seconds, _ in lines:
        print("| %s | %s | %.0f | %.1f |" % (name, what, seconds * 1e9, seconds / lines[1][1]), flush=True)


def compare(connection, name, model, rows):
    got = [r[0] for r in connection.execute("SELECT model_ext.predict('%s', t) FROM t WHERE id < 5000 ORDER BY id" % name)]
    want = model.predict(rows[:5000])
    return int(np.sum(np.asarray(got) != np.asarray(want, dtype=float)))


def first_call(name):
    started = time.perf_counter()
    with connect() as connection:
        opened = time.perf_counter()
        connection.execute("SELECT model_ext.predict('%s', t) FROM t WHERE id = 1" % name).fetchone()
        return (opened - started) * 1e3, (time.perf_counter() - opened) * 1e3


def main():
    train, target, rows = data()
    with connect() as connection:
        set_up(connection, rows)
        version = connection.execute("SHOW server_version").fetchone()[0]
        print("PostgreSQL %s, scikit-learn %s, %d rows of id + %d float8" % (version, sklearn.__version__, ROWS, N_FEATURES))
        print("| model | query | backend CPU ns per row | against predict, whole row |\n|---|---|---|---|")
        fitted = dict(models(train, target))
        for name, model in fitted.items():
            register(connection, name, model)
            report(connection, name)
            print("| %s | rows of 5000 that differ from scikit-learn | %d | |" % (name, compare(connection, name, model, rows)))
    for name in fitted:
        calls = sorted(first_call(name)[1] for _ in range(7))
        print("| %s | first call of a new connection, ms | %.1f | |" % (name, calls[len(calls) // 2]))


if __name__ == "__main__":
    main()
