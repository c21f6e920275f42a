#!/bin/bash
# Models, aliases, rights and history survive dump and restore, serial and
# parallel, also where a role that was granted something does not exist.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_start main
query main "CREATE DATABASE source"
load_models main source
cluster_sql main source >/dev/null <<'SQL'
CREATE ROLE analyst;
SELECT model_ext.grant_model('penguins', 'analyst', ARRAY['EXECUTE']);
SELECT model_ext.set_alias('penguins', 'candidate', 1);
SQL
want=$(sample_answers main source)
dump_state="
	SELECT 'model', count(*)::text FROM model_ext.models
	UNION ALL SELECT 'alias', string_agg(alias || version, ',' ORDER BY alias COLLATE \"C\") FROM model_ext.model_alias
	UNION ALL SELECT 'right', string_agg(grantee || privilege, ',' ORDER BY 1) FROM model_ext.model_privilege
	UNION ALL SELECT 'history', count(*)::text FROM model_ext.model_history
	UNION ALL SELECT 'guard', count(*)::text FROM pg_views WHERE schemaname = 'model_ext' AND viewname = 'models_exist'
	UNION ALL SELECT 'bytes', md5(model_ext.export_artifact('penguins')) ORDER BY 1"
state=$(cluster_sql main source -c "$dump_state")

as_server "$bindir/pg_dump" -h "$work/main.socket" -U postgres -f "$work/plain.sql" source
query main "CREATE DATABASE serial"
cluster_sql main serial -f "$work/plain.sql" >/dev/null
is "the same answers after a serial restore" "$(sample_answers main serial)" "$want"
is "the same state after a serial restore" "$(cluster_sql main serial -c "$dump_state")" "$state"

as_server "$bindir/pg_dump" -h "$work/main.socket" -U postgres -Fd -f "$work/folder" source
query main "CREATE DATABASE parallel"
as_server "$bindir/pg_restore" -h "$work/main.socket" -U postgres -j3 -d parallel "$work/folder"
is "the same answers after a parallel restore" "$(sample_answers main parallel)" "$want"
is "the same state after a parallel restore" "$(cluster_sql main parallel -c "$dump_state")" "$state"
is "the next version after a restore" "$(register_sample main parallel)" 2

cluster_init other
cluster_start other
query other "CREATE DATABASE moved"
cluster_sql other moved -f "$work/plain.sql" >/dev/null
is "the same answers where the role does not exist" "$(sample_answers other moved)" "$want"

# Data restored before its model: NULL with a warning instead of an error.
is "missing_model = null answers NULL" "$(query other "
	CREATE EXTENSION model_ext;
	SET client_min_messages = error;
	SET model_ext.missing_model = 'null';
	SELECT model_ext.predict('nobody', 1.0) IS NULL")" t
finish
