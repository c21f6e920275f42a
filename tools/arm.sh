#!/bin/bash
# Builds the core for 64-bit ARM and runs its unit programs, the golden files
# and the fuzz corpora there, under an emulator: every score must have the same
# bits as on the machine that it was recorded on.
#   tools/arm.sh [TARGET...]      targets of core.mk; default: unit fuzz-replay
# What is committed is what is tried.  Run as root on Debian, amd64.  Compiler,
# emulator and ARM libraries live in a chroot, $MODEL_EXT_CHROOTS/arm (default
# /var/tmp/model_ext-chroots/arm), for the next time; removing it is safe.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${MODEL_EXT_CHROOTS:-/var/tmp/model_ext-chroots}
dir=$root/arm

[ "$(id -u)" = 0 ] || { echo "arm.sh must run as root" >&2; exit 1; }
. tools/chroot.sh

make_chroot() {
	[ ! -e "$dir/.complete" ] || return 0
	begin_chroot bookworm "$dir" "$root/debootstrap-arm.log"
	in_chroot "$dir" dpkg --add-architecture arm64
	in_chroot "$dir" apt-get -qq update
	in_chroot "$dir" apt-get -qq install -y --no-install-recommends \
		make gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static \
		{zlib1g,libbz2,liblzma,liblz4,libssl}-dev:arm64 \
		>"$root/install-arm.log"
	touch "$dir/.complete"
}

make_chroot
kept=$dir/var/cache/model_ext-build
mkdir -p "$kept"
copy_sources "$PWD" "$dir"
ln -s /var/cache/model_ext-build "$dir/src/model_ext/build"
[ $# -gt 0 ] || set -- unit fuzz-replay
# A program that stops in the middle has no closing line, and make fails.
status=0
in_chroot "$dir" make -C /src/model_ext -f core.mk -s -j"$(nproc)" WERROR=1 \
	CC=aarch64-linux-gnu-gcc RUN=qemu-aarch64-static "$@" \
	2>&1 | tee "$root/arm.log" | grep -v '^#' || status=${PIPESTATUS[0]}
awk '/^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3 }
	END { print p + 0 " passed, " f + 0 " failed"; exit f > 0 || p == 0 }' \
	"$root/arm.log" && [ "$status" = 0 ]
