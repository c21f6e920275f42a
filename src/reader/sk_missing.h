/*
 * sk_missing.h: what imputers and indicators share.
 */
#ifndef MX_READER_SK_MISSING_H
#define MX_READER_SK_MISSING_H

#include "reader/reader.h"

/* missing_values; NaN, None and pandas.NA are what NULL is anyway. */
MxStatus mx_read_missing_values(MxReadContext *ctx, const MxValue *object,
                                MxMissing *out, MxError *err);

/* features_ of a MissingIndicator: ascending, below width. */
MxStatus mx_read_missing_features(MxReadContext *ctx, const MxValue *indicator,
                                  size_t width, const size_t **out, size_t *n,
                                  MxError *err);

/*
 * Some columns of a node, in order, cut into runs of one kind; next is where
 * the following run starts.
 */
typedef struct MxColumnRun
{
	const size_t *columns;
	size_t n;
	MxColumnKind kind;
} MxColumnRun;

MxColumnRun mx_next_run(const size_t *columns, size_t n,
                        const MxColumnKind *kinds, size_t *next);

/*
 * Nodes side by side: one indicator per run of columns.  parts has room for
 * n; *n_parts is where to go on.
 */
MxStatus mx_build_indicators(MxReadContext *ctx, MxNodeId in,
                             const MxMissing *missing, const size_t *columns,
                             size_t n, const MxColumnKind *kinds,
                             MxNodeId *parts, size_t *n_parts, MxError *err);

#endif
