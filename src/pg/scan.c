/* scan.c */
/* Index scans over the extension's own tables. */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "pg/catalog.h"
#include "pg/compat.h"

#define SCHEMA "model_ext"

Oid
mxpg_schema(void)
{
	return get_namespace_oid(SCHEMA, false);
}

/* Asked anew each time, so that DROP and CREATE EXTENSION may come between. */
Oid
mxpg_relation(const char *name)
{
	Oid relation = get_relname_relid(name, mxpg_schema());

	if (!OidIsValid(relation))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_TABLE),
		         errmsg("relation \"%s.%s\" does not exist", SCHEMA, name)));
	return relation;
}

/* Not ScanKeyInit, for it sets a collation only for some of the types. */
static void
set_key(ScanKey key, AttrNumber column, Oid function, Oid collation,
        Datum value)
{
	ScanKeyEntryInitialize(key, 0, column, BTEqualStrategyNumber, InvalidOid,
	                       collation, function, value);
}

void
mxpg_key_text(ScanKey key, AttrNumber column, const char *value)
{
	set_key(key, column, F_TEXTEQ, C_COLLATION_OID, CStringGetTextDatum(value));
}

void
mxpg_key_int4(ScanKey key, AttrNumber column, int32 value)
{
	set_key(key, column, F_INT4EQ, InvalidOid, Int32GetDatum(value));
}

void
mxpg_key_int8(ScanKey key, AttrNumber column, int64 value)
{
	set_key(key, column, F_INT8EQ, InvalidOid, Int64GetDatum(value));
}

void
mxpg_key_uuid(ScanKey key, AttrNumber column, const pg_uuid_t *value)
{
	set_key(key, column, F_UUID_EQ, InvalidOid, UUIDPGetDatum(value));
}

void
mxpg_key_sha256(ScanKey key, AttrNumber column, const uint8 *value)
{
	bytea *bytes = palloc(VARHDRSZ + MXPG_SHA256_SIZE);

	SET_VARSIZE(bytes, VARHDRSZ + MXPG_SHA256_SIZE);
	memcpy(VARDATA(bytes), value, MXPG_SHA256_SIZE);
	set_key(key, column, F_BYTEAEQ, InvalidOid, PointerGetDatum(bytes));
}

void
mxpg_scan_begin(MxpgScan *scan, const char *table, const char *index,
                Snapshot snapshot, int n_keys, ScanKey keys)
{
	scan->table = table_open(mxpg_relation(table), AccessShareLock);
	scan->index = NULL;
	scan->scan = systable_beginscan(scan->table, mxpg_relation(index), true,
	                                snapshot, n_keys, keys);
}

void
mxpg_scan_begin_ordered(MxpgScan *scan, const char *table, const char *index,
                        Snapshot snapshot, int n_keys, ScanKey keys)
{
	scan->table = table_open(mxpg_relation(table), AccessShareLock);
	scan->index = relation_open(mxpg_relation(index), AccessShareLock);
	scan->scan = systable_beginscan_ordered(scan->table, scan->index, snapshot,
	                                        n_keys, keys);
}

HeapTuple
mxpg_scan_next(MxpgScan *scan)
{
	if (scan->index != NULL)
		return systable_getnext_ordered(scan->scan, ForwardScanDirection);
	return systable_getnext(scan->scan);
}

Datum
mxpg_scan_value(MxpgScan *scan, HeapTuple tuple, int column, bool *is_null)
{
	bool absent;
	Datum value =
	    heap_getattr(tuple, column, RelationGetDescr(scan->table), &absent);

	if (is_null != NULL)
		*is_null = absent;
	else if (absent)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("column %d of table \"%s\" is null", column,
		                       RelationGetRelationName(scan->table))));
	return value;
}

void
mxpg_scan_end(MxpgScan *scan)
{
	if (scan->index != NULL)
	{
		systable_endscan_ordered(scan->scan);
		relation_close(scan->index, AccessShareLock);
	}
	else
		systable_endscan(scan->scan);
	table_close(scan->table, AccessShareLock);
}

void
mxpg_push_fresh_snapshot(void)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
}

/*
 * A standby lists all in subxip; on a primary subxip follows from xip, for a
 * subtransaction is as visible as the transaction that it is part of.
 */
const TransactionId *
mxpg_snapshot_running(const SnapshotData *snapshot, uint32 *n)
{
	*n = snapshot->takenDuringRecovery ? (uint32) snapshot->subxcnt
	                                   : snapshot->xcnt;
	return snapshot->takenDuringRecovery ? snapshot->subxip : snapshot->xip;
}

static uint64
hash_running(const TransactionId *running, uint32 n)
{
	if (n == 0)
		return 0;
	return hash_bytes_extended((const unsigned char *) running,
	                           (int) (n * sizeof(TransactionId)), 0);
}

/*
 * Equal counts of running transactions do not mean equal sets: one is listed
 * twice while it is being prepared.  Own changes move curcid, and ROLLBACK TO
 * gets a new subtransaction.  snapXactCompletionCount does not serve: copies
 * hold 0.
 */
void
mxpg_snapshot_key(MxpgSnapshotKey *key)
{
	Snapshot snapshot = GetActiveSnapshot();
	const TransactionId *running =
	    mxpg_snapshot_running(snapshot, &key->n_running);

	key->xmin = snapshot->xmin;
	key->xmax = snapshot->xmax;
	key->running = hash_running(running, key->n_running);
	key->is_recovery = snapshot->takenDuringRecovery;
	key->curcid = snapshot->curcid;
	key->subxact = GetCurrentSubTransactionId();
	key->lxid = mxpg_lxid();
	key->user = GetUserId();
}

/* Field by field, for padding is nobody's. */
bool
mxpg_snapshot_key_equal(const MxpgSnapshotKey *a, const MxpgSnapshotKey *b)
{
	return a->xmin == b->xmin && a->xmax == b->xmax &&
	       a->n_running == b->n_running && a->running == b->running &&
	       a->is_recovery == b->is_recovery && a->curcid == b->curcid &&
	       a->subxact == b->subxact && a->lxid == b->lxid && a->user == b->user;
}
