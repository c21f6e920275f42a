#!/bin/bash
# make_supported.sh [--check]: writes docs/supported.md from the table of
# readers, or fails when the committed file is not current (then run it
# without --check, and commit).
set -euo pipefail
cd "$(dirname "$0")/.."

objects=()
for source in src/{base,format,model,reader,reader/sklearn}/*.c; do
	objects+=("build/${source%.c}.o")
done
make -s -f core.mk "${objects[@]}" >&2
cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Isrc -o build/make_supported tools/make_supported.c \
	"${objects[@]}" -lz -lbz2 -llzma -llz4 -lm
if [ "${1:-}" = --check ]; then
	if build/make_supported | diff -u docs/supported.md -; then
		echo "1 passed, 0 failed"
	else
		echo "docs/supported.md is not current: run tools/make_supported.sh"
		echo "0 passed, 1 failed"
		exit 1
	fi
else
	build/make_supported >docs/supported.md
fi
