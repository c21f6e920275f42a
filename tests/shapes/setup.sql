-- Tables and models for the query shapes.
\set ON_ERROR_STOP on
CREATE EXTENSION model_ext;
\getenv golden MODEL_EXT_GOLDEN
CREATE PROCEDURE register(model text, file oid, features text[])
LANGUAGE sql AS $$
SELECT model_ext.register_model_lo(model, file, jsonb_build_object('features',
	(SELECT jsonb_agg(jsonb_build_object('name', f)) FROM unnest(features) AS f)));
$$;
\set file :golden '/pipeline_mixed_logistic/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('mixed', :LASTOID);
-- Refuses NULL.
\set file :golden '/ridge/1.9/model.joblib'
\lo_import :file
CALL register('ridge', :LASTOID, '{b,d,e,f}');
-- Takes NULL; texts as classes.
\set file :golden '/hist_text/1.9/model.joblib'
\lo_import :file
CALL register('hist', :LASTOID, '{a,b,d,e}');
\set file :golden '/logistic_multi/1.9/model.joblib'
\lo_import :file
CALL register('multi', :LASTOID, '{b,d,e,f}');
\set file :golden '/gradient_boosting_regressor/1.9/model.joblib'
\lo_import :file
CALL register('boost', :LASTOID, '{b,c,d,f}');
-- Trees too large to be folded.
\set file :golden '/random_forest_deep/1.9/model.joblib'
\lo_import :file
CALL register('deep', :LASTOID, '{b,d,e,f}');
-- Refuses texts it has not seen.
\set file :golden '/onehot_text/1.9/model.joblib'
\lo_import :file
CALL register('onehot', :LASTOID, '{colour,size}');

CREATE TABLE s (id int PRIMARY KEY, a float8, b int NOT NULL, c numeric, note text, d float8 NOT NULL, e real NOT NULL,
	f bigint NOT NULL, colour text, size varchar(3), age float8, income numeric(10, 2), unused float8);
INSERT INTO s
SELECT g, CASE WHEN g % 7 > 0 THEN g % 50 / 10.0 END, g % 20 - 10, g % 13 / 7.0, repeat('n', g % 90), (g % 101 - 50) / 25.0, g % 9 / 4.0 - 1,
	g % 11 - 5, (ARRAY['red', 'blue', 'green', NULL])[g % 4 + 1], (ARRAY['S', 'M', 'XL', NULL, 'L'])[g % 5 + 1], g % 30 / 10.0 - 1.5,
	CASE WHEN g % 17 > 0 THEN 20 + g % 400 / 10.0 END, g % 3
FROM generate_series(1, 3000) AS g;

-- Partitions in another order of columns, with dropped ones, and children.
CREATE TABLE p (id int, a float8, b int, d float8, e real, f bigint) PARTITION BY RANGE (id);
CREATE TABLE p1 (d float8, junk text, b int, id int, f bigint, a float8, e real);
ALTER TABLE p1 DROP COLUMN junk;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (1000);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (1000) TO (6000);
INSERT INTO p SELECT id, a, b, d, e, f FROM s;
CREATE TABLE i (id int, a float8, b int, d float8, e real, f bigint);
CREATE TABLE i2 (extra text) INHERITS (i);
INSERT INTO i SELECT id, a, b, d, e, f FROM s WHERE id < 100;
INSERT INTO i2 SELECT id, a, b, d, e, f FROM s WHERE id BETWEEN 100 AND 300;
-- Columns dropped and added, with values that rows written before lack.
CREATE TABLE o (id int, junk text, a float8, b int);
INSERT INTO o SELECT id, 'j', a, b FROM s;
ALTER TABLE o DROP COLUMN junk;
ALTER TABLE o ADD COLUMN d float8 DEFAULT 0.5, ADD COLUMN e real, ADD COLUMN f bigint DEFAULT 3;
INSERT INTO o SELECT id + 5000, a, b, d, e, f FROM s WHERE id < 200;
UPDATE o SET e = 0.25 WHERE e IS NULL AND id % 2 = 0;
-- Texts out of line and compressed, wide numbers.
CREATE TABLE w (id int, colour text, size text, big text, b numeric, c numeric, d float8, e float8, f int8);
ALTER TABLE w ALTER big SET STORAGE EXTERNAL;
INSERT INTO w
SELECT id, CASE WHEN id % 50 = 0 THEN repeat('red', 3000) ELSE colour END, size, repeat(md5(id::text), 200), b * 1e10::numeric / 3, c, d, e, f
FROM s WHERE id <= 400;
-- Rows that models refuse: NULL for ridge, an unknown category for onehot.
CREATE TABLE bad AS SELECT id, CASE WHEN id <> 120 THEN b END AS b, d, e, f, CASE WHEN id <> 130 THEN 'red' ELSE 'pink' END AS colour, 'M' AS size FROM s WHERE id <= 300 ORDER BY id;
CREATE VIEW v AS SELECT s.id, model_ext.predict('ridge', s) AS score, s.b FROM s;
CREATE VIEW barrier WITH (security_barrier) AS SELECT s.* FROM s WHERE model_ext.predict('ridge', s) > 0;
CREATE FUNCTION leaks(id int) RETURNS boolean COST 0.01 LANGUAGE plpgsql AS $$BEGIN IF id % 100 = 0 THEN RAISE NOTICE 'saw %', id; END IF; RETURN true; END$$;
CREATE FUNCTION loop_score(n int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE r record; t float8 := 0; BEGIN
FOR r IN SELECT id, model_ext.predict('ridge', s) AS p FROM s ORDER BY id LOOP t := t + r.p; EXIT WHEN r.id >= n; END LOOP;
RETURN t; END$$;
ANALYZE;
