-- Rows sent along are scored at registration, and again by verify().
CREATE TABLE self_test (rows jsonb, outputs jsonb);
SELECT model_ext.register_model('probe', artifact) FROM golden WHERE name = 'tree_text';
INSERT INTO self_test
SELECT '[[1, 50, 0.3, -1], [-1, 60, 0.2, 2], [0.5, 40, null, 0]]',
	jsonb_build_object('predict', jsonb_agg(model_ext.predict_label('probe', VARIADIC row) ORDER BY n),
		'predict_proba', jsonb_agg(model_ext.predict_proba('probe', VARIADIC row) ORDER BY n))
FROM (VALUES (1, ARRAY[1, 50, 0.3, -1]), (2, ARRAY[-1, 60, 0.2, 2]), (3, ARRAY[0.5, 40, NULL, 0])) AS v (n, row);
SELECT model_ext.register_model('tested', artifact, jsonb_build_object('self_test', jsonb_build_object('rows', rows, 'outputs', outputs)))
FROM golden, self_test WHERE name = 'tree_text';
SELECT self_test FROM model_ext.model_versions WHERE model = 'tested';
SELECT * FROM model_ext.verify('tested');

-- By name, in any order.
SELECT model_ext.register_model('tested', artifact, jsonb_build_object('features', '["a", "b", "c", "d"]'::jsonb,
	'self_test', jsonb_build_object('columns', '["d", "c", "b", "a"]'::jsonb,
		'rows', '[[-1, 0.3, 50, 1]]'::jsonb, 'outputs', jsonb_build_object('predict_label', jsonb_build_array(outputs -> 'predict' -> 0)))))
FROM golden, self_test WHERE name = 'tree_text';
SELECT self_test FROM model_ext.model_versions WHERE model = 'tested' AND version = 2;

-- Another label, or another number by more than the bound: refused, naming row and both values.
SELECT model_ext.register_model('tested', artifact, jsonb_build_object('self_test', jsonb_build_object('rows', rows,
	'outputs', jsonb_set(outputs, '{predict,1}', '"mauve"'))))
FROM golden, self_test WHERE name = 'tree_text';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[0, 0, 0, 0]], "outputs": {"predict": [12345.5]}}}')
FROM golden WHERE name = 'ridge_frame';
\set VERBOSITY sqlstate
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[0, 0, 0, 0]], "outputs": {"predict": [12345.5]}}}')
FROM golden WHERE name = 'ridge_frame';
\set VERBOSITY terse
SELECT model_ext.register_model('probe2', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, jsonb_build_object('self_test', jsonb_build_object('rows', '[[1, 2, 3, 4]]'::jsonb,
	'outputs', jsonb_build_object('predict', jsonb_build_array(model_ext.predict('probe2', 1, 2, 3, 4) * (1 + 1e-12))))))
FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, jsonb_build_object('self_test', jsonb_build_object('rows', '[[1, 2, 3, 4]]'::jsonb,
	'outputs', jsonb_build_object('predict', jsonb_build_array(model_ext.predict('probe2', 1, 2, 3, 4) * (1 + 1e-8))))))
FROM golden WHERE name = 'ridge';
\set VERBOSITY default

-- Tests that make no sense.
SELECT model_ext.register_model('tested', artifact, '{"self_test": []}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": []}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3, 4]], "outputs": {"predict": []}}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3]], "outputs": {"predict": [1]}}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3, "x"]], "outputs": {"predict": [1]}}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3, 4]], "outputs": {"predict_proba": [[1]]}}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3, 4]], "outputs": {"guess": [1]}}}') FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"columns": ["a"], "rows": [[1]], "outputs": {"predict": [1]}}}') FROM golden WHERE name = 'ridge_frame';

-- A row that the model refuses is the registrar's mistake.
SELECT model_ext.register_model('tested', artifact, '{"self_test": {"rows": [[1, 2, 3, null]], "outputs": {"predict": [1]}}}') FROM golden WHERE name = 'ridge';
SELECT latest FROM model_ext.models WHERE name = 'tested';

SELECT model_ext.drop_model(name) FROM model_ext.models ORDER BY name;
DROP TABLE self_test;
