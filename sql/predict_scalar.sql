-- Every kind of answer, from values in the model's order.
SELECT model_ext.register_model('scalar_' || name, artifact) FROM golden WHERE name IN ('ridge', 'tree_text', 'tree_binary', 'tree_multi', 'scaler', 'mixed');
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/kmeans/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('scalar_kmeans', :LASTOID);
\set file :golden '/tfidf_vectorizer/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('scalar_tfidf', :LASTOID);
\set file :golden '/decision_tree_multi_output_text/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('scalar_texts', :LASTOID);
\set file :golden '/logistic_float_classes/1.9/model.joblib'
\lo_import :file
SELECT model_ext.register_model_lo('scalar_floats', :LASTOID);
SELECT model, outputs FROM model_ext.model_versions WHERE model LIKE 'scalar%' ORDER BY model;

\set row '1, 2.5, 3, 4'
SELECT round(model_ext.predict('scalar_ridge', :row)::numeric, 9);
SELECT model_ext.predict('scalar_tree_binary', :row), model_ext.predict_label('scalar_tree_binary', :row);
SELECT model_ext.predict_label('scalar_tree_text', :row), model_ext.classes('scalar_tree_text');
SELECT model_ext.predict_proba('scalar_tree_text', :row), model_ext.predict_log_proba('scalar_tree_text', :row);
SELECT model_ext.predict_proba_of('scalar_tree_text', 'red', :row), model_ext.predict_proba_of('scalar_tree_text', c, :row), c
FROM unnest(model_ext.classes('scalar_tree_text')) AS c ORDER BY c COLLATE "C";
SELECT model_ext.predict('scalar_kmeans', :row), model_ext.predict_vector('scalar_kmeans', :row),
	(SELECT array_agg(round(d::numeric, 6)) FROM unnest(model_ext.transform('scalar_kmeans', :row)) AS d) AS distances;
SELECT (SELECT array_agg(round(d::numeric, 6)) FROM unnest(model_ext.transform('scalar_scaler', :row)) AS d) AS scaled;
SELECT array_length(model_ext.transform('scalar_tfidf', 'ham and spam'), 1), (SELECT count(*) FROM unnest(model_ext.transform('scalar_tfidf', 'ham and spam')) AS t WHERE t <> 0);
SELECT model_ext.predict_vector('scalar_tree_multi', :row), array_length(model_ext.predict_proba('scalar_tree_multi', :row), 1);
SELECT (SELECT array_agg(round(d::numeric, 6)) FROM unnest(model_ext.decision_function('scalar_mixed', 1, 'red', 2, 3, 'M')) AS d) AS margins;

-- A class is named by its text, or by any text of the same number.
SELECT model_ext.classes('scalar_floats');
SELECT c, model_ext.predict_proba_of('scalar_floats', c, 1, 2, 3, 4) = (model_ext.predict_proba('scalar_floats', 1, 2, 3, 4))[1] AS first
FROM unnest(ARRAY[(model_ext.classes('scalar_floats'))[1], (model_ext.classes('scalar_floats'))[1] || '0', (model_ext.classes('scalar_floats'))[2]]) AS c;
SELECT model_ext.predict_proba_of('scalar_tree_text', NULL, :row) IS NULL AS no_class;

-- What a model cannot say.
\set VERBOSITY default
SELECT model_ext.predict('scalar_tree_text', :row);
SELECT model_ext.predict_label('scalar_ridge', :row);
SELECT model_ext.predict_proba('scalar_ridge', :row);
SELECT model_ext.predict_log_proba('scalar_kmeans', :row);
SELECT model_ext.decision_function('scalar_tree_binary', :row);
SELECT model_ext.transform('scalar_ridge', :row);
SELECT model_ext.score_samples('scalar_ridge', :row);
SELECT model_ext.predict('scalar_scaler', :row);
SELECT model_ext.predict('scalar_tree_multi', :row);
SELECT model_ext.predict_label('scalar_tree_multi', :row);
SELECT model_ext.predict_vector('scalar_tree_text', :row);
SELECT model_ext.predict_vector('scalar_texts', :row);
SELECT model_ext.predict_proba_of('scalar_tree_text', 'maybe', :row);
SELECT model_ext.predict_proba_of('scalar_ridge', 'red', :row);
SELECT model_ext.predict_proba_of('scalar_texts', 'red', :row);

-- Another number of values than the model has inputs.
SELECT model_ext.predict('scalar_ridge', 1, 2, 3);
SELECT model_ext.predict('scalar_ridge', 1, 2, 3, 4, 5);
SELECT model_ext.predict('scalar_ridge', 1);
SELECT model_ext.transform('scalar_tfidf', 'ham', 'spam');
SELECT model_ext.predict('scalar_ridge');
\set VERBOSITY terse
SELECT count(model_ext.drop_model(name)) FROM model_ext.models WHERE name LIKE 'scalar%';
