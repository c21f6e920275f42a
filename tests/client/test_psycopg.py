#!/usr/bin/python3
"""A data scientist's and an application's day, through psycopg 3.

Needs the environment of a running server (PGHOST, ...) on which the extension
is installed.  Makes and drops a database of its own.
"""
import os
import pathlib
import sys
import threading
import uuid

import psycopg
from psycopg.types.json import Jsonb

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"
DATABASE = "model_ext_client_%d" % os.getpid()
passed = failed = 0


def check(name, good, *details):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good:
        print("failed:", name, *details)


def fails_with(connection, sqlstate, name, query, *parameters):
    try:
        with connection.transaction():
            connection.execute(query, parameters)
    except psycopg.Error as error:
        check(name, error.sqlstate == sqlstate, error.sqlstate, error)
        return error
    check(name, False, "no error")


def read_table(path, has_comment=False):
    lines = path.read_text("utf-8").split("\n")[:-1]
    if has_comment:
        lines = lines[1:]
    rows = [[None if cell == "\\N" else cell for cell in line.split("\t")] for line in lines]
    return rows[0], rows[1:]


def golden(name):
    """(artifact, rows as dictionaries, answers as dictionaries) of rows that have answers."""
    folder = GOLDEN / name / "1.9"
    columns, cells = read_table(folder / "rows.tsv")
    answers, wanted = read_table(folder / "expected.tsv", has_comment=True)
    rows, want = [], []
    for row, answer in zip(cells, wanted):
        if answer[-1] is None:
            rows.append({c.rpartition(":")[0]: float(v) if v is not None and c.endswith(":number") else v
                         for c, v in zip(columns, row)})
            want.append(dict(zip(answers, answer)))
    return (folder / "model.joblib").read_bytes(), rows, want


def near(got, want):
    want = float.fromhex(want)
    return abs(got - want) <= max(1e-9 * abs(want), 1e-9)


def register(connection):
    artifact, rows, want = golden("pipeline_mixed_logistic")
    version = connection.execute("SELECT model_ext.register_model(%s, %s)", ("churn", artifact)).fetchone()[0]
    check("registers", version == 1)
    back = connection.execute("SELECT model_ext.export_artifact(%s)", ("churn",)).fetchone()[0]
    check("exports the same bytes", back == artifact)
    back = connection.cursor(binary=True).execute("SELECT model_ext.export_artifact(%s)", ("churn",)).fetchone()[0]
    check("exports the same bytes, binary", back == artifact)
    version = connection.execute(
        "SELECT model_ext.register_model(%s, %b, %s, promote => %s)",
        ("churn", artifact, Jsonb({"metrics": {"accuracy": 0.9}, "note": "grün"}), True)).fetchone()[0]
    check("registers again with metadata", version == 2)
    metrics = connection.execute("SELECT metrics FROM model_ext.model_versions WHERE model = 'churn' AND version = 2").fetchone()[0]
    check("metadata", metrics == {"accuracy": 0.9}, metrics)
    upload = connection.execute("SELECT model_ext.begin_upload()").fetchone()[0]
    for start in range(0, len(artifact), 1000):
        connection.execute("SELECT model_ext.append_upload(%s, %s)", (upload, artifact[start:start + 1000]))
    version = connection.execute("SELECT model_ext.register_model_upload(%s, %s)", ("churn", upload)).fetchone()[0]
    check("registers in pieces", version == 3)
    fails_with(connection, "0A000", "refuses what calls system",
               "SELECT model_ext.register_model(%s, %s)", "bad", (GOLDEN / "refused/calls_system/model.joblib").read_bytes())
    return rows, want


def score_parameters(connection, rows, want):
    classes = connection.execute("SELECT model_ext.classes('churn')").fetchone()[0]
    for row, answer in zip(rows, want):
        values = (row["age"], row["colour"], row["unused"], row["income"], row["size"])
        label = connection.execute(
            "SELECT model_ext.predict_label('churn', %s::float8, %s::text, %s::float8, %s::float8, %s::text)", values).fetchone()[0]
        proba = connection.execute(
            "SELECT model_ext.predict_proba(%s, %s::float8, %s::text, %s::float8, %s::float8, %s::text)", ("churn",) + values).fetchone()[0]
        everything = connection.execute("SELECT model_ext.predict_json(%s, %s)", ("churn", Jsonb(row))).fetchone()[0]
        check("label", label == answer["label"], row, label)
        check("proba", all(near(p, answer["proba.%d" % k]) for k, p in enumerate(proba)), row, proba)
        check("json", everything["predict_label"] == answer["label"]
              and [everything["predict_proba"][c] for c in classes] == proba, row, everything)
    binary = connection.cursor(binary=True)
    values = tuple(rows[0][name] for name in ("age", "colour", "unused", "income", "size"))
    got = binary.execute("SELECT model_ext.predict_proba('churn', %b, %b::text, %b, %b, %b::text)", values).fetchone()[0]
    check("binary", got == connection.execute("SELECT model_ext.predict_proba('churn', %s, %s::text, %s, %s, %s::text)", values).fetchone()[0], got)
    # Numbers and arrays come typed; a str does not, so one says what it is.
    connection.execute("SELECT model_ext.register_model('tree', %s)", ((GOLDEN / "decision_tree_binary/1.9/model.joblib").read_bytes(),))
    check("list", connection.execute("SELECT model_ext.predict('tree', %s) = model_ext.predict('tree', %s, %s, %s, %s)",
                                     ([1.0, 2.0, 3.0, 4.0], 1, 2.0, 3, 4)).fetchone()[0])
    check("list with None", connection.execute("SELECT model_ext.predict('tree', %s) IS NOT NULL", ([1.0, None, 3.0, 4.0],)).fetchone()[0])
    fails_with(connection, "42P18", "untyped parameter", "SELECT model_ext.predict('tree', %s, %s, %s, %s)", "1", "2", "3", "4")
    connection.rollback()


def score_table(connection, rows, want):
    connection.execute("CREATE TABLE customers (id integer PRIMARY KEY, age float8, colour text, unused float8, income float8, size text)")
    with connection.cursor().copy("COPY customers FROM stdin") as copy:
        for n, row in enumerate(rows):
            copy.write_row((n,) + tuple(row.values()))
    query = "SELECT model_ext.predict_label(%s, c) FROM customers AS c WHERE id = %s"
    for n, answer in enumerate(want):
        got = connection.execute(query, ("churn", n), prepare=True).fetchone()[0]
        check("prepared row", got == answer["label"], n, got)
    got = connection.execute("SELECT id, model_ext.predict_label('churn', c) FROM customers AS c ORDER BY id").fetchall()
    check("table", got == [(n, a["label"]) for n, a in enumerate(want)])
    with connection.cursor("scores") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT id, model_ext.predict_label('churn', c) FROM customers AS c ORDER BY id")
        check("server-side cursor", cursor.fetchall() == got)
    fails_with(connection, "42704", "no such model", query, "nobody", 1)
    error = fails_with(connection, "42703", "missing column", "SELECT model_ext.predict_label('churn', s) FROM (SELECT 1 AS age, 2 AS incom) AS s")
    check("hint", "income" in (error.diag.message_hint or ""), error.diag.message_hint)
    connection.execute("SELECT model_ext.set_alias('churn', 'candidate', 1)")
    check("alias", connection.execute("SELECT model_ext.predict_label('churn@candidate', c) FROM customers AS c WHERE id = 0").fetchone()[0] == want[0]["label"])


def score_trigger(connection, rows, want):
    connection.execute("CREATE TABLE scored (LIKE customers, label text)")
    connection.execute("CREATE TRIGGER score BEFORE INSERT OR UPDATE ON scored FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('churn', 'label')")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO scored VALUES (%s, %s, %s, %s, %s, %s)",
                           [(n,) + tuple(row.values()) for n, row in enumerate(rows)])
    got = connection.execute("SELECT label FROM scored ORDER BY id").fetchall()
    check("trigger", [g[0] for g in got] == [a["label"] for a in want])
    got = connection.execute("INSERT INTO scored SELECT 1000, age, colour, unused, income, size FROM customers WHERE id = 0 RETURNING label").fetchone()[0]
    check("trigger returns", got == want[0]["label"], got)


def score_pinned(connection, rows, want):
    artifact = connection.execute("SELECT a.uuid FROM model_ext.model_version JOIN model_ext.artifact AS a USING (sha256) WHERE model = 'churn' AND version = 1").fetchone()[0]
    check("uuid", isinstance(artifact, uuid.UUID))
    got = connection.execute("SELECT model_ext.predict_label_pinned(%s, c) FROM customers AS c WHERE id = 0", (artifact,)).fetchone()[0]
    check("pinned", got == want[0]["label"], got)


def score_in_threads(want):
    answers = []

    def run():
        with psycopg.connect(dbname=DATABASE) as connection:
            answers.append(connection.execute("SELECT model_ext.predict_label('churn', c) FROM customers AS c ORDER BY id").fetchall())

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("eight connections", answers == [[(a["label"],) for a in want]] * 8)


def main():
    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE " + DATABASE)
        try:
            with psycopg.connect(dbname=DATABASE) as connection:
                connection.execute("CREATE EXTENSION model_ext")
                connection.commit()
                rows, want = register(connection)
                connection.commit()
                score_parameters(connection, rows, want)
                score_table(connection, rows, want)
                score_trigger(connection, rows, want)
                score_pinned(connection, rows, want)
                connection.commit()
                score_in_threads(want)
        finally:
            server.execute("DROP DATABASE %s WITH (FORCE)" % DATABASE)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
