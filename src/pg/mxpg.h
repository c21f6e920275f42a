/*
 * mxpg.h: what the files of the pg room share.
 *
 * catalog.c resolves names, cache.c holds plans, raise.c turns a core error
 * into an ereport; binding.c and predict.c score with them.
 */
#ifndef MXPG_H
#define MXPG_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/palloc.h"
#include "utils/snapshot.h"
#include "utils/uuid.h"

#include "base/arena.h"
#include "base/limits.h"
#include "engine/plan.h"

#define MXPG_SHA256_SIZE 32
#define MXPG_NAME_SIZE 64 /* 63 bytes and the end */

/* ---- raise.c ---------------------------------------------------------- */

/*
 * Raises err.  model may be NULL; with it (and version > 0) the context line
 * is: model "churn" version 3[, byte 1034].
 */
void mxpg_raise(const MxError *err, const char *model, int version)
    __attribute__((noreturn));
/* SQLSTATE of a core status. */
int mxpg_sqlstate(MxStatus status);
/*
 * UTF-8 for a message, in the database's encoding; what that lacks is shown as
 * question marks.  For text that is a result, use pg_any_to_server instead.
 */
char *mxpg_message_text(const char *utf8, size_t size);

/* ---- memory.c ---------------------------------------------------------- */

/*
 * A heap for the core that allocates in context and returns NULL instead of
 * throwing.
 */
MxHeap mxpg_heap(MemoryContext context);
/*
 * Advises the kernel to back size bytes with huge pages when they are many:
 * they are faulted in sooner, and random reads find their addresses sooner.
 */
#define MXPG_HUGE_PAGE ((size_t) 2 * 1024 * 1024)
void mxpg_prefer_huge_pages(void *start, size_t size);
/* Limits from the settings, with the cancel hook. */
MxLimits mxpg_limits(void);
bool mxpg_canceled(void *unused);

/* ---- catalog.c --------------------------------------------------------- */

typedef struct MxpgVersion
{
	char name[MXPG_NAME_SIZE];
	int version;
	uint8 sha256[MXPG_SHA256_SIZE];
	/*
	 * Feature names in the order of the plan's inputs: those given at
	 * registration (metadata.features) when the artifact has none; 0 and NULL
	 * when there are none, then rows cannot be bound.  In the context that was
	 * current at the call.
	 */
	int n_features;
	char **features;
} MxpgVersion;

typedef enum MxpgRight
{
	MXPG_RIGHT_EXECUTE, /* to score; without it: "does not exist" */
	MXPG_RIGHT_SELECT,  /* to read bytes */
	MXPG_RIGHT_UPDATE   /* to register versions and move aliases */
} MxpgRight;

/*
 * "churn", "churn/3" or "churn@candidate" under the active snapshot.  Raises
 * 42704 when there is none (or returns false when missing_ok, which is also
 * what model_ext.missing_model = null makes of it, with a WARNING), and
 * 42501 for the lack of a right that is not EXECUTE.
 */
bool mxpg_resolve(text *spec, MxpgRight right, bool missing_ok,
                  MxpgVersion *out);

/*
 * The artifact of a pinned uuid, when the current user may score any model
 * that has it; otherwise raises 42704, or returns false with a WARNING under
 * model_ext.missing_model = null.
 */
bool mxpg_resolve_pinned(const pg_uuid_t *uuid, MxpgVersion *out);

/* ---- name_cache.c ------------------------------------------------------ */

/*
 * What a name, or the bytes of a pinned uuid, meant to this user the last time
 * the extension's tables looked as they do now; false when that is not known.
 * Memory comes from the current context.
 */
bool mxpg_name_recall(bool is_pinned, const void *name, size_t size,
                      MxpgVersion *out);
void mxpg_name_remember(bool is_pinned, const void *name, size_t size,
                        const MxpgVersion *version);

/* The key of spec: equal keys mean that names mean the same. */
typedef struct MxpgSnapshotKey
{
	TransactionId xmin, xmax;
	uint32 n_running;
	uint64 running; /* a hash of them */
	bool is_recovery;
	CommandId curcid;
	SubTransactionId subxact;
	LocalTransactionId lxid;
	Oid user;
} MxpgSnapshotKey;

void mxpg_snapshot_key(MxpgSnapshotKey *key);
/* Transactions below xmax that had not ended: what is visible follows. */
const TransactionId *mxpg_snapshot_running(const SnapshotData *snapshot,
                                           uint32 *n);
bool mxpg_snapshot_key_equal(const MxpgSnapshotKey *a,
                             const MxpgSnapshotKey *b);

/* Schema of the extension and a table or index in it (every time anew). */
Oid mxpg_schema(void);
Oid mxpg_relation(const char *name);

/* ---- cache.c ----------------------------------------------------------- */

typedef struct MxpgPlan
{
	const MxPlan *plan;
	uint8 sha256[MXPG_SHA256_SIZE];
	/* the rest is the cache's own */
} MxpgPlan;

/*
 * The plan of an artifact: from this backend's cache, the shared image file,
 * or compiled from the stored bytes (whose SHA-256 is verified).  Pinned until
 * owner is reset or deleted.  version names the model in error contexts.
 */
MxpgPlan *mxpg_plan_pin(const MxpgVersion *version, MemoryContext owner);
/*
 * Adds pins to the plan of an artifact in the cache, or takes them back: what
 * is idle holds a plan without one, and is dropped with it.  Hits count as a
 * use.
 */
void mxpg_plan_count(const uint8 *sha256, int pins, int hits);

#endif
