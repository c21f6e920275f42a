#!/bin/bash
# Data flows one way: which room may include whose headers.  A line printed is
# an include to take out, or a reason to move the code to another room.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A sees=(
	[base]="base"
	[format]="base format"
	[model]="base model"
	[reader]="base format model reader"
	[kernel]="base kernel"
	[op]="base model kernel op"
	[engine]="base model op engine"
	[pg]="base format model reader kernel op engine pg"
)
failed=0

complain() {
	echo "$1"
	failed=$((failed + 1))
}

passed=0
for room in "${!sees[@]}"; do
	while IFS=: read -r file line include; do
		[ -n "$file" ] || continue
		passed=$((passed + 1))
		other=$(sed -E 's/.*"([a-z]+)\/.*/\1/' <<<"$include")
		# PostgreSQL's own headers, which pg includes the same way.
		[ "$room" != pg ] || [ -d "src/$other" ] || continue
		case " ${sees[$room]} " in
		*" $other "*) ;;
		*) complain "$file:$line: room $room may not see room $other" ;;
		esac
	done < <(grep -rnE '^#include "[a-z]+/' "src/$room" --include='*.[ch]' |
		sed -E 's/^([^:]+):([0-9]+):/\1:\2:/' || true)
done

# Only pg knows PostgreSQL, and core files include by room only.
while IFS= read -r hit; do
	[ -z "$hit" ] || complain "$hit: only src/pg may know PostgreSQL"
done < <(grep -rnE '\b(postgres\.h|ereport|elog|palloc|pfree)\b' src \
	--include='*.[ch]' | grep -v '^src/pg/' | grep -v ':[0-9]*: \*' || true)
while IFS= read -r hit; do
	[ -z "$hit" ] || complain "$hit: include by room: \"room/file.h\""
done < <(grep -rnE '^#include "[^/"]+"' src --include='*.[ch]' |
	grep -v '^src/pg/' | grep -v 'sklearn_classes.inc\|_tables.inc' || true)

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
