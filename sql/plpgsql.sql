-- PL/pgSQL keeps rows as expanded records and one state for many statements.
SELECT model_ext.register_model('plpgsql', artifact) FROM golden WHERE name = 'mixed';
SELECT model_ext.register_model('plpgsql_tree', artifact, '{"features": ["a", "b", "c", "d"]}') FROM golden WHERE name = 'tree_text';
CREATE TABLE plpgsql_c (id integer, junk text, age float8, colour text, income numeric, size text);
ALTER TABLE plpgsql_c DROP COLUMN junk;
INSERT INTO plpgsql_c VALUES (1, 1.75, 'blue', 45.34, 'M'), (2, 1.25, 'green', 45.84, 'XL'), (3, NULL, NULL, NULL, NULL);
CREATE TABLE plpgsql_want AS SELECT id, model_ext.predict_label('plpgsql', age, colour, 0, income, size) AS label FROM plpgsql_c;
DO $$
DECLARE
	r record;
	c plpgsql_c;
	c2 plpgsql_c%ROWTYPE;
	nothing plpgsql_c;
	got text := '';
	label text;
BEGIN
	FOR r IN SELECT * FROM plpgsql_c JOIN plpgsql_want USING (id) ORDER BY id LOOP
		c := (r.id, r.age, r.colour, r.income, r.size);
		c2 := c;
		got := got || (model_ext.predict_label('plpgsql', r) = r.label) || (model_ext.predict_label('plpgsql', c) = r.label);
		c2.colour := repeat('x', 100000);
		label := model_ext.predict_label('plpgsql', c2);
		c2.colour := r.colour;
		got := got || (model_ext.predict_label('plpgsql', c2.*) = r.label) || ' ';
		SELECT model_ext.predict_label('plpgsql', c) INTO label;
		got := got || (label = r.label) || ' ';
	END LOOP;
	RAISE NOTICE '%', got;
	-- A variable that was never set is no row; one whose fields were all set to NULL is.
	RAISE NOTICE '% %', model_ext.predict_label('plpgsql', nothing) IS NULL, model_ext.predict_label('plpgsql', NULL::plpgsql_c) IS NULL;
	r := ROW(1, 2);
	BEGIN
		label := model_ext.predict_label('plpgsql', r);
	EXCEPTION WHEN indeterminate_datatype THEN
		RAISE NOTICE '%', SQLERRM;
	END;
	-- One variable, rows of several types.
	FOR i IN 1 .. 4 LOOP
		IF i % 2 = 0 THEN
			SELECT 'M' AS size, 1 AS income, 'red' AS colour, i AS age INTO r;
		ELSE
			SELECT i AS age, 'red' AS colour, 1 AS income, 'M' AS size INTO r;
		END IF;
		IF model_ext.predict_label('plpgsql', r) <> model_ext.predict_label('plpgsql', i, 'red', 0, 1, 'M') THEN
			RAISE 'row %', i;
		END IF;
	END LOOP;
END $$;

-- Errors that are caught leave nothing behind that is wrong.
DO $$
DECLARE
	answers text := '';
	value float8;
BEGIN
	FOR i IN 1 .. 6 LOOP
		BEGIN
			value := model_ext.predict_proba_of('plpgsql_tree', CASE WHEN i % 2 = 0 THEN 'red' ELSE 'maybe' END, 1, 2, 3, 4);
			answers := answers || ' ' || (value = (model_ext.predict_proba('plpgsql_tree', 1, 2, 3, 4))[3]);
		EXCEPTION WHEN invalid_parameter_value THEN
			answers := answers || ' unknown';
		END;
	END LOOP;
	FOR i IN 1 .. 6 LOOP
		BEGIN
			PERFORM model_ext.predict(CASE WHEN i % 3 = 0 THEN 'nobody' ELSE 'plpgsql_tree' END, 1, 2, 3, 4);
		EXCEPTION WHEN undefined_object OR datatype_mismatch THEN
			answers := answers || ' ' || SQLSTATE;
		END;
	END LOOP;
	FOR i IN 1 .. 3 LOOP
		BEGIN
			answers := answers || ' ' || model_ext.predict_label('plpgsql', jsonb_build_object('age', CASE i WHEN 2 THEN to_jsonb('x'::text) ELSE to_jsonb(i) END, 'colour', 'red', 'size', 'M', 'income', 1));
		EXCEPTION WHEN datatype_mismatch THEN
			answers := answers || ' ' || SQLSTATE;
		END;
	END LOOP;
	RAISE NOTICE '%', answers;
END $$;

-- A model registered, scored, replaced and dropped in one transaction, in one loop.
DO $$
DECLARE
	labels text := '';
BEGIN
	FOR i IN 1 .. 3 LOOP
		PERFORM model_ext.register_model('plpgsql_new', artifact) FROM golden WHERE name = CASE WHEN i = 2 THEN 'tree_binary' ELSE 'tree_text' END;
		labels := labels || ' ' || model_ext.predict_label('plpgsql_new', 1, 2, 3, 4);
		PERFORM model_ext.drop_model('plpgsql_new');
	END LOOP;
	RAISE NOTICE '%', labels;
END $$;

-- Column names that change while a function is remembered.
CREATE FUNCTION plpgsql_score(n integer) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE
	c plpgsql_c;
BEGIN
	SELECT * INTO c FROM plpgsql_c WHERE id = n;
	RETURN model_ext.predict_label('plpgsql', c);
END $$;
SELECT plpgsql_score(id) = label AS same FROM plpgsql_want ORDER BY id;
ALTER TABLE plpgsql_c RENAME colour TO color;
SELECT plpgsql_score(1);
ALTER TABLE plpgsql_c RENAME color TO colour;
SELECT plpgsql_score(1) = label AS same FROM plpgsql_want WHERE id = 1;
ALTER TABLE plpgsql_c ADD COLUMN more text DEFAULT 'x', DROP COLUMN size, ADD COLUMN size text DEFAULT 'M';
SELECT plpgsql_score(1) = label AS same FROM plpgsql_want WHERE id = 1;
-- In SQL functions, inlined or not.
CREATE FUNCTION plpgsql_sql(age float8, colour text) RETURNS text STABLE LANGUAGE sql RETURN model_ext.predict_label('plpgsql', age, colour, 0, 45.34, 'M');
CREATE FUNCTION plpgsql_rows(c plpgsql_c) RETURNS text STABLE LANGUAGE sql AS 'SELECT model_ext.predict_label(''plpgsql'', c) LIMIT 1';
SELECT plpgsql_sql(age, colour) = label AS inlined, plpgsql_rows(c) = label AS not_inlined FROM plpgsql_c AS c JOIN plpgsql_want USING (id) WHERE id = 1;
DROP FUNCTION plpgsql_score, plpgsql_sql, plpgsql_rows;
DROP TABLE plpgsql_c, plpgsql_want;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'plpgsql%';
