-- In pieces.
SELECT model_ext.begin_upload() AS upload \gset
SELECT model_ext.append_upload(:upload, substr(artifact, 1, 100)) FROM golden WHERE name = 'ridge';
SELECT model_ext.append_upload(:upload, '');
SELECT model_ext.append_upload(:upload, substr(artifact, 101)) = length(artifact) AS whole FROM golden WHERE name = 'ridge';
SELECT model_ext.register_model_upload('up', :upload, '{"features": ["a", "b", "c", "d"]}');
SELECT model_ext.export_artifact('up') = artifact AS same FROM golden WHERE name = 'ridge';
SELECT count(*) FROM model_ext.upload;
SELECT count(*) FROM model_ext.upload_chunk;
\set VERBOSITY sqlstate
SELECT model_ext.register_model_upload('up', :upload);
SELECT model_ext.append_upload(:upload, 'x');
\set VERBOSITY default

-- A piece may be larger than what is stored as one; pieces become those of artifacts.
SELECT model_ext.begin_upload() AS upload \gset
SELECT model_ext.append_upload(:upload, decode(repeat('00', 5000000), 'hex'));
SELECT seq, length(bytes) FROM model_ext.upload_chunk ORDER BY seq;
SELECT model_ext.register_model_upload('zeros', :upload);
SELECT count(*) FROM model_ext.upload;

-- Uploads are their maker's alone.
CREATE ROLE regress_model_ext_uploader;
GRANT EXECUTE ON FUNCTION model_ext.begin_upload(), model_ext.append_upload(bigint, bytea),
	model_ext.register_model_upload(text, bigint, jsonb, boolean) TO regress_model_ext_uploader;
SET ROLE regress_model_ext_uploader;
DO $$ BEGIN PERFORM model_ext.append_upload((SELECT 1)::bigint, 'x'); EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', sqlstate; END $$;
SELECT model_ext.begin_upload() AS mine \gset
SELECT model_ext.append_upload(:mine, artifact) > 0 AS appended FROM golden WHERE name = 'ridge';
RESET ROLE;
\set VERBOSITY sqlstate
SELECT model_ext.append_upload(:mine, 'x');
SELECT model_ext.register_model_upload('up', :mine);
\set VERBOSITY default
SET ROLE regress_model_ext_uploader;
SELECT model_ext.register_model_upload('up_other', :mine);
RESET ROLE;
SELECT owner FROM model_ext.models WHERE name = 'up_other';

-- Forgotten ones go after a day.
SELECT count(*) FROM model_ext.upload;
UPDATE model_ext.upload SET begun_at = now() - interval '2 days';
SELECT model_ext.begin_upload() > 0 AS begun;
SELECT count(*) FROM model_ext.upload;
SELECT count(*) FROM model_ext.upload_chunk;

-- The size is limited while it comes in.
SET model_ext.max_artifact_size = '1kB';
SELECT model_ext.begin_upload() AS upload \gset
SELECT model_ext.append_upload(:upload, decode(repeat('00', 1000), 'hex'));
SELECT model_ext.append_upload(:upload, decode(repeat('00', 1000), 'hex'));
RESET model_ext.max_artifact_size;

-- From a large object, whose owner decides.
SELECT lo_from_bytea(0, artifact) AS lo FROM golden WHERE name = 'ridge' \gset
SELECT model_ext.register_model_lo('up', :lo);
SELECT model_ext.register_model_lo('up', :lo, promote => true);
SELECT production, latest FROM model_ext.models WHERE name = 'up';
GRANT EXECUTE ON FUNCTION model_ext.register_model_lo(text, oid, jsonb, boolean) TO regress_model_ext_uploader;
SET ROLE regress_model_ext_uploader;
\set VERBOSITY sqlstate
SELECT model_ext.register_model_lo('up_other', :lo);
\set VERBOSITY default
RESET ROLE;
SELECT lo_unlink(:lo);
\set VERBOSITY sqlstate
SELECT model_ext.register_model_lo('up', :lo);
\set VERBOSITY default
SELECT model_ext.register_model_lo('up', NULL);

-- From a file of the server, for those who may read files.
GRANT EXECUTE ON FUNCTION model_ext.register_model_file(text, text, jsonb, boolean) TO regress_model_ext_uploader;
SET ROLE regress_model_ext_uploader;
SELECT model_ext.register_model_file('up_other', '/etc/passwd');
RESET ROLE;
SELECT model_ext.register_model_file('up', '/no/such/file');
SELECT model_ext.register_model_file('up', '/tmp');
SELECT model_ext.register_model_file('up', 'PG_VERSION');

SELECT model_ext.drop_model(name) FROM model_ext.models ORDER BY name;
TRUNCATE model_ext.upload, model_ext.upload_chunk;
DROP OWNED BY regress_model_ext_uploader;
DROP ROLE regress_model_ext_uploader;
