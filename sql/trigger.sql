-- A trigger scores rows as they are written.
SELECT model_ext.register_model('trigger_' || name, artifact) FROM golden WHERE name IN ('mixed', 'tree_binary', 'ridge');
SELECT model_ext.register_model('trigger_named', artifact, '{"features": ["age", "income", "w", "z"]}') FROM golden WHERE name = 'tree_binary';

CREATE TABLE trigger_c (id integer, age float8, colour text, income numeric, size text, unused text, label text, proba float8[], red float8, all_of_it jsonb);
CREATE TRIGGER score_label BEFORE INSERT OR UPDATE ON trigger_c FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_mixed', 'label');
CREATE TRIGGER score_proba BEFORE INSERT OR UPDATE ON trigger_c FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_mixed', 'proba');
CREATE TRIGGER score_red BEFORE INSERT OR UPDATE ON trigger_c FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_mixed', 'red', 'predict_proba_of', 'red');
CREATE TRIGGER score_all BEFORE INSERT OR UPDATE ON trigger_c FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_mixed', 'all_of_it');
INSERT INTO trigger_c (id, age, colour, income, size) VALUES (1, 1.75, 'blue', 45.34, 'M'), (2, 1.25, 'green', 45.84, 'XL'), (3, NULL, NULL, NULL, NULL);
COPY trigger_c (id, age, colour, income, size) FROM stdin;
4	-1.43	blue	55.02	M
5	\N	red	\N	XL
\.
CREATE FUNCTION trigger_right(c trigger_c) RETURNS boolean STABLE LANGUAGE sql
RETURN c.label = model_ext.predict_label('trigger_mixed', c) AND c.proba = model_ext.predict_proba('trigger_mixed', c)
	AND c.red = model_ext.predict_proba_of('trigger_mixed', 'red', c)
	AND c.all_of_it = model_ext.predict_json('trigger_mixed', to_jsonb(c));
SELECT id, label, trigger_right(c) FROM trigger_c AS c ORDER BY id;
UPDATE trigger_c SET colour = 'red', income = income + 1, label = 'mine' WHERE id < 3;
SELECT id, label, trigger_right(c) FROM trigger_c AS c ORDER BY id;

-- The answer becomes what an INSERT would make of it: by the column's type, with its length.
CREATE DOMAIN trigger_domain AS smallint CHECK (value < 10);
CREATE TABLE trigger_types (age integer, income integer, w float4, z numeric,
	a float8, b float4, c numeric(6, 2), d integer, e bigint, f smallint, g varchar(3), h char(4), i trigger_domain);
SELECT format('CREATE TRIGGER score_%1$s BEFORE INSERT ON trigger_types FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger(''trigger_named'', %1$L)', c)
FROM unnest(string_to_array('a b c d e f g h i', ' ')) AS c \gexec
INSERT INTO trigger_types VALUES (1, 2, 3, 4), (-3, NULL, 0, 0);
SELECT * FROM trigger_types;
-- Regressions are rounded by the column.
CREATE TABLE trigger_rounded (x0 float8, x1 float8, x2 float8, x3 float8, exact float8, cents numeric(8, 2), whole integer);
SELECT model_ext.register_model('trigger_x', artifact, '{"features": ["x0", "x1", "x2", "x3"]}') FROM golden WHERE name = 'ridge';
SELECT format('CREATE TRIGGER score_%1$s BEFORE INSERT ON trigger_rounded FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger(''trigger_x'', %1$L)', c)
FROM unnest(string_to_array('exact cents whole', ' ')) AS c \gexec
INSERT INTO trigger_rounded VALUES (1, 2, 3, 40);
SELECT cents = round(exact::numeric, 2) AS cents, whole = round(exact) AS whole, exact = model_ext.predict('trigger_x', 1, 2, 3, 40) AS exact FROM trigger_rounded;

-- ON CONFLICT, and an UPDATE that moves the row to a partition of another order of columns.
CREATE TABLE trigger_p (id integer, age float8, colour text, income float8, size text, label text) PARTITION BY RANGE (id);
CREATE TABLE trigger_p1 (label text, size text, junk integer, colour text, income float8, id integer, age float8);
ALTER TABLE trigger_p1 DROP COLUMN junk;
ALTER TABLE trigger_p ATTACH PARTITION trigger_p1 FOR VALUES FROM (0) TO (10);
CREATE TABLE trigger_p2 PARTITION OF trigger_p FOR VALUES FROM (10) TO (100);
ALTER TABLE trigger_p ADD PRIMARY KEY (id);
CREATE TRIGGER score BEFORE INSERT OR UPDATE ON trigger_p FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_mixed', 'label');
INSERT INTO trigger_p SELECT i, i - 8, (ARRAY['blue', 'red', 'green'])[1 + i % 3], 40 + i, (ARRAY['M', 'XL'])[1 + i % 2] FROM generate_series(1, 18) AS i;
COPY trigger_p (age, id, colour, income, size) FROM stdin;
2.5	19	blue	\N	M
2.5	0	blue	\N	M
\.
SELECT tableoid::regclass AS partition, count(*), bool_and(label = model_ext.predict_label('trigger_mixed', p)) AS "right" FROM trigger_p AS p GROUP BY 1 ORDER BY 1;
UPDATE trigger_p SET id = id + 20, colour = 'blue', income = 20 WHERE id < 5;
INSERT INTO trigger_p VALUES (7, 1, 'red', 50, 'M'), (17, 1, 'red', 50, 'M') ON CONFLICT (id) DO UPDATE SET colour = 'green', age = -excluded.age, label = NULL;
SELECT tableoid::regclass AS partition, count(*), bool_and(label = model_ext.predict_label('trigger_mixed', p)) AS "right" FROM trigger_p AS p GROUP BY 1 ORDER BY 1;
MERGE INTO trigger_p AS p USING (VALUES (8), (50)) AS v (id) ON p.id = v.id
WHEN MATCHED THEN UPDATE SET income = 99
WHEN NOT MATCHED THEN INSERT (id, age, colour, income, size) VALUES (v.id, 3, 'red', 77, 'M');
SELECT id, label = model_ext.predict_label('trigger_mixed', p) AS "right" FROM trigger_p AS p WHERE id IN (8, 50) ORDER BY id;

-- The model of the moment.
SELECT model_ext.register_model('trigger_alias', artifact, '{"features": ["age", "income", "w", "z"]}') FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('trigger_alias', artifact, '{"features": ["w", "z", "age", "income"]}') FROM golden WHERE name = 'ridge';
CREATE TABLE trigger_alias (age float8, income float8, w float8, z float8, score float8);
CREATE TRIGGER score BEFORE INSERT ON trigger_alias FOR EACH ROW EXECUTE FUNCTION model_ext.score_trigger('trigger_alias', 'score');
INSERT INTO trigger_alias VALUES (1, 2, 3, 4) RETURNING score = model_ext.predict('trigger_alias/1', 1, 2, 3, 4) AS version_1;
BEGIN;
SELECT model_ext.promote('trigger_alias', 2);
INSERT INTO trigger_alias VALUES (1, 2, 3, 4) RETURNING score = model_ext.predict('trigger_alias/2', 3, 4, 1, 2) AS version_2;
ROLLBACK;
INSERT INTO trigger_alias VALUES (1, 2, 3, 4) RETURNING score = model_ext.predict('trigger_alias/1', 1, 2, 3, 4) AS version_1;
ALTER TABLE trigger_alias RENAME w TO v;
\set VERBOSITY default
INSERT INTO trigger_alias VALUES (1, 2, 3, 4);
ALTER TABLE trigger_alias RENAME v TO w;
SET model_ext.missing_model = 'null';
SELECT model_ext.drop_model('trigger_alias');
INSERT INTO trigger_alias VALUES (1, 2, 3, 4, 5) RETURNING score IS NULL AS no_score;
RESET model_ext.missing_model;
INSERT INTO trigger_alias VALUES (1, 2, 3, 4, 5);

-- What cannot be.
SELECT model_ext.score_trigger();
CREATE TABLE trigger_wrong (age float8, income float8, w float8, z float8, score float8, "when" date, twice float8 GENERATED ALWAYS AS (age * 2) STORED);
CREATE FUNCTION trigger_try(spec text, arguments text, OUT code text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER t %s EXECUTE FUNCTION model_ext.score_trigger(%s)', spec, arguments);
	INSERT INTO trigger_wrong VALUES (1, 2, 3, 4);
	UPDATE trigger_wrong SET age = 2;
	DELETE FROM trigger_wrong;
	RAISE 'all went well';
EXCEPTION WHEN OTHERS THEN
	code := SQLSTATE;
	message := SQLERRM;
END $$;
SELECT t.* FROM (VALUES
	(1, 'AFTER INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score'$$),
	(2, 'BEFORE INSERT ON trigger_wrong FOR EACH STATEMENT', $$'trigger_named', 'score'$$),
	(3, 'BEFORE DELETE ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score'$$),
	(4, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', ''),
	(5, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named'$$),
	(6, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'predict', 'a', 'b'$$),
	(7, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'nobody', 'score'$$),
	(8, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'scores'$$),
	(9, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'ctid'$$),
	(10, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'when'$$),
	(11, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'twice'$$),
	(12, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'guess'$$),
	(13, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'predict_label'$$),
	(14, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'predict_proba_of'$$),
	(15, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'predict_proba_of', 'maybe'$$),
	(16, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score', 'predict', '1'$$),
	(17, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_mixed', 'score'$$),
	(18, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_ridge', 'score'$$),
	(19, 'BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_named', 'score'$$)) AS v (n, spec, arguments), trigger_try(spec, arguments) AS t ORDER BY n;
SELECT model_ext.register_model('trigger_generated', artifact, '{"features": ["age", "income", "twice", "z"]}') FROM golden WHERE name = 'tree_binary';
SELECT * FROM trigger_try('BEFORE INSERT ON trigger_wrong FOR EACH ROW', $$'trigger_generated', 'score'$$);
\set VERBOSITY terse
DROP FUNCTION trigger_right(trigger_c), trigger_try;
DROP TABLE trigger_c, trigger_types, trigger_rounded, trigger_p, trigger_alias, trigger_wrong;
DROP DOMAIN trigger_domain;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'trigger%';
