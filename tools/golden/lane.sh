# Where a lane is and which Python runs it; read by setup_lane.sh and
# run_in_lane.sh, which set $here to the folder of lanes.tsv.

lanes=${MODEL_EXT_LANES:-$HOME/.cache/model_ext/lanes}
mkdir -p "$lanes"
lanes=$(cd "$lanes" && pwd)

find_python() {				# find_python 3.7: prints the path of one
	local candidate
	for candidate in "$HOME/.pyenv/versions/$1".*/bin/python \
		"/usr/bin/python$1" "$(command -v "python$1" || true)"; do
		if [ -x "$candidate" ] && "$candidate" -m pip --version >/dev/null 2>&1; then
			echo "$candidate"
			return
		fi
	done
	return 1
}

read_lane() {				# read_lane NAME: sets python pins route target interpreter
	local chroot_python chroot_pins
	IFS=$'\t' read -r _ python pins chroot_python chroot_pins \
		< <(grep -P "^\Q$1\E\t" "$here/lanes.tsv") ||
		{ echo "no lane $1 in lanes.tsv" >&2; return 1; }
	if [ -z "${MODEL_EXT_CHROOT:-}" ] && interpreter=$(find_python "$python"); then
		route=host
		target=$lanes/$1
		return
	fi
	if [ "$chroot_python" = - ]; then
		echo "lane $1 needs Python $python with pip (pyenv install $python)" >&2
		return 1
	fi
	python=$chroot_python
	[ "$chroot_pins" = same ] || pins=$chroot_pins
	route=chroot
	target=$lanes/bullseye-$1
	interpreter=python$python
}
