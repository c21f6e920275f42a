#!/bin/bash
# Runs every query shape with and without the batching node, serial and
# parallel, in connections of their own, and compares rows and errors.
#   tests/shapes/shapes.sh [DIR]      DIR: server made by tools/server.sh start
# Without DIR a server is started for it.  VERBOSE=1 shows each shape.
set -uo pipefail
cd "$(dirname "$0")"
server=../../tools/server.sh
dir=${1:-}
out=$(mktemp -d /tmp/model_ext-XXXXXX)
passed=0 failed=0

own=
if [ -z "$dir" ]; then
	own=$(mktemp -d /tmp/model_ext-XXXXXX)
	dir=$own
	$server start "$dir"
fi
clean_up() {
	rm -rf "$out"
	[ -z "$own" ] || $server stop "$own" >/dev/null 2>&1
}
trap clean_up EXIT
eval "$($server env "$dir")"
export PGDATABASE=shapes MODEL_EXT_GOLDEN=$PWD/../golden
psql -X -q -d postgres -c 'DROP DATABASE IF EXISTS shapes' -c 'CREATE DATABASE shapes' >/dev/null 2>&1
psql -X -q -f setup.sql >/dev/null || exit 1

serial='SET max_parallel_workers_per_gather = 0'
parallel='SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0; SET max_parallel_workers_per_gather = 2'
off='SET model_ext.enable_batch = off'
# Trees lose the tests that conditions decide, however few rows there are.
on='SET model_ext.enable_batch = on; SET model_ext.prune = always'

run() {					# run SETTINGS QUERY: rows and errors, sorted
	psql -X -q -At -c "$1" -c "$2" 2>&1 | grep -v '^CONTEXT:  parallel worker$' |
		sed 's/^parallel worker$//; /^$/d' | sort
}

report() {				# report OK WHAT
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		[ -z "${VERBOSE:-}" ] || echo "ok: $2"
	else
		failed=$((failed + 1))
		echo "FAILED: $2"
	fi
}

# In a transaction that is rolled back: what is left in the tables counts, too.
run_script() {				# run_script SETTINGS SCRIPT
	psql -X -q -At -v ON_ERROR_STOP=0 2>&1 <<-EOS | sed '/^psql:/s/^psql:[^ ]* //'
		$1;
		BEGIN;
		$2
		ROLLBACK;
	EOS
}

expects() {				# expects MARK QUERY: whether EXPLAIN shows what it should
	local nodes
	nodes=$(psql -X -q -At -c "EXPLAIN (COSTS OFF) $2" 2>/dev/null | grep -c ModelBatch)
	case $1 in
	+) [ "$nodes" -gt 0 ] || ! psql -X -q -c "EXPLAIN $2" >/dev/null 2>&1 ;;
	-) [ "$nodes" = 0 ] ;;
	esac
}

while IFS= read -r line; do
	[ "${line:0:1}" != '#' ] && [[ $line =~ ^[+?1-]\  ]] || continue
	mark=${line:0:1} query=${line:2}
	ok=0
	run "$off; $serial" "$query" >"$out/want" &
	run "$on; $serial" "$query" >"$out/serial" &
	run "$on; $parallel" "$query" >"$out/parallel" &
	wait
	cmp -s "$out/serial" "$out/want" || { ok=1; echo "serial rows differ:"; }
	[ "$mark" = 1 ] || cmp -s "$out/parallel" "$out/want" || { ok=1; echo "parallel rows differ:"; }
	expects "$mark" "$query" || { ok=1; echo "node is not as marked \"$mark\":"; }
	report $ok "$query"
done <shapes.txt

script=
while IFS= read -r line; do
	if [[ $line == --\ * ]] && [ -z "$script" ]; then
		title=${line#-- }
	elif [ -n "$line" ]; then
		script+=$line$'\n'
	elif [ -n "$script" ]; then
		want=$(run_script "$off" "$script")
		got=$(run_script "$on" "$script")
		[ "$got" = "$want" ]
		report $? "$title"
		[ "$got" = "$want" ] || diff <(echo "$want") <(echo "$got") | head -10
		script=
	fi
done < <(cat changes.txt; echo)

# A row changed by another session while this one waits for it.
# Not for ever: a statement whose snapshot does not have the row never waits.
until_waiting="DO 'BEGIN FOR i IN 1..80 LOOP
	EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted); PERFORM pg_sleep(0.005);
END LOOP; END'"
while IFS= read -r query; do
	[[ $query == [A-Z]* ]] || continue
	results=()
	for batch in "$off" "$on"; do
		psql -X -q -c 'DROP TABLE IF EXISTS q' -c 'CREATE TABLE q (id int PRIMARY KEY, b int, d float8, e float8, f float8, score float8)' \
			-c 'INSERT INTO q SELECT g, 1, 1, 1, 1, 0 FROM generate_series(1, 50) AS g' -c 'ANALYZE q' 2>/dev/null
		psql -X -q -c 'BEGIN' -c 'UPDATE q SET b = 1000, d = -60 WHERE id = 10' -c "SELECT pg_advisory_lock(1)" \
			-c "$until_waiting" -c 'COMMIT' >/dev/null &
		until [ "$(psql -X -At -c "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 1 ]; do sleep 0.05; done
		results+=("$(psql -X -q -At -c "$batch" -c "$query" 2>&1)
$(psql -X -q -At -c 'SELECT count(*), sum(score) FROM q' -c 'SELECT score FROM q WHERE id = 10')")
		wait
	done
	[ "${results[0]}" = "${results[1]}" ]
	report $? "concurrent: $query"
done <concurrent.txt

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
