#!/bin/bash
# A hot standby scores read-only, from its own image file, and sees an alias
# move after replay.
. "$(dirname "$0")/lib.sh"

cluster_init primary
cluster_configure primary <<-EOF
	wal_level = replica
	max_wal_senders = 4
EOF
cluster_start primary
load_models primary postgres
want=$(sample_answers primary postgres)

as_server "$bindir/pg_basebackup" -h "$work/primary.socket" -U postgres -D "$work/standby" -R -X stream
cluster_socket standby
# Queries are not cancelled for what replay wants to remove.
cluster_configure standby <<<"max_standby_streaming_delay = -1"
ok "a base backup holds no image file" \
	[ -z "$(as_server find "$work/standby" -name 'pgsql_tmp_model_ext*')" ]
cluster_start standby
is "the standby is read-only" "$(query standby "SELECT pg_is_in_recovery()")" t
is "the standby gives the primary's answers" "$(sample_answers standby postgres)" "$want"
ok "the standby has an image file of its own" \
	[ -n "$(as_server find "$work/standby/base/pgsql_tmp" -name 'pgsql_tmp_model_ext*')" ]

catch_up() {				# waits until the standby has replayed all there is
	local lsn
	lsn=$(query primary "SELECT pg_current_wal_lsn()")
	for _ in $(seq 100); do
		[ "$(query standby "SELECT pg_last_wal_replay_lsn() >= '$lsn'")" = f ] || break
		sleep 0.1
	done
}
query primary "SELECT model_ext.set_alias('penguins', 'candidate', 1)" >/dev/null
catch_up
is "an alias made on the primary works on the standby" \
	"$(query standby "SELECT count(model_ext.predict_label('penguins@candidate', p)) FROM penguins AS p")" \
	"$(query primary "SELECT count(*) FROM penguins")"

# Rows change, move and are vacuumed away while the standby reads them ahead.
query primary "CREATE TABLE many AS SELECT p.* FROM penguins AS p, generate_series(1, 100);
	ALTER TABLE many SET (autovacuum_enabled = off)"
catch_up
scores="SELECT md5(string_agg(x, ',' ORDER BY x)) FROM
	(SELECT id || model_ext.predict_label('penguins', m) || model_ext.predict_proba('penguins', m)::text AS x FROM many AS m OFFSET 0) AS s"
ok "the standby scores in blocks" grep -q ModelBatch <<<"$(query standby "EXPLAIN $scores")"
(
	for i in $(seq 6); do
		query primary "UPDATE many SET bill_length_mm = bill_length_mm + 0.1 WHERE id % 6 = $i - 1"
		query primary "DELETE FROM many WHERE ctid IN (SELECT ctid FROM many WHERE id = $i LIMIT 20)"
		query primary "VACUUM many"
	done >/dev/null
) &
changes=$!
n_rounds=0 n_equal=0
while [ "$n_rounds" -lt 3 ] || kill -0 "$changes" 2>/dev/null; do
	pair=$(query standby "BEGIN ISOLATION LEVEL REPEATABLE READ;
		$scores; SET LOCAL model_ext.enable_batch = off; $scores; COMMIT")
	n_rounds=$((n_rounds + 1))
	[ -z "$pair" ] || [ "$(sort -u <<<"$pair" | wc -l)" != 1 ] || n_equal=$((n_equal + 1))
done
wait "$changes"
is "blocks and single rows agree while WAL is replayed" "$n_equal" "$n_rounds"
catch_up
is "and afterwards, with the primary" "$(query standby "$scores")" "$(query primary "$scores")"
finish
