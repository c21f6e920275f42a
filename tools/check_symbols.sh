#!/bin/bash
# check_symbols.sh LIBRARY: the library exports only what PostgreSQL calls,
# and leaves no function of its own undefined (that would fail at LOAD only).
set -euo pipefail
library=${1:?usage: check_symbols.sh LIBRARY}
passed=0 failed=0

while read -r symbol; do
	case $symbol in
	model_ext_* | mxpg_* | pg_finfo_model_ext_* | _PG_init | Pg_magic_func) passed=$((passed + 1)) ;;
	_init | _fini) ;;
	*)
		echo "$symbol is exported: make it static, or hide it"
		failed=$((failed + 1))
		;;
	esac
done < <(nm -D --defined-only "$library" | awk '{print $3}')
while read -r symbol; do
	echo "$symbol is undefined: is its file compiled?"
	failed=$((failed + 1))
done < <(nm -D -u "$library" | awk '{print $2}' | grep -E '^(mx_|mxpg_)' || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
