#!/bin/bash
# Benchmarks side by side in one run: the core and SQL against scikit-learn and
# PL/Python.  Installs PL/Python and makes a virtual environment from PyPI.
#   tests/bench/run.sh [core|sql]...        default: both
# Prints Markdown tables; times are CPU times of single processes.
set -euo pipefail
cd "$(dirname "$0")/../.."
top=$PWD
work=${MODEL_EXT_BENCH:-/var/tmp/model_ext-bench}
[ $# -gt 0 ] || set -- core sql
tools/packages.sh build bench
mkdir -p "$work/build"
chmod 755 "$work"
if [ ! -x "$work/venv/bin/python" ]; then
	/usr/bin/python3 -m venv "$work/venv"
fi
"$work/venv/bin/pip" install -q -r tests/bench/requirements.txt

for what in "$@"; do
	case $what in
	core)
		make -f core.mk -s -j2 build/bench/bench_core
		"$work/venv/bin/python" tests/bench/core.py build/bench/bench_core
		;;
	sql)
		make -C "$work/build" -f "$top/Makefile" -s -j2 --no-print-directory all install
		tools/server.sh stop "$work/server" >/dev/null 2>&1 || true
		PYTHONPATH=$(echo "$work"/venv/lib/python3*/site-packages) \
			OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
			tools/server.sh start "$work/server" shared_buffers=512MB jit=off
		tools/server.sh run "$work/server" "$work/venv/bin/python" tests/bench/sql.py
		tools/server.sh stop "$work/server"
		;;
	esac
done
