#!/bin/bash
# Builds out of tree, installs, and runs the regression and isolation tests
# against a private server.
#   tools/regress.sh [DIR]        DIR is scratch, default a temporary folder
# PG_CONFIG chooses the PostgreSQL; WERROR=1 makes warnings errors.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
scratch=${1:-$(mktemp -d /tmp/model_ext-XXXXXX)}
mkdir -p "$scratch/build"
chmod 755 "$scratch"
pg_config=${PG_CONFIG:-pg_config}

stop() {
	tools/server.sh stop "$scratch/server" >/dev/null 2>&1 || true
	[ $# -gt 0 ] || rm -rf "$scratch"
}
if [ $# -gt 0 ]; then trap 'stop keep' EXIT; else trap stop EXIT; fi

make_here() {
	make -C "$scratch/build" -f "$top/Makefile" PG_CONFIG="$pg_config" \
		${WERROR:+COPT=-Werror} --no-print-directory "$@"
}

make_here -s -j2 all
sudo=
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo make -C "$scratch/build" -f "$top/Makefile" PG_CONFIG="$pg_config" \
	--no-print-directory -s install
tools/server.sh start "$scratch/server"

# pg_regress runs as the caller, the server perhaps as another user.
if ! tools/server.sh run "$scratch/server" make -C "$scratch/build" \
	-f "$top/Makefile" PG_CONFIG="$pg_config" --no-print-directory \
	installcheck >"$scratch/installcheck.log" 2>&1; then
	find "$scratch/build" \( -name regression.diffs -o -name '*.diffs' \) \
		-exec head -200 {} + 2>/dev/null || true
	tail -30 "$scratch/installcheck.log"
fi
passed=$(grep -cE '^(ok|test .* ok)' "$scratch/installcheck.log" || true)
failed=$(grep -cE '^(not ok|test .* FAILED)' "$scratch/installcheck.log" || true)
if [ "$passed" = 0 ] && [ "$failed" = 0 ]; then
	tail -30 "$scratch/installcheck.log"
	failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
