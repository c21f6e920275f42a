-- Every type that is a number or a text, and what is neither.
SELECT model_ext.register_model('types_' || name, artifact) FROM golden WHERE name IN ('scaler', 'mixed');
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/function_none/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('types_same', :LASTOID);
\set file :golden '/onehot_text_ignore/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('types_text', :LASTOID);
\set file :golden '/onehot_numbers/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('types_category', :LASTOID);
SELECT model, string_agg(kind || ' ' || is_category, ', ' ORDER BY position) FROM model_ext.model_inputs WHERE model LIKE 'types%' GROUP BY model ORDER BY model;

-- Numbers: a transformer that does nothing gives them back.
CREATE DOMAIN types_domain AS integer CHECK (value > 0);
SELECT model_ext.transform('types_same', -7::smallint, -7, -7::bigint, -7::numeric);
SELECT model_ext.transform('types_same', 0.1::float4, 0.1::float8, true, 7::types_domain) = ARRAY[0.1::float4::float8, 0.1, 1, 7] AS same;
SELECT model_ext.transform('types_same', 9007199254740993, -9007199254740993, 9223372036854775807, 0) =
	ARRAY[9007199254740993::float8, -9007199254740993::float8, 9223372036854775807::float8, 0] AS nearest;

-- numeric gives what a cast to float8 gives, to the last bit.
CREATE FUNCTION types_same(n numeric) RETURNS boolean LANGUAGE sql
RETURN float8send((model_ext.transform('types_same', n, 0, 0, 0))[1]) = float8send(n::float8);
SELECT n, types_same(n) FROM (VALUES (0), (1), (-1), (10000), (9999.9999), (0.0001), (123456789012345), (-1234567890123.45), (12345678901234567890), (0.00000000000000000000012345),
	(9007199254740993), (9007199254740992.5), (0.1), (1e22), (1e23), (1.7976931348623157e308), (4.9e-324), (1e300), (-0.30000000000000004), (100000000000000000000), (45.340)) AS v (n) WHERE NOT types_same(n);
SELECT count(*) FILTER (WHERE types_same(n)) AS same, count(*)
FROM generate_series(1, 3000) AS i, LATERAL (SELECT ((hashint4(i)::numeric * (hashint4(-i) % 100000)) / 10::numeric ^ (abs(hashint4(7 * i)) % 30))::numeric AS n) AS s;
SELECT count(*) FILTER (WHERE types_same(n)) AS same, count(*)
FROM generate_series(1, 3000) AS i, LATERAL (SELECT round(hashint4(i)::numeric / 10::numeric ^ (abs(hashint4(7 * i)) % 9), abs(hashint4(7 * i)) % 9) AS n) AS s;
SELECT model_ext.transform('types_same', 'Infinity'::numeric, '-Infinity'::numeric, 1e400::numeric, -1e400::numeric);

-- Texts.
CREATE TYPE types_enum AS ENUM ('blue', 'red', 'green');
CREATE DOMAIN types_text_domain AS varchar(10);
SELECT model_ext.transform('types_text', 'red', 'M') AS want \gset
SELECT model_ext.transform('types_text', c, 'M') = :'want' AS same FROM (SELECT 'red'::text AS c) AS s;
SELECT model_ext.transform('types_text', 'red'::varchar(9), 'M'::"char") = :'want' AS varchar_char,
	model_ext.transform('types_text', 'red'::char(20), 'M'::char) = :'want' AS padded,
	model_ext.transform('types_text', 'red'::name, 'M'::text) = :'want' AS name,
	model_ext.transform('types_text', 'red'::types_enum, 'M'::types_text_domain) = :'want' AS enum_domain,
	model_ext.transform('types_text', gen_random_uuid(), 'M') = model_ext.transform('types_text', 'something else', 'M') AS uuid;
CREATE TABLE types_long (c text, d text);
ALTER TABLE types_long ALTER d SET STORAGE EXTERNAL;
INSERT INTO types_long VALUES (repeat('r', 100000), repeat('M', 100000)), ('red', 'M');
SELECT model_ext.transform('types_text', c, d) = :'want' AS same FROM types_long ORDER BY length(c);
-- The text of a uuid is what Python's str() gives.
\set VERBOSITY default
\set file :golden '/onehot_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('types_strict', :LASTOID);
SELECT model_ext.transform('types_strict', '1A2B3C4D-0000-0000-0000-00000000ffff'::uuid, 'M');

-- Numbers as categories must be told apart.
SELECT model_ext.transform('types_category', 9007199254740993, 0);
SELECT model_ext.transform('types_category', -9007199254740993::numeric, 0);
SELECT model_ext.transform('types_category', '{-9007199254740994,0}'::bigint[]);
\set VERBOSITY sqlstate
SELECT model_ext.transform('types_category', 9007199254740993, 0);
\set VERBOSITY default

-- Neither way is a value of one kind taken for the other, and nothing is parsed.
SELECT model_ext.transform('types_same', '1', 2, 3, 4);
SELECT model_ext.transform('types_same', '1'::text, 2, 3, 4);
SELECT model_ext.transform('types_same', 1, '2'::varchar, 3, 4);
SELECT model_ext.transform('types_text', 1, 'M');
SELECT model_ext.transform('types_text', true, 'M');
SELECT model_ext.transform('types_same', date '2020-01-01', 2, 3, 4);
SELECT model_ext.transform('types_same', now(), 2, 3, 4);
SELECT model_ext.transform('types_text', interval '1 day', 'M');
SELECT model_ext.transform('types_same', 1, '{1}'::int[], 3, 4);
SELECT model_ext.transform('types_same', 1, '{}'::jsonb, 3, 4);
SELECT model_ext.transform('types_same', '1'::money, 2, 3, 4);
SELECT model_ext.transform('types_same', 'red'::types_enum, 2, 3, 4);
\set VERBOSITY sqlstate
SELECT model_ext.transform('types_same', '1'::text, 2, 3, 4);
SELECT model_ext.transform('types_same', date '2020-01-01', 2, 3, 4);
\set VERBOSITY terse
-- Of a column that the model does not read, the type does not matter.
SELECT model_ext.predict_label('types_mixed', s) FROM (SELECT 1 AS age, 'red' AS colour, now() AS unused, 3 AS income, 'M' AS size) AS s;
SELECT model_ext.predict_label('types_mixed', 1, 'red', now(), 3, 'M');
DROP TABLE types_long;
DROP FUNCTION types_same;
DROP TYPE types_enum;
DROP DOMAIN types_domain, types_text_domain;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'types%';
