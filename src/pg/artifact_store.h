/*
 * artifact_store.h: the bytes of artifacts, each stored once.
 */
#ifndef MXPG_ARTIFACT_STORE_H
#define MXPG_ARTIFACT_STORE_H

#include "postgres.h"

#include "pg/input.h"
#include "pg/load.h"

/*
 * Stores an artifact unless it is there, and keeps others from dropping it
 * until the end of the transaction.  Within a writer.
 */
void mxpg_store_artifact(MxpgInput *input, const MxpgCompiled *compiled,
                         const MxPlan *plan);
/* Deletes it unless some version refers to it.  Within a writer. */
void mxpg_drop_unused_artifact(const uint8 *sha256);

/* A version-8 uuid that starts as the SHA-256 does. */
pg_uuid_t mxpg_artifact_uuid(const uint8 *sha256);

#endif
