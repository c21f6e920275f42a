#!/bin/bash
# Make a lane: a private Python environment with one release of scikit-learn.
#   tools/setup_lane.sh LANE...
# A lane is a folder of pinned wheels under $MODEL_EXT_LANES (default
# ~/.cache/model_ext/lanes), used by way of PYTHONPATH.  Its Python is one of
# the same version in ~/.pyenv or on PATH; where there is none, the lanes of
# Python 2.7 and 3.9 get a Debian 11 root made by debootstrap (needs root).
# MODEL_EXT_CHROOT=1 takes that root even where a Python is at hand.
set -euo pipefail

export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/golden/lane.sh"

make_chroot() {
	local chroot=$lanes/bullseye
	[ -e "$chroot/.complete" ] && return
	command -v debootstrap >/dev/null || {
		echo "needs debootstrap: apt-get install debootstrap" >&2
		return 1
	}
	rm -rf "$chroot"
	debootstrap --variant=minbase \
		--include=ca-certificates,python3,python3-distutils,python2.7,libgomp1 \
		bullseye "$chroot" >"$lanes/debootstrap.log"
	rm -rf "$chroot"/var/cache/apt/archives/*.deb
	touch "$chroot/.complete"
}

# Any pip can put wheels for another Python into a folder.  pip checks
# Requires-Python against the Python it runs in, hence the two options.
install_foreign() {			# install_foreign VERSION TARGET PIN...
	local version=$1 target=$2 options=() platform
	shift 2
	[ "$version" != 2.7 ] || options+=(--abi cp27mu --abi none)
	for platform in manylinux1 manylinux2010 manylinux2014; do
		options+=(--platform "${platform}_x86_64")
	done
	python3 -m pip install -q --target "$target" --only-binary=:all: \
		--no-compile --no-deps --ignore-requires-python \
		--implementation cp --python-version "$version" "${options[@]}" "$@"
}

for lane; do
	read_lane "$lane"
	if [ "$(cat "$target/.complete" 2>/dev/null)" = "$pins" ]; then
		echo "lane $lane is complete"
		continue
	fi
	rm -rf "$target"
	mkdir -p "$target"
	if [ "$route" = host ]; then
		# shellcheck disable=SC2086
		"$interpreter" -m pip install -q --target "$target" \
			--only-binary=:all: --no-compile --no-deps $pins
	else
		make_chroot
		# shellcheck disable=SC2086
		install_foreign "$python" "$target" $pins
	fi
	"$here/run_in_lane.sh" "$lane" "$here/golden/hello.py"
	echo "$pins" >"$target/.complete"
done
