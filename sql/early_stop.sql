-- Trees that are left out once a condition is decided.
\getenv golden MODEL_EXT_GOLDEN
\set file :golden '/random_forest_deep/1.9/model.joblib'
\lo_import :file
\set oid :LASTOID
SELECT model_ext.register_model_lo('early', :oid, '{"features": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]}');
CREATE TABLE early_s AS
SELECT i AS id, i * 7 % 41 AS a, i * 11 % 43 AS b, i * 13 % 47 AS c, i * 17 % 39 / 2.0::float8 AS d FROM generate_series(1, 5000) AS i;
ANALYZE early_s;
-- Rows of a condition with and without, and whether anything was left out.
CREATE FUNCTION early_check(condition text, target text DEFAULT 'id') RETURNS TABLE (same boolean, stops boolean) LANGUAGE plpgsql AS $$
DECLARE query text := format('SELECT md5(string_agg(q::text, '','' ORDER BY q::text)) FROM (SELECT %s FROM early_s AS s WHERE %s OFFSET 0) AS q', target, condition);
	early text; whole text; line text; BEGIN
	EXECUTE query INTO early;
	stops := false;
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
		stops := stops OR (line ~ 'Trees Skipped' AND line !~ ': 0.0');
	END LOOP;
	SET LOCAL model_ext.enable_early_stop = off;
	EXECUTE query INTO whole;
	same := early IS NOT DISTINCT FROM whole;
	SET LOCAL model_ext.enable_batch = off;
	EXECUTE query INTO whole;
	same := same AND early IS NOT DISTINCT FROM whole;
	RESET model_ext.enable_batch;
	RESET model_ext.enable_early_stop;
	RETURN NEXT;
END $$;
SET max_parallel_workers_per_gather = 0;
\set p 'model_ext.predict_proba_of(''early'', ''1'', s)'
-- Compared with numbers and nothing else.
SELECT c, (early_check(c)).* FROM unnest(ARRAY[
	:'p' || ' > 0.55', :'p' || ' >= 0.5', '0.6 < ' || :'p', :'p' || ' <= 0.25', :'p' || ' = 0.5', :'p' || ' <> 0.5',
	:'p' || ' BETWEEN 0.4 AND 0.6', :'p' || ' > 0.5 OR ' || :'p' || ' < 0.1 AND id % 2 = 0', 'NOT (' || :'p' || ' < 0.3) AND a > 3',
	:'p' || ' < ''NaN''', :'p' || ' > ''-inf''', :'p' || ' > 1.5', :'p' || ' > NULL', :'p' || ' > 0.8 * (SELECT 1)',
	:'p' || ' > a / 41.0::float8', :'p' || ' IS NOT NULL', :'p' || ' * 2 > 1.6', :'p' || ' > 0.8 AND ' || :'p' || '::text LIKE ''0.9%''',
	'model_ext.predict_proba_of(''early'', ''0'', s) < 0.2', 'model_ext.predict_proba_of(''early'', ''0'', s) < 0.45 AND ' || :'p' || ' > 0.6',
	'model_ext.predict(''early'', s) = 1 AND ' || :'p' || ' > 0.55']) AS c;
-- The answer is delivered, too, be it in a branch that few rows take.
SELECT t, (early_check(:'p' || ' > 0.55', t)).* FROM unnest(ARRAY[
	'id', :'p', 'a, CASE WHEN a > 20 THEN ' || :'p' || ' END', 'coalesce(NULL, ' || :'p' || ')', :'p' || ' > 0.9', :'p' || ' > d']) AS t;
SELECT count(*), sum(:p::numeric) FILTER (WHERE a > 20) FROM early_s AS s WHERE :p > 0.55;
SET model_ext.enable_early_stop = off;
SELECT count(*), sum(:p::numeric) FILTER (WHERE a > 20) FROM early_s AS s WHERE :p > 0.55;
RESET model_ext.enable_early_stop;
-- Limits that are parameters.
PREPARE early (float8) AS SELECT count(*) FROM early_s AS s WHERE :p > $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE early(0.55);
EXECUTE early(0.2);
EXECUTE early(NULL);
SELECT count(*) FILTER (WHERE p > 0.55), count(*) FILTER (WHERE p > 0.2) FROM (SELECT :p AS p FROM early_s AS s OFFSET 0) AS q;
-- A class that there is not; NULL, which forests since 1.4 take.
SELECT count(*) FROM early_s AS s WHERE model_ext.predict_proba_of('early', '2', s) > 0.8;
INSERT INTO early_s VALUES (5001, NULL, 1, 1, 1);
SELECT count(*) FROM early_s AS s WHERE :p > 0.55;
SELECT count(*) FROM early_s AS s WHERE :p > 0.55 AND id < 5001;
\lo_unlink :oid
SELECT model_ext.drop_model('early');
DROP TABLE early_s;
DROP FUNCTION early_check;
