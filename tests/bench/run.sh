#!/bin/bash
# Benchmarks side by side in one run: the core beside scikit-learn and other
# engines, SQL beside PL/Python and hand-written SQL.
#   tests/bench/run.sh [--quick] [core|load|sql]...    default: all
# Prints one Markdown table of ratios.  What is committed is what is measured.
# Everything it makes, fitted models too, is in $MODEL_EXT_BENCH and is kept:
# Python packages, a copy of PostgreSQL (so that nothing else loads what is
# measured), a private server.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MODEL_EXT_BENCH=${MODEL_EXT_BENCH:-/var/tmp/model_ext-bench}
export MODEL_EXT_COMMIT=$(git rev-parse --short HEAD)
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TZ=UTC
work=$MODEL_EXT_BENCH
source=$work/source
python=$work/venv/bin/python
pg_config=${PG_CONFIG:-pg_config}

install_python() {
	[ -x "$python" ] || /usr/bin/python3 -m venv "$work/venv"
	local wanted packages
	wanted=$(cat tests/bench/requirements.txt tests/bench/peers.txt)
	[ "$(cat "$work/venv/wanted" 2>/dev/null)" != "$wanted" ] || return 0
	"$python" -m pip install -q -r tests/bench/requirements.txt
	# A peer that does not install is left out of the table.
	while read -r packages; do
		"$python" -m pip install -q -c tests/bench/requirements.txt $packages ||
			echo "$packages: not installed" >&2
	done < <(cat tests/bench/peers.txt)
	echo "$wanted" >"$work/venv/wanted"
}

build() {
	[ "$(cat "$work/built" 2>/dev/null)" != "$MODEL_EXT_COMMIT" ] || return 0
	# Files of an archive are as old as their commit: nothing old may stay.
	rm -rf "$source" "$work/build" "$work/built"
	mkdir -p "$source" "$work/build"
	git archive "$MODEL_EXT_COMMIT" | tar -x -C "$source"
	make -C "$source" -f core.mk -s -j2 build/bench/bench_core
	make -C "$work/build" -f "$source/Makefile" PG_CONFIG="$pg_config" -s -j2 \
		--no-print-directory all
	echo "$MODEL_EXT_COMMIT" >"$work/built"
}

# PostgreSQL finds its files from where its programs are, so a copy works.
copy_postgres() {
	local what folder
	for what in bindir pkglibdir sharedir; do
		folder=$("$pg_config" --$what)
		mkdir -p "$work/pg$folder"
		cp -a "$folder/." "$work/pg$folder"
	done
	make -C "$work/build" -f "$source/Makefile" PG_CONFIG="$pg_config" -s \
		--no-print-directory DESTDIR="$work/pg" install
	export PG_CONFIG="$work/pg$("$pg_config" --bindir)/pg_config"
	PG_CONFIG=$(realpath "$PG_CONFIG")
}

server() {
	tools/server.sh "$1" "$work/server" "${@:2}"
}

tools/packages.sh build bench
mkdir -p "$work"
chmod 755 "$work"
install_python
build
copy_postgres
"$python" tests/bench/models.py
chmod -R a+rX "$work/models"

trap 'server stop >/dev/null 2>&1' EXIT
server stop >/dev/null 2>&1 || true
PYTHONPATH=$(echo "$work"/venv/lib/python3*/site-packages) server start \
	shared_buffers=2GB jit=off max_connections=150 max_wal_size=8GB \
	autovacuum=off max_parallel_workers_per_gather=0
server run "$python" tests/bench/main.py "$@"
