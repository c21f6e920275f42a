/*
 * artifact.h: stored bytes to the inert document.
 */
#ifndef MX_FORMAT_ARTIFACT_H
#define MX_FORMAT_ARTIFACT_H

#include "base/arena.h"
#include "base/limits.h"
#include "format/source.h"
#include "format/value.h"

/* What the file is, whatever it holds. */
typedef struct MxArtifactFormat
{
	const char
	    *container;     /* "raw", "zlib", "gzip", "bz2", "xz", "lzma", "lz4" */
	const char *format; /* "pickle" or "joblib" */
	int protocol;       /* the highest pickle protocol named, 0 if none */
	size_t size_uncompressed;
	size_t n_nodes; /* document items */
} MxArtifactFormat;

typedef struct MxDocument
{
	const MxValue *root;
	const uint8_t *bytes; /* uncompressed; arrays are views into them */
	MxArtifactFormat format;
} MxDocument;

/*
 * Decompresses (the container told by content, never by name) straight into
 * one buffer taken from heap, and parses it into arena.  The buffer is the
 * caller's to free through heap after the document: document->bytes, also set
 * when parsing fails; NULL when there is none.  Limits: bytes produced, ratio,
 * nodes, depth; memory is the arena's budget.
 */
MxStatus mx_artifact_parse(const MxSource *source, const MxLimits *limits,
                           const MxHeap *heap, MxArena *arena,
                           MxDocument *document, MxError *err);

#endif
