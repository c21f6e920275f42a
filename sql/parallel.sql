-- Parallel workers score under the leader's snapshot, also what it has not committed.
SELECT model_ext.register_model('parallel', artifact) FROM golden WHERE name = 'mixed';
CREATE TABLE parallel_c AS SELECT i AS id, (i % 50)::float8 AS age, (ARRAY['blue', 'red', 'green'])[1 + i % 3] AS colour, 0 AS unused, i % 90 AS income, (ARRAY['M', 'XL', NULL])[1 + i % 3] AS size
FROM generate_series(1, 20000) AS i;
ANALYZE parallel_c;
CREATE FUNCTION parallel_plan(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Gather' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT sum(model_ext.predict_proba_of('parallel', 'red', age, colour, unused, income, size)::numeric(8, 6)) AS serial FROM parallel_c \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT parallel_plan($$SELECT sum(model_ext.predict_proba_of('parallel', 'red', c)) FROM parallel_c AS c$$) AS parallel;
SELECT sum(model_ext.predict_proba_of('parallel', 'red', c)::numeric(8, 6)) = :serial AS "row" FROM parallel_c AS c;
SELECT sum(model_ext.predict_proba_of('parallel', 'red', age, colour, unused, income, size)::numeric(8, 6)) = :serial AS scalars FROM parallel_c;
SELECT sum(model_ext.predict_proba_of('parallel', 'red', to_jsonb(c))::numeric(8, 6)) = :serial AS objects FROM parallel_c AS c;
SELECT count(*) FROM parallel_c AS c WHERE model_ext.predict_label('parallel', c) <> model_ext.predict_label('parallel', age, colour, unused, income, size);
SELECT count(*) FROM (SELECT c, id FROM parallel_c AS c OFFSET 0) AS s WHERE model_ext.predict_label('parallel', s.c) IS NULL;
BEGIN;
SELECT model_ext.register_model('parallel_new', artifact) FROM golden WHERE name = 'mixed';
SELECT sum(model_ext.predict_proba_of('parallel_new', 'red', c)::numeric(8, 6)) = :serial AS uncommitted FROM parallel_c AS c;
ROLLBACK;
SELECT sum(model_ext.predict('parallel', c)) FROM parallel_c AS c;
SELECT sum(model_ext.predict_proba_of('parallel', 'maybe', c)) FROM parallel_c AS c WHERE id = 7;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
DROP TABLE parallel_c;
DROP FUNCTION parallel_plan;
SELECT model_ext.drop_model('parallel');
