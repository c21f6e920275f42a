-- Rows are scored in blocks by a node of their own; tests/shapes compares many more queries.
CREATE TABLE batch_s (id int PRIMARY KEY, b int, junk text, d float8, e real, f numeric, label text);
INSERT INTO batch_s SELECT g, g % 7, 'j', g % 11 / 4.0, g % 5, g % 13 / 7.0, 'l' FROM generate_series(1, 1000) AS g;
ALTER TABLE batch_s DROP COLUMN junk;
ALTER TABLE batch_s ADD COLUMN g float8 DEFAULT 2;
ANALYZE batch_s;
SELECT model_ext.register_model('batch', artifact, '{"features": [{"name": "b"}, {"name": "d"}, {"name": "e"}, {"name": "f"}]}')
FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('batch_tree', artifact, '{"features": [{"name": "b"}, {"name": "d"}, {"name": "e"}, {"name": "g"}]}')
FROM golden WHERE name = 'tree_text';
-- What the node says; costs and times differ from machine to machine.
CREATE FUNCTION batch_explain(query text, options text DEFAULT 'COSTS OFF') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; BEGIN
	FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP
		IF options !~ 'ANALYZE' OR line ~ 'Models|Columns Read|Rows Re|Blocks|Seq Scan' THEN RETURN NEXT replace(line, '.00 loops', ' loops'); END IF;
	END LOOP;
END $$;

-- The first statement of a connection: the planner loads the library.
\c
SET max_parallel_workers_per_gather = 0;
EXPLAIN (COSTS OFF) SELECT id, model_ext.predict('batch', s) FROM batch_s AS s;
EXPLAIN (COSTS OFF) SELECT id FROM batch_s AS s WHERE model_ext.predict('batch', s) > 1 AND id > 500;
EXPLAIN (COSTS OFF) SELECT sum(model_ext.predict('batch', b, d, e, f)), min(model_ext.predict_label('batch_tree', s)) FROM batch_s AS s;
EXPLAIN (COSTS OFF) SELECT model_ext.predict('batch', q) FROM (SELECT b, d, e, f FROM batch_s OFFSET 0) AS q;
EXPLAIN (COSTS OFF) UPDATE batch_s AS s SET d = model_ext.predict('batch', s) WHERE model_ext.predict('batch', s) > 1;
SELECT * FROM batch_explain('SELECT id, model_ext.predict_label(''batch_tree'', s), model_ext.predict_proba(''batch_tree'', s) FROM batch_s AS s WHERE model_ext.predict(''batch'', s) > 1', 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF');

-- MERGE: what every row of the join asks for, and only that.
SELECT count(*) FROM batch_explain('MERGE INTO batch_s AS t USING batch_s AS s ON t.id = s.id WHEN MATCHED AND model_ext.predict(''batch'', s) > 1 THEN DELETE') AS line WHERE line ~ 'ModelBatch';
SELECT count(*) FROM batch_explain('MERGE INTO batch_s AS t USING batch_s AS s ON t.id = s.id + 1 WHEN MATCHED THEN UPDATE SET d = model_ext.predict(''batch'', s) WHEN NOT MATCHED THEN INSERT (id, d) VALUES (s.id, model_ext.predict(''batch'', s))') AS line WHERE line ~ 'ModelBatch';
SELECT count(*) FROM batch_explain('MERGE INTO batch_s AS t USING batch_s AS s ON t.id = s.id + 1 WHEN MATCHED THEN UPDATE SET d = 1 WHEN NOT MATCHED THEN INSERT (id, d) VALUES (s.id, model_ext.predict(''batch'', s))') AS line WHERE line ~ 'ModelBatch';

-- What is not sure to be evaluated stays a call.
EXPLAIN (COSTS OFF) SELECT CASE WHEN b > 1 THEN model_ext.predict('batch', s) END FROM batch_s AS s;
EXPLAIN (COSTS OFF) SELECT id, model_ext.predict('batch', 1 / b, d, e, f) FROM batch_s;
SET model_ext.enable_batch = off;
EXPLAIN (COSTS OFF) SELECT id, model_ext.predict('batch', b, d, e, f) FROM batch_s;
CREATE TABLE batch_want AS SELECT id, model_ext.predict('batch', s) AS p, model_ext.predict_proba('batch_tree', s) AS proba, model_ext.predict_label('batch_tree', s) AS label FROM batch_s AS s;
SET model_ext.enable_batch = on;
CREATE TABLE batch_got AS SELECT id, model_ext.predict('batch', s) AS p, model_ext.predict_proba('batch_tree', s) AS proba, model_ext.predict_label('batch_tree', s) AS label FROM batch_s AS s;
SELECT count(*) AS differing FROM ((TABLE batch_want EXCEPT TABLE batch_got) UNION ALL (TABLE batch_got EXCEPT TABLE batch_want)) AS d;
SELECT count(*) FROM batch_s AS s JOIN batch_want USING (id) WHERE model_ext.predict('batch', s) = p;

-- Rows are read ahead only when they are sure to be used, or cannot fail.
EXPLAIN (COSTS OFF) SELECT id, p FROM (SELECT id, 1 / (id - 120) AS q, model_ext.predict('batch', s) AS p FROM batch_s AS s WHERE 10 / id >= 0 OFFSET 0) AS q LIMIT 100;
SELECT count(q), sum(id) FROM (SELECT id, q, p FROM (SELECT id, 1 / (id - 120) AS q, model_ext.predict('batch', s) AS p FROM batch_s AS s OFFSET 0) AS q LIMIT 119) AS r WHERE p IS NOT NULL;
SELECT count(q), sum(id) FROM (SELECT id, q, p FROM (SELECT id, 1 / (id - 120) AS q, model_ext.predict('batch', s) AS p FROM batch_s AS s OFFSET 0) AS q LIMIT 120) AS r WHERE p IS NOT NULL;

-- An error belongs to its row, and comes up when that row is used.
UPDATE batch_s SET b = NULL WHERE id = 120;
CREATE TABLE batch_bad AS SELECT * FROM batch_s ORDER BY id;
SELECT count(*) FROM (SELECT model_ext.predict('batch', s) AS p FROM batch_bad AS s LIMIT 119) AS q WHERE p IS NOT NULL;
SELECT count(*) FROM (SELECT model_ext.predict('batch', s) AS p FROM batch_bad AS s LIMIT 120) AS q WHERE p IS NOT NULL;
SELECT sum(id) FROM batch_bad AS s WHERE b IS NOT NULL AND model_ext.predict('batch', s) > 1e9;
SELECT sum(model_ext.predict('batch', s)) FROM batch_bad AS s;
-- A model nobody asks about is not looked for.
SELECT model_ext.predict('nobody', b, d) FROM batch_want JOIN batch_bad AS s USING (id) WHERE p > 1e9;
SELECT model_ext.predict('nobody', b, d) FROM batch_bad;

-- The right to call is asked as for any function.
CREATE ROLE regress_batch;
GRANT SELECT ON batch_s TO regress_batch;
SELECT model_ext.grant_model('batch', 'regress_batch', '{EXECUTE}');
SET ROLE regress_batch;
SELECT count(model_ext.predict('batch', s)) FROM batch_s AS s WHERE id < 100;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION model_ext.predict(text, "any") FROM PUBLIC;
SET ROLE regress_batch;
SELECT count(model_ext.predict('batch', s)) FROM batch_s AS s WHERE id < 100;
SELECT count(model_ext.predict('batch', b, d, e, f)) FROM batch_s AS s WHERE id < 100;
RESET ROLE;
GRANT EXECUTE ON FUNCTION model_ext.predict(text, "any") TO PUBLIC;

-- A security barrier hides rows from functions that could tell.
CREATE FUNCTION batch_tells(id int) RETURNS boolean COST 0.01 LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'saw %', id; RETURN true; END$$;
CREATE VIEW batch_v WITH (security_barrier) AS SELECT id FROM batch_s WHERE b IS NOT NULL AND model_ext.predict('batch', b, d, e, f) > 20.5;
SELECT count(*) FROM batch_v WHERE batch_tells(id);

-- Cursors turn round, in blocks and beyond, and know where they are.
BEGIN;
DECLARE c CURSOR FOR SELECT id, model_ext.predict('batch', b, d, e, f) = p AS same FROM (SELECT s.*, p FROM batch_s AS s, LATERAL (SELECT p FROM batch_want AS w WHERE w.id = s.id OFFSET 0) AS w OFFSET 0) AS q;
FETCH 2 c;
CLOSE c;
-- Over pages taken whole, too.
DECLARE v SCROLL CURSOR FOR SELECT id, round(model_ext.predict('batch', s)::numeric, 6) FROM batch_s AS s;
MOVE 700 v;
FETCH 2 v;
MOVE BACKWARD 500 v;
FETCH BACKWARD 2 v;
FETCH ABSOLUTE 995 v;
FETCH 1 v;
FETCH BACKWARD 2 v;
FETCH ABSOLUTE 1 v;
FETCH RELATIVE 990 v;
CLOSE v;
SELECT id, round(p::numeric, 6) FROM batch_want WHERE id IN (1, 201, 202, 702, 703, 992, 994, 996, 997) ORDER BY id;
DECLARE c SCROLL CURSOR FOR SELECT id, round(model_ext.predict('batch', s)::numeric, 6) FROM batch_bad AS s WHERE id < 100;
EXPLAIN (COSTS OFF) DECLARE c SCROLL CURSOR FOR SELECT id, model_ext.predict('batch', s) FROM batch_bad AS s;
FETCH 3 c;
FETCH BACKWARD 1 c;
FETCH LAST c;
FETCH BACKWARD 2 c;
FETCH ABSOLUTE 40 c;
FETCH RELATIVE -30 c;
FETCH 2 c;
UPDATE batch_bad SET label = 'here' WHERE CURRENT OF c;
SELECT id FROM batch_bad WHERE label = 'here';
ROLLBACK;

DROP VIEW batch_v;
DROP TABLE batch_s, batch_want, batch_got, batch_bad;
DROP FUNCTION batch_explain, batch_tells;
SELECT model_ext.drop_model('batch'), model_ext.drop_model('batch_tree');
DROP ROLE regress_batch;
