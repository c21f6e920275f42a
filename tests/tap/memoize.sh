#!/bin/bash
# Memoize keeps what a subplan has answered, and the scores in it.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_start main
load_models main postgres
# Each of few keys asks the subplan once.
memoized="SELECT md5(string_agg(k || '=' || z.p, ',' ORDER BY g)) FROM
	keys, LATERAL (SELECT model_ext.predict_label('penguins', t) AS p FROM penguins AS t WHERE t.id = keys.k OFFSET 0) AS z"
query main "CREATE INDEX ON penguins (id);
	CREATE TABLE keys AS SELECT g, 1 + g % 7 AS k FROM generate_series(1, 5000) AS g;
	ANALYZE penguins; ANALYZE keys"
set="SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;"
ok "Memoize over scored rows" grep -q 'Memoize' <<<"$(query main "$set EXPLAIN $memoized")"
is "gives what it does without" "$(query main "$set $memoized")" \
	"$(query main "$set SET enable_memoize = off; SET model_ext.enable_batch = off; $memoized")"
finish
