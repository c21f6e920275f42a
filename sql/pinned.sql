-- An artifact by its uuid: what it answers can never change.
SELECT model_ext.register_model('pinned_' || name, artifact) FROM golden WHERE name IN ('ridge', 'tree_text', 'tree_binary', 'mixed', 'scaler');
CREATE FUNCTION pinned(model text) RETURNS uuid STABLE LANGUAGE sql
RETURN (SELECT a.uuid FROM model_ext.model_version AS v JOIN model_ext.artifact AS a USING (sha256) WHERE v.model = pinned.model ORDER BY version DESC LIMIT 1);
SELECT pinned('pinned_ridge') AS ridge, pinned('pinned_tree_text') AS tree, pinned('pinned_tree_binary') AS numbers, pinned('pinned_mixed') AS mixed \gset

SELECT model_ext.predict_pinned(:'ridge', 1, 2, 3, 4) = model_ext.predict('pinned_ridge', 1, 2, 3, 4) AS predict,
	model_ext.predict_pinned(:'ridge', ARRAY[1, 2, 3, 4]) = model_ext.predict('pinned_ridge', 1, 2, 3, 4) AS "array",
	model_ext.predict_pinned(:'numbers', 1, 2, 3, 4) = model_ext.predict('pinned_tree_binary', 1, 2, 3, 4) AS class,
	model_ext.predict_label_pinned(:'tree', 1, 2, 3, 4) = model_ext.predict_label('pinned_tree_text', 1, 2, 3, 4) AS label,
	model_ext.predict_proba_pinned(:'tree', 1, 2, 3, 4) = model_ext.predict_proba('pinned_tree_text', 1, 2, 3, 4) AS proba,
	model_ext.predict_proba_of_pinned(:'tree', 'red', 1, 2, 3, 4) = model_ext.predict_proba_of('pinned_tree_text', 'red', 1, 2, 3, 4) AS proba_of,
	model_ext.predict_label_pinned(:'mixed', '{"age": 1, "colour": "red", "size": "M", "income": 3}'::jsonb) = model_ext.predict_label('pinned_mixed', 1, 'red', 0, 3, 'M') AS by_name;
SELECT model_ext.predict_label_pinned(:'mixed', s) = model_ext.predict_label('pinned_mixed', s) AS by_name FROM (SELECT 'M' AS size, 1 AS age, 'red' AS colour, 3 AS income OFFSET 0) AS s;
SELECT model_ext.predict_pinned(NULL, 1) IS NULL AS no_artifact;

-- IMMUTABLE, so it may stand where nothing else may.
CREATE TABLE pinned_c (id integer, a float8, b float8, c float8, d float8);
SELECT format('ALTER TABLE pinned_c ADD COLUMN score float8 GENERATED ALWAYS AS (model_ext.predict_pinned(%1$L, a, b, c, d)) STORED', :'ridge') AS ddl \gset
:ddl;
SELECT format('CREATE INDEX pinned_index ON pinned_c (model_ext.predict_label_pinned(%L, a, b, c, d))', :'tree') AS ddl \gset
:ddl;
INSERT INTO pinned_c SELECT i, i % 7 - 3, i % 5, i % 3, i % 2 FROM generate_series(1, 1000) AS i;
ANALYZE pinned_c;
SELECT bool_and(score = model_ext.predict('pinned_ridge', a, b, c, d)) FROM pinned_c;
SET enable_seqscan = off;
SELECT model_ext.predict_label('pinned_tree_text', a, b, c, d) AS label FROM pinned_c WHERE id = 1 \gset
SELECT format('SELECT count(*) FROM pinned_c WHERE model_ext.predict_label_pinned(%L, a, b, c, d) = %L', :'tree', :'label') AS query \gset
SELECT count(*) FROM pinned_c WHERE model_ext.predict_label('pinned_tree_text', a, b, c, d) = :'label';
:query;
CREATE FUNCTION pinned_plan(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
		IF line ~ 'pinned_index' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT pinned_plan(:'query') AS uses_index;
RESET enable_seqscan;
REINDEX TABLE pinned_c;
-- A new version under the same name changes nothing.
SELECT model_ext.register_model('pinned_ridge', artifact, '{}', true) FROM golden WHERE name = 'tree_binary';
UPDATE pinned_c SET a = a + 1 WHERE id < 10;
SELECT bool_and(score = model_ext.predict('pinned_ridge/1', a, b, c, d)) FROM pinned_c;

-- Names come from inside the artifact, never from a registration.
\set VERBOSITY default
SELECT model_ext.register_model('pinned_named', artifact, '{"features": ["a", "b", "c", "d"]}') FROM golden WHERE name = 'scaler';
SELECT model_ext.register_model('pinned_tree_text', artifact, '{"features": ["a", "b", "c", "d"]}', true) FROM golden WHERE name = 'tree_text';
SELECT model_ext.predict_label('pinned_tree_text', r) IS NOT NULL FROM pinned_c AS r WHERE id = 1;
SELECT model_ext.predict_label_pinned(:'tree', r) FROM pinned_c AS r WHERE id = 1;

-- Allowed to whoever may score any model with that artifact.
SELECT model_ext.predict_pinned('00000000-0000-0000-0000-000000000000', 1);
CREATE ROLE regress_pinned;
GRANT SELECT ON pinned_c TO regress_pinned;
SET ROLE regress_pinned;
\set VERBOSITY sqlstate
SELECT model_ext.predict_label_pinned(:'tree', a, b, c, d) IS NOT NULL FROM pinned_c WHERE id = 1;
\set VERBOSITY default
RESET ROLE;
SELECT model_ext.register_model('pinned_other', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.grant_model('pinned_other', 'regress_pinned', ARRAY['EXECUTE']);
SET ROLE regress_pinned;
SELECT model_ext.predict_label_pinned(:'tree', a, b, c, d) IS NOT NULL FROM pinned_c WHERE id = 1;
RESET ROLE;
SELECT model_ext.revoke_model('pinned_other', 'regress_pinned', ARRAY['EXECUTE']);
SET model_ext.missing_model = 'null';
SELECT model_ext.predict_pinned('00000000-0000-0000-0000-000000000000', 1) IS NULL AS no_answer;
RESET model_ext.missing_model;
\set VERBOSITY terse
DROP TABLE pinned_c;
DROP ROLE regress_pinned;
DROP FUNCTION pinned, pinned_plan;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'pinned%';
