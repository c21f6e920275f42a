/*
 * input.h: where an artifact comes from when it is registered.
 *
 * It is read twice, first to compile it and then to store it, so that no copy
 * of the whole is made.
 */
#ifndef MXPG_INPUT_H
#define MXPG_INPUT_H

#include "postgres.h"

#include "format/source.h"

/* Artifacts and uploads are stored in pieces of so many bytes. */
#define MXPG_CHUNK_SIZE (2 * 1024 * 1024)

typedef struct MxpgInput
{
	MxSource source;
	void (*rewind)(struct MxpgInput *input);
	void (*close)(struct MxpgInput *input);
} MxpgInput;

/* All live in the current context. */
MxpgInput *mxpg_input_bytes(const void *data, size_t size);
MxpgInput *mxpg_input_upload(int64 upload, size_t size);
/* Raises unless the user may read the large object. */
MxpgInput *mxpg_input_large_object(Oid large_object);
/* Raises unless the user is a member of pg_read_server_files. */
MxpgInput *mxpg_input_file(const char *path);

/* 54000 when the artifact is larger than model_ext.max_artifact_size. */
void mxpg_check_artifact_size(uint64 size);

#endif
