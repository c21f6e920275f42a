CREATE ROLE regress_mx_owner;
CREATE ROLE regress_mx_scorer;
CREATE ROLE regress_mx_team;
CREATE ROLE regress_mx_member IN ROLE regress_mx_team;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA model_ext TO regress_mx_owner, regress_mx_scorer, regress_mx_team;

-- The right to create a name is EXECUTE on register_model.
CREATE ROLE regress_mx_nobody;
SET ROLE regress_mx_nobody;
SELECT model_ext.register_model('secret', '');
SELECT model_ext.inspect_artifact('');
RESET ROLE;

SET ROLE regress_mx_owner;
SELECT model_ext.register_model('secret', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.register_model('secret', artifact) FROM golden WHERE name = 'tree_binary';
RESET ROLE;
SELECT name, owner FROM model_ext.models;

-- Without a right a model does not exist for scoring, and cannot be managed.
SET ROLE regress_mx_scorer;
SELECT model_ext.classes('secret');
SELECT model_ext.classes('secret/2');
SELECT model_ext.classes('secret/9');
SELECT model_ext.export_artifact('secret');
SELECT model_ext.register_model('secret', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.promote('secret', 2);
SELECT model_ext.drop_alias('secret', 'production');
SELECT model_ext.drop_version('secret', 2);
SELECT model_ext.drop_model('secret');
SELECT model_ext.grant_model('secret', 'regress_mx_scorer', '{EXECUTE}');
SELECT model_ext.revoke_model('secret', 'public', '{EXECUTE}');
SELECT count(*) FROM model_ext.verify('secret');
SELECT count(*) FROM model_ext.verify();
SELECT model_ext.create_predict_function('secret', 'f');
SELECT (SELECT count(*) FROM model_ext.models) AS models, (SELECT count(*) FROM model_ext.model_versions) AS versions,
	(SELECT count(*) FROM model_ext.model_inputs) AS inputs;
SELECT count(*) FROM model_ext.model;
\set VERBOSITY sqlstate
SELECT model_ext.classes('secret');
SELECT model_ext.promote('secret', 2);
SELECT model_ext.export_artifact('secret');
\set VERBOSITY default
RESET ROLE;

-- EXECUTE: to score.
SET ROLE regress_mx_owner;
SELECT model_ext.grant_model('secret', 'regress_mx_scorer', '{EXECUTE}');
SET ROLE regress_mx_scorer;
SELECT model_ext.classes('secret');
SELECT model_ext.classes('secret/9');
SELECT name FROM model_ext.models;
SELECT model_ext.export_artifact('secret');
SELECT model_ext.promote('secret', 2);
SELECT model_ext.grant_model('secret', 'public', '{EXECUTE}');

-- SELECT: to read the bytes.  Through a role, too.
SET ROLE regress_mx_owner;
SELECT model_ext.grant_model('secret', 'regress_mx_team', '{SELECT}', grantable => true);
SET ROLE regress_mx_member;
SELECT model_ext.classes('secret');
SELECT length(model_ext.export_artifact('secret')) > 0 AS exported;
SELECT name FROM model_ext.models;

-- A grant that may be passed on, and taken back by whoever gave it.
SELECT model_ext.grant_model('secret', 'regress_mx_scorer', '{SELECT}');
SELECT model_ext.grant_model('secret', 'regress_mx_scorer', '{SELECT,UPDATE}');
SELECT model_ext.revoke_model('secret', 'regress_mx_team', '{SELECT}');
SELECT model_ext.revoke_model('secret', 'regress_mx_scorer', '{SELECT}');
RESET ROLE;
SELECT grantee, privilege, grantable, grantor FROM model_ext.model_privilege ORDER BY 1, 2;

-- UPDATE: to register versions and move aliases, not to drop.
SELECT model_ext.grant_model('secret', 'regress_mx_scorer', '{UPDATE}');
SET ROLE regress_mx_scorer;
SELECT model_ext.register_model('secret', artifact) FROM golden WHERE name = 'ridge';
SELECT model_ext.set_alias('secret', 'candidate', 3);
SELECT model_ext.drop_version('secret', 2);
SELECT model_ext.drop_model('secret');
RESET ROLE;
SELECT owner, latest FROM model_ext.models;
SELECT version, registered_by FROM model_ext.model_versions ORDER BY version;

-- To everybody.
SELECT model_ext.grant_model('secret', 'public', '{EXECUTE}');
SET ROLE regress_mx_nobody;
SELECT model_ext.classes('secret');
RESET ROLE;
SELECT model_ext.revoke_model('secret', 'public', '{EXECUTE}');
SET ROLE regress_mx_nobody;
SELECT model_ext.classes('secret');
RESET ROLE;

-- What cannot be granted.
SELECT model_ext.grant_model('secret', 'regress_mx_nobody', '{DELETE}');
SELECT model_ext.grant_model('secret', 'regress_mx_not_there', '{EXECUTE}');
SELECT model_ext.grant_model('nothing', 'public', '{EXECUTE}');
SELECT model_ext.grant_model('secret', 'public', '{NULL}');
SELECT model_ext.grant_model('secret', NULL, '{EXECUTE}');

-- A grantee that is gone gives nobody a right; what is registered as another stays theirs.
DROP OWNED BY regress_mx_scorer;
DROP ROLE regress_mx_scorer;
SELECT object, "check", detail FROM model_ext.verify() WHERE NOT passed;

-- Objects that the caller plants are never run as the owner of the tables.
CREATE SCHEMA regress_mx_evil AUTHORIZATION regress_mx_owner;
SET ROLE regress_mx_owner;
CREATE FUNCTION regress_mx_evil.boom(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'run as %', current_user; END $$;
CREATE OPERATOR regress_mx_evil.= (FUNCTION = regress_mx_evil.boom, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION regress_mx_evil.boom(integer, integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'run as %', current_user; END $$;
CREATE OPERATOR regress_mx_evil.+ (FUNCTION = regress_mx_evil.boom, LEFTARG = integer, RIGHTARG = integer);
SET search_path = regress_mx_evil, pg_catalog, public;
SELECT model_ext.register_model('secret', artifact) FROM public.golden WHERE pg_catalog.texteq(name, 'ridge');
SELECT model_ext.set_alias('secret', 'planted', 1);
SELECT model_ext.drop_version('secret', 4);
SELECT pg_catalog.count(*) FROM model_ext.models;
SHOW search_path;
RESET search_path;
SELECT model_ext.drop_model('secret');
RESET ROLE;

DROP OWNED BY regress_mx_owner, regress_mx_team, regress_mx_member, regress_mx_nobody;
DROP ROLE regress_mx_member;
DROP ROLE regress_mx_team;
DROP ROLE regress_mx_owner;
DROP ROLE regress_mx_nobody;
