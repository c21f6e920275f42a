-- NULL is the model's own idea of a missing value.
SELECT model_ext.register_model('null_' || name, artifact) FROM golden WHERE name IN ('mixed', 'ridge', 'tree_text');
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/onehot_text_none/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('null_none', :LASTOID);
\set file :golden '/onehot_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('null_unknown', :LASTOID);
\set file :golden '/simple_imputer_minus_one/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('null_minus_one', :LASTOID);

-- No model, no answer; no value, the model's answer.
SELECT model_ext.predict(NULL, 1, 2, 3, 4) IS NULL AS no_model, model_ext.predict_label(NULL, NULL) IS NULL AS nothing;
SELECT model_ext.predict_label('null_mixed', NULL, NULL, NULL, NULL, NULL);
SELECT model_ext.predict_label('null_tree_text', 1, NULL, 3, 4);
-- In a column of numbers SQL's NaN is NULL.
SELECT model_ext.predict_label('null_tree_text', 1, 'NaN'::float8, 3, 4) = model_ext.predict_label('null_tree_text', 1, NULL, 3, 4) AS nan,
	model_ext.predict_proba('null_mixed', 'NaN'::numeric, 'red', 0, 'NaN'::float4, 'M') = model_ext.predict_proba('null_mixed', NULL, 'red', 0, NULL, 'M') AS nan;
-- A category of its own; a text that looks like one is not it.
SELECT model_ext.transform('null_none', NULL::text, 'M') = model_ext.transform('null_none', 'None', 'M') AS same;
-- Where a number stands for missing, NULL is that number.
SELECT model_ext.transform('null_minus_one', NULL, NULL, NULL, NULL) = model_ext.transform('null_minus_one', -1, -1, -1, -1) AS same;

-- Steps that know no missing values say whose it was.
\set VERBOSITY default
SELECT model_ext.predict('null_ridge', 1, 2, NULL, 4);
SELECT model_ext.predict('null_ridge', 1, 2, 'NaN'::float8, 4);
SELECT model_ext.predict('null_ridge', ARRAY[NULL, 2, 3, 4]);
SELECT model_ext.transform('null_unknown', 'red', NULL::text);
\set VERBOSITY sqlstate
SELECT model_ext.predict('null_ridge', 1, 2, NULL, 4);
SELECT model_ext.transform('null_unknown', 'red', NULL::text);
\set VERBOSITY terse
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'null%';
