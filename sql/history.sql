SELECT model_ext.register_model('h', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('h', artifact, promote => true) FROM golden WHERE name = 'ridge.xz';
SELECT model_ext.set_alias('h', 'candidate', 1);
CREATE ROLE regress_model_ext_h;
SELECT model_ext.grant_model('h', 'regress_model_ext_h', '{EXECUTE,UPDATE}');
SELECT model_ext.revoke_model('h', 'regress_model_ext_h', '{EXECUTE,SELECT}');
SELECT model_ext.drop_alias('h', 'candidate');
SELECT model_ext.drop_version('h', 1);
SELECT model_ext.drop_model('h');

-- It outlives the model.
SELECT action, version, CASE WHEN detail ? 'artifact' THEN 'an artifact' ELSE detail::text END AS detail, done_by = current_user AS by_me,
	done_at <= clock_timestamp() AND done_at >= lag(done_at, 1, done_at) OVER () AS in_order
FROM model_ext.history('h');
SELECT count(*) FROM model_ext.history('nobody');
SELECT count(*) FROM model_ext.history(NULL);

-- Those who may not see a model see no history either.
SELECT model_ext.register_model('h', artifact) FROM golden WHERE name = 'ridge';
GRANT EXECUTE ON FUNCTION model_ext.history(text) TO regress_model_ext_h;
SET ROLE regress_model_ext_h;
SELECT count(*) FROM model_ext.history('h');
RESET ROLE;
SELECT model_ext.grant_model('h', 'regress_model_ext_h', '{execute}');
SET ROLE regress_model_ext_h;
SELECT action, done_by = current_user AS by_me FROM model_ext.history('h') ORDER BY done_at DESC LIMIT 1;
RESET ROLE;
SELECT model_ext.drop_model('h');
DROP OWNED BY regress_model_ext_h;
DROP ROLE regress_model_ext_h;
