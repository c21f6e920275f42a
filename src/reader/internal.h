/*
 * internal.h: what the files of this room share and readers of classes do not
 * need.
 */
#ifndef MX_READER_INTERNAL_H
#define MX_READER_INTERNAL_H

#include "reader/reader.h"

/* Nested estimators; a document may be cyclic. */
#define MX_MAX_ESTIMATOR_DEPTH 64
/* About a second; an estimator in a pipeline costs some thousand. */
#define MX_MAX_WORK ((size_t) 500000000)

/* An attribute, or the entry of a dict; NULL when absent. */
const MxValue *mx_attribute(const MxValue *object, const char *attr);

/* The attribute, which must be there and not None. */
MxStatus mx_require(MxReadContext *ctx, const MxValue *object, const char *attr,
                    const MxValue **out, MxError *err);

/* "attribute ... is <value>, expected <expected>": MX_ERR_MALFORMED. */
MxStatus mx_wrong_kind(MxReadContext *ctx, const MxValue *object,
                       const char *attr, const MxValue *value,
                       const char *expected, MxError *err);

/* The class's full name in quotes, whatever bytes it has; returns buffer. */
const char *mx_quote_class(const MxGlobal *name, char buffer[MX_SHOWN_SIZE]);

/* A number as Python's repr() shows it; is_single: a float32's. */
#define MX_REPR_SIZE 40
const char *mx_repr_number(double number, bool is_single,
                           char buffer[MX_REPR_SIZE]);

/* Why the root of an artifact is no estimator we read. */
MxStatus mx_refuse_root(const MxValue *root, MxError *err);

/* Takes _sklearn_version of object into the context, if it has one. */
MxStatus mx_note_version(MxReadContext *ctx, const MxValue *object,
                         MxError *err);

#endif
