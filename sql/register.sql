-- The first version of a name is in production; later ones when asked.
SELECT model_ext.register_model('reg', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('reg', artifact) FROM golden WHERE name = 'ridge.xz';
SELECT model_ext.register_model('reg', artifact, promote => true) FROM golden WHERE name = 'ridge_frame';
SELECT model_ext.register_model('reg2', artifact, promote => false) FROM golden WHERE name = 'ridge';
SELECT name, production, latest, versions FROM model_ext.models WHERE name LIKE 'reg%' ORDER BY name;

-- The same file is stored once, under whatever names.
SELECT f.format, f.container, f.class, f.size = length(g.artifact) AS size, count(*) AS versions
FROM model_ext.artifact f
JOIN model_ext.model_version v USING (sha256)
JOIN golden g ON sha256(g.artifact) = f.sha256
WHERE v.model LIKE 'reg%'
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5;
SELECT count(*) FROM model_ext.artifact_chunk c
WHERE c.sha256 IN (SELECT sha256 FROM model_ext.model_version WHERE model LIKE 'reg%');
SELECT v.version, v.sha256 = encode(sha256(g.artifact), 'hex') AS sha256,
	replace(left(v.artifact::text, 13), '-', '') = left(encode(sha256(g.artifact), 'hex'), 12) AS uuid_starts_so,
	substr(v.artifact::text, 15, 1) AS uuid_version
FROM model_ext.model_versions v, golden g
WHERE v.model = 'reg' AND v.version = 1 AND g.name = 'ridge';

-- What the artifact says, and what the registrar adds.
SELECT model_ext.register_model('facts', artifact, '{
	"python_version": "3.11.7", "sklearn_version": "1.9.1",
	"features": [{"name": "age", "type": "float64"}, "colour", "unused", {"name": "income"}, {"name": "size", "type": "object"}],
	"training_summary": {"rows": 120}, "metrics": {"auc": 0.9}, "team": "risk"}')
FROM golden WHERE name = 'mixed';
SELECT class, sklearn_version, python_version, feature_names, classes, training_summary, metrics, metadata -> 'team' AS team,
	hyperparameters -> 'class' AS hyperparameters, self_test, registered_by = current_user AS registered_by
FROM model_ext.model_versions WHERE model = 'facts';
SELECT outputs FROM model_ext.model_versions WHERE model = 'facts';
SELECT "position", name, kind, is_used, is_category FROM model_ext.model_inputs WHERE model = 'facts' ORDER BY "position";
SELECT model_ext.classes('facts');
SELECT model_ext.classes('reg');

-- Names for a model that was fitted without.
SELECT model_ext.register_model('named', artifact, '{"features": ["a", "b", "c", "d"]}') FROM golden WHERE name = 'ridge';
SELECT feature_names FROM model_ext.model_versions WHERE model = 'named';
SELECT name FROM model_ext.model_inputs WHERE model = 'reg2';

-- Claims that the artifact contradicts.
SELECT model_ext.register_model('bad', artifact, '{"sklearn_version": "1.3.0"}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '{"features": ["a", "b", "c"]}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '{"features": ["a", "b", "c", "a"]}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '{"features": ["a", "b", "c", {"name": "d", "type": "text"}]}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '{"features": ["colour", "age", "unused", "income", "size"]}') FROM golden WHERE name = 'mixed';
SELECT model_ext.register_model('bad', artifact, '{"features": "a"}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '{"python_version": 3}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', artifact, '[]') FROM golden WHERE name = 'ridge';

-- Names.
SELECT model_ext.register_model('a/b', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('a@b', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model(repeat('x', 64), artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model(repeat('x', 63), artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model(NULL, artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('bad', NULL);

-- Files that are not models, or not ours.
SELECT model_ext.register_model('bad', '');
SELECT model_ext.register_model('bad', 'hello');
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'calls_system';
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'svc_in_pipeline';
SELECT model_ext.register_model('bad', substr(artifact, 1, 300)) FROM golden WHERE name = 'ridge';
\set VERBOSITY sqlstate
SELECT model_ext.register_model('bad', '');
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'calls_system';
SELECT model_ext.register_model('bad', substr(artifact, 1, 300)) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('a/b', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model(NULL, artifact) FROM golden WHERE name = 'ridge';
\set VERBOSITY default

-- Nothing of these is left behind; a registration rolled back is not either.
BEGIN;
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'scaler';
SAVEPOINT s;
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'ridge';
ROLLBACK TO s;
SELECT model_ext.register_model('bad', artifact) FROM golden WHERE name = 'ridge';
ROLLBACK;
SELECT count(*) FROM model_ext.models WHERE name = 'bad';
SELECT count(*) FROM model_ext.model_history WHERE model = 'bad';
SELECT count(*) FROM model_ext.artifact f, golden g WHERE f.sha256 = sha256(g.artifact) AND g.name = 'scaler';

-- Two registrations in one statement.
SELECT model_ext.register_model('twice', artifact), model_ext.register_model('twice', artifact) FROM golden WHERE name = 'ridge';

SELECT model_ext.drop_model(name) FROM model_ext.models ORDER BY name;
SELECT count(*) FROM model_ext.artifact;
SELECT count(*) FROM model_ext.artifact_chunk;
