/* artifact.c */
/* Stored bytes to the inert document: unpack, then parse. */
#include "format/artifact.h"
#include "format/container.h"
#include "format/pickle.h"

#include <string.h>

MxStatus
mx_artifact_parse(const MxSource *source, const MxLimits *limits,
                  const MxHeap *heap, MxArena *arena, MxDocument *document,
                  MxError *err)
{
	MxArtifactFormat *format = &document->format;

	memset(document, 0, sizeof(*document));
	format->format = "pickle";
	MX_TRY(mx_container_unpack(source, limits, heap, &document->bytes,
	                           &format->size_uncompressed, &format->container,
	                           err));
	return mx_pickle_parse(document->bytes, format->size_uncompressed, limits,
	                       arena, &document->root, format, err);
}
