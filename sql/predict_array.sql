-- Arrays bind by position, of exactly the model's length; VARIADIC or not.
SELECT model_ext.register_model('array', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('array_text', artifact) FROM golden WHERE name = 'tree_text';
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/onehot_text_ignore/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('array_onehot', :LASTOID);

SELECT model_ext.predict('array', ARRAY[1, 2.5, 3, 4]) = model_ext.predict('array', 1, 2.5, 3, 4) AS "numeric",
	model_ext.predict('array', ARRAY[1, 2.5, 3, 4]::float8[]) = model_ext.predict('array', 1, 2.5, 3, 4) AS "float8",
	model_ext.predict('array', ARRAY[1, 2.5, 3, 4]::float4[]) = model_ext.predict('array', 1, 2.5, 3, 4) AS "float4",
	model_ext.predict('array', ARRAY[1, 2, 3, 4]::smallint[]) = model_ext.predict('array', 1, 2, 3, 4) AS "int2",
	model_ext.predict('array', '{1, 2, 3, 4}'::bigint[]) = model_ext.predict('array', 1, 2, 3, 4) AS "int8",
	model_ext.predict('array', ARRAY[true, false, true, true]) = model_ext.predict('array', 1, 0, 1, 1) AS "boolean",
	model_ext.predict('array', VARIADIC ARRAY[1, 2.5, 3, 4]) = model_ext.predict('array', 1, 2.5, 3, 4) AS "variadic",
	model_ext.predict('array', '[5:8]={1,2,3,4}'::int[]) = model_ext.predict('array', 1, 2, 3, 4) AS bounds;
SELECT model_ext.predict_label('array_text', ARRAY[1, NULL, 3, 4]) = model_ext.predict_label('array_text', 1, NULL, 3, 4) AS "null",
	model_ext.predict_label('array_text', '{NULL,NULL,NULL,NULL}'::float8[]) = model_ext.predict_label('array_text', NULL, NULL, NULL, NULL) AS nulls;
SELECT model_ext.transform('array_onehot', ARRAY['red', 'M']) = model_ext.transform('array_onehot', 'red', 'M') AS texts,
	model_ext.transform('array_onehot', ARRAY['red', NULL]::varchar[]) = model_ext.transform('array_onehot', 'red', NULL) AS varchars;
CREATE DOMAIN array_domain AS float8[];
SELECT model_ext.predict('array', '{1,2,3,4}'::array_domain) = model_ext.predict('array', 1, 2, 3, 4) AS domain;
-- As PL/pgSQL holds them.
DO $$
DECLARE
	a float8[] := '{1, 2, 3}';
	b numeric[] := ARRAY[NULL, 5];
BEGIN
	a[4] := 4;
	b := b || 6.5 || 7;
	RAISE NOTICE '% %', model_ext.predict('array', a) = model_ext.predict('array', 1, 2, 3, 4),
		model_ext.predict_label('array_text', b) = model_ext.predict_label('array_text', NULL, 5, 6.5, 7);
END $$;
-- Stored ones, compressed or out of line too.
CREATE TABLE array_stored (a float8[], s text[]);
INSERT INTO array_stored VALUES ('{1,2,3,4}', ARRAY['red', 'M']), ('{4,3,2,1}', ARRAY['red', repeat('M', 100000)]);
SELECT model_ext.predict('array', a) = model_ext.predict('array', a[1], a[2], a[3], a[4]) AS same,
	model_ext.transform('array_onehot', s) = model_ext.transform('array_onehot', s[1], s[2]) AS same
FROM array_stored;

-- No array, no answer.
SELECT model_ext.predict('array', NULL::float8[]) IS NULL AS "null", model_ext.predict('array', VARIADIC NULL::float8[]) IS NULL AS "variadic";

\set VERBOSITY default
SELECT model_ext.predict('array', ARRAY[1, 2, 3]);
SELECT model_ext.predict('array', '{}'::float8[]);
SELECT model_ext.predict('array', ARRAY[[1, 2], [3, 4]]);
SELECT model_ext.predict('array', ARRAY['a', 'b', 'c', 'd']);
SELECT model_ext.transform('array_onehot', ARRAY[1, 2]);
SELECT model_ext.predict('array', ARRAY[ROW(1, 2, 3, 4)]);
SELECT model_ext.predict('array', '{2020-01-01,2020-01-01,2020-01-01,2020-01-01}'::date[]);
\set VERBOSITY terse
DROP TABLE array_stored;
DROP DOMAIN array_domain;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'array%';
