-- What a name means, at every moment; remembered, but never for too long.
SELECT model_ext.register_model('names', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('names', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.set_alias('names', 'candidate', 2);
CREATE TABLE names_want AS SELECT model_ext.predict('names/1', 1, 2, 3, 4) AS one, model_ext.predict('names/2', 1, 2, 3, 4) AS two;
SELECT one <> two AS differ, model_ext.predict('names', 1, 2, 3, 4) = one AS production, model_ext.predict('names@production', 1, 2, 3, 4) = one AS production,
	model_ext.predict('names@candidate', 1, 2, 3, 4) = two AS candidate FROM names_want;

-- Which version answers, 1 or 2.
CREATE FUNCTION names_which(name text DEFAULT 'names') RETURNS integer STABLE LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT CASE model_ext.predict(name, 1, 2, 3, 4) WHEN one THEN 1 WHEN two THEN 2 END FROM names_want);
END $$;
SELECT names_which();
BEGIN;
SELECT model_ext.promote('names', 2);
SELECT names_which();
SAVEPOINT a;
SELECT model_ext.promote('names', 1);
SELECT names_which();
ROLLBACK TO a;
SELECT names_which();
ROLLBACK;
SELECT names_which();

-- A statement sees one snapshot, a PL/pgSQL loop many.
DO $$
DECLARE
	seen text := '';
BEGIN
	FOR i IN 1 .. 4 LOOP
		PERFORM model_ext.promote('names', 1 + i % 2);
		seen := seen || ' ' || names_which();
		BEGIN
			PERFORM model_ext.promote('names', 2 - i % 2);
			seen := seen || ' ' || names_which();
			RAISE division_by_zero;
		EXCEPTION WHEN division_by_zero THEN
			seen := seen || ' ' || names_which();
		END;
	END LOOP;
	RAISE NOTICE '%', seen;
END $$;
-- Also in a simple expression, whose state lives as long as the transaction.
DO $$
DECLARE
	one float8 := model_ext.predict('names/1', 1, 2, 3, 4);
	seen text := '';
BEGIN
	FOR i IN 1 .. 4 LOOP
		PERFORM model_ext.promote('names', 1 + i % 2);
		seen := seen || ' ' || CASE WHEN model_ext.predict('names', 1, 2, 3, 4) = one THEN 1 ELSE 2 END;
	END LOOP;
	RAISE NOTICE '%', seen;
END $$;
SELECT names_which();

-- What does not exist; a model one may not score reads the same.
CREATE ROLE regress_names;
\set VERBOSITY default
SELECT model_ext.predict('nobody', 1);
SELECT model_ext.predict('names/7', 1);
SELECT model_ext.predict('names@nobody', 1);
SELECT model_ext.predict('', 1);
SELECT model_ext.predict('names/', 1);
SET ROLE regress_names;
SELECT model_ext.predict('names', 1, 2, 3, 4);
RESET ROLE;
SELECT model_ext.grant_model('names', 'regress_names', ARRAY['EXECUTE']);
SET ROLE regress_names;
SELECT model_ext.predict('names', 1, 2, 3, 4) IS NOT NULL AS granted;
RESET ROLE;
SELECT model_ext.revoke_model('names', 'regress_names', ARRAY['EXECUTE']);
-- The right is asked for anew when the user changes, within a transaction too.
BEGIN;
DECLARE names_cursor CURSOR FOR SELECT model_ext.predict('names', 1, 2, 3, i) IS NOT NULL AS scored FROM generate_series(1, 10) AS i;
FETCH 1 FROM names_cursor;
SET LOCAL ROLE regress_names;
FETCH 1 FROM names_cursor;
ROLLBACK;

-- While a dump is restored, a model may come later than what needs it.
SET model_ext.missing_model = 'null';
SELECT model_ext.predict('nobody', i) IS NULL AS no_answer FROM generate_series(1, 3) AS i;
SELECT model_ext.predict_label('nobody', s) IS NULL AS no_answer FROM (SELECT 1 AS a) AS s;
RESET model_ext.missing_model;

-- A dropped model is gone, and one of the same name is another.
SELECT model_ext.register_model('names_again', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.predict('names_again', 1, 2, 3, 4) = one AS same FROM names_want;
SELECT model_ext.drop_model('names_again');
SELECT model_ext.predict('names_again', 1, 2, 3, 4);
SELECT model_ext.register_model('names_again', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.predict('names_again', 1, 2, 3, 4) = two AS same FROM names_want;
\set VERBOSITY terse
DROP ROLE regress_names;
DROP FUNCTION names_which;
DROP TABLE names_want;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'names%';
