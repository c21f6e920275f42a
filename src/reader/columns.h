/*
 * columns.h: which columns a transformer of a ColumnTransformer takes.
 */
#ifndef MX_READER_COLUMNS_H
#define MX_READER_COLUMNS_H

#include "reader/reader.h"

typedef struct MxColumns
{
	size_t n;
	size_t *indexes; /* each below the width of in */
} MxColumns;

/*
 * Resolves names, positions (negative ones count from the end), slices of
 * either, masks, or a single name or position.  attr is for messages.
 */
MxStatus mx_resolve_columns(MxReadContext *ctx, const MxValue *object,
                            const char *attr, const MxValue *columns,
                            MxNodeId in, MxColumns *out, MxError *err);

#endif
