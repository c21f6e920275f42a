#!/bin/bash
# Twenty connections share one image, and the first prediction of a new
# connection maps it instead of compiling again.
. "$(dirname "$0")/lib.sh"

cluster_init main
cluster_configure main <<<"max_connections = 40"
cluster_start main
load_models main postgres
want=$(sample_answers main postgres)

clients=()
for i in $(seq 20); do
	cluster_sql main postgres -c "SELECT count(model_ext.predict_label('penguins', p)) FROM penguins AS p" \
		-c "SELECT count(*) FROM model_ext.cached_models WHERE is_shared" \
		-c "SELECT pg_sleep(600)" >"$work/client$i" 2>/dev/null &
	clients+=($!)
done
sleeping="FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
for _ in $(seq 300); do
	connections=$(query main "SELECT count(*) $sleeping")
	[ "$connections" != 20 ] || break
	sleep 0.2
done
is "twenty connections at once" "$connections" 20
mappings() {				# of this server's image files, one line each
	cat /proc/[0-9]*/maps 2>/dev/null | grep "$work.*pgsql_tmp_model_ext" || true
}
maps=$(mappings | wc -l)
is "each maps the image" "$maps" 20
inodes=$(mappings | awk '{print $5}' | sort -u | wc -l)
is "which is one file" "$inodes" 1
query main "SELECT pg_cancel_backend(pid) $sleeping" >/dev/null
for client in "${clients[@]}"; do wait "$client" || true; done
is "every one has it as shared" "$(sed -n 2p "$work"/client* | sort -u)" 1

rows=$(query main "SELECT count(*) FROM penguins")
is "every one scored every row" "$(head -qn1 "$work"/client* | sort -u)" "$rows"
before=$(as_server stat -c %i "$work"/main/base/pgsql_tmp/pgsql_tmp_model_ext*)
is "a new connection gives the same answers" "$(sample_answers main postgres)" "$want"
is "from the same file" "$(as_server stat -c %i "$work"/main/base/pgsql_tmp/pgsql_tmp_model_ext*)" "$before"

# Another build's image under this build's name: 64 bytes of the file's header,
# then the image's own, whose build lies after 16 bytes.
image=$(as_server sh -c "echo $work/main/base/pgsql_tmp/pgsql_tmp_model_ext*")
whole=$(as_server sha256sum "$image")
printf 'another ' | as_server dd of="$image" bs=1 seek=80 conv=notrunc status=none
is "answers beside the image of another build" "$(sample_answers main postgres)" "$want"
is "which is made anew" "$(as_server sha256sum "$image")" "$whole"

# A folder that cannot be written costs sharing, not answers.
as_server rm -rf "$work/main/base/pgsql_tmp"
as_server touch "$work/main/base/pgsql_tmp"
is "answers without a folder for the image" "$(sample_answers main postgres)" "$want"
finish
