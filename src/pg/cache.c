/* cache.c */
/* The compiled models that this session holds. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/ilist.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "pg/compat.h"
#include "pg/idle_target.h"
#include "pg/load.h"
#include "pg/settings.h"

typedef struct Entry
{
	/* The artifact's, or what stands for it and what is known of rows. */
	uint8 key[MXPG_SHA256_SIZE];
	MxpgPlan public;
	/* Holds the plan, and the image or its mapping. */
	MemoryContext context;
	size_t size;
	bool is_shared;
	int n_pins;
	int64 n_hits;
	dlist_node by_use;
} Entry;

/* A plan and what it needs, before it is an entry. */
typedef struct Loaded
{
	MemoryContext context;
	const MxPlan *plan;
	size_t size;
	bool is_shared;
} Loaded;

static MemoryContext cache_context = NULL;
static HTAB *entries = NULL;
static dlist_head by_use = DLIST_STATIC_INIT(by_use); /* latest first */
static size_t total_size = 0;

static void
create_cache(void)
{
	HASHCTL control = {0};

	if (entries != NULL)
		return;
	if (cache_context == NULL)
		cache_context = AllocSetContextCreate(
		    CacheMemoryContext, "model_ext cache", ALLOCSET_SMALL_SIZES);
	control.keysize = MXPG_SHA256_SIZE;
	control.entrysize = sizeof(Entry);
	control.hcxt = cache_context;
	entries = hash_create("model_ext cache", 16, &control,
	                      HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
drop_entry(Entry *entry)
{
	mxpg_idle_targets_drop(entry->key);
	dlist_delete(&entry->by_use);
	total_size -= entry->size;
	MemoryContextDelete(entry->context);
	hash_search(entries, entry->key, HASH_REMOVE, NULL);
}

/* Least recently used first, never one that is pinned. */
static void
trim_cache(void)
{
	size_t limit = (size_t) mxpg_cache_size * 1024;
	dlist_node *node = by_use.head.prev;

	while (total_size > limit && node != NULL && node != &by_use.head)
	{
		Entry *entry = dlist_container(Entry, by_use, node);

		node = node->prev;
		if (entry->n_pins == 0)
			drop_entry(entry);
	}
}

static void
unpin(void *arg)
{
	Entry *entry = arg;

	entry->n_pins--;
}

static MxpgPlan *
pin(Entry *entry, MemoryContext owner)
{
	MemoryContextCallback *callback =
	    MemoryContextAlloc(owner, sizeof(MemoryContextCallback));

	callback->func = unpin;
	callback->arg = entry;
	MemoryContextRegisterResetCallback(owner, callback);
	entry->n_pins++;
	trim_cache();
	return &entry->public;
}

static Entry *
find_entry(const uint8 *key)
{
	Entry *entry;

	create_cache();
	entry = hash_search(entries, key, HASH_FIND, NULL);
	if (entry == NULL)
		return NULL;
	dlist_move_head(&by_use, &entry->by_use);
	entry->n_hits++;
	return entry;
}

/* The entry takes over the context; nothing here fails after it has. */
static Entry *
add_entry(const uint8 *key, const uint8 *sha256, const Loaded *loaded)
{
	Entry *entry;

	create_cache();
	entry = hash_search(entries, key, HASH_ENTER, NULL);
	memcpy(entry->public.sha256, sha256, MXPG_SHA256_SIZE);
	entry->public.plan = loaded->plan;
	entry->context = loaded->context;
	entry->size = loaded->size;
	entry->is_shared = loaded->is_shared;
	entry->n_pins = 0;
	entry->n_hits = 0;
	dlist_push_head(&by_use, &entry->by_use);
	total_size += entry->size;
	MemoryContextSetParent(entry->context, cache_context);
	return entry;
}

static MemoryContext
create_plan_context(void)
{
	return AllocSetContextCreate(CurrentMemoryContext, "model_ext plan",
	                             ALLOCSET_SMALL_SIZES);
}

static MxStatus
attach(const void *image, size_t size, Loaded *loaded, MxError *err)
{
	MxHeap heap = mxpg_heap(loaded->context);
	MxArena *arena = mx_arena_create(&heap, mxpg_limits().max_memory);

	if (arena == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	loaded->size = size;
	return mx_plan_attach(image, size, arena, &loaded->plan, err);
}

/* false when there is no shared image, or none that is whole. */
static bool
load_shared(const uint8 *sha256, Loaded *loaded)
{
	MxError err = {0};
	const void *image;
	size_t size;

	loaded->context = create_plan_context();
	loaded->is_shared = true;
	if (mxpg_image_map(sha256, loaded->context, &image, &size))
	{
		if (attach(image, size, loaded, &err) == MX_OK)
			return true;
		mxpg_image_forget(sha256);
	}
	MemoryContextDelete(loaded->context);
	return false;
}

static MxStatus
load_private(MxImageWriter *writer, Loaded *loaded, MxError *err)
{
	const void *image;
	size_t size;

	loaded->context = create_plan_context();
	loaded->is_shared = false;
	MX_TRY(mxpg_image_to_memory(writer, loaded->context, &image, &size, err));
	return attach(image, size, loaded, err);
}

static MxStatus
keep_compiled(const MxpgCompiled *compiled, Loaded *loaded, MxError *err)
{
	if (mxpg_image_share(compiled->sha256, compiled->writer) &&
	    load_shared(compiled->sha256, loaded))
		return MX_OK;
	return load_private(compiled->writer, loaded, err);
}

/* From the stored bytes. */
static void
load_cold(const MxpgVersion *version, Loaded *loaded)
{
	MemoryContext work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext compile", ALLOCSET_DEFAULT_SIZES);
	MxpgCompiled compiled;
	MxpgStored stored;
	MxError err = {0};

	mxpg_stored_begin(&stored, version->sha256);
	(void) mxpg_compile(&stored.source, work, &compiled, &err);
	mxpg_stored_end(&stored);
	if (err.status != MX_ERR_CANCELED && err.status != MX_ERR_NO_MEMORY)
		mxpg_check_sha256(version, compiled.sha256);
	if (err.status != MX_OK || keep_compiled(&compiled, loaded, &err) != MX_OK)
		mxpg_raise(&err, version->name, version->version);
	MemoryContextDelete(work);
}

MxpgPlan *
mxpg_plan_pin(const MxpgVersion *version, MemoryContext owner)
{
	Entry *entry = find_entry(version->sha256);
	Loaded loaded;

	if (entry != NULL)
		return pin(entry, owner);
	if (!load_shared(version->sha256, &loaded))
		load_cold(version, &loaded);
	return pin(add_entry(version->sha256, version->sha256, &loaded), owner);
}

MxpgPlan *
mxpg_plan_pin_compiled(const MxpgCompiled *compiled, MemoryContext owner)
{
	Entry *entry = find_entry(compiled->sha256);
	MxError err = {0};
	Loaded loaded;

	if (entry != NULL)
		return pin(entry, owner);
	if (keep_compiled(compiled, &loaded, &err) != MX_OK)
		mxpg_raise(&err, NULL, 0);
	return pin(add_entry(compiled->sha256, compiled->sha256, &loaded), owner);
}

MxpgPlan *
mxpg_plan_find(const uint8 *key, MemoryContext owner)
{
	Entry *entry = find_entry(key);

	return entry == NULL ? NULL : pin(entry, owner);
}

/* What is stored may have been damaged since the shared image was made. */
static MxStatus
compile_known(const MxpgVersion *version, const MxKnown *known,
              MemoryContext work, Loaded *loaded, MxError *err)
{
	MxpgCompiled compiled;
	MxpgStored stored;

	mxpg_stored_begin(&stored, version->sha256);
	(void) mxpg_compile_known(&stored.source, known, work, &compiled, err);
	mxpg_stored_end(&stored);
	if (err->status == MX_OK &&
	    memcmp(compiled.sha256, version->sha256, MXPG_SHA256_SIZE) != 0)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "checksum does not match");
	return err->status == MX_OK ? load_private(compiled.writer, loaded, err)
	                            : err->status;
}

MxpgPlan *
mxpg_plan_pin_known(const MxpgVersion *version, const MxKnown *known,
                    const uint8 *key, MemoryContext owner)
{
	MemoryContext work = AllocSetContextCreate(
	    CurrentMemoryContext, "model_ext compile", ALLOCSET_DEFAULT_SIZES);
	Loaded loaded = {0};
	MxError err = {0};

	(void) compile_known(version, known, work, &loaded, &err);
	MemoryContextDelete(work);
	if (err.status == MX_ERR_CANCELED)
		mxpg_raise(&err, version->name, version->version);
	if (err.status == MX_OK)
		return pin(add_entry(key, version->sha256, &loaded), owner);
	if (loaded.context != NULL)
		MemoryContextDelete(loaded.context);
	return NULL;
}

void
mxpg_plan_count(const uint8 *sha256, int pins, int hits)
{
	Entry *entry = hash_search(entries, sha256, HASH_FIND, NULL);

	Assert(entry != NULL);
	entry->n_pins += pins;
	entry->n_hits += hits;
	if (hits == 0)
		return;
	dlist_move_head(&by_use, &entry->by_use);
	trim_cache();
}

static bytea *
make_bytes(const uint8 *sha256)
{
	bytea *bytes = palloc(VARHDRSZ + MXPG_SHA256_SIZE);

	SET_VARSIZE(bytes, VARHDRSZ + MXPG_SHA256_SIZE);
	memcpy(VARDATA(bytes), sha256, MXPG_SHA256_SIZE);
	return bytes;
}

PG_FUNCTION_INFO_V1(model_ext_cached_plans);

Datum
model_ext_cached_plans(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	dlist_iter iter;

	InitMaterializedSRF(fcinfo, 0);
	dlist_foreach(iter, &by_use)
	{
		Entry *entry = dlist_container(Entry, by_use, iter.cur);
		bool nulls[5] = {false};
		Datum values[5];

		values[0] = PointerGetDatum(make_bytes(entry->public.sha256));
		values[1] = Int64GetDatum((int64) entry->size);
		values[2] = BoolGetDatum(entry->is_shared);
		values[3] = Int64GetDatum(entry->n_hits);
		values[4] = Int32GetDatum(entry->n_pins);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}
