-- The planner replaces a row by the columns that the model reads.
SELECT model_ext.register_model('flat', artifact) FROM golden WHERE name = 'mixed';
CREATE TABLE flat_c (id integer PRIMARY KEY, note text, size text, junk integer, income numeric, colour text, age float8);
ALTER TABLE flat_c DROP COLUMN junk;
INSERT INTO flat_c SELECT i, 'n', (ARRAY['M', 'XL', NULL])[1 + i % 3], 40 + i, (ARRAY['blue', 'red', 'green'])[1 + i % 3], i - 5 FROM generate_series(1, 9) AS i;
ANALYZE flat_c;

EXPLAIN (VERBOSE, COSTS OFF) SELECT id, model_ext.predict_label('flat', c) FROM flat_c AS c;
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM flat_c AS c WHERE model_ext.predict_proba_of('flat', 'red', c) > 0.5 AND id < 3;

-- Whether a query's plan calls the function for rows or for columns.
CREATE FUNCTION flat_plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	calls integer[] := '{0, 0}';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
		calls[1] := calls[1] + (SELECT count(*) FROM regexp_matches(line, 'model_ext\.[a-z_]*_columns\(', 'g'));
		calls[2] := calls[2] + (SELECT count(*) FROM regexp_matches(line, 'model_ext\.(predict|predict_label|predict_proba|predict_proba_of|transform)\(''', 'g'));
	END LOOP;
	RETURN CASE WHEN calls[1] > 0 AND calls[2] > 0 THEN 'both' WHEN calls[1] > 0 THEN 'columns' WHEN calls[2] > 0 THEN 'row' ELSE 'none' END;
END $$;
CREATE TABLE flat_p (id integer, age float8, colour text, income numeric, size text) PARTITION BY RANGE (id);
CREATE TABLE flat_p1 (size text, colour text, id integer, income numeric, age float8);
ALTER TABLE flat_p ATTACH PARTITION flat_p1 FOR VALUES FROM (0) TO (5);
CREATE TABLE flat_p2 PARTITION OF flat_p FOR VALUES FROM (5) TO (100);
INSERT INTO flat_p SELECT id, age, colour, income, size FROM flat_c;
CREATE TABLE flat_parent (id integer, age float8, colour text, income numeric, size text);
CREATE TABLE flat_child (more text) INHERITS (flat_parent);
INSERT INTO flat_parent SELECT id, age, colour, income, size FROM flat_c WHERE id < 4;
INSERT INTO flat_child SELECT id, age, colour, income, size FROM flat_c WHERE id >= 4;
CREATE VIEW flat_v AS SELECT id, colour, age, income, size FROM flat_c;
CREATE VIEW flat_barrier WITH (security_barrier) AS SELECT * FROM flat_c;
CREATE VIEW flat_scores AS SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c;
CREATE FUNCTION flat_inlined(id integer) RETURNS text STABLE LANGUAGE sql RETURN (SELECT model_ext.predict_label('flat', c) FROM flat_c AS c WHERE c.id = flat_inlined.id);
CREATE FUNCTION flat_set() RETURNS SETOF flat_c STABLE LANGUAGE sql BEGIN ATOMIC SELECT * FROM flat_c; END;

-- Every shape, how it is planned, and that it answers like separate values.
CREATE TABLE flat_want AS SELECT id, model_ext.predict_label('flat', age, colour, NULL, income, size) AS label FROM flat_c;
CREATE FUNCTION flat_shape(query text, OUT plan text, OUT "right" boolean) LANGUAGE plpgsql AS $$
BEGIN
	plan := flat_plan(query);
	EXECUTE format('SELECT count(*) > 0 AND bool_and(s.label IS NOT DISTINCT FROM w.label) FROM (%s) AS s LEFT JOIN flat_want AS w USING (id)', query) INTO "right";
END $$;
CREATE TABLE flat_shapes (n integer GENERATED ALWAYS AS IDENTITY, name text, query text);
INSERT INTO flat_shapes (name, query) VALUES
	('alias', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c$$),
	('star', $$SELECT id, model_ext.predict_label('flat', c.*) AS label FROM flat_c AS c$$),
	('where', $$SELECT id, label FROM flat_want JOIN flat_c AS c USING (id) WHERE model_ext.predict_label('flat', c) = label$$),
	('order', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c ORDER BY model_ext.predict_label('flat', c), id LIMIT 3$$),
	('group', $$SELECT min(id) AS id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c GROUP BY model_ext.predict_label('flat', c)$$),
	('group by row', $$SELECT c.id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c GROUP BY c, c.id$$),
	('group by key', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c GROUP BY id HAVING count(model_ext.predict_label('flat', c)) > 0$$),
	('grouping sets', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c GROUP BY GROUPING SETS ((id, c), (id)) HAVING grouping(c) = 0$$),
	('distinct', $$SELECT DISTINCT ON (id) id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c ORDER BY id$$),
	('window', $$SELECT id, max(model_ext.predict_label('flat', c)) OVER (PARTITION BY id) AS label FROM flat_c AS c$$),
	('case', $$SELECT id, CASE WHEN id > 0 THEN model_ext.predict_label('flat', c) END AS label FROM flat_c AS c$$),
	('join', $$SELECT c.id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c JOIN flat_want AS w USING (id)$$),
	('outer side', $$SELECT c.id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c LEFT JOIN flat_want AS w ON w.id = c.id + 5$$),
	('inner side', $$SELECT w.id, coalesce(model_ext.predict_label('flat', c), w.label) AS label FROM flat_want AS w LEFT JOIN flat_c AS c ON w.id = c.id AND c.id < 5$$),
	('right join', $$SELECT w.id, coalesce(model_ext.predict_label('flat', c), w.label) AS label FROM flat_c AS c RIGHT JOIN flat_want AS w ON w.id = c.id AND c.id < 5$$),
	('full join', $$SELECT w.id, coalesce(model_ext.predict_label('flat', c), w.label) AS label FROM flat_c AS c FULL JOIN flat_want AS w ON w.id = c.id$$),
	('join alias', $$SELECT j.id, model_ext.predict_label('flat', j) AS label FROM (flat_c JOIN flat_want USING (id)) AS j$$),
	('subquery', $$SELECT s.id, model_ext.predict_label('flat', s) AS label FROM (SELECT id, age, colour, income, size FROM flat_c) AS s$$),
	('subquery apart', $$SELECT s.id, model_ext.predict_label('flat', s) AS label FROM (SELECT * FROM flat_c OFFSET 0) AS s$$),
	('subquery inner', $$SELECT w.id, coalesce(model_ext.predict_label('flat', s), w.label) AS label FROM flat_want AS w LEFT JOIN (SELECT *, 1 AS one FROM flat_c WHERE id < 4) AS s USING (id)$$),
	('union all', $$SELECT s.id, model_ext.predict_label('flat', s) AS label FROM (SELECT * FROM flat_c WHERE id < 3 UNION ALL SELECT * FROM flat_c WHERE id >= 3) AS s$$),
	('union', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c WHERE id < 3 UNION SELECT id, model_ext.predict_label('flat', c) FROM flat_c AS c$$),
	('cte', $$WITH s AS MATERIALIZED (SELECT * FROM flat_c) SELECT s.id, model_ext.predict_label('flat', s) AS label FROM s$$),
	('recursive', $$WITH RECURSIVE s AS (SELECT * FROM flat_c WHERE id = 1 UNION ALL SELECT c.* FROM s JOIN flat_c AS c ON c.id = s.id + 1) SELECT s.id, model_ext.predict_label('flat', s) AS label FROM s$$),
	('values', $$SELECT v.id, model_ext.predict_label('flat', v) AS label FROM (VALUES (1, -4, 'red', 41, 'XL')) AS v (id, age, colour, income, size)$$),
	('function', $$SELECT f.id, model_ext.predict_label('flat', f) AS label FROM flat_set() AS f$$),
	('row function', $$SELECT f.id, model_ext.predict_label('flat', f) AS label FROM flat_c AS c, jsonb_to_record(to_jsonb(c)) AS f (id int, age float8, colour text, income numeric, size text)$$),
	('correlated', $$SELECT id, (SELECT model_ext.predict_label('flat', c)) AS label FROM flat_c AS c$$),
	('correlated where', $$SELECT id, (SELECT w.label FROM flat_want AS w WHERE w.id = c.id AND w.label = model_ext.predict_label('flat', c)) AS label FROM flat_c AS c$$),
	('exists', $$SELECT id, label FROM flat_want AS w WHERE EXISTS (SELECT FROM flat_c AS c WHERE c.id = w.id AND model_ext.predict_label('flat', c) = w.label)$$),
	('in', $$SELECT id, label FROM flat_want AS w WHERE (id, label) IN (SELECT id, model_ext.predict_label('flat', c) FROM flat_c AS c)$$),
	('lateral', $$SELECT id, label FROM flat_c AS c, LATERAL (SELECT model_ext.predict_label('flat', c) AS label) AS s$$),
	('lateral apart', $$SELECT id, label FROM flat_c AS c, LATERAL (SELECT model_ext.predict_label('flat', c) AS label OFFSET 0) AS s$$),
	('lateral sublink', $$SELECT id, label FROM flat_c AS c, LATERAL (SELECT (SELECT model_ext.predict_label('flat', c)) AS label OFFSET 0) AS s$$),
	('lateral subquery', $$SELECT id, label FROM (SELECT *, 1 AS one FROM flat_c) AS c, LATERAL (SELECT model_ext.predict_label('flat', c) AS label OFFSET 0) AS s$$),
	('lateral values', $$SELECT id, label FROM flat_c AS c, LATERAL (VALUES (model_ext.predict_label('flat', c))) AS s (label)$$),
	('lateral function', $$SELECT id, label FROM flat_c AS c, unnest(ARRAY[model_ext.predict_label('flat', c)]) AS label$$),
	('partitions', $$SELECT id, model_ext.predict_label('flat', p) AS label FROM flat_p AS p$$),
	('partitions where', $$SELECT id, label FROM flat_p AS p JOIN flat_want USING (id) WHERE model_ext.predict_label('flat', p) = label$$),
	('inheritance', $$SELECT id, model_ext.predict_label('flat', p) AS label FROM flat_parent AS p$$),
	('view', $$SELECT id, model_ext.predict_label('flat', v) AS label FROM flat_v AS v$$),
	('barrier', $$SELECT id, model_ext.predict_label('flat', v) AS label FROM flat_barrier AS v WHERE model_ext.predict_label('flat', v) IS NOT NULL$$),
	('view of scores', $$SELECT * FROM flat_scores$$),
	('inlined', $$SELECT id, flat_inlined(id) AS label FROM flat_c$$),
	('tablesample', $$SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c TABLESAMPLE SYSTEM (100)$$),
	('named row', $$SELECT id, model_ext.predict_label('flat', ROW(id, note, size, income, colour, age)::flat_c) AS label FROM flat_c$$),
	('named row inner', $$SELECT w.id, coalesce(model_ext.predict_label('flat', s), w.label) AS label FROM flat_want AS w LEFT JOIN (SELECT * FROM flat_v WHERE id < 4) AS s USING (id)$$),
	('view inner', $$SELECT w.id, coalesce(model_ext.predict_label('flat', v), w.label) AS label FROM flat_want AS w LEFT JOIN flat_v AS v ON v.id = w.id AND v.id < 4$$),
	('composite cast', $$SELECT id, model_ext.predict_label('flat', c::flat_c) AS label FROM flat_c AS c$$),
	('text of name', $$SELECT id, model_ext.predict_label('fl' || 'at', c) AS label FROM flat_c AS c$$),
	('name from row', $$SELECT id, model_ext.predict_label(lower('FLAT'), c) AS label FROM flat_c AS c$$),
	('locked', $$SELECT id, label FROM (SELECT id, model_ext.predict_label('flat', c) AS label FROM flat_c AS c FOR UPDATE) AS s$$);
SELECT name, (flat_shape(query)).* FROM flat_shapes ORDER BY n;

-- Writing.
SELECT flat_plan($$INSERT INTO flat_want SELECT id + 100, model_ext.predict_label('flat', c) FROM flat_c AS c$$) AS insert,
	flat_plan($$UPDATE flat_c AS c SET note = model_ext.predict_label('flat', c) WHERE model_ext.predict_label('flat', c) = 'red'$$) AS update,
	flat_plan($$DELETE FROM flat_c AS c WHERE model_ext.predict_label('flat', c) = 'red' RETURNING model_ext.predict_label('flat', c)$$) AS delete;
BEGIN;
UPDATE flat_c AS c SET note = model_ext.predict_label('flat', c);
SELECT bool_and(note = label) FROM flat_c JOIN flat_want USING (id);
INSERT INTO flat_c AS c VALUES (1, '', 'M', 41, 'red', 0) ON CONFLICT (id) DO UPDATE SET note = model_ext.predict_label('flat', excluded) || model_ext.predict_label('flat', c)
RETURNING note = model_ext.predict_label('flat', 0, 'red', 0, 41, 'M') || (SELECT label FROM flat_want WHERE id = 1), model_ext.predict_label('flat', c) = (SELECT label FROM flat_want WHERE id = 1);
MERGE INTO flat_c AS c USING flat_want AS w ON c.id = w.id AND w.id < 5
WHEN MATCHED THEN UPDATE SET note = model_ext.predict_label('flat', c)
WHEN NOT MATCHED THEN INSERT (id, note) VALUES (w.id + 10, 'new');
SELECT bool_and(note = label) FROM flat_c JOIN flat_want USING (id) WHERE id < 5;
WITH gone AS (DELETE FROM flat_c AS c WHERE id < 10 RETURNING id, model_ext.predict_label('flat', c) AS label) SELECT bool_and(g.label = w.label) FROM gone AS g JOIN flat_want AS w USING (id);
ROLLBACK;

-- What the call for each row refuses is left to it.
\set VERBOSITY default
SELECT model_ext.predict_label('flat', s) FROM (SELECT age, colour FROM flat_c) AS s;
SELECT model_ext.predict_label('flat', s) FROM (SELECT now() AS age, colour, income, size FROM flat_c) AS s;
SELECT model_ext.predict_label('flat', ROW(age, colour, id, income, size)) FROM flat_c;
SELECT model_ext.predict('flat', c) FROM flat_c AS c;
\set VERBOSITY terse

-- Who may not call the function may not by way of columns either.
CREATE ROLE regress_flat;
GRANT SELECT ON flat_c TO regress_flat;
SELECT model_ext.grant_model('flat', 'regress_flat', ARRAY['EXECUTE']);
SET ROLE regress_flat;
SELECT count(model_ext.predict_label('flat', c)) FROM flat_c AS c;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION model_ext.predict_label(text, VARIADIC "any") FROM PUBLIC;
SET ROLE regress_flat;
SELECT count(model_ext.predict_label('flat', c)) FROM flat_c AS c;
SELECT count(model_ext.predict_proba('flat', c)) FROM flat_c AS c;
SELECT model_ext.predict_label_columns('flat', 'model_ext.predict_label(text, "any")', '{age}', 1);
SELECT model_ext.predict_label_columns('flat', 'model_ext.predict_proba(text, "any")', '{age}', 1);
SELECT model_ext.predict_label_columns('flat', 'pg_catalog.now()', '{age}', 1);
RESET ROLE;
GRANT EXECUTE ON FUNCTION model_ext.predict_label(text, VARIADIC "any") TO PUBLIC;
-- Rights on columns are those of the query as it is written.
REVOKE ALL ON flat_c FROM regress_flat;
GRANT SELECT (age, colour, income, size, id) ON flat_c TO regress_flat;
SET ROLE regress_flat;
SELECT count(model_ext.predict_label('flat', c)) FROM flat_c AS c;
SELECT count(model_ext.predict_label('flat', age, colour, 0, income, size)) FROM flat_c AS c;
RESET ROLE;
REVOKE ALL ON flat_c FROM regress_flat;
SELECT model_ext.revoke_model('flat', 'regress_flat', ARRAY['EXECUTE']);
DROP ROLE regress_flat;

-- Nobody calls it by hand.
SELECT model_ext.predict_label_columns('flat', 'model_ext.predict_label(text, "any")', '{age,colour}', 1);
SELECT model_ext.predict_label_columns('flat', NULL, '{age}', 1);
SELECT model_ext.predict_label_columns('flat', 'model_ext.predict_label(text, "any")', NULL, 1);
\set VERBOSITY default
SELECT model_ext.predict_label_columns('flat', 'model_ext.predict_label(text, "any")', '{age,colour,income}', 1, 'red', 3);
\set VERBOSITY terse

-- A plan that is kept is made anew when the name means another model.
SET plan_cache_mode = force_generic_plan;
SELECT model_ext.register_model('flat_moved', artifact, '{"features": ["a", "b", "c", "d"]}') FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('flat_moved', artifact, '{"features": ["d", "c", "b", "a"]}') FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('flat_moved', artifact, '{"features": ["a", "b", "c", "e"]}') FROM golden WHERE name = 'tree_binary';
CREATE TABLE flat_m (a float8, b float8, c float8, d float8, e float8);
INSERT INTO flat_m VALUES (1, -2, 30, 4, -5), (0, 0, 3, 0, 9);
PREPARE flat_prepared AS SELECT model_ext.predict_proba('flat_moved', m) = model_ext.predict_proba('flat_moved/1', a, b, c, d) AS v1,
	model_ext.predict_proba('flat_moved', m) = model_ext.predict_proba('flat_moved/2', d, c, b, a) AS v2,
	model_ext.predict_proba('flat_moved', m) = model_ext.predict_proba('flat_moved/3', a, b, c, e) AS v3 FROM flat_m AS m;
EXPLAIN (VERBOSE, COSTS OFF) EXECUTE flat_prepared;
EXECUTE flat_prepared;
SELECT model_ext.promote('flat_moved', 2);
EXECUTE flat_prepared;
SELECT model_ext.promote('flat_moved', 3);
EXECUTE flat_prepared;
-- Rolled back, too.
BEGIN;
SELECT model_ext.promote('flat_moved', 1);
EXECUTE flat_prepared;
ROLLBACK;
EXECUTE flat_prepared;
-- Changed behind our back: the same inputs in another order are found by name, others are noticed.
BEGIN;
UPDATE model_ext.model_alias SET version = 1 WHERE model = 'flat_moved';
\set VERBOSITY default
EXECUTE flat_prepared;
\set VERBOSITY terse
ROLLBACK;
SELECT model_ext.promote('flat_moved', 1);
EXECUTE flat_prepared;
BEGIN;
UPDATE model_ext.model_alias SET version = 2 WHERE model = 'flat_moved';
EXECUTE flat_prepared;
ROLLBACK;
-- Columns renamed, dropped and added in between.
ALTER TABLE flat_m RENAME a TO x;
EXECUTE flat_prepared;
ALTER TABLE flat_m RENAME x TO a;
EXECUTE flat_prepared;
CREATE TYPE flat_t AS (a float8, b float8, c float8, d float8);
PREPARE flat_typed AS SELECT model_ext.predict_proba('flat_moved', ROW(a, b, c, d)::flat_t) = model_ext.predict_proba('flat_moved/1', a, b, c, d) AS same FROM flat_m AS m;
EXECUTE flat_typed;
ALTER TYPE flat_t RENAME ATTRIBUTE a TO x;
EXECUTE flat_typed;
ALTER TYPE flat_t RENAME ATTRIBUTE x TO a;
EXECUTE flat_typed;
DEALLOCATE ALL;
DROP TYPE flat_t;
RESET plan_cache_mode;

-- The view's text keeps the call as it was written.
SELECT pg_get_viewdef('flat_scores'::regclass);

-- 97 columns are flattened, more are not; nor are 97 and a class.
CREATE FUNCTION flat_wide(width integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	name text := 'flat_wide_' || width;
	names text[] := ARRAY(SELECT 'x' || i FROM generate_series(1, width) AS i);
	-- A transformer that does nothing, told it has as many inputs.
	at integer := (SELECT position('n_features_in_'::bytea IN artifact) + length('n_features_in_') FROM flat_nothing);
	answer float8[];
BEGIN
	PERFORM model_ext.register_model(name, overlay(artifact PLACING set_byte('\x4b00', 1, width) FROM at + position('\x4b04'::bytea IN substring(artifact FROM at)) - 1),
		jsonb_build_object('features', names)) FROM flat_nothing;
	EXECUTE format('CREATE TABLE %I AS SELECT %s', name, (SELECT string_agg(format('%s::float8 AS x%s', i, i), ', ' ORDER BY i DESC) FROM generate_series(1, width) AS i));
	EXECUTE format('SELECT model_ext.transform(%L, w) FROM %I AS w', name, name) INTO answer;
	RETURN format('%s %s', flat_plan(format('SELECT model_ext.transform(%L, w) FROM %I AS w', name, name)), answer = ARRAY(SELECT i FROM generate_series(1, width) AS i)::float8[]);
END $$;
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/function_none/1.9/model.joblib'
\lo_import :file
CREATE TABLE flat_nothing AS SELECT lo_get(:LASTOID) AS artifact;
SELECT flat_wide(96), flat_wide(97), flat_wide(98);

-- Values out of line that the model does not read are not fetched.
CREATE TABLE flat_toast (id integer, note text, age float8, colour text, income numeric, size text);
ALTER TABLE flat_toast ALTER note SET STORAGE EXTERNAL;
INSERT INTO flat_toast SELECT i, repeat('n', 100000), 1, 'red', i, 'M' FROM generate_series(1, 50) AS i;
CREATE FUNCTION flat_buffers(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
SELECT flat_buffers($$SELECT count(model_ext.predict_label('flat', t)) FROM flat_toast AS t$$) >= 0 AS warm;
SELECT flat_buffers($$SELECT count(model_ext.predict_label('flat', t)) FROM flat_toast AS t$$) < 20 AS columns,
	flat_buffers($$SELECT count(model_ext.predict_label(CASE WHEN t.id > 0 THEN 'flat' END, t)) FROM flat_toast AS t$$) > 500 AS "row";

DROP TABLE flat_c, flat_p, flat_parent, flat_want, flat_shapes, flat_m, flat_toast, flat_nothing, flat_wide_96, flat_wide_97, flat_wide_98 CASCADE;
DROP FUNCTION flat_plan, flat_shape, flat_buffers, flat_wide;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'flat%';
