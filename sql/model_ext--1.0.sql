/* model_ext--1.0.sql: what CREATE EXTENSION model_ext makes. */

\echo Use "CREATE EXTENSION model_ext" to load this file. \quit

-- A schema of that name which somebody else has planted stops the script here.
CREATE SCHEMA model_ext;
COMMENT ON SCHEMA model_ext IS 'Scoring of trained models';
GRANT USAGE ON SCHEMA model_ext TO PUBLIC;

-- tables
--
-- Read by index scans in C and written as the owner of these tables, so nobody
-- needs a right on them.  No foreign keys: a parallel restore would leave the
-- tables empty.  Later releases add tables and nullable columns only.

CREATE TABLE model_ext.artifact (
	sha256 bytea NOT NULL,
	uuid uuid NOT NULL,
	format text COLLATE "C" NOT NULL,
	container text COLLATE "C" NOT NULL,
	protocol integer NOT NULL,
	size bigint NOT NULL,
	size_uncompressed bigint NOT NULL,
	class text NOT NULL,
	description jsonb NOT NULL,
	stored_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT artifact_pkey PRIMARY KEY (sha256),
	CONSTRAINT artifact_uuid_key UNIQUE (uuid)
);
COMMENT ON TABLE model_ext.artifact IS 'Model files as they were registered, each once, never changed';
COMMENT ON COLUMN model_ext.artifact.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN model_ext.artifact.uuid IS 'Made from the SHA-256; what predict_pinned takes';
COMMENT ON COLUMN model_ext.artifact.format IS 'pickle or joblib';
COMMENT ON COLUMN model_ext.artifact.container IS 'raw, or the compression';
COMMENT ON COLUMN model_ext.artifact.protocol IS 'Pickle protocol';
COMMENT ON COLUMN model_ext.artifact.size IS 'Bytes of the file';
COMMENT ON COLUMN model_ext.artifact.size_uncompressed IS 'Bytes once decompressed';
COMMENT ON COLUMN model_ext.artifact.class IS 'Class of the estimator';
COMMENT ON COLUMN model_ext.artifact.description IS 'Classes, parameters and steps';
COMMENT ON COLUMN model_ext.artifact.stored_at IS 'When it was first registered';

CREATE TABLE model_ext.artifact_chunk (
	sha256 bytea NOT NULL,
	seq integer NOT NULL,
	bytes bytea NOT NULL,
	CONSTRAINT artifact_chunk_pkey PRIMARY KEY (sha256, seq)
);
ALTER TABLE model_ext.artifact_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE model_ext.artifact_chunk IS 'Bytes of the artifacts, in pieces that can be dumped';
COMMENT ON COLUMN model_ext.artifact_chunk.sha256 IS 'The artifact';
COMMENT ON COLUMN model_ext.artifact_chunk.seq IS 'Place of the piece, from 0';
COMMENT ON COLUMN model_ext.artifact_chunk.bytes IS 'The piece';

CREATE TABLE model_ext.model (
	name text COLLATE "C" NOT NULL,
	owner text COLLATE "C" NOT NULL,
	last_version integer NOT NULL,
	created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT model_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE model_ext.model IS 'Names of models';
COMMENT ON COLUMN model_ext.model.name IS 'Name of the model';
COMMENT ON COLUMN model_ext.model.owner IS 'Name of the role that registered it first';
COMMENT ON COLUMN model_ext.model.last_version IS 'The version given last; versions are never given twice';
COMMENT ON COLUMN model_ext.model.created_at IS 'When the name was first registered';

CREATE TABLE model_ext.model_version (
	model text COLLATE "C" NOT NULL,
	version integer NOT NULL,
	sha256 bytea NOT NULL,
	features text[],
	inputs jsonb NOT NULL,
	outputs jsonb NOT NULL,
	classes text[],
	sklearn_version text,
	python_version text,
	hyperparameters jsonb,
	training_summary jsonb,
	metrics jsonb,
	metadata jsonb NOT NULL,
	self_test jsonb,
	registered_by text COLLATE "C" NOT NULL,
	registered_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT model_version_pkey PRIMARY KEY (model, version)
);
CREATE INDEX model_version_sha256 ON model_ext.model_version (sha256);
COMMENT ON INDEX model_ext.model_version_sha256 IS 'Which versions share an artifact';
COMMENT ON TABLE model_ext.model_version IS 'Versions of models';
COMMENT ON COLUMN model_ext.model_version.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_version.version IS 'Number of the version, from 1';
COMMENT ON COLUMN model_ext.model_version.sha256 IS 'The artifact';
COMMENT ON COLUMN model_ext.model_version.features IS 'Names of the inputs as given at registration; null when the artifact has its own';
COMMENT ON COLUMN model_ext.model_version.inputs IS 'What the model reads, in order';
COMMENT ON COLUMN model_ext.model_version.outputs IS 'What the model answers: names of functions, with the width of the answer';
COMMENT ON COLUMN model_ext.model_version.classes IS 'Classes of a classifier, in the order of the probabilities';
COMMENT ON COLUMN model_ext.model_version.sklearn_version IS 'Release of scikit-learn that wrote the artifact';
COMMENT ON COLUMN model_ext.model_version.python_version IS 'Release of Python, as given at registration';
COMMENT ON COLUMN model_ext.model_version.hyperparameters IS 'As given at registration, else those in the artifact';
COMMENT ON COLUMN model_ext.model_version.training_summary IS 'As given at registration';
COMMENT ON COLUMN model_ext.model_version.metrics IS 'As given at registration';
COMMENT ON COLUMN model_ext.model_version.metadata IS 'All that was given at registration';
COMMENT ON COLUMN model_ext.model_version.self_test IS 'Result of the self-test at registration; null without one';
COMMENT ON COLUMN model_ext.model_version.registered_by IS 'Who registered it';
COMMENT ON COLUMN model_ext.model_version.registered_at IS 'When it was registered';

CREATE TABLE model_ext.model_alias (
	model text COLLATE "C" NOT NULL,
	alias text COLLATE "C" NOT NULL,
	version integer NOT NULL,
	set_by text COLLATE "C" NOT NULL,
	set_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT model_alias_pkey PRIMARY KEY (model, alias)
);
COMMENT ON TABLE model_ext.model_alias IS 'Names of versions; a model''s name alone means its alias "production"';
COMMENT ON COLUMN model_ext.model_alias.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_alias.alias IS 'Name of the alias';
COMMENT ON COLUMN model_ext.model_alias.version IS 'The version it points to';
COMMENT ON COLUMN model_ext.model_alias.set_by IS 'Who set it';
COMMENT ON COLUMN model_ext.model_alias.set_at IS 'When it was set';

CREATE TABLE model_ext.model_privilege (
	model text COLLATE "C" NOT NULL,
	grantee text COLLATE "C" NOT NULL,
	privilege text COLLATE "C" NOT NULL,
	grantable boolean NOT NULL,
	grantor text COLLATE "C" NOT NULL,
	granted_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT model_privilege_pkey PRIMARY KEY (model, grantee, privilege)
);
COMMENT ON TABLE model_ext.model_privilege IS 'Rights on models by name of the role';
COMMENT ON COLUMN model_ext.model_privilege.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_privilege.grantee IS 'Name of the role, or public';
COMMENT ON COLUMN model_ext.model_privilege.privilege IS 'EXECUTE to score, SELECT to read the artifact, UPDATE to register versions and set aliases';
COMMENT ON COLUMN model_ext.model_privilege.grantable IS 'Whether the role may grant it to others';
COMMENT ON COLUMN model_ext.model_privilege.grantor IS 'Who granted it';
COMMENT ON COLUMN model_ext.model_privilege.granted_at IS 'When it was granted';

CREATE TABLE model_ext.model_history (
	id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME model_ext.model_history_id_seq),
	model text COLLATE "C" NOT NULL,
	version integer,
	action text COLLATE "C" NOT NULL,
	detail jsonb,
	done_by text COLLATE "C" NOT NULL,
	done_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	CONSTRAINT model_history_pkey PRIMARY KEY (id)
);
CREATE INDEX model_history_model ON model_ext.model_history (model);
COMMENT ON INDEX model_ext.model_history_model IS 'History of one model';
COMMENT ON SEQUENCE model_ext.model_history_id_seq IS 'Order of the history';
COMMENT ON TABLE model_ext.model_history IS 'What was done to models; rows are only added';
COMMENT ON COLUMN model_ext.model_history.id IS 'Order of the changes';
COMMENT ON COLUMN model_ext.model_history.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_history.version IS 'The version, where one is meant';
COMMENT ON COLUMN model_ext.model_history.action IS 'What was done';
COMMENT ON COLUMN model_ext.model_history.detail IS 'More about it';
COMMENT ON COLUMN model_ext.model_history.done_by IS 'Who did it';
COMMENT ON COLUMN model_ext.model_history.done_at IS 'When it was done';

CREATE TABLE model_ext.upload (
	id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME model_ext.upload_id_seq),
	owner text COLLATE "C" NOT NULL,
	n_chunks integer NOT NULL DEFAULT 0,
	size bigint NOT NULL DEFAULT 0,
	begun_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT upload_pkey PRIMARY KEY (id)
);
COMMENT ON SEQUENCE model_ext.upload_id_seq IS 'Numbers of uploads';
COMMENT ON TABLE model_ext.upload IS 'Artifacts on their way in; forgotten after a day, and not dumped';
COMMENT ON COLUMN model_ext.upload.id IS 'Number of the upload';
COMMENT ON COLUMN model_ext.upload.owner IS 'Who began it';
COMMENT ON COLUMN model_ext.upload.n_chunks IS 'Pieces so far';
COMMENT ON COLUMN model_ext.upload.size IS 'Bytes so far';
COMMENT ON COLUMN model_ext.upload.begun_at IS 'When it was begun';

CREATE TABLE model_ext.upload_chunk (
	upload bigint NOT NULL,
	seq integer NOT NULL,
	bytes bytea NOT NULL,
	CONSTRAINT upload_chunk_pkey PRIMARY KEY (upload, seq)
);
ALTER TABLE model_ext.upload_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE model_ext.upload_chunk IS 'Bytes of uploads';
COMMENT ON COLUMN model_ext.upload_chunk.upload IS 'The upload';
COMMENT ON COLUMN model_ext.upload_chunk.seq IS 'Place of the piece, from 0';
COMMENT ON COLUMN model_ext.upload_chunk.bytes IS 'The piece';

REVOKE ALL ON model_ext.artifact, model_ext.artifact_chunk, model_ext.model, model_ext.model_version,
	model_ext.model_alias, model_ext.model_privilege, model_ext.model_history, model_ext.upload,
	model_ext.upload_chunk FROM PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('model_ext.artifact', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.artifact_chunk', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model_version', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model_alias', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model_privilege', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model_history', '');
SELECT pg_catalog.pg_extension_config_dump('model_ext.model_history_id_seq', '');

-- registering

CREATE FUNCTION model_ext.register_model(name text, artifact bytea, metadata jsonb DEFAULT '{}', promote boolean DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_register_model';
COMMENT ON FUNCTION model_ext.register_model(text, bytea, jsonb, boolean) IS 'Stores a model file under a name and returns its version';

CREATE FUNCTION model_ext.register_model_lo(name text, large_object oid, metadata jsonb DEFAULT '{}', promote boolean DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_register_model_lo';
COMMENT ON FUNCTION model_ext.register_model_lo(text, oid, jsonb, boolean) IS 'The same from a large object, which stays';

CREATE FUNCTION model_ext.register_model_file(name text, path text, metadata jsonb DEFAULT '{}', promote boolean DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_register_model_file';
COMMENT ON FUNCTION model_ext.register_model_file(text, text, jsonb, boolean) IS 'The same from a file of the server, for members of pg_read_server_files';

CREATE FUNCTION model_ext.begin_upload()
RETURNS bigint LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_begin_upload';
COMMENT ON FUNCTION model_ext.begin_upload() IS 'Begins an upload in pieces and returns its number';

CREATE FUNCTION model_ext.append_upload(upload bigint, bytes bytea)
RETURNS bigint LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_append_upload';
COMMENT ON FUNCTION model_ext.append_upload(bigint, bytea) IS 'Adds a piece to an upload and returns its size so far';

CREATE FUNCTION model_ext.register_model_upload(name text, upload bigint, metadata jsonb DEFAULT '{}', promote boolean DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_register_model_upload';
COMMENT ON FUNCTION model_ext.register_model_upload(text, bigint, jsonb, boolean) IS 'As register_model, from an upload, which is gone afterwards';

CREATE FUNCTION model_ext.inspect_artifact(artifact bytea)
RETURNS jsonb LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_ext_inspect_artifact';
COMMENT ON FUNCTION model_ext.inspect_artifact(bytea) IS 'What register_model would find in a file, without storing it';

-- managing

CREATE FUNCTION model_ext.set_alias(model text, alias text, version integer)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_set_alias';
COMMENT ON FUNCTION model_ext.set_alias(text, text, integer) IS 'Makes an alias of a model point to a version';

CREATE FUNCTION model_ext.promote(model text, version integer)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_promote';
COMMENT ON FUNCTION model_ext.promote(text, integer) IS 'Makes the name of a model mean that version';

CREATE FUNCTION model_ext.drop_alias(model text, alias text)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_drop_alias';
COMMENT ON FUNCTION model_ext.drop_alias(text, text) IS 'Forgets an alias';

CREATE FUNCTION model_ext.drop_version(model text, version integer)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_drop_version';
COMMENT ON FUNCTION model_ext.drop_version(text, integer) IS 'Deletes a version that no alias points to';

CREATE FUNCTION model_ext.drop_model(model text)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_drop_model';
COMMENT ON FUNCTION model_ext.drop_model(text) IS 'Deletes a model with its versions, aliases and rights; its history stays';

CREATE FUNCTION model_ext.grant_model(model text, grantee text, privileges text[], grantable boolean DEFAULT false)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_grant_model';
COMMENT ON FUNCTION model_ext.grant_model(text, text, text[], boolean) IS 'Gives a role, or public, rights on a model: EXECUTE, SELECT, UPDATE';

CREATE FUNCTION model_ext.revoke_model(model text, grantee text, privileges text[])
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_revoke_model';
COMMENT ON FUNCTION model_ext.revoke_model(text, text, text[]) IS 'Takes rights on a model back';

CREATE FUNCTION model_ext.history(model text, OUT done_at timestamp with time zone, OUT action text, OUT version integer,
	OUT detail jsonb, OUT done_by text)
RETURNS SETOF record LANGUAGE c STABLE PARALLEL UNSAFE ROWS 20 AS 'MODULE_PATHNAME', 'model_ext_history';
COMMENT ON FUNCTION model_ext.history(text) IS 'What was done to a model, oldest first';

CREATE FUNCTION model_ext.export_artifact(model text)
RETURNS bytea LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_ext_export_artifact';
COMMENT ON FUNCTION model_ext.export_artifact(text) IS 'The file as it was registered, byte for byte';

CREATE FUNCTION model_ext.verify(model text DEFAULT NULL, OUT object text, OUT "check" text, OUT passed boolean, OUT detail text)
RETURNS SETOF record LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 20 AS 'MODULE_PATHNAME', 'model_ext_verify';
COMMENT ON FUNCTION model_ext.verify(text) IS 'Checks what is stored: checksums, compiling, self-tests, and what refers to nothing';

CREATE FUNCTION model_ext.create_predict_function(model text, function_name text)
RETURNS regprocedure LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'model_ext_create_predict_function';
COMMENT ON FUNCTION model_ext.create_predict_function(text, text) IS 'Makes a function with one named argument per input of a model';

-- looking

CREATE FUNCTION model_ext.classes(model text)
RETURNS text[] LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_ext_classes';
COMMENT ON FUNCTION model_ext.classes(text) IS 'Classes of a classifier, in the order of predict_proba';

CREATE FUNCTION model_ext.model_visible(model text)
RETURNS boolean LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_ext_model_visible';
COMMENT ON FUNCTION model_ext.model_visible(text) IS 'Whether the user has any right on a model';

CREATE FUNCTION model_ext.cached_plans(OUT sha256 bytea, OUT bytes bigint, OUT is_shared boolean, OUT hits bigint, OUT pins integer)
RETURNS SETOF record LANGUAGE c VOLATILE PARALLEL RESTRICTED ROWS 10 AS 'MODULE_PATHNAME', 'model_ext_cached_plans';
COMMENT ON FUNCTION model_ext.cached_plans() IS 'Compiled models that this session holds';

CREATE VIEW model_ext.models WITH (security_barrier) AS
SELECT m.name,
	m.owner,
	(SELECT a.version FROM model_ext.model_alias AS a
		WHERE a.model OPERATOR(pg_catalog.=) m.name AND a.alias OPERATOR(pg_catalog.=) 'production') AS production,
	(SELECT pg_catalog.max(v.version) FROM model_ext.model_version AS v
		WHERE v.model OPERATOR(pg_catalog.=) m.name) AS latest,
	(SELECT pg_catalog.count(*) FROM model_ext.model_version AS v
		WHERE v.model OPERATOR(pg_catalog.=) m.name) AS versions,
	m.created_at
FROM model_ext.model AS m
WHERE model_ext.model_visible(m.name);
COMMENT ON VIEW model_ext.models IS 'Models on which the user has any right';
COMMENT ON COLUMN model_ext.models.name IS 'Name of the model';
COMMENT ON COLUMN model_ext.models.owner IS 'Name of the role that owns it';
COMMENT ON COLUMN model_ext.models.production IS 'The version that the name alone means';
COMMENT ON COLUMN model_ext.models.latest IS 'The newest version';
COMMENT ON COLUMN model_ext.models.versions IS 'How many versions there are';
COMMENT ON COLUMN model_ext.models.created_at IS 'When the name was first registered';

CREATE VIEW model_ext.model_versions WITH (security_barrier) AS
SELECT v.model,
	v.version,
	ARRAY(SELECT a.alias FROM model_ext.model_alias AS a
		WHERE a.model OPERATOR(pg_catalog.=) v.model AND a.version OPERATOR(pg_catalog.=) v.version
		ORDER BY a.alias USING OPERATOR(pg_catalog.<)) AS aliases,
	f.class,
	v.sklearn_version,
	v.python_version,
	f.format,
	f.container,
	f.protocol,
	f.size,
	f.size_uncompressed,
	pg_catalog.encode(v.sha256, 'hex') AS sha256,
	f.uuid AS artifact,
	ARRAY(SELECT i OPERATOR(pg_catalog.->>) 'name' FROM pg_catalog.jsonb_array_elements(v.inputs) WITH ORDINALITY AS e (i, n)
		ORDER BY n USING OPERATOR(pg_catalog.<)) AS feature_names,
	v.outputs,
	v.classes,
	COALESCE(v.hyperparameters, f.description) AS hyperparameters,
	v.training_summary,
	v.metrics,
	v.metadata,
	v.self_test,
	v.registered_by,
	v.registered_at
FROM model_ext.model_version AS v
LEFT JOIN model_ext.artifact AS f
	ON f.sha256 OPERATOR(pg_catalog.=) v.sha256
WHERE model_ext.model_visible(v.model);
COMMENT ON VIEW model_ext.model_versions IS 'Versions of the models on which the user has any right';
COMMENT ON COLUMN model_ext.model_versions.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_versions.version IS 'Number of the version';
COMMENT ON COLUMN model_ext.model_versions.aliases IS 'Aliases that point to it';
COMMENT ON COLUMN model_ext.model_versions.class IS 'Class of the estimator';
COMMENT ON COLUMN model_ext.model_versions.sklearn_version IS 'Release of scikit-learn that wrote it';
COMMENT ON COLUMN model_ext.model_versions.python_version IS 'Release of Python, as given at registration';
COMMENT ON COLUMN model_ext.model_versions.format IS 'pickle or joblib';
COMMENT ON COLUMN model_ext.model_versions.container IS 'raw, or the compression';
COMMENT ON COLUMN model_ext.model_versions.protocol IS 'Pickle protocol';
COMMENT ON COLUMN model_ext.model_versions.size IS 'Bytes of the file';
COMMENT ON COLUMN model_ext.model_versions.size_uncompressed IS 'Bytes once decompressed';
COMMENT ON COLUMN model_ext.model_versions.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN model_ext.model_versions.artifact IS 'What predict_pinned takes';
COMMENT ON COLUMN model_ext.model_versions.feature_names IS 'Names of the inputs; null where one has none';
COMMENT ON COLUMN model_ext.model_versions.outputs IS 'Functions that the model answers, with the width of the answer';
COMMENT ON COLUMN model_ext.model_versions.classes IS 'Classes of a classifier';
COMMENT ON COLUMN model_ext.model_versions.hyperparameters IS 'As given at registration, else those in the artifact';
COMMENT ON COLUMN model_ext.model_versions.training_summary IS 'As given at registration';
COMMENT ON COLUMN model_ext.model_versions.metrics IS 'As given at registration';
COMMENT ON COLUMN model_ext.model_versions.metadata IS 'All that was given at registration';
COMMENT ON COLUMN model_ext.model_versions.self_test IS 'Result of the self-test at registration';
COMMENT ON COLUMN model_ext.model_versions.registered_by IS 'Who registered it';
COMMENT ON COLUMN model_ext.model_versions.registered_at IS 'When it was registered';

CREATE VIEW model_ext.model_inputs WITH (security_barrier) AS
SELECT v.model,
	v.version,
	e.n::integer AS "position",
	e.i OPERATOR(pg_catalog.->>) 'name' AS name,
	e.i OPERATOR(pg_catalog.->>) 'kind' AS kind,
	(e.i OPERATOR(pg_catalog.->>) 'used')::boolean AS is_used,
	(e.i OPERATOR(pg_catalog.->>) 'category')::boolean AS is_category,
	(e.i OPERATOR(pg_catalog.->>) 'accepts_missing')::boolean AS accepts_missing
FROM model_ext.model_version AS v
CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(v.inputs) WITH ORDINALITY AS e (i, n)
WHERE model_ext.model_visible(v.model);
COMMENT ON VIEW model_ext.model_inputs IS 'What the models read on which the user has any right';
COMMENT ON COLUMN model_ext.model_inputs.model IS 'Name of the model';
COMMENT ON COLUMN model_ext.model_inputs.version IS 'Number of the version';
COMMENT ON COLUMN model_ext.model_inputs."position" IS 'Place of the input, from 1';
COMMENT ON COLUMN model_ext.model_inputs.name IS 'Name of the input; null when there is none';
COMMENT ON COLUMN model_ext.model_inputs.kind IS 'number or text';
COMMENT ON COLUMN model_ext.model_inputs.is_used IS 'Whether any answer depends on it';
COMMENT ON COLUMN model_ext.model_inputs.is_category IS 'Whether it is compared with categories';
COMMENT ON COLUMN model_ext.model_inputs.accepts_missing IS 'Whether it may be null';

CREATE VIEW model_ext.cached_models WITH (security_barrier) AS
SELECT ARRAY(SELECT v.model OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) v.version::text FROM model_ext.model_version AS v
		WHERE v.sha256 OPERATOR(pg_catalog.=) c.sha256 AND model_ext.model_visible(v.model)
		ORDER BY v.model USING OPERATOR(pg_catalog.<), v.version USING OPERATOR(pg_catalog.<)) AS models,
	pg_catalog.encode(c.sha256, 'hex') AS sha256,
	c.bytes,
	c.is_shared,
	c.hits,
	c.pins
FROM model_ext.cached_plans() AS c;
COMMENT ON VIEW model_ext.cached_models IS 'Compiled models that this session holds';
COMMENT ON COLUMN model_ext.cached_models.models IS 'Versions with that artifact on which the user has any right';
COMMENT ON COLUMN model_ext.cached_models.sha256 IS 'SHA-256 of the artifact';
COMMENT ON COLUMN model_ext.cached_models.bytes IS 'Size of the compiled model';
COMMENT ON COLUMN model_ext.cached_models.is_shared IS 'Whether all sessions share these bytes';
COMMENT ON COLUMN model_ext.cached_models.hits IS 'How often this session has found it here';
COMMENT ON COLUMN model_ext.cached_models.pins IS 'How many calls hold it now';

GRANT SELECT ON model_ext.models, model_ext.model_versions, model_ext.model_inputs, model_ext.cached_models TO PUBLIC;

-- Whoever changes models, or spends the server's time and memory on unknown
-- files, is given the right to.
REVOKE ALL ON FUNCTION
	model_ext.register_model(text, bytea, jsonb, boolean),
	model_ext.register_model_lo(text, oid, jsonb, boolean),
	model_ext.register_model_file(text, text, jsonb, boolean),
	model_ext.begin_upload(),
	model_ext.append_upload(bigint, bytea),
	model_ext.register_model_upload(text, bigint, jsonb, boolean),
	model_ext.inspect_artifact(bytea),
	model_ext.set_alias(text, text, integer),
	model_ext.promote(text, integer),
	model_ext.drop_alias(text, text),
	model_ext.drop_version(text, integer),
	model_ext.drop_model(text),
	model_ext.grant_model(text, text, text[], boolean),
	model_ext.revoke_model(text, text, text[]),
	model_ext.history(text),
	model_ext.export_artifact(text),
	model_ext.verify(text),
	model_ext.create_predict_function(text, text)
FROM PUBLIC;

-- scoring
--
-- The features are one row or one jsonb object, matched by name, or an array or
-- separate values in the model's order.  NULL is a missing value.  For a row the
-- planner calls NAME_columns with the columns the model reads.

CREATE FUNCTION model_ext.predict_support(internal) RETURNS internal
LANGUAGE c STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'model_ext_predict_support';
COMMENT ON FUNCTION model_ext.predict_support(internal) IS 'Tells the planner the cost of scoring, and replaces rows by their columns';

CREATE FUNCTION model_ext.predict(model text, VARIADIC features "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict';
COMMENT ON FUNCTION model_ext.predict(text, "any") IS 'One prediction: the value of a regressor, the numeric class of a classifier, the number of a cluster';

CREATE FUNCTION model_ext.predict_label(model text, VARIADIC features "any") RETURNS text
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_label';
COMMENT ON FUNCTION model_ext.predict_label(text, "any") IS 'The class a classifier predicts, as text';

CREATE FUNCTION model_ext.predict_proba(model text, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba';
COMMENT ON FUNCTION model_ext.predict_proba(text, "any") IS 'Probabilities of all classes, in the order of classes(model)';

CREATE FUNCTION model_ext.predict_proba_of(model text, class text, VARIADIC features "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba_of';
COMMENT ON FUNCTION model_ext.predict_proba_of(text, text, "any") IS 'Probability of one class';

CREATE FUNCTION model_ext.predict_log_proba(model text, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_log_proba';
COMMENT ON FUNCTION model_ext.predict_log_proba(text, "any") IS 'Logarithms of the probabilities of all classes';

CREATE FUNCTION model_ext.decision_function(model text, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_decision_function';
COMMENT ON FUNCTION model_ext.decision_function(text, "any") IS 'Margins of a classifier, or its raw scores';

CREATE FUNCTION model_ext.transform(model text, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_transform';
COMMENT ON FUNCTION model_ext.transform(text, "any") IS 'What a transformer makes of the features';

CREATE FUNCTION model_ext.predict_vector(model text, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_vector';
COMMENT ON FUNCTION model_ext.predict_vector(text, "any") IS 'One prediction for each output of the model';

CREATE FUNCTION model_ext.score_samples(model text, VARIADIC features "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_score_samples';
COMMENT ON FUNCTION model_ext.score_samples(text, "any") IS 'Log-likelihood, or how normal the row is';

CREATE FUNCTION model_ext.predict_json(model text, features jsonb) RETURNS jsonb
LANGUAGE c STABLE PARALLEL SAFE COST 500
AS 'MODULE_PATHNAME', 'model_ext_predict_json';
COMMENT ON FUNCTION model_ext.predict_json(text, jsonb) IS 'All the model can say of one row: an object with the names of the other functions as keys';

-- The artifact cannot change, nor what it answers: fit for indexes, generated
-- columns and foreign servers.  By position, or by the names in the artifact.

CREATE FUNCTION model_ext.predict_pinned(artifact uuid, VARIADIC features "any") RETURNS double precision
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_pinned';
COMMENT ON FUNCTION model_ext.predict_pinned(uuid, "any") IS 'One prediction: the value of a regressor, the numeric class of a classifier, the number of a cluster; of the artifact with that uuid';

CREATE FUNCTION model_ext.predict_label_pinned(artifact uuid, VARIADIC features "any") RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_label_pinned';
COMMENT ON FUNCTION model_ext.predict_label_pinned(uuid, "any") IS 'The class a classifier predicts, as text; of the artifact with that uuid';

CREATE FUNCTION model_ext.predict_proba_pinned(artifact uuid, VARIADIC features "any") RETURNS double precision[]
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba_pinned';
COMMENT ON FUNCTION model_ext.predict_proba_pinned(uuid, "any") IS 'Probabilities of all classes, in the order of classes(model); of the artifact with that uuid';

CREATE FUNCTION model_ext.predict_proba_of_pinned(artifact uuid, class text, VARIADIC features "any") RETURNS double precision
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba_of_pinned';
COMMENT ON FUNCTION model_ext.predict_proba_of_pinned(uuid, text, "any") IS 'Probability of one class; of the artifact with that uuid';

-- Called by the planner only.  They check EXECUTE on the function they stand
-- for, so everybody may be allowed to call them.

CREATE FUNCTION model_ext.predict_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_columns';
COMMENT ON FUNCTION model_ext.predict_columns(text, regprocedure, text[], "any") IS 'What the planner makes of predict(model, row)';

CREATE FUNCTION model_ext.predict_label_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS text
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_label_columns';
COMMENT ON FUNCTION model_ext.predict_label_columns(text, regprocedure, text[], "any") IS 'What the planner makes of predict_label(model, row)';

CREATE FUNCTION model_ext.predict_proba_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba_columns';
COMMENT ON FUNCTION model_ext.predict_proba_columns(text, regprocedure, text[], "any") IS 'What the planner makes of predict_proba(model, row)';

CREATE FUNCTION model_ext.predict_proba_of_columns(model text, function regprocedure, features text[], class text, VARIADIC columns "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_proba_of_columns';
COMMENT ON FUNCTION model_ext.predict_proba_of_columns(text, regprocedure, text[], text, "any") IS 'What the planner makes of predict_proba_of(model, class, row)';

CREATE FUNCTION model_ext.predict_log_proba_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_log_proba_columns';
COMMENT ON FUNCTION model_ext.predict_log_proba_columns(text, regprocedure, text[], "any") IS 'What the planner makes of predict_log_proba(model, row)';

CREATE FUNCTION model_ext.decision_function_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_decision_function_columns';
COMMENT ON FUNCTION model_ext.decision_function_columns(text, regprocedure, text[], "any") IS 'What the planner makes of decision_function(model, row)';

CREATE FUNCTION model_ext.transform_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_transform_columns';
COMMENT ON FUNCTION model_ext.transform_columns(text, regprocedure, text[], "any") IS 'What the planner makes of transform(model, row)';

CREATE FUNCTION model_ext.predict_vector_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision[]
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_predict_vector_columns';
COMMENT ON FUNCTION model_ext.predict_vector_columns(text, regprocedure, text[], "any") IS 'What the planner makes of predict_vector(model, row)';

CREATE FUNCTION model_ext.score_samples_columns(model text, function regprocedure, features text[], VARIADIC columns "any") RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 100 SUPPORT model_ext.predict_support
AS 'MODULE_PATHNAME', 'model_ext_score_samples_columns';
COMMENT ON FUNCTION model_ext.score_samples_columns(text, regprocedure, text[], "any") IS 'What the planner makes of score_samples(model, row)';

CREATE FUNCTION model_ext.score_trigger() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'model_ext_score_trigger';
COMMENT ON FUNCTION model_ext.score_trigger() IS 'BEFORE INSERT OR UPDATE trigger: score_trigger(model, column [, answer [, class]]) sets the column to the answer for the new row';
