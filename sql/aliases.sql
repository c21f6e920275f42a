SELECT model_ext.register_model('churn', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.register_model('churn', artifact) FROM golden WHERE name = 'tree_binary';
SELECT model_ext.register_model('churn', artifact) FROM golden WHERE name = 'ridge';

-- A name means production; a version and an alias are named after it.
SELECT model_ext.classes('churn');
SELECT model_ext.classes('churn/2');
SELECT model_ext.set_alias('churn', 'candidate', 2);
SELECT model_ext.classes('churn@candidate');
SELECT model_ext.promote('churn', 2);
SELECT model_ext.classes('churn');
SELECT model_ext.set_alias('churn', 'candidate', 1);
SELECT model_ext.classes('churn@candidate');
SELECT version, aliases FROM model_ext.model_versions WHERE model = 'churn' ORDER BY version;

-- What means nothing.
SELECT model_ext.classes('nobody');
SELECT model_ext.classes('churn/7');
SELECT model_ext.classes('churn@nothing');
SELECT model_ext.classes('churn/x');
SELECT model_ext.classes('churn/');
SELECT model_ext.classes('churn@');
SELECT model_ext.classes('churn/1/2');
SELECT model_ext.classes('churn/99999999999');
SELECT model_ext.classes('');
SELECT model_ext.classes(repeat('x', 70));
SELECT model_ext.classes(NULL);
\set VERBOSITY sqlstate
SELECT model_ext.classes('nobody');
SELECT model_ext.classes('churn/7');
SELECT model_ext.classes('churn@nothing');
\set VERBOSITY default

-- For restores: no such model is no answer.
SET model_ext.missing_model = 'null';
SELECT model_ext.classes('nobody');
SELECT model_ext.classes('churn/7');
SELECT model_ext.promote('nobody', 1);
RESET model_ext.missing_model;

-- Managing what is not there.
SELECT model_ext.set_alias('nobody', 'candidate', 1);
SELECT model_ext.set_alias('churn', 'candidate', 7);
SELECT model_ext.set_alias('churn', 'a/b', 1);
SELECT model_ext.set_alias('churn', NULL, 1);
SELECT model_ext.drop_alias('churn', 'nothing');
SELECT model_ext.drop_version('churn', 7);
SELECT model_ext.drop_model('nobody');

-- A version in use stays; versions are never given twice.
SELECT model_ext.drop_version('churn', 2);
SELECT model_ext.drop_version('churn', 3);
SELECT model_ext.register_model('churn', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.drop_alias('churn', 'candidate');
SELECT model_ext.drop_version('churn', 1);
SELECT version, aliases FROM model_ext.model_versions WHERE model = 'churn' ORDER BY version;
SELECT model_ext.drop_alias('churn', 'production');
SELECT model_ext.classes('churn');

-- Undone with the transaction, and with the savepoint.
SELECT model_ext.promote('churn', 2);
BEGIN;
SELECT model_ext.promote('churn', 4);
SELECT model_ext.classes('churn');
ROLLBACK;
SELECT model_ext.classes('churn');
BEGIN;
SAVEPOINT s;
SELECT model_ext.drop_model('churn');
ROLLBACK TO s;
SELECT model_ext.classes('churn');
COMMIT;

-- A PL/pgSQL loop sees its own changes.
SELECT model_ext.register_model('churn', artifact) FROM golden WHERE name = 'tree_text';
DO $$
BEGIN
	FOR i IN 1..2 LOOP
		RAISE NOTICE '%', model_ext.classes('churn');
		PERFORM model_ext.promote('churn', 5);
	END LOOP;
	BEGIN
		PERFORM model_ext.promote('churn', 2);
		RAISE NOTICE '%', model_ext.classes('churn');
		RAISE EXCEPTION 'undo';
	EXCEPTION WHEN raise_exception THEN
		RAISE NOTICE '%', model_ext.classes('churn');
	END;
END $$;

SELECT model_ext.drop_model('churn');
