#!/bin/bash
# check_comments.sh: every object of the extension has a comment.  Needs the
# environment of a running server (PGHOST, PGPORT, PGUSER) and the extension.
set -euo pipefail
bare=$(psql -XAtq -d "${1:?usage: check_comments.sh DATABASE}" <<'SQL'
SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_depend d
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'model_ext' AND d.deptype = 'e'
  AND obj_description(d.objid, d.classid::regclass::name) IS NULL
  AND d.classid <> 'pg_type'::regclass
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname
FROM pg_depend d
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
JOIN pg_class c ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE e.extname = 'model_ext' AND c.relkind IN ('r', 'v')
  AND col_description(c.oid, a.attnum) IS NULL
ORDER BY 1;
SQL
)
if [ -n "$bare" ]; then
	sed 's/^/without a comment: /' <<<"$bare"
	echo "0 passed, $(wc -l <<<"$bare") failed"
	exit 1
fi
echo "1 passed, 0 failed"
