#!/bin/bash
# Makes sure that Debian's packages for a purpose are there.
#   tools/packages.sh build          to build, install and run the demo
#   tools/packages.sh build test     and what the tests need besides
# As root it installs what is missing; otherwise it names the packages.
set -euo pipefail

major=${PG_MAJOR:-15}
declare -A packages=(
	[build]="gcc make libc6-dev postgresql-$major postgresql-server-dev-$major
		zlib1g-dev libbz2-dev liblzma-dev liblz4-dev libssl-dev"
	[test]="clang-format universal-ctags python3-psycopg git"
	[bench]="python3-venv postgresql-plpython3-$major"
)

missing=()
for purpose in "$@"; do
	for package in ${packages[$purpose]}; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
			grep -q '^install ok installed$' || missing+=("$package")
	done
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "These packages are missing; install them, then try again:" >&2
	echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# The package of the server must neither make a cluster nor start one: the
# tests and the demo make their own, private and in a temporary folder.
if ! dpkg-query -W "postgresql-$major" >/dev/null 2>&1; then
	mkdir -p /etc/postgresql-common/createcluster.d
	echo "create_main_cluster = false" \
		>/etc/postgresql-common/createcluster.d/model_ext.conf
fi
apt-get -qq update
apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
