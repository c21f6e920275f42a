#!/bin/bash
# Runs unit programs of the core on a machine with AVX-512 that a full-system
# emulator plays, for machines without it: every twin, every fold and every
# walk must give the same bits there as plain C.
#   tools/avx512.sh [PROGRAM...]  of tests/unit; default: those that compare
#                                 vectors with plain loops, and the golden files
# Not test_math: the emulator's long doubles, which it measures by, are coarse.
# What is committed is what is tried.  MODEL_EXT_ROWS is passed on: the emulator
# is about a hundred times slower than this machine.  Run as root on Debian,
# amd64.  Compiler, emulator and kernel live in a chroot,
# $MODEL_EXT_CHROOTS/avx512 (default /var/tmp/model_ext-chroots/avx512), for the
# next time; removing it is safe.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${MODEL_EXT_CHROOTS:-/var/tmp/model_ext-chroots}
dir=$root/avx512
seconds=${MODEL_EXT_SECONDS:-3600}			# after which the machine hangs

[ "$(id -u)" = 0 ] || { echo "avx512.sh must run as root" >&2; exit 1; }
. tools/chroot.sh

make_chroot() {
	[ ! -e "$dir/.complete" ] || return 0
	begin_chroot bookworm "$dir" "$root/debootstrap-avx512.log"
	in_chroot "$dir" apt-get -qq update
	in_chroot "$dir" apt-get -qq install -y --no-install-recommends \
		make gcc libc6-dev {zlib1g,libbz2,liblzma,liblz4,libssl}-dev \
		bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso \
		cpio busybox-static >"$root/install-avx512.log"
	# Only its kernel: installed, the package would build a boot of its own.
	in_chroot "$dir" sh -ec 'cd /root
		apt-get -qq download "$(apt-cache depends linux-image-cloud-amd64 |
			sed -n "s/ *Depends: //p" | head -n 1)" 2>/dev/null
		dpkg -x linux-image-*.deb kernel' >>"$root/install-avx512.log"
	touch "$dir/.complete"
}

# The first program of the machine; what it prints goes to the serial port.
init() {					# init PROGRAM...
	cat <<-END
		#!/bin/busybox sh
		/bin/busybox mount -t proc proc /proc
		${MODEL_EXT_ROWS:+export MODEL_EXT_ROWS=$MODEL_EXT_ROWS}
		cd /src/model_ext
		for program in $*; do
		    echo "# \$program"
		    build/unit/\$program || echo "0 passed, 1 failed"
		done
		echo "# on" \$(/bin/busybox grep -om 1 avx512bw /proc/cpuinfo)
		/bin/busybox sleep 1
		exec /bin/busybox poweroff -f
	END
}

# All files of the machine: it has no disk, only what the boot disc loads.
lay_files() {				# lay_files PROGRAM...
	local files=$dir/machine/files program
	mkdir -p "$files"/{bin,dev,proc}
	mknod "$files/dev/console" c 5 1
	cp "$dir/usr/bin/busybox" "$files/bin"
	init "$@" >"$files/init"
	chmod +x "$files/init"
	in_chroot "$dir" sh -ec 'cd /src/model_ext
		cp -r --parents tests/golden /machine/files/src/model_ext
		for program; do
			cp --parents "build/unit/$program" /machine/files/src/model_ext
			cp -L --parents $(ldd "build/unit/$program" | grep -o "/[^ ]*") \
				/machine/files
		done' - "$@"
}

# The kernel is told to save registers in the oldest layout: the emulator gives
# a wrong size for the others, and the kernel then leaves AVX-512 off.
make_disc() {
	local disc=$dir/machine/disc
	mkdir -p "$disc"
	cp "$dir"/root/kernel/boot/vmlinuz-* "$disc/kernel"
	cp "$dir"/usr/lib/ISOLINUX/isolinux.bin \
		"$dir"/usr/lib/syslinux/modules/bios/ldlinux.c32 "$disc"
	cat >"$disc/isolinux.cfg" <<-END
		default linux
		label linux
		kernel kernel
		initrd files
		append console=ttyS0 quiet nokaslr mitigations=off clearcpuid=xsaves,xsavec
	END
	in_chroot "$dir" sh -ec 'cd /machine
		(cd files && find . | cpio -o -H newc --quiet) >disc/files
		xorriso -as mkisofs -quiet -o disc.iso -b isolinux.bin -no-emul-boot \
			-boot-load-size 4 -boot-info-table disc 2>/dev/null'
}

# The screen is one that nobody looks at, in a network of its own.  That the
# machine has switched itself off is a failure to the emulator.
run_machine() {
	local machine=$dir/machine
	cat >"$machine/bochsrc" <<-END
		config_interface: textconfig
		display_library: rfb, options="timeout=0"
		cpu: model=corei7_skylake_x, ips=100000000
		memory: guest=1024, host=1024
		romimage: file=/usr/share/bochs/BIOS-bochs-latest
		vgaromimage: file=/usr/share/vgabios/vgabios.bin
		ata0-master: type=cdrom, path=disc.iso, status=inserted
		boot: cdrom
		com1: enabled=1, mode=file, dev=serial.txt
		clock: sync=none
		panic: action=fatal
		log: log.txt
	END
	echo c >"$machine/commands"
	in_chroot "$dir" sh -c 'cd /machine
		exec timeout "$1" unshare --net bochs -q -f bochsrc -rc commands \
			>screen.txt 2>&1 </dev/null' - "$seconds" || true
	tr -d '\r' <"$machine/serial.txt" >"$root/avx512.log"
}

[ $# -gt 0 ] || set -- test_twins test_tree_engines test_tree_walks test_sums \
	test_golden
make_chroot
mkdir -p "$dir/var/cache/model_ext-build"
copy_sources "$PWD" "$dir"
ln -s /var/cache/model_ext-build "$dir/src/model_ext/build"
rm -rf "$dir/machine"
mkdir -p "$dir/machine/files/src/model_ext"
in_chroot "$dir" make -C /src/model_ext -f core.mk -s -j"$(nproc)" WERROR=1 \
	"${@/#/build/unit/}"
lay_files "$@"
make_disc
run_machine
grep -v '^\[' "$root/avx512.log"
# A machine without AVX-512, or one that hung, has tried nothing.
grep -q '^# on avx512bw' "$root/avx512.log" ||
	echo "0 passed, 1 failed" | tee -a "$root/avx512.log"
awk '/^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3 }
	END { print p + 0 " passed, " f + 0 " failed"; exit f > 0 || p == 0 }' \
	"$root/avx512.log"
