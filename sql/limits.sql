-- Each limit refuses by its name, and what was refused leaves nothing behind.
SET model_ext.max_artifact_size = '1kB';
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
SELECT model_ext.inspect_artifact(artifact) FROM golden WHERE name = 'tree_text';
RESET model_ext.max_artifact_size;
SET model_ext.max_decompressed_size = '1kB';
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
RESET model_ext.max_decompressed_size;
SET model_ext.max_model_memory = '64kB';
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'mixed';
RESET model_ext.max_model_memory;
SET model_ext.max_nodes = 10;
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
RESET model_ext.max_nodes;
SET model_ext.max_nesting_depth = 1;
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
\set VERBOSITY sqlstate
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
\set VERBOSITY default
RESET model_ext.max_nesting_depth;
SELECT count(*) FROM model_ext.models;

-- They hold for a cold load as well; what is cached or shared is proven.
SELECT model_ext.register_model('big', artifact) FROM golden WHERE name = 'tree_text';
SET model_ext.max_nodes = 10;
SELECT model_ext.classes('big');
SELECT object, "check", passed, detail FROM model_ext.verify('big');
RESET model_ext.max_nodes;

-- Whoever is no superuser does not raise the limits that guard the server.
CREATE ROLE regress_mx_limited;
SET ROLE regress_mx_limited;
SET model_ext.max_artifact_size = '2GB';
SET model_ext.max_decompressed_size = '2GB';
SET model_ext.max_compression_ratio = 2000;
SET model_ext.max_model_memory = '2GB';
SET model_ext.max_nodes = 1;
SET model_ext.max_nesting_depth = 1;
SET model_ext.shared_cache_size = 1;
SET model_ext.allow_untested_versions = on;
SET model_ext.cache_size = '1MB';
SET model_ext.missing_model = 'null';
SET model_ext.enable_batch = off;
RESET ROLE;
RESET model_ext.cache_size;
RESET model_ext.missing_model;
RESET model_ext.enable_batch;
SET model_ext.missing_model = 'maybe';
\set VERBOSITY sqlstate
SET model_ext.cache_size = -1;
\set VERBOSITY default
DROP ROLE regress_mx_limited;
SELECT model_ext.drop_model('big');
