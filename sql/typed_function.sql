-- One named argument per input, and the planner puts predict in its place.
SELECT model_ext.register_model('mixed', artifact) FROM golden WHERE name = 'mixed';
SELECT model_ext.register_model('numbers', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('odd', artifact) FROM golden WHERE name = 'ridge_frame';
SELECT model_ext.register_model('zero_one', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('multi', artifact) FROM golden WHERE name = 'tree_multi';
SELECT model_ext.register_model('scaler', artifact) FROM golden WHERE name = 'scaler';
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/decision_tree_multi_output_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model('labels', lo_get(:LASTOID));
SELECT lo_unlink(:LASTOID);
CREATE SCHEMA scoring;
SELECT model_ext.create_predict_function('mixed', 'scoring.colour');
SELECT model_ext.create_predict_function('numbers/1', 'numbers_predict');
SELECT model_ext.create_predict_function('odd', '"Odd Name"');
SELECT model_ext.create_predict_function('zero_one@production', 'zero_one');
SELECT model_ext.create_predict_function('scaler', 'scale_row');
SELECT model_ext.create_predict_function('multi', 'predict_both');
SELECT p.oid::regproc AS function, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result,
	provolatile, proparallel, pg_get_function_sqlbody(p.oid) AS body
FROM pg_proc p
WHERE p.proname IN ('colour', 'numbers_predict', 'Odd Name', 'zero_one', 'scale_row', 'predict_both') ORDER BY 1::text COLLATE "C";
SELECT scoring.colour(age => 1.69, colour => 'blue', unused => 0.22, income => 45.34, size => 'M');
SELECT numbers_predict(-2.39, 18.23, 0.29, 2.28) = model_ext.predict('numbers', -2.39, 18.23, 0.29, 2.28) AS same;
EXPLAIN (COSTS OFF, VERBOSE) SELECT numbers_predict(a, a, a, a) FROM generate_series(1, 3) AS a;

-- What is refused.
SELECT model_ext.create_predict_function('labels', 'labels');
SELECT model_ext.create_predict_function('nobody', 'f');
SELECT model_ext.create_predict_function('mixed', 'scoring.colour');
SELECT model_ext.create_predict_function('mixed', 'no_such_schema.f');
SELECT model_ext.create_predict_function('mixed', '');
SELECT model_ext.create_predict_function('mixed', NULL);

-- It belongs to whoever makes it, with their rights.
CREATE ROLE regress_mx_typed;
GRANT EXECUTE ON FUNCTION model_ext.create_predict_function(text, text) TO regress_mx_typed;
SELECT model_ext.grant_model('numbers', 'regress_mx_typed', '{EXECUTE}');
SET ROLE regress_mx_typed;
\set VERBOSITY sqlstate
SELECT model_ext.create_predict_function('numbers', 'scoring.mine');
\set VERBOSITY default
RESET ROLE;
DROP OWNED BY regress_mx_typed;
DROP ROLE regress_mx_typed;

DROP SCHEMA scoring CASCADE;
DROP FUNCTION numbers_predict, "Odd Name", zero_one, scale_row, predict_both;
SELECT model_ext.drop_model(name) FROM model_ext.models ORDER BY name;
