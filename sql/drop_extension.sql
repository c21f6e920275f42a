-- The first model puts a guard before DROP EXTENSION, the last takes it away.
SELECT current_database() AS tests \gset
CREATE DATABASE regress_model_ext_drop;
\c regress_model_ext_drop
SET client_min_messages = warning;
CREATE EXTENSION model_ext;
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/ridge/1.9/model.joblib'
\lo_import :file
CREATE TABLE golden AS SELECT lo_get(:LASTOID) AS artifact;
SELECT to_regclass('model_ext.models_exist') IS NOT NULL AS guarded;
SELECT model_ext.register_model('one', artifact) FROM golden;
SELECT model_ext.register_model('two', artifact) FROM golden;
SELECT to_regclass('model_ext.models_exist') IS NOT NULL AS guarded;
DROP EXTENSION model_ext;
SELECT model_ext.drop_model('one');
DROP EXTENSION model_ext;
BEGIN;
SELECT model_ext.drop_model('two');
SELECT to_regclass('model_ext.models_exist') IS NOT NULL AS guarded;
ROLLBACK;
DROP EXTENSION model_ext;
SELECT model_ext.drop_model('two');
SELECT to_regclass('model_ext.models_exist') IS NOT NULL AS guarded;
DROP EXTENSION model_ext;
SELECT to_regnamespace('model_ext');

-- Made anew within the session.
CREATE EXTENSION model_ext;
SELECT model_ext.register_model('one', artifact) FROM golden;
SELECT name, production FROM model_ext.models;
DROP EXTENSION model_ext CASCADE;
\c :tests
DROP DATABASE regress_model_ext_drop;
