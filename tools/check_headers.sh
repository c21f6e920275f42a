#!/bin/bash
# A header compiles alone.  What is printed is the compiler's complaint.
set -euo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
pg=$("${PG_CONFIG:-pg_config}" --includedir-server)

while IFS= read -r header; do
	flags=(-std=c11 -Wall -Wextra -Isrc)
	case $header in src/pg/*) flags=(-std=gnu11 -Wall "-I$pg" -Isrc) ;; esac
	# What a .c file of the pg room includes first.
	first=/dev/null
	case $header in src/pg/*) first=$pg/postgres.h ;; esac
	if gcc "${flags[@]}" -fsyntax-only -include "$first" -x c "$header"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done < <(find src -name '*.h' | sort)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
