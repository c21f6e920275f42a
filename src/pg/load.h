/*
 * load.h: from stored bytes to a plan image, and where images are kept.
 */
#ifndef MXPG_LOAD_H
#define MXPG_LOAD_H

#include "postgres.h"

#include "format/artifact.h"
#include "format/source.h"
#include "op/image.h"
#include "pg/catalog.h"
#include "pg/mxpg.h"

/* ---- hash.c ------------------------------------------------------------ */

typedef struct pg_cryptohash_ctx MxpgHash;

MxpgHash *mxpg_hash_begin(void);
void mxpg_hash_add(MxpgHash *hash, const void *data, size_t size);
void mxpg_hash_end(MxpgHash *hash, uint8 sha256[MXPG_SHA256_SIZE]);

/* ---- load.c ------------------------------------------------------------ */

typedef struct MxpgCompiled
{
	/* Known whether or not the artifact can be read. */
	uint8 sha256[MXPG_SHA256_SIZE];
	size_t size;             /* stored bytes */
	MxArtifactFormat format; /* container NULL: not found out */
	/* The image, not laid out yet; NULL on failure. */
	MxImageWriter *writer;
} MxpgCompiled;

/*
 * Reads source to its end and compiles what it holds; everything made is in
 * context.
 */
MxStatus mxpg_compile(const MxSource *source, MemoryContext context,
                      MxpgCompiled *out, MxError *err);

/* The same for rows that hold what is known, one of known for each input. */
MxStatus mxpg_compile_known(const MxSource *source, const MxKnown *known,
                            MemoryContext context, MxpgCompiled *out,
                            MxError *err);

/* The image in memory of context; MX_ERR_NO_MEMORY when there is none. */
MxStatus mxpg_image_to_memory(MxImageWriter *writer, MemoryContext context,
                              const void **image, size_t *size, MxError *err);

/* ---- stored.c ---------------------------------------------------------- */

/* The bytes of a registered artifact, in order. */
typedef struct MxpgStored
{
	MxSource source;
	MxpgScan scan;
	MemoryContext context; /* where it was begun */
	MemoryContext piece;   /* holds the current piece */
	int next_seq;
	bool is_done;
} MxpgStored;

/* For artifact_chunk; total is looked up. */
void mxpg_stored_begin(MxpgStored *stored, const uint8 *sha256);
/* For upload_chunk. */
void mxpg_uploaded_begin(MxpgStored *stored, int64 upload, size_t total);
void mxpg_stored_end(MxpgStored *stored);

/* XX001 when the bytes are not those that were registered. */
void mxpg_check_sha256(const MxpgVersion *version, const uint8 *found);

/* ---- image_file.c ------------------------------------------------------ */

/*
 * Maps the shared image of an artifact, until owner is reset or deleted.
 * false when there is none, or none that is whole.
 */
bool mxpg_image_map(const uint8 *sha256, MemoryContext owner,
                    const void **image, size_t *size);
/* The shared image turned out unusable. */
void mxpg_image_forget(const uint8 *sha256);
/* false when the file cannot be made; the reason is logged once. */
bool mxpg_image_share(const uint8 *sha256, MxImageWriter *writer);

/* ---- cache.c ----------------------------------------------------------- */

/* As mxpg_plan_pin, for an artifact that has just been compiled. */
MxpgPlan *mxpg_plan_pin_compiled(const MxpgCompiled *compiled,
                                 MemoryContext owner);

/* A plan for rows of which something is known; NULL when it is not there. */
MxpgPlan *mxpg_plan_find(const uint8 *key, MemoryContext owner);
/*
 * Compiles it, for this session alone.  NULL when that cannot be done, for
 * memory or another reason; raises only when the query is canceled.
 */
MxpgPlan *mxpg_plan_pin_known(const MxpgVersion *version, const MxKnown *known,
                              const uint8 *key, MemoryContext owner);

#endif
