-- What is damaged or hostile gets one clear error, the session goes on, and nothing is stored.
CREATE TABLE damaged_before AS
SELECT (SELECT count(*) FROM model_ext.model) AS models, (SELECT count(*) FROM model_ext.artifact) AS artifacts,
	(SELECT count(*) FROM model_ext.artifact_chunk) AS chunks, (SELECT count(*) FROM model_ext.model_history) AS history;

-- The SQLSTATE of an attempt to register; 'registered' is rolled back as well.
CREATE FUNCTION damaged(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM model_ext.register_model('damaged', bytes);
	RAISE SQLSTATE 'MXOK1';
EXCEPTION
	WHEN SQLSTATE 'MXOK1' THEN
		RETURN 'registered';
	WHEN OTHERS THEN
		IF SQLERRM = '' OR SQLSTATE IN ('XX000', '53200') THEN
			RAISE;
		END IF;
		RETURN SQLSTATE;
END $$;
CREATE FUNCTION damaged_text(bytes bytea, OUT code text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM model_ext.register_model('damaged', bytes);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

-- Cut at every byte: all that is missing is found, in every container.
SELECT name, count(*) = length(artifact) AS every_byte, bool_and(damaged(substr(artifact, 1, n)) = '22P03') AS refused
FROM golden, generate_series(0, length(artifact) - 1) AS n
WHERE name IN ('ridge', 'ridge.xz') GROUP BY name, artifact ORDER BY name;
-- Every bit turned: refused, or another model, never anything else.
SELECT name, bool_and(code IN ('registered', '22P03', '0A000', '54000', '22023')) AS clear, count(*) FILTER (WHERE code <> 'registered') > 0 AS some_refused
FROM golden, LATERAL (SELECT damaged(set_bit(artifact, n, 1 - get_bit(artifact, n))) AS code
	FROM generate_series(0, 8 * length(artifact) - 1) AS n) AS t
WHERE name IN ('ridge', 'ridge.xz') GROUP BY name ORDER BY name;

\x on
SELECT what, e.* FROM (VALUES
	(1, 'empty', ''::bytea),
	(2, 'text', convert_to('id,age,income', 'UTF8')),
	(3, 'json', convert_to('{"model": 1}', 'UTF8')),
	(4, 'a number', '\x80024b012e'),
	(5, 'a list', '\x80025d2e'),
	(6, 'posix.system("true")', convert_to(E'cposix\nsystem\n(S''true''\ntR.', 'UTF8')),
	(7, 'a length of 4 GB', '\x800258ffffffff61'),
	(8, 'a length of 2^63', '\x80048dffffffffffffff7f61'),
	(9, 'memo slot 2^32', '\x80024e72ffffffff306affffffff2e'),
	(10, 'protocol 9', '\x80092e'),
	(11, 'persistent id', '\x800251'),
	(12, 'unknown opcode', '\x8002ff2e'),
	(13, 'more after the end', '\x80024e2e00'),
	(14, 'left on the stack', '\x80024e4e2e'),
	(15, 'lists in lists', '\x8002' || decode(repeat('5d', 300), 'hex') || decode(repeat('61', 299), 'hex') || '\x2e'),
	(16, 'joblib before 0.10', convert_to('ZF0x31f               ', 'UTF8')),
	(17, 'zip', '\x504b0304140000000800'),
	(18, 'gzip of nothing known', '\x1f8b08000000000000030300000000000000000000')
) AS v (n, what, bytes), damaged_text(bytes) AS e ORDER BY n;
\x off

-- A list that holds itself is data, until somebody wants to read it.
SELECT code FROM damaged_text('\x80025d71006800612e'::bytea);

-- Limits are met while reading, not afterwards.
CREATE TABLE damaged_bomb AS SELECT decode(repeat('00', 1 << 20), 'hex') AS zeros;
SET model_ext.max_decompressed_size = '1kB';
SELECT code, message, hint FROM golden, damaged_text(artifact) WHERE name = 'mixed';
RESET model_ext.max_decompressed_size;
SET model_ext.max_artifact_size = '100kB';
SELECT code, message, hint FROM damaged_bomb, damaged_text(zeros);
RESET model_ext.max_artifact_size;
SET model_ext.max_nodes = 10;
SELECT code, message, hint FROM golden, damaged_text(artifact) WHERE name = 'ridge';
RESET model_ext.max_nodes;
SET model_ext.max_nesting_depth = 1;
SELECT code, message, hint FROM golden, damaged_text(artifact) WHERE name = 'ridge';
RESET model_ext.max_nesting_depth;

-- Nothing of all that is left, and the whole file still registers.
SELECT (SELECT count(*) FROM model_ext.model) = models AS models, (SELECT count(*) FROM model_ext.artifact) = artifacts AS artifacts,
	(SELECT count(*) FROM model_ext.artifact_chunk) = chunks AS chunks, (SELECT count(*) FROM model_ext.model_history) = history AS history
FROM damaged_before;
SELECT damaged(artifact) FROM golden WHERE name = 'ridge';
DROP TABLE damaged_before, damaged_bomb;
DROP FUNCTION damaged, damaged_text;
