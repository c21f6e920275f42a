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

-- A transformer with more columns than an array is to have; a vectorizer of so
-- many words, in the pickle protocol that is text.
CREATE FUNCTION wide(n int) RETURNS bytea LANGUAGE sql AS $$
SELECT convert_to(
	E'ccopy_reg\n_reconstructor\n(csklearn.feature_extraction.text\nCountVectorizer\nc__builtin__\nobject\nNtR(d'
	|| E'Vinput\nVcontent\nsVanalyzer\nVword\nsVlowercase\nI01\nsVstrip_accents\nNsVpreprocessor\nNsVtokenizer\nNsVstop_words\nNsVbinary\nI00\n'
	|| E'sVtoken_pattern\nV(?u)\\u005cb\\u005cw\\u005cw+\\u005cb\nsVngram_range\n(I1\nI1\ntsVdtype\ncnumpy\nint64\ns'
	|| E'V_sklearn_version\nV1.5.0\nsVvocabulary_\n(d'
	|| (SELECT string_agg(format(E'Vword%s\nI%s\ns', i, i), '' ORDER BY i) FROM generate_series(0, n - 1) AS i)
	|| E'sb.', 'UTF8');
$$;
SELECT model_ext.register_model('wide', wide(10000));
SELECT model_ext.register_model('wider', wide(10001));
SELECT array_length(model_ext.transform('wide', 'word7 word3'), 1);
SELECT model_ext.transform('wider', 'word7 word3');
SELECT model_ext.predict_json('wider', '{"x": "word7 word3"}');
SELECT model_ext.drop_model('wide');
SELECT model_ext.drop_model('wider');
DROP FUNCTION wide;
