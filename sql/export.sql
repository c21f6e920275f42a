SELECT model_ext.register_model('out', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('out', artifact) FROM golden WHERE name = 'ridge.xz';
SELECT model_ext.export_artifact('out') = artifact AS same FROM golden WHERE name = 'ridge';
SELECT model_ext.export_artifact('out/2') = artifact AS same FROM golden WHERE name = 'ridge.xz';
SELECT model_ext.export_artifact('out/3');
SELECT model_ext.export_artifact('nobody');
SELECT model_ext.export_artifact(NULL);

-- verify() proves all anew.
SELECT * FROM model_ext.verify('out');
SELECT * FROM model_ext.verify();
SELECT * FROM model_ext.verify('nobody');

-- A byte that changed, a piece that is gone: never another answer, always an error.
UPDATE model_ext.artifact_chunk SET bytes = set_byte(bytes, 200, get_byte(bytes, 200) # 1)
WHERE sha256 = (SELECT sha256(artifact) FROM golden WHERE name = 'ridge');
SELECT object, "check", passed, detail FROM model_ext.verify('out');
\set VERBOSITY terse
SELECT model_ext.export_artifact('out');
\set VERBOSITY sqlstate
SELECT model_ext.export_artifact('out');
\set VERBOSITY default
DELETE FROM model_ext.artifact_chunk WHERE sha256 = (SELECT sha256(artifact) FROM golden WHERE name = 'ridge.xz');
\set VERBOSITY terse
SELECT model_ext.export_artifact('out/2');
\set VERBOSITY default

-- What refers to nothing.
DELETE FROM model_ext.artifact WHERE sha256 = (SELECT sha256(artifact) FROM golden WHERE name = 'ridge');
INSERT INTO model_ext.model_alias (model, alias, version, set_by) VALUES ('out', 'lost', 9, 'me');
INSERT INTO model_ext.model_privilege (model, grantee, privilege, grantable, grantor) VALUES
	('gone', 'public', 'EXECUTE', false, 'me'), ('out', 'Nobody There', 'SELECT', false, 'me');
UPDATE model_ext.model SET owner = 'regress_model_ext_gone' WHERE name = 'out';
SELECT CASE WHEN length(object) > 30 THEN 'some artifact' ELSE object END AS object, "check", passed, detail
FROM model_ext.verify() WHERE NOT passed;
DELETE FROM model_ext.model_privilege WHERE model = 'gone';
SELECT model_ext.drop_model('out');
DELETE FROM model_ext.artifact_chunk;
SELECT * FROM model_ext.verify();
