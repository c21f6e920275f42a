#!/bin/bash
# Run a Python script in a lane made by setup_lane.sh.
#   tools/run_in_lane.sh LANE SCRIPT [ARGUMENT...]
# One thread, fixed hash seed: the same script writes the same files.  A lane
# in a Debian 11 root sees the working directory, the script's own and nothing
# else of this machine.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/golden/lane.sh"
lane=${1:?usage: run_in_lane.sh LANE SCRIPT [ARGUMENT...]}
script=$(realpath "${2:?usage: run_in_lane.sh LANE SCRIPT [ARGUMENT...]}")
shift 2
read_lane "$lane"

export PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 PYTHONIOENCODING=utf-8
export LC_ALL=C.UTF-8 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
if [ "$route" = host ]; then
	PYTHONPATH=$target exec "$interpreter" -S -s "$script" "$@"
fi

# A private mount namespace: the bind mounts vanish with the process.
export PYTHONPATH=/lane
# shellcheck disable=SC2016
exec unshare --mount bash -c '
	set -e
	chroot=$1 target=$2 python=$3 script=$4
	shift 4
	bind() { mkdir -p "$chroot$2"; mount --bind "$1" "$chroot$2"; }
	bind "$target" /lane
	bind "$PWD" "$PWD"
	bind "$(dirname "$script")" "$(dirname "$script")"
	bind /proc /proc
	bind /dev /dev
	exec chroot "$chroot" sh -c "cd \"\$1\" && shift && exec \"\$@\"" \
		sh "$PWD" "$python" -S -s "$script" "$@"
' bash "$lanes/bullseye" "$target" "$interpreter" "$script" "$@"
