/*
 * reader.h: document to model graph.
 *
 * The way in is mx_model_read.  The rest is what the readers of classes use:
 * one file per estimator in reader/sklearn/, each ending in one
 * "const MxClassReader mx_sklearn_FILE = {...}", found by the build.
 */
#ifndef MX_READER_READER_H
#define MX_READER_READER_H

#include "base/limits.h"
#include "format/array.h"
#include "format/artifact.h"
#include "format/value.h"
#include "model/builder.h"

/*
 * The decompressed bytes and the document arena come from heap, as arena does,
 * and are gone on return, before compiling starts; the model lives in arena,
 * and the bytes with it when it has large matrices among them.  On failure
 * the arena holds only rubbish: destroy it.  format may be NULL; on failure
 * it holds what was found out before, its container NULL when that is nothing.
 */
MxStatus mx_model_read(const MxSource *source, const MxLimits *limits,
                       const MxHeap *heap, MxArena *arena, const MxModel **out,
                       MxArtifactFormat *format, MxError *err);

/* Newest scikit-learn release this library was tested with. */
#define MX_NEWEST_SKLEARN MX_SKLEARN(1, 9)
#define MX_SKLEARN(major, minor) ((major) *100 + (minor))

typedef struct MxReadContext
{
	MxBuilder *builder;
	MxArena *scratch; /* the document's arena: dies after reading */
	const MxLimits *limits;
	/*
	 * Of the nearest scikit-learn ancestor: MX_SKLEARN(1, 4) for 1.4.2; 17
	 * when the file does not say.
	 */
	int version;
	const char *class_name; /* of the object being read, for messages */
	char path[160];         /* attribute path of the object being read */
	unsigned depth;         /* estimators around it */
	size_t work;            /* see mx_charge */
} MxReadContext;

typedef struct MxClassName
{
	const char *name; /* last part: modules move, leaf names stay */
	const char *root; /* package the module must start with, "sklearn" */
} MxClassName;

typedef struct MxClassReader
{
	const MxClassName *classes; /* ends with a NULL name */
	/* For docs/supported.md: what is not read, in a sentence; or NULL. */
	const char *limits;
	MxStatus (*read)(MxReadContext *ctx, const MxValue *object, MxNodeId in,
	                 MxAnswers *out, MxError *err);
} MxClassReader;

/* NULL when no reader has that class. */
const MxClassReader *mx_find_class_reader(const MxGlobal *class_name);
/* All readers, for the generator of docs/supported.md. */
const MxClassReader *const *mx_class_readers(size_t *n);

/*
 * Reads an estimator held in attribute attr of object, or any value (label is
 * its piece of the path: "steps[1]").  *out is zeroed first.  An unread class
 * is MX_ERR_UNSUPPORTED and names class and path.
 */
MxStatus mx_read_child(MxReadContext *ctx, const MxValue *object,
                       const char *attr, MxNodeId in, MxAnswers *out,
                       MxError *err);
MxStatus mx_read_estimator(MxReadContext *ctx, const MxValue *value,
                           const char *label, MxNodeId in, MxAnswers *out,
                           MxError *err);

/*
 * Counts steps of work that a file can ask for many times over, by sharing
 * what it holds (the items of a list, the keys that are searched), and polls.
 * MX_ERR_LIMIT when it is more than any honest file needs.
 */
MxStatus mx_charge(MxReadContext *ctx, size_t steps, MxError *err);

/*
 * Attributes.  Each getter checks kind, element type and rank; when one is
 * not as expected the message names class and path.  Arrays come from the
 * scratch arena (or are the artifact's bytes); numbers must be finite unless
 * the getter is told otherwise.
 */
#define MX_FINITE 0u
#define MX_ALLOW_NAN 1u
#define MX_ALLOW_INFINITE 2u
#define MX_ANY_SIZE ((size_t) -1)

/* Present and not None. */
bool mx_has(const MxValue *object, const char *attr);
/* The raw value; missing is MX_ERR_MALFORMED. */
MxStatus mx_read_value(MxReadContext *ctx, const MxValue *object,
                       const char *attr, const MxValue **out, MxError *err);
/* n: the length wanted, or MX_ANY_SIZE; *n_out may be NULL. */
MxStatus mx_read_vector(MxReadContext *ctx, const MxValue *object,
                        const char *attr, unsigned flags, size_t n,
                        const double **out, size_t *n_out, MxError *err);
/* rank 2; rows, columns: wanted, or MX_ANY_SIZE. A vector is one row. */
MxStatus mx_read_matrix(MxReadContext *ctx, const MxValue *object,
                        const char *attr, unsigned flags, size_t rows,
                        size_t columns, const double **out, size_t *rows_out,
                        size_t *columns_out, MxError *err);
MxStatus mx_read_integers(MxReadContext *ctx, const MxValue *object,
                          const char *attr, size_t n, const int64_t **out,
                          size_t *n_out, MxError *err);
MxStatus mx_read_number(MxReadContext *ctx, const MxValue *object,
                        const char *attr, unsigned flags, double *out,
                        MxError *err);
MxStatus mx_read_integer(MxReadContext *ctx, const MxValue *object,
                         const char *attr, int64_t *out, MxError *err);
/* Absent or None gives the default. */
MxStatus mx_read_bool(MxReadContext *ctx, const MxValue *object,
                      const char *attr, bool otherwise, bool *out,
                      MxError *err);
/* *out is missing when the attribute is absent or None. */
MxStatus mx_read_text(MxReadContext *ctx, const MxValue *object,
                      const char *attr, MxText *out, MxError *err);
/*
 * Index of the attribute's text among choices (ends with NULL); absent or
 * None gives the first.  Any other value is refused by name.
 */
MxStatus mx_read_choice(MxReadContext *ctx, const MxValue *object,
                        const char *attr, const char *const *choices,
                        size_t *out, MxError *err);
/* List, tuple, set, or an array's elements as values. */
MxStatus mx_read_items(MxReadContext *ctx, const MxValue *object,
                       const char *attr, MxItems *out, MxError *err);
/* Any list-like value as values; attr is for messages. */
MxStatus mx_value_items(MxReadContext *ctx, const MxValue *value,
                        const char *attr, MxItems *out, MxError *err);

/* classes_ of a classifier (numbers, bools or texts) into *out. */
MxStatus mx_read_classes(MxReadContext *ctx, const MxValue *object,
                         const char *attr, MxClasses *out, MxError *err);
/* The same from a value. */
MxStatus mx_value_classes(MxReadContext *ctx, const MxValue *value,
                          const char *attr, MxClasses *out, MxError *err);
/* Sets out->classes and n_outputs = 1. */
MxStatus mx_set_classes(MxReadContext *ctx, const MxValue *object,
                        MxAnswers *out, size_t *n_classes, MxError *err);

/*
 * n_features_in_ (or what older releases call it) against the width of in,
 * and feature_names_in_ for the model's inputs when in is the input node.
 * Call it first with the width the parameters show.
 */
MxStatus mx_expect_features(MxReadContext *ctx, const MxValue *object,
                            MxNodeId in, size_t n, MxError *err);

/*
 * Both begin the message: attribute "ATTR" of CLASS (or CLASS alone when attr
 * is NULL), and fmt goes on: "has %zu elements, expected %zu", "is %s, which
 * is not supported".  The path of a nested estimator becomes the detail.
 *
 * What we cannot do: MX_ERR_UNSUPPORTED.
 */
MxStatus mx_refuse(MxReadContext *ctx, const MxValue *object, const char *attr,
                   const char *fmt, MxError *err, ...)
    __attribute__((format(printf, 4, 6)));
/* Breaks the estimator's own rules: MX_ERR_MALFORMED with path. */
MxStatus mx_malformed(MxReadContext *ctx, const MxValue *object,
                      const char *attr, const char *fmt, MxError *err, ...)
    __attribute__((format(printf, 4, 6)));

#define MX_SHOWN_SIZE 160
/*
 * A value for a message: "text", 12, None, function "numpy.log1p", an object
 * of class "a.B", ...  Returns buffer.
 */
const char *mx_show_value(const MxValue *value, char buffer[MX_SHOWN_SIZE]);

/* JSON of classes, parameters and steps for catalog and people. */
MxStatus mx_describe(const MxValue *root, MxArena *scratch, MxArena *arena,
                     MxText *out, MxError *err);

#endif
