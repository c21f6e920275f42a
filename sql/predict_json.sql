-- jsonb objects bind by key, in every function; predict_json says it all at once.
SELECT model_ext.register_model('json_' || name, artifact) FROM golden WHERE name IN ('mixed', 'ridge_frame', 'scaler');
SELECT model_ext.register_model('json_' || name, artifact, '{"features": ["w", "x", "y", "z"]}') FROM golden WHERE name IN ('tree_binary', 'tree_multi');
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/decision_tree_multi_output_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('json_texts', :LASTOID, '{"features": ["w", "x", "y", "z"]}');
\set file :golden '/column_transformer_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('json_transformer', :LASTOID);
\set file :golden '/kmeans/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('json_kmeans', :LASTOID, '{"features": ["w", "x", "y", "z"]}');

\set row '\'{"size": "M", "age": 1.69, "colour": "blue", "income": 45.34, "id": 7, "more": {"nested": [1]}}\'::jsonb'
SELECT model_ext.predict_label('json_mixed', :row);
SELECT model_ext.predict_proba('json_mixed', :row) = model_ext.predict_proba('json_mixed', 1.69, 'blue', NULL, 45.34, 'M') AS same;
SELECT model_ext.predict_proba_of('json_mixed', 'red', :row) = (model_ext.predict_proba('json_mixed', :row))[3] AS same;
SELECT jsonb_object_keys(model_ext.predict_json('json_mixed', :row));
SELECT model_ext.predict_json('json_mixed', :row) -> 'predict_label' AS label,
	(SELECT string_agg(key || ' ' || round(value::numeric, 6), ', ' ORDER BY key COLLATE "C") FROM jsonb_each_text(model_ext.predict_json('json_mixed', :row) -> 'predict_proba')) AS proba;
-- Numbers come through with all their bits.
SELECT ARRAY(SELECT value::float8 FROM jsonb_array_elements_text(model_ext.predict_json('json_mixed', :row) -> 'decision_function'))
	= model_ext.decision_function('json_mixed', :row) AS same;
SELECT model_ext.predict_json('json_tree_binary', '{"w": 1, "x": 2, "y": 3, "z": 4}');
SELECT model_ext.predict_json('json_tree_multi', '{"w": 1, "x": 2, "y": 3, "z": 4}') - 'predict_proba';
SELECT model_ext.predict_json('json_texts', '{"w": 1, "x": 2, "y": 3, "z": 4}');
SELECT jsonb_object_keys(model_ext.predict_json('json_kmeans', '{"w": 1, "x": 2, "y": 3, "z": 4}'));
SELECT model_ext.predict_json('json_transformer', '{"colour": null, "size": "M", "unused": null}');
-- true and false are 1 and 0; null is missing, and a key of another case will do.
SELECT model_ext.predict('json_ridge_frame', '{"a": true, "B b": false, "c%": 1, "d": 0}'::jsonb) = model_ext.predict('json_ridge_frame', 1, 0, 1, 0) AS same;
SELECT model_ext.predict_proba('json_mixed', '{"SIZE": null, "Age": 1, "colour": "blue", "income": null}'::jsonb)
	= model_ext.predict_proba('json_mixed', 1, 'blue', NULL, NULL, NULL) AS same;
SELECT model_ext.predict_json('json_mixed', NULL) IS NULL AS no_features, model_ext.predict_json(NULL, '{}') IS NULL AS no_model;
-- Numbers that double cannot hold exactly are the nearest.
SELECT model_ext.transform('json_scaler', x, 0, 0, 0) = model_ext.transform('json_scaler', x::float8, 0, 0, 0) AS same
FROM (VALUES (0.1), (123456789012345678901234567890), (1e-300), (0.30000000000000004441)) AS v (x);

-- A column of documents, large ones too.
CREATE TABLE json_rows (id integer, doc jsonb);
INSERT INTO json_rows VALUES (1, :row), (2, :row || jsonb_build_object('long', repeat('x', 100000)));
SELECT id, model_ext.predict_label('json_mixed', doc) FROM json_rows ORDER BY id;

\set VERBOSITY default
SELECT model_ext.predict_json('json_mixed', '{"age": 1, "colour": "blue", "incom": 3}');
SELECT model_ext.predict_json('json_mixed', '{}');
SELECT model_ext.predict_json('json_mixed', '[1, 2]');
SELECT model_ext.predict_json('json_mixed', 'null');
SELECT model_ext.predict_json('json_mixed', '{"age": "1", "colour": "blue", "income": 3, "size": "M"}');
SELECT model_ext.predict_json('json_mixed', '{"age": 1, "colour": 5, "income": 3, "size": "M"}');
SELECT model_ext.predict_json('json_mixed', '{"age": 1, "colour": true, "income": 3, "size": "M"}');
SELECT model_ext.predict_json('json_mixed', '{"age": [1], "colour": "blue", "income": 3, "size": "M"}');
SELECT model_ext.predict_json('json_scaler', '{"x0": 1}');
SELECT model_ext.predict_label('json_mixed', '{"age": 1}');
SELECT model_ext.predict_json('json_mixed', '{"age": 1e400, "colour": "blue", "income": 3, "size": "M"}');
\set VERBOSITY terse
SELECT (model_ext.transform('json_scaler', 1e-400, 0, 0, 0))[1] = (model_ext.transform('json_scaler', 0, 0, 0, 0))[1] AS too_small;
DROP TABLE json_rows;
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'json%';
