"""One row at a time: look-ups, triggers, first calls, and memory of many."""

import os
import re
import statistics
import subprocess
import threading
import time

import common
import psycopg
from common import in_turns, report
from models import artifact
from sql_common import COLUMNS, backend_seconds, connect, register


def program(name):
    return os.path.join(os.path.dirname(os.environ["PG_CONFIG"]), name)


def pgbench_us(name, statement, seconds, options=""):
    """Average latency of prepared look-ups by primary key."""
    path = os.path.join(common.WORK, "%s.pgbench" % name)
    with open(path, "w") as file:
        file.write("\\set id random(0, 99999)\n%s;\n" % statement)
    text = subprocess.check_output(
        [program("pgbench"), "-n", "-M", "prepared", "-T", str(seconds), "-f", path],
        text=True, stderr=subprocess.DEVNULL, env={**os.environ, "PGOPTIONS": options})
    return float(re.search(r"latency average = ([0-9.]+) ms", text).group(1)) * 1e3


def of_lookup():
    seconds, rounds = (1, 2) if common.QUICK else (2, 5)
    least = in_turns({
        "alone": lambda: pgbench_us("alone", "SELECT id, x29 FROM t WHERE id = :id", seconds),
        "predict": lambda: pgbench_us("predict", "SELECT id, model_ext.predict('gb', t) FROM t WHERE id = :id", seconds),
        "per row": lambda: pgbench_us(
            "predict", "SELECT id, model_ext.predict('gb', t) FROM t WHERE id = :id", seconds,
            "-c model_ext.enable_batch=off"),
    }, rounds)
    report("primary key + predict('gb', t), pgbench, enable_batch = off", least["per row"], least["alone"], "us",
           "the look-up alone", ratio=least["per row"] - least["alone"], goal="<= 5 us", note="in place of a ratio: the difference")
    report("primary key + predict('gb', t), pgbench", least["predict"], least["alone"], "us",
           "the look-up alone", ratio=least["predict"] - least["alone"], goal="<= 5 us", note="in place of a ratio: the difference")


def of_trigger(connection):
    n = 5000 if common.QUICK else 50000
    for table in ("plain", "scored"):
        connection.execute("CREATE UNLOGGED TABLE %s (LIKE t, score float8)" % table)
    connection.execute("CREATE TRIGGER score BEFORE INSERT ON scored FOR EACH ROW "
                       "EXECUTE FUNCTION model_ext.score_trigger('gb', 'score')")

    def insert(table):
        connection.execute("TRUNCATE %s" % table)
        return backend_seconds(connection, "INSERT INTO %s SELECT *, 0 FROM t LIMIT %d RETURNING 1" % (table, n)) / n * 1e9

    least = in_turns({t: lambda t=t: insert(t) for t in ("plain", "scored")}, 2 if common.QUICK else 5)
    wrong = connection.execute("SELECT count(*) FROM scored s WHERE score <> model_ext.predict('gb', s)").fetchone()[0]
    report("INSERT ... SELECT of %d rows x 30, score_trigger('gb')" % n, least["scored"], least["plain"], "ns/row",
           "the plain insert", ratio=least["scored"] / least["plain"], goal="<= 1.8x",
           note="%d scores differ from predict" % wrong)


def first_ms(statement):
    with connect() as connection:
        connection.execute("SELECT 1").fetchone()
        started = time.perf_counter()
        connection.execute(statement).fetchone()
        return (time.perf_counter() - started) * 1e3


def of_first_call(connection, name, recipe, goal, row="t"):
    if row == "t":
        register(connection, name, recipe, False)
    statement = "SELECT model_ext.predict('%s', %s) FROM t WHERE id = 1" % (name, row)
    size = image_mb(statement)
    first_ms(statement)
    scored = [first_ms(statement) for _ in range(15)]
    plain = [first_ms("SELECT id, x29 FROM t WHERE id = 1") for _ in range(15)]
    report("first prediction of a new connection, plan of %.0f MB" % size, statistics.median(scored),
           statistics.median(plain), "ms", "first look-up alone", ratio=statistics.median(scored), goal=goal,
           note="in place of a ratio: median; least %.1f ms" % min(scored))


def mappings(pid):
    """Rss and Pss kB of each mapping, by its file."""
    found = []
    with open("/proc/%d/smaps" % pid) as file:
        for line in file:
            head = re.match(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)", line)
            if head:
                found.append([head.group(1), 0, 0])
            elif line.startswith("Rss:"):
                found[-1][1] = int(line.split()[1])
            elif line.startswith("Pss:"):
                found[-1][2] = int(line.split()[1])
    return found


def image_mb(statement):
    with connect() as other:
        other.execute(statement).fetchone()
        return max([int(0)] + [os.stat(m[0]).st_size for m in mappings(other.info.backend_pid)
                               if "pgsql_tmp" in m[0]]) / 1e6


def own_mb(pid):
    """What is neither the shared buffers nor a plan's file."""
    return sum(m[2] for m in mappings(pid) if "/dev/zero" not in m[0] and "pgsql_tmp" not in m[0]) / 1e3


def of_sharing(connection):
    n = 10 if common.QUICK else 100
    register(connection, "forest72", "forest of 72", False)
    size = image_mb("SELECT model_ext.predict('forest72', t) FROM t WHERE id = 1")
    others = [connect() for _ in range(n)]
    for other in others:
        other.execute("SELECT x29 FROM t WHERE id = 1").fetchone()
    before = sum(own_mb(o.info.backend_pid) for o in others)
    for other in others:
        other.execute("SELECT model_ext.predict('forest72', t) FROM t WHERE id < 200").fetchall()
    after = sum(own_mb(o.info.backend_pid) for o in others)
    pss = sum(m[2] for o in others for m in mappings(o.info.backend_pid) if "pgsql_tmp" in m[0]) / 1e3
    for other in others:
        other.close()
    report("%d connections with one forest, plan of %.0f MB" % (n, size), pss * 1.024, size, "MB", "one copy",
           ratio=pss * 1.024 / size, goal="<= 1.1x",
           note="Pss of the plan's mappings; everything else of a backend grows by %.2f MB" % ((after - before) / n))


def private_mb(pid):
    with open("/proc/%d/status" % pid) as file:
        return int(re.search(r"RssAnon:\s*(\d+)", file.read()).group(1)) * 1.024 / 1e3


def registering(name, path, stop_after=None):
    """Seconds, private MB at the peak, and ms from a cancel to the end of the statement."""
    with connect() as connection, connect() as other:
        pid = connection.info.backend_pid
        before = peak = private_mb(pid)
        ended, asked = [], None

        def register_model():
            try:
                connection.execute("SELECT model_ext.register_model_file(%s, %s)", (name, path))
            except psycopg.errors.QueryCanceled:
                pass
            ended.append(time.perf_counter())

        thread = threading.Thread(target=register_model)
        started = time.perf_counter()
        thread.start()
        while not ended:
            peak = max(peak, private_mb(pid))
            if stop_after is not None and asked is None and time.perf_counter() - started >= stop_after:
                asked = time.perf_counter()
                other.execute("SELECT pg_cancel_backend(%s)", (pid,))
            time.sleep(0.003)
        thread.join()
        return ended[0] - started, peak - before, 0 if asked is None else (ended[0] - asked) * 1e3


def of_registration(name, recipe):
    """Memory beside a file that is not held, and how soon a cancel is obeyed at moments spread over the work."""
    path, n = artifact(recipe), 3 if common.QUICK else 15
    size = os.path.getsize(path) / 1e6
    seconds, peak, _ = registering(name, path)
    report("registering %s, %.0f MB" % (recipe, size), peak, size, "MB", "the artifact", ratio=peak / size, goal="<= 2x",
           note="%.1f s; private memory at the peak" % seconds)
    # Under another name, for the bytes are stored already: nothing but the storing is shorter.
    waits = [registering(name + " again", path, seconds * (i + 0.5) / n / 2)[2] for i in range(n)]
    report("canceling that at %d moments" % n, max(waits), statistics.median(waits), "ms", "their median", ratio=max(waits),
           goal="<= 1000 ms", note="in place of a ratio: the longest")


def run():
    of_lookup()
    with connect() as connection:
        of_trigger(connection)
        of_first_call(connection, "forest16", "forest of 16", "<= 5 ms")
        of_first_call(connection, "forest400", "forest of 400", "<= 20 ms")
        of_registration("words", "60 classes of texts")
        of_first_call(connection, "words", "60 classes of texts", "<= 20 ms", "'10000 10006ya no_such_word'")
        of_sharing(connection)
