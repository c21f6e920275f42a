/* hash.c */
/* SHA-256 of bytes that come in pieces. */
#include "postgres.h"

#include "common/cryptohash.h"

#include "pg/load.h"

static void
check(int code, MxpgHash *hash)
{
	if (code < 0)
		elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(hash));
}

/* Freed with the transaction's resources when an error comes in between. */
MxpgHash *
mxpg_hash_begin(void)
{
	MxpgHash *hash = pg_cryptohash_create(PG_SHA256);

	if (hash == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	check(pg_cryptohash_init(hash), hash);
	return hash;
}

void
mxpg_hash_add(MxpgHash *hash, const void *data, size_t size)
{
	check(pg_cryptohash_update(hash, data, size), hash);
}

void
mxpg_hash_end(MxpgHash *hash, uint8 sha256[MXPG_SHA256_SIZE])
{
	check(pg_cryptohash_final(hash, sha256, MXPG_SHA256_SIZE), hash);
	pg_cryptohash_free(hash);
}
