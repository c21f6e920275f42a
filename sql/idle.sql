-- Statements that look up single rows go on with the targets of those before them.
CREATE TABLE idle_s AS SELECT i AS id, i % 7 AS b, i % 11 / 4.0::float8 AS d, (i % 5)::real AS e, i % 13 / 7.0 AS f FROM generate_series(1, 100) AS i;
ALTER TABLE idle_s ADD PRIMARY KEY (id);
INSERT INTO idle_s VALUES (101, NULL, 1, 1, 1);
CREATE FUNCTION idle_register(name text, file text) RETURNS integer LANGUAGE sql AS $$
SELECT model_ext.register_model($1, artifact, '{"features": [{"name": "b"}, {"name": "d"}, {"name": "e"}, {"name": "f"}]}') FROM golden WHERE golden.name = $2 $$;
SELECT idle_register('idle', 'ridge'), idle_register('idle_text', 'tree_text');
CREATE TABLE idle_want AS SELECT id, model_ext.predict('idle', b, d, e, f) AS p, model_ext.predict_proba('idle_text', b, d, e, f) AS proba FROM idle_s AS s WHERE id <= 100;
\c
PREPARE look(int) AS SELECT model_ext.predict('idle', s) = p AS same FROM idle_s AS s JOIN idle_want USING (id) WHERE id = $1;
EXECUTE look(1);
EXECUTE look(2);
EXECUTE look(3);
-- Each execution found the plan here, and holds it no more.
SELECT models, hits > 2 AS found, pins FROM model_ext.cached_models ORDER BY models;
-- Several at once, with the same values and with others.
SELECT model_ext.predict('idle', s) = p AS a, model_ext.predict('idle', s) + 1 = p + 1 AS b, model_ext.predict('idle', b::float8, d, e, f) = p AS c, model_ext.predict('idle', b, d, e, f) = p AS d,
	model_ext.predict('idle', ARRAY[b, d, e, f]) = p AS e, model_ext.predict('idle', to_jsonb(s)) = p AS f, model_ext.predict('idle', s.*) = p AS g
FROM idle_s AS s JOIN idle_want USING (id) WHERE id = 4;
SELECT model_ext.predict('idle', b::float8, d, e, f) = p AS c, model_ext.predict('idle', s) = p AS a FROM idle_s AS s JOIN idle_want USING (id) WHERE id = 5;
SELECT models, pins FROM model_ext.cached_models ORDER BY models;
-- The same columns in another order are other values.
SELECT model_ext.predict('idle', x) = p AS same FROM (SELECT f, e, d, b FROM idle_s WHERE id = 6 OFFSET 0) AS x, idle_want WHERE id = 6;
-- A class is asked for by each statement anew.
SELECT c, model_ext.predict_proba_of('idle_text', c, s) = proba[i] AS same FROM unnest(model_ext.classes('idle_text')) WITH ORDINALITY AS c (c, i), idle_s AS s JOIN idle_want USING (id) WHERE id = 7 ORDER BY c;
-- An error leaves nothing behind.
\set VERBOSITY terse
SELECT model_ext.predict('idle', s) FROM idle_s AS s WHERE id = 101;
\set VERBOSITY default
SELECT models, pins FROM model_ext.cached_models ORDER BY models;
EXECUTE look(8);
-- The name means another version, is rolled back, is gone.
SELECT idle_register('idle', 'tree_binary');
SELECT model_ext.promote('idle', 2);
EXECUTE look(9);
SELECT model_ext.predict('idle', s) = model_ext.predict('idle/2', s) AS same FROM idle_s AS s WHERE id = 9;
BEGIN;
SELECT model_ext.promote('idle', 1);
EXECUTE look(9);
ROLLBACK;
EXECUTE look(9);
SELECT model_ext.promote('idle', 1);
EXECUTE look(9);
-- What the cache has no room for goes, with the targets that nobody uses.
SET model_ext.cache_size = 0;
SELECT model_ext.classes('idle_text');
SELECT models FROM model_ext.cached_models ORDER BY models;
EXECUTE look(10);
RESET model_ext.cache_size;
EXECUTE look(11);
SELECT model_ext.drop_model('idle'), model_ext.drop_model('idle_text');
EXECUTE look(12);
DROP TABLE idle_s, idle_want;
DROP FUNCTION idle_register;
