#!/bin/bash
# Foreign tables that are read asynchronously, over, under and beside the
# batching node, through postgres_fdw connections back to the same server.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_start main
load_models main postgres
cluster_sql main postgres <<-EOF
	CREATE EXTENSION postgres_fdw;
	CREATE TABLE far1 AS SELECT p.* FROM penguins AS p, generate_series(1, 20);
	CREATE TABLE far2 AS SELECT p.* FROM penguins AS p, generate_series(1, 30);
	CREATE TABLE near (LIKE penguins);
	INSERT INTO near SELECT * FROM penguins;
	CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw
		OPTIONS (host '$work/main.socket', dbname 'postgres', async_capable 'true', fetch_size '50');
	CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw
		OPTIONS (host '$work/main.socket', dbname 'postgres', async_capable 'true', fetch_size '70');
	CREATE USER MAPPING FOR CURRENT_USER SERVER one;
	CREATE USER MAPPING FOR CURRENT_USER SERVER two;
	CREATE TABLE everywhere (LIKE penguins, at text) PARTITION BY LIST (at);
	ALTER TABLE far1 ADD at text DEFAULT 'one';
	ALTER TABLE far2 ADD at text DEFAULT 'two';
	CREATE FOREIGN TABLE shown1 PARTITION OF everywhere FOR VALUES IN ('one') SERVER one OPTIONS (table_name 'far1');
	CREATE FOREIGN TABLE shown2 PARTITION OF everywhere FOR VALUES IN ('two') SERVER two OPTIONS (table_name 'far2');
	CREATE TABLE here PARTITION OF everywhere FOR VALUES IN ('here');
	INSERT INTO everywhere SELECT p.*, 'here' FROM penguins AS p;
	ANALYZE;
EOF
off="SET model_ext.enable_batch = off;"
on="SET model_ext.enable_batch = on;"

same() {				# same WHAT QUERY
	local got want
	got=$(query main "$on $2" | sort | md5sum)
	want=$(query main "$off $2" | sort | tee "$work/want" | md5sum)
	is "$1" "$got" "$want"
	[ -s "$work/want" ] || { is "$1: there are rows" none some; }
}

total="SELECT count(*), count(model_ext.predict_label('penguins', e)), sum(model_ext.predict_proba_of('penguins', 'Adelie', e)::numeric) FROM everywhere AS e"
plan=$(query main "EXPLAIN (COSTS OFF) $total")
ok "the node is over an asynchronous Append" grep -q 'ModelBatch' <<<"$plan"
ok "whose foreign scans are asynchronous" grep -q 'Async Foreign Scan' <<<"$plan"
same "an aggregate over the Append" "$total"
each="SELECT id, at, model_ext.predict_label('penguins', e) FROM everywhere AS e"
ok "a select list has nodes under the Append" \
	grep -q 'ModelBatch' <<<"$(query main "EXPLAIN (COSTS OFF) $each")"
same "nodes under the Append" "$each"
same "conditions on each child" "$each WHERE model_ext.predict_proba_of('penguins', 'Adelie', e) > 0.5"
same "a LIMIT over all rows, sorted" "$each ORDER BY at, id, 3 LIMIT 700"
same "groups" "SELECT at, model_ext.predict_label('penguins', e), count(*) FROM everywhere AS e GROUP BY 1, 2"
same "a node beside asynchronous scans" "SELECT id, model_ext.predict_label('penguins', n) FROM near AS n
	UNION ALL SELECT id, at FROM shown1 UNION ALL SELECT id, at FROM shown2"
same "a join of an asynchronous Append with scored rows" "SELECT e.id, e.at, n.l FROM everywhere AS e
	JOIN (SELECT id, model_ext.predict_label('penguins', near) AS l FROM near OFFSET 0) AS n USING (id)"
same "rescans" "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;
	SELECT g, (SELECT count(model_ext.predict_label('penguins', e)) FROM everywhere AS e WHERE e.id < g) FROM generate_series(1, 5) AS g"
finish
