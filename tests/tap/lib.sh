# lib.sh: private clusters and counting, for tests that need whole servers.
# Source it; end with finish.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
bindir=$("${PG_CONFIG:-pg_config}" --bindir)
passed=0 failed=0
work=$(mktemp -d /tmp/model_ext-tap-XXXXXX)
declare -A running=()

if [ "$(id -u)" = 0 ]; then
	server_user=postgres
	chown postgres "$work"
else
	server_user=$(id -un)
fi
as_server() {				# a command as the user that owns the clusters
	if [ "$(id -u)" = 0 ]; then
		(cd "$work" && runuser -u "$server_user" -- "$@")
	else
		"$@"
	fi
}

clean_up() {
	local name
	for name in "${!running[@]}"; do
		as_server "$bindir/pg_ctl" -D "$work/$name" -m immediate stop \
			>/dev/null 2>&1 || true
	done
	rm -rf "$work"
}
trap clean_up EXIT

cluster_configure() {			# cluster_configure NAME < lines
	as_server tee -a "$work/$1/postgresql.conf" >/dev/null
}

cluster_init() {			# cluster_init NAME
	as_server "$bindir/initdb" -D "$work/$1" -U postgres -A trust \
		--locale=C.UTF-8 -E UTF8 >"$work/$1.initdb.log"
	cluster_configure "$1" <<-EOF
		listen_addresses = ''
		fsync = off
		logging_collector = off
	EOF
	cluster_socket "$1"
}

# Beside the data folder, so that a base backup does not copy it.
cluster_socket() {			# cluster_socket NAME
	as_server mkdir -p "$work/$1.socket"
	cluster_configure "$1" <<<"unix_socket_directories = '$work/$1.socket'"
}

cluster_start() {			# cluster_start NAME
	as_server "$bindir/pg_ctl" -D "$work/$1" -l "$work/$1.log" -w start \
		>/dev/null || { tail -20 "$work/$1.log"; return 1; }
	running[$1]=1
}

cluster_stop() {			# cluster_stop NAME MODE
	as_server "$bindir/pg_ctl" -D "$work/$1" -m "$2" -w stop >/dev/null
	unset "running[$1]"
}

# psql against a cluster: cluster_sql NAME DATABASE [psql arguments]
cluster_sql() {
	local name=$1 database=$2
	shift 2
	"$bindir/psql" -XAtq -v ON_ERROR_STOP=1 -h "$work/$name.socket" -U postgres \
		-d "$database" "$@"
}

query() {				# query NAME SQL, in database postgres
	cluster_sql "$1" postgres -c "$2"
}

# Registers the sample pipeline once more; prints the version.
register_sample() {			# register_sample NAME DATABASE [SQL before, after]
	(cd "$top/examples/penguins" && cluster_sql "$1" "$2" <<-EOF | tail -1
		\\lo_import penguins.joblib
		${3:-}
		SELECT model_ext.register_model_lo('penguins', :LASTOID);
		${4:-}
	EOF
	)
}

# The extension with the sample's rows and model.
load_models() {				# load_models NAME DATABASE
	cluster_sql "$1" "$2" -c "CREATE EXTENSION model_ext"
	(cd "$top/examples/penguins" && cluster_sql "$1" "$2" -f load.sql >/dev/null)
	register_sample "$1" "$2" >/dev/null
}

# All answers for the sample's rows, as one text.
sample_answers() {			# sample_answers NAME DATABASE
	cluster_sql "$1" "$2" -c "
		SELECT md5(string_agg(id || model_ext.predict_label('penguins', p)
			|| model_ext.predict_proba('penguins', p)::text, ',' ORDER BY id))
		FROM penguins AS p"
}

ok() {					# ok DESCRIPTION COMMAND...
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok - $what"
	else
		failed=$((failed + 1))
		echo "not ok - $what"
	fi
}

is() {					# is DESCRIPTION GOT WANTED
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		printf '#   got:    %s\n#   wanted: %s\n' "$2" "$3"
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
