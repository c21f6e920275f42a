#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Write golden files: what one release of scikit-learn saves and answers.

    tools/run_in_lane.sh LANE tools/make_golden.py LANE [--to DIR] [CASE...]

writes tests/golden/CASE/LANE/ for every case, or those named (a trailing *
matches any ending).  docs/golden.md tells what the files hold.  Runs in
Python 2.7 and 3.6 to 3.13.
"""
from __future__ import division, print_function

import os
import re
import sys
import time
import traceback

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from golden import base, tiers, write
from golden import (scale, linear, impute, encode, function, text, trees,  # noqa: F401
                    boosting, compose)


def main(lane, patterns):
    root = os.path.join(os.path.dirname(here), "tests", "golden")
    if patterns[:1] == ["--to"]:
        root, patterns = patterns[1], patterns[2:]
    failures = total = 0
    if base.VERSION == base.NEWEST and (not patterns or "refused" in patterns):
        from golden import refused
        refused.write_all(os.path.join(root, "refused"))
    wanted = re.compile("|".join(re.escape(p).replace(r"\*", ".*") + "$" for p in patterns))
    seen = set()
    for case in base.CASES:
        if case.name in seen:
            raise ValueError("two cases are named " + case.name)
        seen.add(case.name)
        if not wanted.match(case.name):
            continue
        if not tiers.writes(lane, case):
            continue
        start = time.time()
        try:
            size, count = write.write_case(case, root, lane, tiers.rows_of(lane))
        except base.Absent:
            print("%-30s absent" % case.name)
            continue
        except Exception:
            failures += 1
            print("%-30s FAILED" % case.name)
            traceback.print_exc(file=sys.stdout)
            continue
        total += size
        print("%-30s %6d bytes %3d rows %5.1f s" % (case.name, size, count, time.time() - start))
        sys.stdout.flush()
    print("%s: %d bytes, %d failed" % (lane, total, failures))
    unknown = tiers.MAIN_ONLY - seen
    if unknown:
        print("no such case: " + " ".join(sorted(unknown)))
    return 1 if failures or unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
