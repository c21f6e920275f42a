#!/bin/bash
# Builds and installs the extension, starts a private throw-away PostgreSQL,
# registers the sample pipeline and scores its rows, beside scikit-learn's own
# answers.  A PostgreSQL that runs already is not touched.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
tools/packages.sh build
pg_config=${PG_CONFIG:-pg_config}
dir=${MODEL_EXT_DEMO:-/tmp/model_ext-demo}

echo "Building ..."
mkdir -p "$dir/build"
chmod 755 "$dir"
make -C "$dir/build" -f "$top/Makefile" PG_CONFIG="$pg_config" -s -j2 \
	--no-print-directory all
install=(make -C "$dir/build" -f "$top/Makefile" "PG_CONFIG=$pg_config" -s
	--no-print-directory install)
[ "$(id -u)" = 0 ] || install=(sudo "${install[@]}")
"${install[@]}"

echo "Starting a private server in $dir ..."
tools/server.sh stop "$dir/server" >/dev/null 2>&1 || true
tools/server.sh start "$dir/server"
cd examples/penguins
"$top/tools/server.sh" psql "$dir/server" -q -v ON_ERROR_STOP=1 -f demo.sql

cat <<EOF

Go on in psql:     tools/server.sh psql $dir/server
Stop and remove:   tools/server.sh stop $dir/server
EOF
