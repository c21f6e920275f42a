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
ok "a base backup holds no image file" \
	[ -z "$(as_server find "$work/standby" -name 'pgsql_tmp_model_ext*')" ]
cluster_start standby
is "the standby is read-only" "$(query standby "SELECT pg_is_in_recovery()")" t
is "the standby gives the primary's answers" "$(sample_answers standby postgres)" "$want"
ok "the standby has an image file of its own" \
	[ -n "$(as_server find "$work/standby/base/pgsql_tmp" -name 'pgsql_tmp_model_ext*')" ]

query primary "SELECT model_ext.set_alias('penguins', 'candidate', 1)" >/dev/null
lsn=$(query primary "SELECT pg_current_wal_lsn()")
for _ in $(seq 100); do
	[ "$(query standby "SELECT pg_last_wal_replay_lsn() >= '$lsn'")" = f ] || break
	sleep 0.1
done
is "an alias made on the primary works on the standby" \
	"$(query standby "SELECT count(model_ext.predict_label('penguins@candidate', p)) FROM penguins AS p")" \
	"$(query primary "SELECT count(*) FROM penguins")"
finish
