-- What this session holds.  Each step starts with an empty cache.
SELECT model_ext.register_model('one', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.register_model('two', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('same', artifact) FROM golden WHERE name = 'tree_text';
\c
SELECT count(*) FROM model_ext.cached_models;
SELECT model_ext.classes('one');
SELECT model_ext.classes('same');
SELECT model_ext.classes('two');
SELECT models, is_shared, hits, pins, bytes > 0 AS bytes FROM model_ext.cached_models ORDER BY models;

-- One file per artifact, and no half-written ones.
SELECT count(*) AS files FROM pg_ls_tmpdir() AS f
WHERE f.name LIKE 'pgsql\_tmp\_model\_ext.%' AND EXISTS
	(SELECT FROM model_ext.model_versions v WHERE f.name LIKE '%.' || v.sha256);
SELECT count(*) AS unfinished FROM pg_ls_tmpdir() WHERE name ~ '^pgsql_tmp_model_ext\..*\.[0-9a-f]{64}\.[0-9]+$';

-- Least recently used goes first, but not what is in use.
\c
SET model_ext.cache_size = 0;
SELECT model_ext.classes('one');
SELECT model_ext.classes('two');
SELECT models FROM model_ext.cached_models ORDER BY models;
SET model_ext.cache_size = '1MB';
SELECT model_ext.classes('one');
SELECT models FROM model_ext.cached_models ORDER BY models;
BEGIN;
DECLARE c CURSOR FOR SELECT model_ext.predict_label('one', g, g, g, g) FROM generate_series(1, 3) AS g;
FETCH c;
SELECT models, pins FROM model_ext.cached_models ORDER BY models;
SET LOCAL model_ext.cache_size = 0;
SELECT model_ext.classes('two');
SELECT models, pins FROM model_ext.cached_models WHERE models @> '{one/1}';
FETCH c;
COMMIT;
SELECT models, pins FROM model_ext.cached_models WHERE pins > 0;

-- The folder of shared files is kept within its limit: least used go first, whoever made them.
\c
SET model_ext.shared_cache_size = '6kB';
SELECT model_ext.register_model('one', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.register_model('two', artifact) FROM golden WHERE name = 'tree_binary';
SELECT v.model FROM pg_ls_tmpdir() AS f LEFT JOIN model_ext.model_versions AS v ON f.name LIKE '%.' || v.sha256 AND v.version = 2
WHERE f.name LIKE 'pgsql\_tmp\_model\_ext.%';
SELECT model_ext.classes('one');

-- Without room each session has its own copy.
SET model_ext.shared_cache_size = 0;
SELECT model_ext.register_model('three', artifact) FROM golden WHERE name = 'scaler';
SELECT models, is_shared FROM model_ext.cached_models WHERE models @> '{three/1}';
SELECT model_ext.register_model('four', artifact) FROM golden WHERE name = 'ridge_frame';

-- Then another session compiles from the stored bytes, and proves them first.
\c
SELECT model_ext.predict_vector('four', 1, 2, 3, 4) IS NOT NULL AS scored;
UPDATE model_ext.artifact_chunk SET bytes = set_byte(bytes, 200, get_byte(bytes, 200) # 1)
WHERE sha256 = (SELECT sha256(artifact) FROM golden WHERE name = 'scaler');
\set VERBOSITY terse
SELECT model_ext.transform('three', 1, 2, 3, 4);
\set VERBOSITY sqlstate
SELECT model_ext.transform('three', 1, 2, 3, 4);
\set VERBOSITY default

-- Another session finds what this one wrote; a model that is dropped stays cached, under no name.
\c
SELECT model_ext.classes('one');
SELECT model_ext.drop_model(name) FROM model_ext.models ORDER BY name;
SELECT models, is_shared FROM model_ext.cached_models;
SELECT model_ext.classes('one');
