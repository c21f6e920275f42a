-- In a database of another encoding, names, values and classes are converted.
SELECT current_database() AS tests \gset
CREATE DATABASE regress_model_ext_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
\c regress_model_ext_latin1
SET client_encoding = 'UTF8';
CREATE EXTENSION model_ext;
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/pipeline_mixed_logistic/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('mixed', :LASTOID);
\set file :golden '/onehot_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('colours', :LASTOID, '{"features": ["größe", "x"]}');
SELECT label, length(label), octet_length(label) FROM model_ext.predict_label('mixed', 1.25, 'green', 0, 45.84, 'XL') AS label;
SELECT model_ext.predict_proba_of('mixed', 'grün', s) = (model_ext.predict_proba('mixed', s))[2] AS class
FROM (SELECT 1.25 AS age, 'green' AS colour, 45.84 AS income, 'XL' AS size) AS s;
SELECT model_ext.predict_json('mixed', '{"age": 1.25, "colour": "green", "income": 45.84, "size": "XL"}') -> 'predict_proba' ? 'grün' AS json;
SELECT c, model_ext.transform('colours', c, 'M') FROM unnest(ARRAY['türkis', 'red']) AS c;
SELECT model_ext.transform('colours', s) = model_ext.transform('colours', 'türkis', 'M') AS named FROM (SELECT 'M' AS x, 'türkis' AS "größe") AS s;
SELECT model_ext.transform('colours', '{"x": "M", "größe": "türkis"}'::jsonb) = model_ext.transform('colours', 'türkis', 'M') AS named;
SELECT model_ext.transform('colours', 'bläulich', 'M');
\c :tests
DROP DATABASE regress_model_ext_latin1;
