-- The sample from file to predictions, beside scikit-learn's own answers.
-- Run psql in this folder.
\pset footer off
CREATE EXTENSION model_ext;
\i load.sql

\echo
\echo A scikit-learn pipeline, fitted on penguins with missing values and text
\echo categories, becomes version 1 of the model "penguins":
\lo_import penguins.joblib
SELECT model_ext.register_model_lo('penguins', :LASTOID) AS version;
SELECT model_ext.classes('penguins');

\echo The first rows, and some with missing values, in SQL and as scikit-learn scored them:
SELECT p.id, p.island, p.bill_length_mm AS bill, p.sex,
       model_ext.predict_label('penguins', p) AS predicted,
       e.species AS sklearn,
       model_ext.predict_proba_of('penguins', 'Adelie', p) AS p_adelie,
       e.p_adelie AS sklearn_p_adelie
FROM penguins AS p JOIN penguins_expected AS e USING (id)
WHERE p.id <= 6 OR p.id IN (153, 272, 277, 300)
ORDER BY p.id;

\echo 'All rows, compared with scikit-learn''s answers:'
SELECT count(*) AS rows,
       count(*) FILTER (WHERE model_ext.predict_label('penguins', p) <> e.species) AS labels_that_differ,
       count(*) FILTER (WHERE model_ext.predict_proba('penguins', p)
                              <> ARRAY[e.p_adelie, e.p_chinstrap, e.p_gentoo]) AS probabilities_that_differ
FROM penguins AS p JOIN penguins_expected AS e USING (id);
