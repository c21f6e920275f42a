-- A schema planted under the extension's name stops the script.  (18 adds the
-- script's line as context.)
\set SHOW_CONTEXT never
CREATE SCHEMA model_ext;
CREATE EXTENSION model_ext;
\set SHOW_CONTEXT errors
DROP SCHEMA model_ext;

CREATE EXTENSION model_ext;
SELECT extversion, extrelocatable FROM pg_extension WHERE extname = 'model_ext';

-- What everybody may do: look, and score.
SELECT p.proname
FROM pg_proc p
WHERE p.pronamespace = 'model_ext'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE')
	AND p.proname !~ 'predict|transform|decision_function|score_'
ORDER BY p.proname;
SELECT c.relname
FROM pg_class c
WHERE c.relnamespace = 'model_ext'::regnamespace AND c.relkind IN ('r', 'v', 'S') AND has_table_privilege('public', c.oid, 'SELECT')
ORDER BY c.relname;
SELECT has_schema_privilege('public', 'model_ext', 'USAGE') AS usage, has_schema_privilege('public', 'model_ext', 'CREATE') AS "create";

-- Nothing runs with rights that its caller lacks, and nothing has a path to be led astray by.
SELECT count(*) FROM pg_proc WHERE pronamespace = 'model_ext'::regnamespace AND (prosecdef OR proconfig IS NOT NULL OR prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c'));

-- Tables are dumped with their rows, except uploads; text keys compare by bytes.
SELECT c.oid::regclass AS dumped
FROM pg_extension e, unnest(e.extconfig) AS c (oid)
WHERE e.extname = 'model_ext'
ORDER BY c.oid::regclass::text;
SELECT c.relname
FROM pg_class c
WHERE c.relnamespace = 'model_ext'::regnamespace AND c.relkind = 'r'
	AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
ORDER BY c.relname;
SELECT count(*) AS foreign_keys FROM pg_constraint WHERE connamespace = 'model_ext'::regnamespace AND contype = 'f';
SELECT i.indrelid::regclass, a.attname
FROM pg_index i, unnest(i.indkey) AS k (n), pg_attribute a
WHERE a.attrelid = i.indrelid AND a.attnum = k.n AND a.atttypid = 'text'::regtype
	AND a.attcollation <> 'pg_catalog."C"'::regcollation AND i.indrelid::regclass::text LIKE 'model\_ext.%';

-- Every setting, with unit and who may change it.
LOAD 'model_ext';
SELECT name, setting, unit, context FROM pg_settings WHERE name LIKE 'model\_ext.%' ORDER BY name COLLATE "C";
SET model_ext.no_such_setting = 1;

-- Model files for the tests that follow, as scikit-learn wrote them.
CREATE TABLE golden (name text PRIMARY KEY, artifact bytea NOT NULL);
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/ridge/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('ridge', lo_get(:LASTOID));
\set file :golden '/ridge/1.9/model.xz'
\lo_import :file
INSERT INTO golden VALUES ('ridge.xz', lo_get(:LASTOID));
\set file :golden '/ridge_frame/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('ridge_frame', lo_get(:LASTOID));
\set file :golden '/decision_tree_text/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('tree_text', lo_get(:LASTOID));
\set file :golden '/decision_tree_binary/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('tree_binary', lo_get(:LASTOID));
\set file :golden '/decision_tree_multi_output/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('tree_multi', lo_get(:LASTOID));
\set file :golden '/pipeline_mixed_logistic/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('mixed', lo_get(:LASTOID));
\set file :golden '/standard_scaler/1.9/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('scaler', lo_get(:LASTOID));
\set file :golden '/refused/calls_system/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('calls_system', lo_get(:LASTOID));
\set file :golden '/refused/svc_in_pipeline/model.joblib'
\lo_import :file
INSERT INTO golden VALUES ('svc_in_pipeline', lo_get(:LASTOID));
GRANT SELECT ON golden TO PUBLIC;
SELECT count(*) FROM golden;
