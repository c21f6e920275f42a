#!/bin/bash
# A private PostgreSQL for tests and demonstrations: its own folder, its own
# socket, no network; no other server is touched.
#
#   tools/server.sh start DIR [SETTING=VALUE...]   makes DIR, starts a server in it
#   tools/server.sh psql DIR [ARGUMENT...]         psql to it
#   tools/server.sh env DIR                        export lines: eval "$(... env DIR)"
#   tools/server.sh run DIR COMMAND...             command with that environment
#   tools/server.sh stop DIR                       stops it and removes DIR
#   tools/server.sh halt DIR                       stops it and keeps DIR
#
# PG_CONFIG chooses the PostgreSQL.  As root, the server runs as the user
# "postgres" (or $MODEL_EXT_USER), for initdb refuses root.  Locale, encoding:
# $MODEL_EXT_LOCALE (C.UTF-8), $MODEL_EXT_ENCODING (UTF8).
set -euo pipefail

usage() {
	sed -n 's/^# \{0,1\}//; 2,15p' "$0" >&2
	exit 2
}

[ $# -ge 2 ] || usage
action=$1
dir=$2
shift 2
[ ! -d "$dir" ] || dir=$(cd "$dir" && pwd)

bin=$("${PG_CONFIG:-pg_config}" --bindir)
user=$(id -un)
[ "$(id -u)" != 0 ] || user=${MODEL_EXT_USER:-postgres}

# The server's own programs, as the server's user and outside a folder that
# it may be unable to enter.
as_server() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u "$user" -- "$@")
	else
		(cd / && "$@")
	fi
}

export_lines() {
	printf 'export PGHOST=%q PGPORT=%q PGUSER=%q PGDATABASE=postgres\n' \
		"$dir/socket" "$(cat "$dir/port")" "$user"
	printf 'export PG_CONFIG=%q PATH=%q:$PATH\n' "${PG_CONFIG:-pg_config}" "$bin"
	printf 'unset PGSERVICE PGHOSTADDR PGOPTIONS PGDATA\n'
}

start() {
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	if [ ! -e "$dir/data/PG_VERSION" ]; then
		make_cluster
	fi
	local options="" setting
	for setting in "$@"; do
		options+=" -c $setting"
	done
	as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -s \
		-o "$options" start || {
		tail -n 20 "$dir/log" >&2
		exit 1
	}
}

make_cluster() {
	# A socket's path must stay below 108 bytes.
	[ "${#dir}" -le 80 ] || {
		echo "server.sh: $dir is too long for a socket's path" >&2
		exit 1
	}
	mkdir -p "$dir/data" "$dir/socket"
	[ "$(id -u)" != 0 ] || chown "$user" "$dir" "$dir/data" "$dir/socket"
	chmod 755 "$dir"
	echo "${MODEL_EXT_PORT:-$((20000 + RANDOM % 20000))}" >"$dir/port"
	as_server "$bin/initdb" -D "$dir/data" -A trust -U "$user" --no-sync \
		--locale="${MODEL_EXT_LOCALE:-C.UTF-8}" \
		-E "${MODEL_EXT_ENCODING:-UTF8}" >"$dir/initdb.log" 2>&1 || {
		tail -n 20 "$dir/initdb.log" >&2
		exit 1
	}
	cat >>"$dir/data/postgresql.conf" <<-EOS
		listen_addresses = ''
		unix_socket_directories = '$dir/socket'
		port = $(cat "$dir/port")
		fsync = off
		max_connections = 50
		shared_buffers = 64MB
		log_line_prefix = '%m [%p] '
	EOS
}

halt() {
	[ -e "$dir/data/postmaster.pid" ] || return 0
	as_server "$bin/pg_ctl" -D "$dir/data" -w -s -m fast stop
}

case $action in
start) start "$@" ;;
psql)
	eval "$(export_lines)"
	exec "$bin/psql" -X "$@"
	;;
env) export_lines ;;
run)
	eval "$(export_lines)"
	exec "$@"
	;;
halt) halt ;;
stop)
	halt
	# Only what start has made.
	if [ -e "$dir/data/PG_VERSION" ] && [ -e "$dir/port" ]; then
		rm -rf "${dir:?}"
	fi
	;;
*) usage ;;
esac
