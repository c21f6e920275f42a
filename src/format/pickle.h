/*
 * pickle.h: a pickle read as data: bytes to inert values.
 */
#ifndef MX_FORMAT_PICKLE_H
#define MX_FORMAT_PICKLE_H

#include "format/artifact.h"
#include "format/bytes.h"

/*
 * Reads one pickle that fills data to its last byte.  Fills format's name,
 * protocol and n_nodes.  Arrays and texts are views into data.
 */
MxStatus mx_pickle_parse(const uint8_t *data, size_t size,
                         const MxLimits *limits, MxArena *arena,
                         const MxValue **root, MxArtifactFormat *format,
                         MxError *err);

#endif
