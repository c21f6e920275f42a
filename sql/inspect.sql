-- What register_model would find, without storing it.
SELECT i ->> 'class' AS class, i ->> 'sklearn_version' AS version, i ->> 'format' AS format, i ->> 'container' AS container,
	i -> 'protocol' AS protocol, (i -> 'size')::int = length(artifact) AS size,
	i ->> 'sha256' = encode(sha256(artifact), 'hex') AS sha256, i -> 'supported' AS supported
FROM golden, model_ext.inspect_artifact(artifact) AS i
WHERE name IN ('ridge', 'ridge.xz', 'mixed') ORDER BY name COLLATE "C";
SELECT i -> 'answers' AS answers, i -> 'classes' AS classes
FROM golden, model_ext.inspect_artifact(artifact) AS i
WHERE name IN ('ridge', 'tree_text', 'tree_binary', 'tree_multi', 'scaler') ORDER BY name;
SELECT e ->> 'name' AS name, e ->> 'kind' AS kind, e -> 'used' AS used, e -> 'category' AS category
FROM golden, jsonb_array_elements(model_ext.inspect_artifact(artifact) -> 'inputs') AS e
WHERE golden.name = 'mixed';
SELECT i -> 'description' -> 'class' AS class, i -> 'description' -> 'parameters' -> 'alpha' AS alpha, jsonb_typeof(i -> 'steps') AS steps
FROM golden, model_ext.inspect_artifact(artifact) AS i WHERE name = 'ridge';

-- What is not supported, not whole, or no model at all is told, not raised.
SELECT i -> 'supported' AS supported, i ->> 'format' AS format, i ->> 'reason' AS reason, i ->> 'detail' AS detail, i ->> 'hint' AS hint
FROM golden, model_ext.inspect_artifact(artifact) AS i
WHERE name IN ('calls_system', 'svc_in_pipeline') ORDER BY name;
SELECT i -> 'supported' AS supported, i ->> 'reason' AS reason, i -> 'byte' AS byte, i -> 'size' AS size
FROM golden, model_ext.inspect_artifact(substr(artifact, 1, 300)) AS i WHERE name = 'ridge';
SELECT i -> 'supported' AS supported, i ->> 'reason' AS reason FROM model_ext.inspect_artifact('hello') AS i;
SELECT i -> 'supported' AS supported, i ->> 'reason' AS reason FROM model_ext.inspect_artifact('') AS i;
SET model_ext.max_nodes = 10;
SELECT i -> 'supported' AS supported, i ->> 'reason' AS reason, i ->> 'hint' AS hint
FROM golden, model_ext.inspect_artifact(artifact) AS i WHERE name = 'tree_text';
RESET model_ext.max_nodes;
SELECT model_ext.inspect_artifact(NULL);

-- Cut anywhere, a file is refused in one clear way.
SELECT count(*) AS cuts, count(*) FILTER (WHERE i -> 'supported' = 'true') AS supported, count(*) FILTER (WHERE i ->> 'reason' IS NULL) AS unexplained
FROM golden, generate_series(0, length(artifact) - 1) AS n, model_ext.inspect_artifact(substr(artifact, 1, n)) AS i
WHERE name = 'ridge';
SELECT count(*) FROM model_ext.models;
