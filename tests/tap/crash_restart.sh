#!/bin/bash
# Committed models survive a crash, uncommitted ones leave nothing, and image
# files do not outlive the server.
. "$(dirname "$0")/lib.sh"

images() {
	as_server find "$work/main/base" -name 'pgsql_tmp_model_ext*' | wc -l
}

cluster_init main
cluster_start main
load_models main postgres
want=$(sample_answers main postgres)
is "one image file" "$(images)" 1

# An open transaction that has registered a version when the server dies.
register_sample main postgres "BEGIN;" "SELECT pg_sleep(30);" \
	>/dev/null 2>&1 &
client=$!
for _ in $(seq 100); do
	[ "$(query main "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()")" = 0 ] || break
	sleep 0.1
done
cluster_stop main immediate
wait "$client" || true
cluster_start main
is "no image file after a restart" "$(images)" 0
is "the same answers after a crash" "$(sample_answers main postgres)" "$want"
is "nothing of the open transaction" "$(query main "SELECT count(*) FROM model_ext.model_versions")" 1
is "verify finds nothing wrong" \
	"$(query main "SELECT count(*) FROM model_ext.verify() WHERE NOT passed")" 0

# A backend killed while others go on: the server restarts itself.
pid=$(query main "SELECT pg_backend_pid()") || true
(query main "SELECT model_ext.predict_label('penguins', p), pg_sleep(20) FROM penguins AS p" >/dev/null 2>&1) &
client=$!
for _ in $(seq 100); do
	pid=$(query main "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()")
	[ -z "$pid" ] || break
	sleep 0.1
done
kill -9 "$pid"
wait "$client" || true
for _ in $(seq 100); do
	query main "SELECT 1" >/dev/null 2>&1 && break
	sleep 0.1
done
is "the same answers after a killed backend" "$(sample_answers main postgres)" "$want"
finish
