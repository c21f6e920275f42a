-- One statement per way for scoring to fail; then the codes, because clients branch on them.
SELECT model_ext.register_model('errors', artifact) FROM golden WHERE name = 'ridge_frame';
SELECT model_ext.register_model('errors_mixed', artifact) FROM golden WHERE name = 'mixed';
SELECT model_ext.register_model('errors_array', artifact) FROM golden WHERE name = 'ridge';
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/onehot_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('errors_strict', :LASTOID);
CREATE TABLE errors (n integer GENERATED ALWAYS AS IDENTITY, what text, query text);
INSERT INTO errors (what, query) VALUES
	('no such model', $$SELECT model_ext.predict('nobody', ARRAY[1.0])$$),
	('no such version', $$SELECT model_ext.predict('errors/7', ARRAY[1.0])$$),
	('no such alias', $$SELECT model_ext.predict('errors@nobody', ARRAY[1.0])$$),
	('wrong width', $$SELECT model_ext.predict('errors', 1, 2, 3)$$),
	('missing columns', $$SELECT model_ext.predict('errors', s) FROM (SELECT 1 AS a) AS s$$),
	('missing keys', $$SELECT model_ext.predict('errors', '{"a": 1}'::jsonb)$$),
	('unnamed row', $$SELECT model_ext.predict('errors', ROW(1, 2, 3, 4))$$),
	('model without names', $$SELECT model_ext.predict('errors_array', s) FROM (SELECT 1 AS a) AS s$$),
	('text for a number', $$SELECT model_ext.predict('errors', 'a'::text, 2, 3, 4)$$),
	('number for a text', $$SELECT model_ext.predict_label('errors_mixed', 1, 2, 3, 4, 5)$$),
	('text labels', $$SELECT model_ext.predict('errors_mixed', 1, 'red', 3, 4, 'M')$$),
	('answer not offered', $$SELECT model_ext.predict_proba('errors', 1, 2, 3, 4)$$),
	('unknown class', $$SELECT model_ext.predict_proba_of('errors_mixed', 'maybe', 1, 'red', 3, 4, 'M')$$),
	('NULL not allowed', $$SELECT model_ext.predict('errors', 1, 2, NULL, 4)$$),
	('infinite', $$SELECT model_ext.predict('errors', 1, 2, 'inf'::float8, 4)$$),
	('unknown category', $$SELECT model_ext.transform('errors_strict', 'XL', 'M')$$),
	('unknown, long and odd', $$SELECT model_ext.transform('errors_strict', 'red', E'tab\tquote"' || repeat('long ', 30))$$),
	('arrays of arrays', $$SELECT model_ext.predict('errors', ARRAY[[1, 2], [3, 4]])$$),
	('no object', $$SELECT model_ext.predict('errors', '[1]'::jsonb)$$),
	('ambiguous column', $$SELECT model_ext.predict('errors', s) FROM (SELECT 1 AS a, 2 AS a, 2 AS "B b", 3 AS "c%", 4 AS d OFFSET 0) AS s$$);
CREATE FUNCTION errors(query text, OUT code text, OUT message text, OUT detail text, OUT hint text, OUT context text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	message := 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
	context := substring(context FROM 'model "[^"]*" version \d+');
END $$;
\pset null -
\x on
SELECT what, e.* FROM errors, errors(query) AS e ORDER BY n;
\x off
\pset null ''
-- After them all the session goes on.
SELECT model_ext.predict('errors', 1, 2, 3, 4) IS NOT NULL AS fine;
-- An error of a row that nobody asks for is nobody's.
SELECT count(*) FROM (SELECT model_ext.predict('errors', i, 2, NULLIF(i, 3), 4) FROM generate_series(1, 5) AS i LIMIT 2) AS s;
SELECT i FROM generate_series(1, 5) AS i WHERE i < 3 AND model_ext.predict('errors', i, 2, NULLIF(i, 3), 4) IS NOT NULL ORDER BY i;
DROP FUNCTION errors;
DROP TABLE errors;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'errors%';
