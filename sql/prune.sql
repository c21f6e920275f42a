-- Conditions that say what a column holds decide tests of trees.
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/gradient_boosting_regressor/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('prune', :LASTOID, '{"features": [{"name": "f"}, {"name": "c"}, {"name": "d"}, {"name": "b"}]}');
\set file :golden '/hist_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('prune_hist', :LASTOID, '{"features": [{"name": "a"}, {"name": "b"}, {"name": "d"}, {"name": "e"}]}');
\set file :golden '/hist_strings_regressor/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('prune_texts', :LASTOID);
CREATE TABLE prune_t AS
SELECT g AS id, g % 7 / 2.0 AS age, (ARRAY['red', 'blue', 'green', 'none', NULL])[g % 5 + 1] AS colour, g % 50 + 0.25 AS income,
	(ARRAY['S', 'M', 'L'])[g % 3 + 1]::varchar(3) AS size, (ARRAY['S', 'M', 'L'])[g % 3 + 1]::char(3) AS padded
FROM generate_series(1, 1000) AS g;
CREATE TABLE prune_s (id int PRIMARY KEY, a float8, b int, c numeric, d float8, e real, f bigint, flag boolean, note text);
INSERT INTO prune_s
SELECT g, CASE WHEN g % 3 > 0 THEN g % 50 / 10.0 END, g % 5 - 2, g % 4 / 2.0, (g % 3 - 1) * 0.5, g % 9 / 4.0 - 1, g % 3 - 1, g % 2 = 0, g % 2
FROM generate_series(1, 1000) AS g;
UPDATE prune_s SET d = '-0' WHERE id % 30 = 1;
CREATE TABLE prune_p (LIKE prune_s) PARTITION BY LIST (b);
CREATE TABLE prune_p1 PARTITION OF prune_p FOR VALUES IN (-2, -1, 0);
CREATE TABLE prune_p2 (note text, flag boolean, f bigint, e real, d float8, c numeric, b int, a float8, id int NOT NULL);
ALTER TABLE prune_p ATTACH PARTITION prune_p2 FOR VALUES IN (1, 2);
INSERT INTO prune_p SELECT * FROM prune_s;
ANALYZE prune_s, prune_p, prune_t;

-- What is known, and whether it was made use of; rows are compared with those scored one by one.
CREATE FUNCTION prune_says(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
		IF line ~ 'Known Columns|Tests Left' THEN RETURN NEXT btrim(line); END IF;
	END LOOP;
END $$;
CREATE FUNCTION prune_differs(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; BEGIN
	SET LOCAL model_ext.enable_batch = off;
	EXECUTE 'CREATE TEMP TABLE prune_want ON COMMIT DROP AS ' || query;
	SET LOCAL model_ext.enable_batch = on;
	EXECUTE 'CREATE TEMP TABLE prune_got ON COMMIT DROP AS ' || query;
	SELECT count(*) INTO n FROM ((TABLE prune_want EXCEPT ALL TABLE prune_got) UNION ALL (TABLE prune_got EXCEPT ALL TABLE prune_want)) AS q;
	IF NOT EXISTS (SELECT FROM prune_want) THEN RAISE 'no rows'; END IF;
	DROP TABLE prune_want, prune_got;
	RETURN n;
END $$;
CREATE TABLE prune_queries (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO prune_queries (query) VALUES
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b = 1'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE 1 = b AND c = 0.50 AND f = 1'),
	('SELECT id, model_ext.predict(''prune'', f, c, d, b) AS p FROM prune_s AS s WHERE d = 0.5 AND b > 0'),
	-- Zero of either sign.
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE d = 0'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE f = 0::smallint'),
	-- Constants among the arguments; a cast.
	('SELECT id, model_ext.predict(''prune'', 1, c, d::float8, 0) AS p FROM prune_s AS s'),
	('SELECT id, model_ext.predict(''prune'', f, c, d, b::float8) AS p FROM prune_s AS s WHERE b = 2'),
	('SELECT id, model_ext.predict(''prune'', f, c, d, flag) AS p FROM prune_s AS s WHERE flag'),
	('SELECT id, model_ext.predict(''prune'', f, c, d, flag) AS p FROM prune_s AS s WHERE NOT flag'),
	('SELECT id, model_ext.predict(''prune'', f, c, d, flag) AS p FROM prune_s AS s WHERE flag IS FALSE'),
	-- Texts; char(n) is equal to what has fewer blanks.
	('SELECT id, model_ext.predict(''prune_texts'', t) AS p FROM prune_t AS t WHERE colour = ''red'' AND size = ''M'' AND age = 2.5'),
	('SELECT id, model_ext.predict(''prune_texts'', t) AS p FROM prune_t AS t WHERE colour = ''none'''),
	('SELECT id, model_ext.predict(''prune_texts'', t) AS p FROM prune_t AS t WHERE colour IS NULL'),
	('SELECT id, model_ext.predict(''prune_texts'', age, ''blue'', income, size) AS p FROM prune_t AS t WHERE size = ''L''::text'),
	('SELECT id, model_ext.predict(''prune_texts'', age, colour, income, padded) AS p FROM prune_t AS t WHERE padded = ''M'''),
	-- Missing values.
	('SELECT id, model_ext.predict_proba(''prune_hist'', s) AS p FROM prune_s AS s WHERE a IS NULL'),
	('SELECT id, model_ext.predict_label(''prune_hist'', s) AS p FROM prune_s AS s WHERE a IS NULL AND e = 0.5::float4'),
	-- Not all rows are such.
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b = 1 OR c = 0'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE NOT b = 1'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b IN (1, 2)'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b IS NOT NULL'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b = f'),
	-- The condition comes after the scores.
	('SELECT id, b FROM prune_s AS s WHERE model_ext.predict(''prune'', s) > -1000 AND b = 1'),
	-- Partitions and joins; an outer join makes rows that the condition has not seen.
	('SELECT id, model_ext.predict(''prune'', p) AS p FROM prune_p AS p WHERE b = 1 AND f = 1'),
	('SELECT id, model_ext.predict(''prune'', p) AS p FROM prune_p AS p WHERE c = 0.5'),
	('SELECT s.id, p.id AS other, model_ext.predict(''prune'', p.f, p.c, s.d, s.b) AS p FROM prune_s AS s JOIN prune_p AS p USING (id) WHERE s.b = 1 AND p.c = 1'),
	('SELECT s.id, model_ext.predict(''prune'', s.f, p.c, s.d, p.b) AS p FROM prune_p AS p JOIN prune_s AS s USING (b) WHERE p.b = 1 AND p.id < 40'),
	('SELECT s.id, model_ext.predict_label(''prune_hist'', t.a, s.b, s.d, s.e) AS p FROM prune_s AS s LEFT JOIN (SELECT * FROM prune_s WHERE a = 2 OFFSET 0) AS t USING (id) WHERE s.b = 1'),
	('SELECT s.id, model_ext.predict_label(''prune_hist'', t.a, s.b, s.d, s.e) AS p FROM prune_s AS s LEFT JOIN prune_s AS t ON s.id = t.id AND t.a = 2 WHERE s.b = 1'),
	('SELECT id, model_ext.predict(''prune'', q) AS p FROM (SELECT id, b, c, d, f FROM prune_s OFFSET 0) AS q WHERE b = 1'),
	('SELECT id, model_ext.predict(''prune'', s) AS p FROM prune_s AS s WHERE b = 1 UNION ALL SELECT id, model_ext.predict(''prune'', s) FROM prune_s AS s WHERE b = 2');
SET max_parallel_workers_per_gather = 0;
SET enable_nestloop = off;
SET model_ext.prune = always;
SELECT n, says FROM prune_queries, prune_says(query) AS says ORDER BY n, says;
SELECT n, prune_differs(query) AS differing FROM prune_queries ORDER BY n;

-- Parameters, with one plan for all of them.
SET plan_cache_mode = force_generic_plan;
PREPARE prune_by (int, numeric) AS SELECT id, model_ext.predict('prune', s) AS p FROM prune_s AS s WHERE b = $1 AND c = $2;
SELECT * FROM prune_says('EXECUTE prune_by(1, 0.5)');
SELECT * FROM prune_says('EXECUTE prune_by(-2, 1.5)');
SELECT * FROM prune_says('EXECUTE prune_by(NULL, 1.5)');
CREATE TEMP TABLE prune_one AS EXECUTE prune_by(1, 0.5);
CREATE TEMP TABLE prune_two AS EXECUTE prune_by(-2, 1.5);
RESET plan_cache_mode;
SET model_ext.enable_batch = off;
SELECT count(*), count(*) FILTER (WHERE p = model_ext.predict('prune', s)) AS equal FROM (TABLE prune_one UNION ALL TABLE prune_two) AS q JOIN prune_s AS s USING (id);
SET model_ext.enable_batch = on;

-- Rows that are refused still are.
UPDATE prune_s SET c = NULL WHERE id = 901;
SELECT count(model_ext.predict('prune', s)) FROM prune_s AS s WHERE b = -1;
SELECT count(model_ext.predict('prune', s)) FROM prune_s AS s WHERE c IS NULL OR b = 1;
SELECT count(model_ext.predict('prune', s)) FROM prune_s AS s WHERE c IS NULL;

-- It does not pay for a thousand rows, nor where memory is short.
SET model_ext.prune = auto;
SELECT * FROM prune_says('SELECT model_ext.predict(''prune'', s) FROM prune_s AS s WHERE b = 0 AND c = 1');
SET model_ext.prune = off;
SELECT * FROM prune_says('SELECT model_ext.predict(''prune'', s) FROM prune_s AS s WHERE b = 1');
SET model_ext.prune = always;
SET model_ext.max_model_memory = 64;
SELECT * FROM prune_says('SELECT model_ext.predict(''prune'', s) FROM prune_s AS s WHERE b = 0 AND c = 1');
RESET model_ext.max_model_memory;
-- They count as what a session has loaded, under the model's own name.
SELECT models, count(*) > 1 AS several, bool_or(is_shared) AS one_is_shared FROM model_ext.cached_models WHERE models && '{prune/1}' GROUP BY models;
SET model_ext.cache_size = 0;
SELECT * FROM prune_says('SELECT model_ext.predict(''prune'', s) FROM prune_s AS s WHERE b = 1');
SELECT count(*) < 3 AS dropped FROM model_ext.cached_models WHERE models && '{prune/1}';
RESET model_ext.cache_size;
RESET model_ext.prune;
RESET max_parallel_workers_per_gather;
RESET enable_nestloop;
SELECT model_ext.drop_model('prune'), model_ext.drop_model('prune_hist'), model_ext.drop_model('prune_texts');
DROP TABLE prune_s, prune_p, prune_t, prune_queries;
DROP FUNCTION prune_says, prune_differs;
