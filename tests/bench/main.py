"""Runs the parts asked for and prints the table."""

import sys
import time

import common
import core
import load
import sql_bulk
import sql_single
import table


def sql():
    sql_bulk.run()
    sql_single.run()


PARTS = {"core": core.run, "load": load.run, "sql": sql}


def main():
    common.QUICK = "--quick" in sys.argv
    started = time.time()
    for part in [a for a in sys.argv[1:] if a in PARTS] or PARTS:
        print("%s, after %.0f s" % (part, time.time() - started), flush=True)
        PARTS[part]()
    table.write(time.time() - started)


if __name__ == "__main__":
    main()
