#!/bin/bash
# Layout is clang-format's business.  To mend: clang-format -i FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
while IFS= read -r file; do
	if clang-format --dry-run -Werror "$file" 2>/dev/null; then
		passed=$((passed + 1))
	else
		echo "$file: run clang-format -i $file"
		failed=$((failed + 1))
	fi
done < <(find src tests -name '*.[ch]' | sort)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
