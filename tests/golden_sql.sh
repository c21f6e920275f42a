#!/bin/bash
# Every golden case through SQL: registers each artifact, scores its rows and
# compares with scikit-learn's answers.
#
#   tests/golden_sql.sh [CASE[/LANE]...]     a name may hold * and ?
#
# Needs the environment of a running server (tools/server.sh run DIR ...) on
# which the extension is installed; makes and drops a database of its own.
set -euo pipefail
golden=$(cd "$(dirname "$0")/golden" && pwd)
database=model_ext_golden_$$
[ $# -gt 0 ] || set -- '*'

psql=(psql -X -q)
"${psql[@]}" -d postgres -c "CREATE DATABASE $database"
output=$(mktemp)
trap '"${psql[@]}" -d postgres -c "DROP DATABASE $database"; rm "$output"' EXIT

helpers() {
	cat <<-'SQL'
	SET client_min_messages = warning;
	CREATE EXTENSION model_ext;
	CREATE TABLE result (title text, passed boolean, problem text);

	-- |got - want| <= max(relative |want|, floor); equal bits where both are 0.
	CREATE FUNCTION near(got float8, want float8, relative float8, floor float8) RETURNS boolean
	IMMUTABLE LANGUAGE sql RETURN CASE
		WHEN relative = 0 AND floor = 0 THEN float8send(got) = float8send(want) OR got = want AND want = 'nan'
		WHEN got = want THEN true
		WHEN abs(want) IN ('inf', 'nan') OR abs(got) IN ('inf', 'nan') THEN false
		ELSE abs(got - want) <= greatest(relative * abs(want), floor) END;
	CREATE FUNCTION near(got float8[], want text[], relative float8, floor float8) RETURNS boolean
	IMMUTABLE LANGUAGE sql RETURN cardinality(got) = cardinality(want)
		AND (SELECT bool_and(near(g, w::float8, relative, floor)) FROM unnest(got, want) AS u (g, w));

	-- Some columns are numbers, some are texts; null is either, missing.
	CREATE FUNCTION alike(got jsonb, want text[], relative float8, floor float8) RETURNS boolean
	IMMUTABLE LANGUAGE sql RETURN jsonb_array_length(got) = cardinality(want)
		AND (SELECT bool_and(CASE jsonb_typeof(g) WHEN 'number' THEN near((g #>> '{}')::float8, w::float8, relative, floor)
			WHEN 'null' THEN coalesce(w, 'nan') = 'nan' ELSE g #>> '{}' = w END) FROM jsonb_array_elements(got) WITH ORDINALITY AS e (g, i) JOIN unnest(want) WITH ORDINALITY AS u (w, i) USING (i));
	CREATE FUNCTION check_registers(title text, model text, large_object oid, metadata jsonb) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM model_ext.register_model_lo(model, large_object, metadata);
		INSERT INTO result VALUES (title, true);
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO result VALUES (title, false, SQLSTATE || ' ' || SQLERRM);
	END $$;
	CREATE FUNCTION check_refused(title text, large_object oid, said text) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM model_ext.register_model_lo('refused', large_object);
		INSERT INTO result VALUES (title, false, 'was not refused');
	EXCEPTION WHEN feature_not_supported OR invalid_binary_representation THEN
		INSERT INTO result VALUES (title, strpos(lower(SQLERRM), lower(said)) > 0, SQLERRM);
	END $$;
	-- A check is a query that gives true.
	CREATE FUNCTION check_true(title text, query text) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		passed boolean;
	BEGIN
		EXECUTE query INTO passed;
		INSERT INTO result VALUES (title, coalesce(passed, false), 'answers differ');
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO result VALUES (title, false, SQLSTATE || ' ' || SQLERRM);
	END $$;
	-- Or one whose every row fails with its SQLSTATE.
	CREATE FUNCTION check_fails(title text, query text) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		line record;
		problem text;
	BEGIN
		FOR line IN SELECT n, error FROM want WHERE error IS NOT NULL LOOP
			BEGIN
				EXECUTE query USING line.n;
				problem := format('row %s did not fail', line.n);
			EXCEPTION WHEN OTHERS THEN
				IF SQLSTATE <> (CASE line.error WHEN 'missing' THEN '22004' ELSE '22023' END) THEN
					problem := format('row %s: %s %s', line.n, SQLSTATE, SQLERRM);
				END IF;
			END;
		END LOOP;
		INSERT INTO result VALUES (title, problem IS NULL, problem);
	END $$;
	SQL
}

# "age:number" is "age" float8; what COPY writes into, and what is passed.
describe_rows() {
	local head cell name
	definition="" columns="" scalars="" features=""
	IFS= read -r head <"$1/rows.tsv" || true
	[ -n "$head" ] || return 1
	IFS=$'\t' read -ra cells <<<"$head"
	for cell in "${cells[@]}"; do
		name=${cell%:*}
		case $cell in
		*:number) definition+=", \"$name\" float8" ;;
		*) definition+=", \"$name\" text" ;;
		esac
		columns+=", \"$name\""
		scalars+=", r.\"$name\""
		features+=", {\"name\": \"$name\"}"
	done
	columns=${columns#, }
	features=${features#, }
}

# The columns of expected.tsv by the function that gives them.
describe_answers() {
	local line column
	answers=() tolerance=0 floor=0 exact=,
	wanted_definition="" wanted_columns=""
	{ IFS= read -r line; IFS=$'\t' read -ra cells; } <"$1/expected.tsv"
	read -r _ _ tolerance _ floor _ exact <<<"$line"
	tolerance=${tolerance:-0} floor=${floor:-0} exact=,${exact:-},
	declare -gA wanted=()
	for column in "${cells[@]}"; do
		wanted_definition+=", \"$column\" text"
		wanted_columns+=", \"$column\""
		[ "$column" != error ] || continue
		[ -n "${wanted[${column%%.*}]:-}" ] || answers+=("${column%%.*}")
		wanted[${column%%.*}]+=", w.\"$column\""
	done
	wanted_columns=${wanted_columns#, }
}

load_tables() {
	cat <<-SQL
	DROP TABLE IF EXISTS given, want;
	CREATE TABLE given ("#" bigint GENERATED ALWAYS AS IDENTITY$definition);
	CREATE TABLE want (n bigint GENERATED ALWAYS AS IDENTITY$wanted_definition);
	\\copy given ($columns) FROM '$1/rows.tsv' WITH (HEADER)
	\\copy want ($wanted_columns) FROM PROGRAM 'tail -n +3 $1/expected.tsv'
	SQL
}

# What must be true of one answer of one row.
condition() {
	local answer=$1 arguments=$2 list=${wanted[$1]#, } relative=$tolerance absolute=$floor
	case $exact in *,$answer,*) relative=0 absolute=0 ;; esac
	local bound="$relative, $absolute)"
	case $answer in
	predict)
		case $list in
		*,*) echo "near(model_ext.predict_vector($arguments), ARRAY[$list], $bound" ;;
		*) echo "near(model_ext.predict($arguments), ($list)::float8, $bound" ;;
		esac
		;;
	label)
		case $list in
		*,*) echo "model_ext.predict_json('$model', to_jsonb(r)) -> 'predict_label' = to_jsonb(ARRAY[$list])" ;;
		*) echo "model_ext.predict_label($arguments) = $list" ;;
		esac
		;;
	proba) echo "near(model_ext.predict_proba($arguments), ARRAY[$list], $bound" ;;
	log_proba) echo "near(model_ext.predict_log_proba($arguments), ARRAY[$list], $bound" ;;
	decision) echo "near(model_ext.decision_function($arguments), ARRAY[$list], $bound" ;;
	transform)
		case $list in
		*:text*) echo "alike(model_ext.predict_json('$model', to_jsonb(r)) -> 'transform', ARRAY[$list], $bound" ;;
		*) echo "near(model_ext.transform($arguments), ARRAY[$list], $bound" ;;
		esac
		;;
	esac
}

# check TITLE FUNCTION QUERY
check() {
	echo "SELECT $2(\$t\$$1\$t\$, \$q\$$3\$q\$);"
}

check_answers() {
	local title=$1 answer from="FROM given AS r JOIN want AS w ON r.\"#\" = w.n"
	local first=""
	for answer in "${answers[@]}"; do
		check "$title $answer" check_true \
			"SELECT coalesce(bool_and($(condition "$answer" "'$model', r")), true) $from WHERE w.error IS NULL"
		# JSON cannot hold the infinities among the rows that fail.
		case $(condition "$answer" "") in *to_jsonb*) ;; *) first=$answer ;; esac
	done
	[ -n "$first" ] || return 0
	check "$title scalars" check_true \
		"SELECT coalesce(bool_and($(condition "$first" "'$model'$scalars")), true) $from WHERE w.error IS NULL"
	check "$title errors" check_fails \
		"SELECT $(condition "$first" "'$model', r") $from WHERE w.n = \$1"
}

check_case() {
	local folder=$1 title=${1#"$golden"/} metadata='{}' artifact
	describe_rows "$folder" || return 0
	describe_answers "$folder"
	load_tables "$folder"
	# A model fitted on an array is told its names, so that rows can be passed;
	# before 1.0 only some of those fitted on frames know theirs.
	case $title$(<"$folder/origin.json") in
	*/[1-9]*'"names":true'*) ;;
	*) metadata="{\"features\": [$features]}" ;;
	esac
	for artifact in "$folder"/model.*; do
		models=$((models + 1))
		model=golden$models
		echo "\\lo_import '$artifact'"
		echo "SELECT check_registers('$title ${artifact##*/} registers', '$model', :LASTOID, '$metadata');"
		echo "SELECT lo_unlink(:LASTOID);"
		check_answers "$title ${artifact##*/}"
	done
}

check_refused() {
	local said
	IFS= read -r said <"$1/refused.txt" || true
	echo "\\lo_import '$1/model.joblib'"
	echo "SELECT check_refused('${1#"$golden"/}', :LASTOID, \$q\$$said\$q\$);"
}

script() {
	local pattern folder models=0
	echo '\o /dev/null'
	helpers
	for pattern; do
		for folder in "$golden"/$pattern/; do
			case $folder in
			"$golden"/refused/) for folder in "$folder"*/; do check_refused "${folder%/}"; done ;;
			*) for folder in "$folder" "$folder"*/; do
				[ ! -f "${folder}expected.tsv" ] || check_case "${folder%/}"
			done ;;
			esac
		done
	done
	cat <<-'SQL'
	\o
	\pset format unaligned
	\pset tuples_only on
	SELECT 'failed: ' || title || ': ' || problem FROM result WHERE NOT passed ORDER BY title;
	SELECT count(*) FILTER (WHERE passed) || ' passed, ' || count(*) FILTER (WHERE NOT passed) || ' failed' FROM result;
	SQL
}

script "$@" | psql -X -q -d "$database" 2>&1 | tee "$output"
# An error of psql is a check that was never made.
! grep -q '^ERROR' "$output"
tail -n 1 "$output" | grep -q '^[1-9][0-9]* passed, 0 failed$'
