"""Runs the parts asked for and prints the table."""

import sys
import time

import common
import core
import load
import table

PARTS = {"core": core.run, "load": load.run}


def main():
    common.QUICK = "--quick" in sys.argv
    started = time.time()
    for part in [a for a in sys.argv[1:] if a in PARTS] or PARTS:
        print(part, flush=True)
        PARTS[part]()
    table.write(time.time() - started)


if __name__ == "__main__":
    main()
