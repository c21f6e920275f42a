#!/bin/bash
# Runs all tests: the checks of layout, the core's unit programs, golden files
# and fuzz corpora (also under sanitizers), the regression and isolation tests,
# the tests of whole servers, the golden files through SQL, each query shape
# with and without the batching node, a real client.
#   tools/test.sh [SUITE...]      only these; "tools/test.sh list" names them
# The last line sums up: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.."
top=$PWD
tools/packages.sh build test || exit 1
scratch=$(mktemp -d /tmp/model_ext-test-XXXXXX)
chmod 755 "$scratch"
export PG_CONFIG=${PG_CONFIG:-pg_config}
passed=0 failed=0
jobs=$(nproc)

clean_up() {
	tools/server.sh stop "$scratch/server" >/dev/null 2>&1
	rm -rf "$scratch"
}
trap clean_up EXIT

# Adds up the closing lines of a suite; one that dies without any has failed.
count() {				# count NAME LOG STATUS
	local p f sum_p=0 sum_f=0
	while read -r p f; do
		sum_p=$((sum_p + p))
		sum_f=$((sum_f + f))
	done < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$2")
	if [ "$3" != 0 ] && [ "$sum_f" = 0 ] || [ "$((sum_p + sum_f))" = 0 ]; then
		sum_f=$((sum_f + 1))
	fi
	passed=$((passed + sum_p))
	failed=$((failed + sum_f))
	printf '%-14s %6d passed, %d failed  (%d s)\n' "$1" "$sum_p" "$sum_f" \
		$((SECONDS - started))
	[ "$sum_f" = 0 ] || grep -vE '^(ok|#|test .* ok)' "$2" | tail -60
}

suite_layers() { tools/check_layers.sh; }
suite_headers() { tools/check_headers.sh; }
suite_format() { tools/check_format.sh; }
suite_supported() { tools/make_supported.sh --check; }
suite_unit() { make -f core.mk -s -j"$jobs" WERROR=1 unit fuzz-replay; }
suite_sanitizers() { make -f core.mk -s -j"$jobs" asan; }
suite_regress() { WERROR=1 tools/regress.sh "$scratch"; }
suite_symbols() { tools/check_symbols.sh "$("$PG_CONFIG" --pkglibdir)/model_ext.so"; }
suite_comments() { with_server tools/check_comments.sh postgres; }
suite_golden() { with_server tests/golden_sql.sh; }
suite_shapes() { with_server tests/shapes/shapes.sh "$scratch/server"; }
suite_client() { with_server python3 tests/client/test_psycopg.py; }
suite_servers() {
	local script status=0
	for script in tests/tap/[!l]*.sh; do
		echo "# $script"
		"$script" || status=1
	done
	return $status
}

# A command with a fresh private server that has the extension.
with_server() {
	tools/server.sh stop "$scratch/server" >/dev/null 2>&1
	tools/server.sh start "$scratch/server" || return 1
	tools/server.sh psql "$scratch/server" -qc "CREATE EXTENSION model_ext" || return 1
	tools/server.sh run "$scratch/server" "$@"
}

# Debian's own Python has psycopg.
[ -x /usr/bin/python3 ] && PATH=/usr/bin:$PATH

all=(layers headers format supported unit sanitizers regress symbols comments golden shapes client servers)
if [ "${1:-}" = list ]; then
	echo "${all[@]}"
	exit 0
fi
[ $# -gt 0 ] || set -- "${all[@]}"
for name in "$@"; do
	started=$SECONDS
	"suite_$name" >"$scratch/$name.log" 2>&1
	count "$name" "$scratch/$name.log" $?
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
