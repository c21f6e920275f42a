#!/bin/bash
# Builds the extension and runs the regression suite and the query shapes on
# other PostgreSQL majors, each in a chroot of a Debian suite that carries it.
#   tools/matrix.sh [MAJOR...]      default: 17 18 19
# What is committed is what is tried.  Run as root on Debian.  The chroots stay in $MODEL_EXT_CHROOTS (default
# /var/tmp/model_ext-chroots) for the next time; removing the folder is safe.
set -euo pipefail
cd "$(dirname "$0")/.."
source_dir=$PWD
root=${MODEL_EXT_CHROOTS:-/var/tmp/model_ext-chroots}
passed=0 failed=0

[ "$(id -u)" = 0 ] || { echo "matrix.sh must run as root" >&2; exit 1; }
. tools/chroot.sh

suite_of() {
	case $1 in
	15) echo bookworm ;;
	17) echo trixie ;;
	18 | 19) echo sid ;;
	*) echo "no Debian suite is known for PostgreSQL $1" >&2; return 1 ;;
	esac
}

make_chroot() {				# make_chroot MAJOR
	local major=$1 suite dir=$root/pg$1 from= experimental=()
	suite=$(suite_of "$major")
	[ ! -e "$dir/.complete" ] || return 0
	begin_chroot "$suite" "$dir" "$root/debootstrap-$major.log"
	mkdir -p "$dir/etc/postgresql-common"
	echo "create_main_cluster = false" \
		>"$dir/etc/postgresql-common/createcluster.conf"
	if [ "$major" = 19 ]; then
		sed 's/ sid / experimental /' "$dir/etc/apt/sources.list" \
			>"$dir/etc/apt/sources.list.d/experimental.list"
		# Only what must come from there: its other packages need not fit.
		experimental=(postgresql-client-19/experimental
			libpq5/experimental libpq-dev/experimental)
		from=/experimental
	fi
	in_chroot "$dir" apt-get -qq update
	in_chroot "$dir" apt-get -qq install -y --no-install-recommends \
		"${experimental[@]}" "postgresql-$major$from" \
		"postgresql-server-dev-$major$from" >"$root/install-$major.log"
	in_chroot "$dir" apt-get -qq install -y --no-install-recommends \
		gcc make libc6-dev zlib1g-dev libbz2-dev liblzma-dev liblz4-dev \
		libssl-dev >>"$root/install-$major.log"
	touch "$dir/.complete"
}

run_suite() {				# run_suite MAJOR
	local major=$1 dir=$root/pg$1
	copy_sources "$source_dir" "$dir"
	in_chroot "$dir" PG_MAJOR="$major" \
		PG_CONFIG="/usr/lib/postgresql/$major/bin/pg_config" \
		bash -c 'cd /src/model_ext && tools/regress.sh && tests/shapes/shapes.sh' \
		>"$root/regress-$major.log" 2>&1
}

[ $# -gt 0 ] || set -- 17 18 19
for major in "$@"; do
	if make_chroot "$major" && run_suite "$major"; then
		passed=$((passed + 1))
		echo "PostgreSQL $major: $(grep -E '^[0-9]+ passed' \
			"$root/regress-$major.log" | paste -sd ';' | sed 's/;/; shapes: /')"
	else
		failed=$((failed + 1))
		echo "PostgreSQL $major: failed, see $root/*-$major.log"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
