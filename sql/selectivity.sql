-- How many rows the planner expects of conditions on scores.
CREATE TABLE selectivity_s AS SELECT i AS id, i % 7 AS a, i % 5 AS b, i % 11 AS c, i % 3 AS d FROM generate_series(1, 10000) AS i;
ANALYZE selectivity_s;
CREATE TABLE selectivity_p (id int, a int, b int, c int, d int) PARTITION BY RANGE (id);
CREATE TABLE selectivity_p1 PARTITION OF selectivity_p FOR VALUES FROM (0) TO (5000);
CREATE TABLE selectivity_p2 PARTITION OF selectivity_p FOR VALUES FROM (5000) TO (10001);
INSERT INTO selectivity_p TABLE selectivity_s;
ANALYZE selectivity_p;
SELECT model_ext.register_model('selectivity', artifact, '{"features": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]}') FROM golden WHERE name = 'tree_text';
SELECT model_ext.register_model('selectivity_2', artifact, '{"features": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]}') FROM golden WHERE name = 'tree_binary';
CREATE FUNCTION selectivity_rows(condition text, source text DEFAULT 'selectivity_s') RETURNS int LANGUAGE plpgsql AS $$
DECLARE plan json; BEGIN
	EXECUTE format('EXPLAIN (FORMAT json) SELECT FROM %s AS s WHERE %s', source, condition) INTO plan;
	RETURN plan->0->'Plan'->>'Plan Rows';
END $$;
\c
SET max_parallel_workers_per_gather = 0;
-- One of three classes, all but one, one that there is not, one of two.
SELECT c, selectivity_rows(c) FROM unnest(ARRAY[
	$$model_ext.predict_label('selectivity', s) = 'red'$$,
	$$'red' = model_ext.predict_label('selectivity', s)$$,
	$$model_ext.predict_label('selectivity', s) <> 'red'$$,
	$$model_ext.predict_label('selectivity', s) = 'nobody'$$,
	$$model_ext.predict('selectivity_2', s) = 1$$,
	$$model_ext.predict('selectivity_2', s) = 7$$]) AS c;
-- Probabilities are between 0 and 1, and those of three classes mostly small.
SELECT c, selectivity_rows(c) FROM unnest(ARRAY[
	$$model_ext.predict_proba_of('selectivity_2', '1', s) > 0.9$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) <= 0.9$$,
	$$0.9 < model_ext.predict_proba_of('selectivity_2', '1', s)$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) >= 1.5$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) >= -1$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) > 'NaN'$$,
	$$model_ext.predict_proba_of('selectivity', 'red', s) > 0.5$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) > 0.5 AND model_ext.predict_proba_of('selectivity_2', '1', s) < 0.75$$,
	$$model_ext.predict_proba_of('selectivity_2', '1', s) > 0.9 AND id <= 5000$$]) AS c;
-- The same without the node; above partitions; from which joins are planned.
SET model_ext.enable_batch = off;
SELECT selectivity_rows($$model_ext.predict_label('selectivity', s) <> 'red'$$);
RESET model_ext.enable_batch;
SELECT selectivity_rows($$model_ext.predict_label('selectivity', s) <> 'red'$$, 'selectivity_p');
SELECT selectivity_rows($$o.id = s.id AND model_ext.predict_label('selectivity', s) <> 'red'$$, 'selectivity_s AS o, selectivity_s');
SELECT selectivity_rows($$o.id = s.id AND model_ext.predict_label('selectivity', s) <> 'red'$$, 'selectivity_s AS o, selectivity_p');
DROP TABLE selectivity_s, selectivity_p;
DROP FUNCTION selectivity_rows;
SELECT model_ext.drop_model('selectivity'), model_ext.drop_model('selectivity_2');
