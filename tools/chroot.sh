# chroot.sh: other Debian suites and machines, apart from this system.  Source
# it, as root on Debian.

# A minimal system with the suite's packages; DIR is made anew.
begin_chroot() {			# begin_chroot SUITE DIR LOG
	local suite=$1 dir=$2
	command -v debootstrap >/dev/null ||
		{ apt-get -qq update && apt-get -qq install -y debootstrap >/dev/null; }
	rm -rf "$dir"
	mkdir -p "$(dirname "$dir")"
	debootstrap --variant=minbase --include=ca-certificates "$suite" "$dir" >"$3"
	cp -L /etc/resolv.conf /etc/hosts "$dir/etc/"
	printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
	chmod +x "$dir/usr/sbin/policy-rc.d"
	mkdir -p "$dir/dev/shm"
	echo 'Acquire::Check-Valid-Until "false";' \
		>"$dir/etc/apt/apt.conf.d/99model_ext"
}

in_chroot() {				# in_chroot DIR COMMAND...
	local dir=$1; shift
	# A mount namespace of its own: nothing stays mounted whatever happens.
	unshare --mount --propagation private bash -c '
		dir=$1; shift
		mount -t proc proc "$dir/proc"
		mount -t tmpfs tmpfs "$dir/dev/shm" 2>/dev/null || true
		exec chroot "$dir" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
	' - "$dir" "$@"
}

# What is committed, in DIR/src/model_ext.
copy_sources() {			# copy_sources REPOSITORY DIR
	rm -rf "$2/src/model_ext"
	mkdir -p "$2/src/model_ext"
	git -C "$1" archive HEAD | tar -x -C "$2/src/model_ext"
}
