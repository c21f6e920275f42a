/*
 * catalog.h: the extension's tables, read by index scans.
 *
 * No search path and no right on the tables is involved, so everything here
 * works for a role that has nothing but EXECUTE, in parallel workers and on
 * standbys.  Whoever calls decides what the user may know.
 */
#ifndef MXPG_CATALOG_H
#define MXPG_CATALOG_H

#include "postgres.h"

#include "access/genam.h"
#include "access/htup.h"
#include "access/skey.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

#include "pg/mxpg.h"

/* Column numbers, as the install script creates them. */
enum
{
	MODEL_NAME = 1,
	MODEL_OWNER,

	VERSION_MODEL = 1,
	VERSION_VERSION,
	VERSION_SHA256,
	VERSION_FEATURES,
	VERSION_METADATA = 13,

	ALIAS_MODEL = 1,
	ALIAS_ALIAS,
	ALIAS_VERSION,

	PRIVILEGE_MODEL = 1,
	PRIVILEGE_GRANTEE,
	PRIVILEGE_PRIVILEGE,
	PRIVILEGE_GRANTABLE,

	ARTIFACT_SHA256 = 1,
	ARTIFACT_UUID,
	ARTIFACT_FORMAT,
	ARTIFACT_CONTAINER,
	ARTIFACT_PROTOCOL,
	ARTIFACT_SIZE,

	CHUNK_OWNER = 1, /* sha256 of artifact_chunk, upload of upload_chunk */
	CHUNK_SEQ,
	CHUNK_BYTES,

	UPLOAD_ID = 1,
	UPLOAD_OWNER,
	UPLOAD_N_CHUNKS,
	UPLOAD_SIZE
};

/* ---- scan.c ------------------------------------------------------------ */

typedef struct MxpgScan
{
	Relation table;
	Relation index; /* NULL unless the scan is in the index's order */
	SysScanDesc scan;
} MxpgScan;

/* Conditions "column = value"; text columns are COLLATE "C". */
void mxpg_key_text(ScanKey key, AttrNumber column, const char *value);
void mxpg_key_int4(ScanKey key, AttrNumber column, int32 value);
void mxpg_key_int8(ScanKey key, AttrNumber column, int64 value);
void mxpg_key_uuid(ScanKey key, AttrNumber column, const pg_uuid_t *value);
void mxpg_key_sha256(ScanKey key, AttrNumber column, const uint8 *value);

/* The conditions must be on the index's first columns. */
void mxpg_scan_begin(MxpgScan *scan, const char *table, const char *index,
                     Snapshot snapshot, int n_keys, ScanKey keys);
void mxpg_scan_begin_ordered(MxpgScan *scan, const char *table,
                             const char *index, Snapshot snapshot, int n_keys,
                             ScanKey keys);
/* NULL at the end; a tuple is valid until the next call. */
HeapTuple mxpg_scan_next(MxpgScan *scan);
/* A column of the current tuple; the extension's key columns are never NULL. */
Datum mxpg_scan_value(MxpgScan *scan, HeapTuple tuple, int column,
                      bool *is_null);
void mxpg_scan_end(MxpgScan *scan);

/*
 * A snapshot that sees what this transaction has just written, made the
 * active one; for functions that manage.  Pair it with PopActiveSnapshot.
 */
void mxpg_push_fresh_snapshot(void);

/* The alias that a model's name alone means. */
#define MXPG_PRODUCTION "production"

/* ---- catalog.c --------------------------------------------------------- */

/* 42602 unless it is 1 to 63 bytes without "/" and "@". */
void mxpg_check_name(const char *what, const char *name);
/* false when there is no such model; owner is a role's name. */
bool mxpg_model_owner(const char *model, char owner[NAMEDATALEN]);
/* false when there is no such version. */
bool mxpg_fetch_version(const char *model, int version, MxpgVersion *out);
/* XX001 unless it has 32 bytes. */
void mxpg_read_sha256(Datum value, uint8 sha256[MXPG_SHA256_SIZE]);
/* The version an alias points to; 0 when there is none. */
int mxpg_alias_version(const char *model, const char *alias);
/* The name alone, of a model that the user may manage; raises otherwise. */
void mxpg_require_model(const char *model, MxpgRight right);
void mxpg_require_owner(const char *model);
void mxpg_raise_no_model(const char *model) __attribute__((noreturn));
void mxpg_raise_no_version(const char *model, int version)
    __attribute__((noreturn));

/* ---- privilege.c ------------------------------------------------------- */

/* "EXECUTE", "SELECT", "UPDATE". */
const char *mxpg_right_name(MxpgRight right);
/* Superusers, members of the owner's role, and those granted the right. */
bool mxpg_may(const char *model, const char *owner, MxpgRight right);
/* Any right at all: then the views show the model. */
bool mxpg_may_see(const char *model, const char *owner);
bool mxpg_is_owner(const char *owner);
/* What grant_model and revoke_model ask. */
bool mxpg_may_grant(const char *model, MxpgRight right);

#endif
