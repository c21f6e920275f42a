-- A row binds by the names of its columns, in whatever form it comes.
SELECT model_ext.register_model('row', artifact) FROM golden WHERE name = 'mixed';
SELECT name, kind, is_used FROM model_ext.model_inputs WHERE model = 'row' ORDER BY position;

CREATE TABLE row_c (note text, size varchar(3), id integer, income numeric(8, 2), colour text, junk text, age real, unused float8);
ALTER TABLE row_c DROP COLUMN junk;
INSERT INTO row_c VALUES
	('first', 'M', 1, 45.34, 'blue', 1.75, 0.22),
	('second', 'XL', 2, 45.84, 'green', 1.25, NULL),
	('third', NULL, 3, NULL, 'red', NULL, NULL),
	(NULL, NULL, 4, NULL, NULL, NULL, NULL);
-- What values in the model's order give; names must give the same.
CREATE TABLE row_want AS
SELECT id, model_ext.predict_proba('row', age, colour, unused, income, size) AS proba FROM row_c;
SELECT id, (SELECT array_agg(round(p::numeric, 6)) FROM unnest(proba) AS p) FROM row_want ORDER BY id;

-- NAME same?
CREATE FUNCTION row_same(proba float8[], id integer) RETURNS boolean STABLE LANGUAGE sql
RETURN (SELECT w.proba = row_same.proba FROM row_want AS w WHERE w.id = row_same.id);

SELECT id, model_ext.predict_label('row', c), row_same(model_ext.predict_proba('row', c), id) FROM row_c AS c ORDER BY id;
SELECT bool_and(row_same(model_ext.predict_proba('row', c.*), id)) AS star FROM row_c AS c;
SELECT bool_and(row_same(model_ext.predict_proba('row', row_c), id)) AS table_name FROM row_c;
SELECT bool_and(row_same(model_ext.predict_proba('row', s), id)) AS subquery FROM (SELECT id, size, income, age, colour, unused FROM row_c) AS s;
SELECT bool_and(row_same(model_ext.predict_proba('row', s), id)) AS subquery_apart FROM (SELECT id, size, income, age, colour, unused FROM row_c OFFSET 0) AS s;
SELECT bool_and(row_same(model_ext.predict_proba('row', s), id)) AS expressions
FROM (SELECT id, lower(upper(colour)) AS colour, size || '' AS size, income + 0 AS income, age * 1 AS age, unused FROM row_c) AS s;
WITH s AS MATERIALIZED (SELECT id, colour, size, income, unused, age FROM row_c)
SELECT bool_and(row_same(model_ext.predict_proba('row', s), id)) AS cte FROM s;
CREATE VIEW row_v AS SELECT age, income, size, unused, colour, id FROM row_c;
SELECT bool_and(row_same(model_ext.predict_proba('row', v), id)) AS view FROM row_v AS v;
SELECT model_ext.predict_label('row', v) FROM (VALUES (1.75, 'blue', 0, 45.34, 'M')) AS v (age, colour, unused, income, size);
SELECT bool_and(row_same(model_ext.predict_proba('row', j), id)) AS json_to_record
FROM row_c AS c, jsonb_to_record(to_jsonb(c)) AS j (size text, age float4, income numeric, colour varchar, unused float8);
SELECT row_same(model_ext.predict_proba('row', (SELECT c FROM row_c AS c WHERE id = 2)), 2) AS scalar_subquery;
SELECT bool_and(row_same(model_ext.predict_proba('row', s.c), (s.c).id)) AS composite_column FROM (SELECT c FROM row_c AS c OFFSET 0) AS s;
SELECT bool_and(row_same((SELECT model_ext.predict_proba('row', c)), id)) AS correlated FROM row_c AS c;
SELECT bool_and(row_same(p, id)) AS lateral FROM row_c AS c, LATERAL (SELECT model_ext.predict_proba('row', c) AS p OFFSET 0) AS s;

-- Rows that were stored, also before their table got more columns.
CREATE TYPE row_t AS (age float8, colour text, income float8, unused float8, size text);
CREATE TABLE row_stored (id integer, c row_t, padding text);
INSERT INTO row_stored SELECT id, ROW(age, colour, income, unused, size)::row_t FROM row_c;
SELECT bool_and(row_same(model_ext.predict_proba('row', c), id)) AS stored FROM row_stored;
ALTER TYPE row_t ADD ATTRIBUTE later text;
SELECT bool_and(row_same(model_ext.predict_proba('row', c), id)) AS stored FROM row_stored;
ALTER TYPE row_t DROP ATTRIBUTE later;
ALTER TYPE row_t DROP ATTRIBUTE size;
ALTER TYPE row_t ADD ATTRIBUTE size text;
SELECT bool_and(model_ext.predict_proba('row', s.c) = model_ext.predict_proba('row', age, colour, unused, income, NULL)) AS short
FROM row_stored AS s JOIN row_c USING (id);
CREATE DOMAIN row_d AS row_t;
SELECT model_ext.predict_label('row', ROW(1.75, 'blue', 45.34, 0, 'M')::row_d);
CREATE TABLE row_added (age float8, colour text);
INSERT INTO row_added VALUES (1.75, 'blue');
ALTER TABLE row_added ADD COLUMN unused float8, ADD COLUMN income float8 DEFAULT 45.34, ADD COLUMN size text DEFAULT 'M';
SELECT model_ext.predict_label('row', s.c) FROM (SELECT c FROM row_added AS c OFFSET 0) AS s;
SELECT model_ext.predict_proba('row', s.c) = model_ext.predict_proba('row', 1.75, 'blue', NULL, 45.34, 'M') AS added_later
FROM (SELECT c FROM row_added AS c OFFSET 0) AS s;

-- Partitions and children in another order of columns.
CREATE TABLE row_p (id integer, age float8, colour text, unused float8, income float8, size text) PARTITION BY RANGE (id);
CREATE TABLE row_p1 (size text, junk integer, colour text, unused float8, id integer, income float8, age float8);
ALTER TABLE row_p1 DROP COLUMN junk;
ALTER TABLE row_p ATTACH PARTITION row_p1 FOR VALUES FROM (0) TO (3);
CREATE TABLE row_p2 PARTITION OF row_p FOR VALUES FROM (3) TO (100);
INSERT INTO row_p SELECT id, age, colour, unused, income, size FROM row_c;
SELECT bool_and(row_same(model_ext.predict_proba('row', p), id)) AS partitions FROM row_p AS p;
SELECT bool_and(row_same(model_ext.predict_proba('row', p), id)) AS partition FROM row_p1 AS p;
SELECT bool_and(row_same(model_ext.predict_proba('row', s.p), id)) AS partitions_apart FROM (SELECT p, id FROM row_p AS p OFFSET 0) AS s;

-- SQL folds names; the model's may have capitals, and characters that need quotes.
SELECT model_ext.register_model('row_frame', artifact) FROM golden WHERE name = 'ridge_frame';
SELECT string_agg(name, ' ' ORDER BY position) FROM model_ext.model_inputs WHERE model = 'row_frame';
SELECT model_ext.predict('row_frame', s) = model_ext.predict('row_frame', 1, 2, 3, 4) AS folded
FROM (SELECT 1 AS "A", 2 AS "b b", 3 AS "C%", 4 AS d) AS s;
SELECT model_ext.predict('row_frame', s) = model_ext.predict('row_frame', 1, 2, 3, 4) AS exact_first
FROM (SELECT 1 AS a, 0 AS "b b", 2 AS "B b", 3 AS "c%", 0 AS "D", 4 AS d) AS s;

-- A NULL row has no answer; a row of NULLs has the model's.
SELECT g, model_ext.predict_label('row', c) FROM generate_series(3, 5) AS g LEFT JOIN row_c AS c ON c.id = g ORDER BY g;
SELECT g, model_ext.predict_label('row', c) FROM row_c AS c RIGHT JOIN generate_series(3, 5) AS g ON c.id = g ORDER BY g;
SELECT g, model_ext.predict_label('row', s) FROM generate_series(3, 5) AS g LEFT JOIN (SELECT *, 1 AS one FROM row_c) AS s ON s.id = g ORDER BY g;
SELECT model_ext.predict_label('row', NULL::row_c) IS NULL AS null_row;
SELECT model_ext.predict_label('row', c) FROM row_c AS c WHERE id = 4;

-- A name that is not the same for all rows; more of them than are remembered.
SELECT model_ext.register_model('row_' || i, artifact) FROM golden, generate_series(1, 12) AS i WHERE name = 'mixed';
SELECT count(*), bool_and(row_same(model_ext.predict_proba('row_' || 1 + i % 12, c), id)) AS many_names
FROM row_c AS c, generate_series(1, 50) AS i;
SELECT count(*), count(model_ext.predict_proba(CASE WHEN i % 3 > 0 THEN 'row/1' END, c)) FROM row_c AS c, generate_series(1, 6) AS i;

-- Without names there is no telling.
\set VERBOSITY default
SELECT model_ext.predict_label('row', ROW(1.75, 'blue', 0, 45.34, 'M'));
SELECT model_ext.predict_label('row', ROW(age, colour)) FROM row_c;
SELECT model_ext.register_model('row_nameless', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.predict_label('row_nameless', c) FROM row_c AS c;
SELECT model_ext.register_model('row_nameless', artifact, '{"features": ["w", "x", "y", "z"]}', true) FROM golden WHERE name = 'tree_text';
SELECT model_ext.predict_label('row_nameless', s) = model_ext.predict_label('row_nameless', 1, 2, 3, 4) AS named_at_registration
FROM (SELECT 4 AS z, 3 AS y, 2 AS x, 1 AS w) AS s;
-- A table with a column of its own name: that column is meant.
SELECT model_ext.predict_label('row', c) FROM (SELECT 1 AS c) AS c;

-- Missing columns, all of them, and what they might be called.
SELECT model_ext.predict_label('row', s) FROM (SELECT 1 AS age, 2 AS id) AS s;
SELECT model_ext.predict_label('row', s) FROM (SELECT id, age, incme AS incme, colour, size, unused FROM (SELECT *, income AS incme FROM row_c) AS c) AS s;
SELECT model_ext.predict_label('row', s) FROM (SELECT 1 AS age, 1 AS income, 'x' AS colour, 'y' AS colour, 'z' AS size, 1 AS unused OFFSET 0) AS s;
\set VERBOSITY terse

DROP TABLE row_c, row_want, row_stored, row_added, row_p CASCADE;
DROP TYPE row_t CASCADE;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'row%';
