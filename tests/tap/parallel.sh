#!/bin/bash
# Parallel workers score under the leader's snapshot, with its uncommitted
# alias, and a cancel stops them.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_start main
load_models main postgres
query main "CREATE TABLE many AS SELECT p.* FROM penguins AS p, generate_series(1, 200)"
query main "ANALYZE many"
serial=$(query main "SET max_parallel_workers_per_gather = 0;
	SELECT count(*), sum(model_ext.predict_proba_of('penguins', 'Adelie', m)) FROM many AS m")
forced="SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off;"
ok "the plan is parallel" grep -q 'Workers Planned' <<<"$(query main "$forced
	EXPLAIN SELECT count(*), sum(model_ext.predict_proba_of('penguins', 'Adelie', m)) FROM many AS m")"
# Sums of doubles depend on the order of rows: compare the rows themselves.
each="SELECT md5(string_agg(x, ',' ORDER BY x)) FROM
	(SELECT model_ext.predict_proba('penguins', m)::text AS x FROM many AS m OFFSET 0) AS s"
is "parallel rows equal serial rows" "$(query main "$forced $each")" \
	"$(query main "SET max_parallel_workers_per_gather = 0; $each")"
is "workers see the leader's uncommitted alias" "$(query main "$forced
	BEGIN; SELECT model_ext.set_alias('penguins', 'mine', 1);
	SELECT count(model_ext.predict_label('penguins@mine', m)) FROM many AS m; ROLLBACK" | tail -1)" \
	"$(cut -d'|' -f1 <<<"$serial")"
# The leader scores nothing here.
is "EXPLAIN ANALYZE counts the rows of workers" "$(query main "$forced
	EXPLAIN (ANALYZE, COSTS OFF) SELECT count(model_ext.predict_label('penguins', m)) FROM many AS m" |
	sed -n 's/ *Rows Read Ahead: //p')" "$(query main "SELECT count(*) FROM many")"
out=$(query main "$forced SET statement_timeout = 50;
	SELECT count(model_ext.predict_label('penguins', m)) FROM many AS m, generate_series(1, 1000)" 2>&1 || true)
ok "a timeout stops it" grep -q 'canceling statement due to statement timeout' <<<"$out"
is "and the server goes on" "$(query main "SELECT 1")" 1
finish
