/* name_cache.c */
/* What names of models mean, remembered from statement to statement. */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "pg/mxpg.h"

/*
 * A name is resolved from rows of the extension's tables and from roles.
 *
 * Which rows are visible is a function of the snapshot's xmin, xmax and lists
 * of running transactions, once these are equal: what is below xmax and not in
 * the lists has ended, and how it ended does not change.  They are compared
 * whole; equal counts would not do, for a transaction is listed twice while it
 * is being prepared, when another may just have left.  So it does not matter
 * where the snapshot is from: imported, restored in a parallel worker, taken
 * on a standby (which lists all in subxip; on a primary, subxip follows from
 * xip, for a subtransaction is as visible as the transaction that it is part
 * of).  Not so on a standby that has lost count of subtransactions.
 *
 * A transaction's own changes are visible beyond that, so nothing is recalled
 * or remembered once it has an id: then the command's number and
 * subtransactions do not matter either.  A worker has its leader's id.
 *
 * Under SERIALIZABLE what is read must be seen to be read.
 *
 * Roles are read as of now, whatever the snapshot: when one changes, all is
 * forgotten.  DROP EXTENSION and all that changes tables without rows has an
 * id, and moves the snapshots taken after it.
 *
 * The same numbers come back when ids have gone round, which takes longer
 * than anything is remembered.
 */
#define MAX_NAMES 16
#define MAX_NAME_SIZE (2 * MXPG_NAME_SIZE) /* "churn@candidate" */
#define MAX_RUNNING 64
#define MAX_AGE (10 * 60 * 1000) /* milliseconds */

typedef struct Meaning
{
	MemoryContext context; /* the version's; NULL: nothing is remembered */
	MxpgVersion version;
	Size features_size;

	bool is_pinned;
	size_t size;
	char name[MAX_NAME_SIZE];
	Oid user;
	TimestampTz at;
	TransactionId xmin;
	TransactionId xmax;
	bool is_recovery;
	uint32 n_running;
	TransactionId running[MAX_RUNNING];
} Meaning;

static Meaning *names = NULL;
static int next_victim = 0;
static bool is_outdated = false; /* roles have changed */

static void
forget_roles(Datum argument, int cache, uint32 hash)
{
	is_outdated = true;
}

static void
create_cache(void)
{
	if (names != NULL)
		return;
	names =
	    MemoryContextAllocZero(CacheMemoryContext, MAX_NAMES * sizeof(Meaning));
	CacheRegisterSyscacheCallback(AUTHOID, forget_roles, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_roles, (Datum) 0);
	CacheRegisterSyscacheCallback(DATABASEOID, forget_roles, (Datum) 0);
}

static void
forget(Meaning *name)
{
	MemoryContext context = name->context;

	name->context = NULL;
	if (context != NULL)
		MemoryContextDelete(context);
}

static void
forget_outdated(void)
{
	int i;

	if (!is_outdated)
		return;
	is_outdated = false;
	for (i = 0; i < MAX_NAMES; i++)
		forget(&names[i]);
}

/* NULL when nothing may be recalled or remembered. */
static Snapshot
usable_snapshot(size_t size)
{
	Snapshot snapshot = GetActiveSnapshot();
	uint32 n_running;

	if (size >= MAX_NAME_SIZE || IsolationIsSerializable() ||
	    TransactionIdIsValid(GetTopTransactionIdIfAny()) ||
	    snapshot->snapshot_type != SNAPSHOT_MVCC ||
	    (snapshot->takenDuringRecovery && snapshot->suboverflowed))
		return NULL;
	(void) mxpg_snapshot_running(snapshot, &n_running);
	return n_running <= MAX_RUNNING ? snapshot : NULL;
}

static bool
is_called(const Meaning *name, bool is_pinned, const void *bytes, size_t size)
{
	return name->context != NULL && name->is_pinned == is_pinned &&
	       name->size == size && name->user == GetUserId() &&
	       memcmp(name->name, bytes, size) == 0;
}

static bool
is_current(const Meaning *name, Snapshot snapshot)
{
	uint32 n;
	const TransactionId *running = mxpg_snapshot_running(snapshot, &n);

	return name->xmin == snapshot->xmin && name->xmax == snapshot->xmax &&
	       name->is_recovery == snapshot->takenDuringRecovery &&
	       name->n_running == n &&
	       (n == 0 ||
	        memcmp(name->running, running, n * sizeof(TransactionId)) == 0) &&
	       !TimestampDifferenceExceeds(
	           name->at, GetCurrentTransactionStartTimestamp(), MAX_AGE);
}

static void
stamp(Meaning *name, Snapshot snapshot)
{
	const TransactionId *running =
	    mxpg_snapshot_running(snapshot, &name->n_running);

	name->xmin = snapshot->xmin;
	name->xmax = snapshot->xmax;
	name->is_recovery = snapshot->takenDuringRecovery;
	if (name->n_running > 0)
		memcpy(name->running, running, name->n_running * sizeof(TransactionId));
	name->at = GetCurrentTransactionStartTimestamp();
	name->user = GetUserId();
}

/*
 * Features are one run of bytes, the pointers and then the texts, so that a
 * copy is one allocation.
 */
static Size
features_size(const MxpgVersion *version)
{
	Size size = (Size) version->n_features * sizeof(char *);
	int i;

	for (i = 0; i < version->n_features; i++)
		size += strlen(version->features[i]) + 1;
	return size;
}

static char **
pack_features(const MxpgVersion *version, Size size)
{
	char **features = palloc(Max(size, 1));
	char *at = (char *) (features + version->n_features);
	int i;

	for (i = 0; i < version->n_features; i++)
	{
		features[i] = strcpy(at, version->features[i]);
		at += strlen(at) + 1;
	}
	return features;
}

static char **
copy_features(const Meaning *name)
{
	const MxpgVersion *version = &name->version;
	char **features;
	int i;

	if (version->n_features == 0)
		return NULL;
	features = palloc(name->features_size);
	memcpy(features, version->features, name->features_size);
	for (i = 0; i < version->n_features; i++)
		features[i] = (char *) features +
		              (version->features[i] - (char *) version->features);
	return features;
}

bool
mxpg_name_recall(bool is_pinned, const void *name, size_t size,
                 MxpgVersion *out)
{
	Snapshot snapshot = usable_snapshot(size);
	int i;

	if (snapshot == NULL)
		return false;
	create_cache();
	forget_outdated();
	for (i = 0; i < MAX_NAMES; i++)
	{
		if (!is_called(&names[i], is_pinned, name, size))
			continue;
		if (!is_current(&names[i], snapshot))
			return false;
		*out = names[i].version;
		out->features = copy_features(&names[i]);
		return true;
	}
	return false;
}

/* Where the name was before, or the place of one that was. */
static Meaning *
place_for(bool is_pinned, const void *name, size_t size)
{
	int i;

	for (i = 0; i < MAX_NAMES; i++)
		if (is_called(&names[i], is_pinned, name, size))
			return &names[i];
	next_victim = (next_victim + 1) % MAX_NAMES;
	return &names[next_victim];
}

void
mxpg_name_remember(bool is_pinned, const void *name, size_t size,
                   const MxpgVersion *version)
{
	Snapshot snapshot = usable_snapshot(size);
	MemoryContext context;
	MemoryContext caller;
	Meaning *place;

	/* Roles may have changed while it was resolved. */
	if (snapshot == NULL || names == NULL || is_outdated)
		return;
	place = place_for(is_pinned, name, size);
	forget(place);
	context = AllocSetContextCreate(CacheMemoryContext, "model_ext name",
	                                ALLOCSET_SMALL_SIZES);
	caller = MemoryContextSwitchTo(context);
	place->version = *version;
	place->features_size = features_size(version);
	place->version.features = pack_features(version, place->features_size);
	MemoryContextSwitchTo(caller);
	place->is_pinned = is_pinned;
	place->size = size;
	memcpy(place->name, name, size);
	stamp(place, snapshot);
	place->context = context;
}
