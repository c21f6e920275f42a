#!/bin/bash
# A registration that is canceled stops soon, whatever it is at, and leaves
# nothing behind.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_start main
load_models main postgres
files=$work/main.files
as_server mkdir "$files"

# 256 MB that are no artifact: whoever unpacks them to the end says so.
(yes 'neither a pickle nor a model' || true) | head -c 256M | gzip -1 | as_server tee "$files/text.gz" >/dev/null
# The sample with 64 MB that it does not need, which take time to store.
python3 - "$top/examples/penguins/penguins.joblib" <<'EOF2' | as_server tee "$files/large.joblib" >/dev/null
import os, struct, sys, zlib
model = zlib.decompress(open(sys.argv[1], "rb").read())
filler = os.urandom(2**26)
# After the protocol: the bytes, and an opcode that drops them.
sys.stdout.buffer.write(model[:2] + b"B" + struct.pack("<I", len(filler)) + filler + b"0" + model[2:])
EOF2

register() {				# register FILE MILLISECONDS
	query main "SET statement_timeout = $2;
		SELECT model_ext.register_model_file('large', '$files/$1')" 2>&1 || true
}
state() {
	query main "SELECT (SELECT count(*) FROM model_ext.model_version), (SELECT count(*) FROM model_ext.artifact_chunk)"
	as_server ls "$work/main/base/pgsql_tmp"
}
before=$(state)
ok "text is refused after it was unpacked" grep -q 'ERROR' <<<"$(register text.gz 0)"
for file in text.gz large.joblib; do
	ok "a timeout stops registering $file" \
		grep -q 'canceling statement due to statement timeout' <<<"$(register $file 10)"
done
is "nothing of them is left" "$(state)" "$before"
is "without it, the large one is registered" "$(register large.joblib 0)" 1
answers() {
	query main "SELECT md5(string_agg(model_ext.predict_label('$1', p), ',' ORDER BY id)) FROM penguins AS p"
}
is "and answers as the small one" "$(answers large)" "$(answers penguins)"
finish
