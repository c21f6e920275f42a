/*
 * parts.h: what FeatureUnion and ColumnTransformer share: outputs of several
 * transformers side by side, each with its weight.
 */
#ifndef MX_READER_PARTS_H
#define MX_READER_PARTS_H

#include "reader/reader.h"

/* Start with {0}. */
typedef struct MxParts
{
	MxNodeId *nodes;
	size_t n;
	size_t capacity;
} MxParts;

/* transformer_weights of object may have one for name. */
MxStatus mx_add_part(MxReadContext *ctx, const MxValue *object, MxText name,
                     MxNodeId node, MxParts *parts, MxError *err);

MxStatus mx_join_parts(MxReadContext *ctx, const MxValue *object,
                       const MxParts *parts, MxNodeId *out, MxError *err);

/* Items of a list of (name, transformer, ...), charged for. */
MxStatus mx_read_parts(MxReadContext *ctx, const MxValue *object,
                       const char *attr, MxItems *out, MxError *err);

/* A step that is text, not an estimator: "drop", "passthrough". */
bool mx_step_is(const MxValue *step, const char *text);

#endif
