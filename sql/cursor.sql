-- Cursors keep what a name meant when they were opened, and a bad row is that row's error.
SELECT model_ext.register_model('cursor', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('cursor', artifact) FROM golden WHERE name = 'ridge';
CREATE TABLE cursor_c AS SELECT i AS id, i AS a, 1 AS b, 2 AS c, 3 AS d FROM generate_series(1, 100) AS i;
BEGIN;
DECLARE scores SCROLL CURSOR FOR SELECT id, model_ext.predict('cursor', a, b, c, d) = model_ext.predict('cursor/1', a, b, c, d) AS version_1 FROM cursor_c ORDER BY id;
FETCH 2 FROM scores;
SELECT model_ext.promote('cursor', 2);
FETCH 2 FROM scores;
FETCH BACKWARD 2 FROM scores;
FETCH ABSOLUTE 99 FROM scores;
CLOSE scores;
DECLARE scores CURSOR FOR SELECT id, model_ext.predict('cursor', a, b, c, d) = model_ext.predict('cursor/2', a, b, c, d) AS version_2 FROM cursor_c ORDER BY id;
FETCH 2 FROM scores;
ROLLBACK;
-- Held over the end of the transaction.
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT id, model_ext.predict('cursor', a, b, c, d) IS NOT NULL AS scored FROM cursor_c ORDER BY id LIMIT 3;
COMMIT;
FETCH ALL FROM held;
CLOSE held;
-- Up to the row that has a NULL where there must be none.
SELECT model_ext.promote('cursor', 2);
UPDATE cursor_c SET b = NULL WHERE id = 4;
BEGIN;
DECLARE scores CURSOR FOR SELECT id, model_ext.predict('cursor', a, b, c, d) IS NOT NULL AS scored FROM (SELECT * FROM cursor_c ORDER BY id OFFSET 0) AS s;
FETCH 3 FROM scores;
\set VERBOSITY default
FETCH 1 FROM scores;
\set VERBOSITY terse
ROLLBACK;
SELECT count(*) FROM (SELECT model_ext.predict('cursor', a, b, c, d) FROM (SELECT * FROM cursor_c ORDER BY id) AS c LIMIT 3) AS s;
-- In PL/pgSQL, row by row; the row that is current can be updated.
ALTER TABLE cursor_c ADD COLUMN score float8;
DO $$
DECLARE
	scores CURSOR FOR SELECT id, model_ext.predict('cursor', a, b, c, d) AS score FROM cursor_c WHERE id < 4 FOR UPDATE;
BEGIN
	FOR r IN scores LOOP
		UPDATE cursor_c SET score = r.score WHERE CURRENT OF scores;
	END LOOP;
END $$;
SELECT id, score = model_ext.predict('cursor', a, b, c, d) AS same FROM cursor_c WHERE score IS NOT NULL ORDER BY id;
DROP TABLE cursor_c;
SELECT model_ext.drop_model('cursor');
