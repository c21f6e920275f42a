/*
 * container.h: takes an artifact out of what it is compressed with; private.
 */
#ifndef MX_FORMAT_CONTAINER_H
#define MX_FORMAT_CONTAINER_H

#include "base/arena.h"
#include "base/limits.h"
#include "format/source.h"

/*
 * *data is taken from heap and the caller's to free, also on failure when it
 * is not NULL.  *name is that of the outermost container, "raw" without one.
 */
MxStatus mx_container_unpack(const MxSource *source, const MxLimits *limits,
                             const MxHeap *heap, const uint8_t **data,
                             size_t *size, const char **name, MxError *err);

#endif
