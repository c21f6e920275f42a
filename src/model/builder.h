/*
 * builder.h: how readers make a model graph.
 *
 * Each function checks its parameters against the node it reads (widths,
 * shapes, indexes) and copies what it keeps into the builder's arena.
 */
#ifndef MX_MODEL_BUILDER_H
#define MX_MODEL_BUILDER_H

#include "base/arena.h"
#include "model/model.h"

typedef struct MxBuilder MxBuilder;

/* Width of an input whose number of columns is not known yet. */
#define MX_OPEN_WIDTH ((size_t) -1)

/* A builder with its input node, which is mx_builder_input(), still open. */
MxStatus mx_builder_create(MxArena *arena, MxBuilder **out, MxError *err);

/*
 * Large matrices of linear models that lie within bytes are not copied: then
 * mx_builder_borrows() says that bytes must live as long as the model.
 */
void mx_builder_lend(MxBuilder *b, const void *bytes, size_t size);
bool mx_builder_borrows(const MxBuilder *b);

MxNodeId mx_builder_input(const MxBuilder *b);
/* MX_OPEN_WIDTH for an open input. */
size_t mx_builder_width(const MxBuilder *b, MxNodeId node);
MxArena *mx_builder_arena(const MxBuilder *b);

/* What readers tell each other of a node; no part of the model. */
typedef enum MxNote
{
	MX_NOTE_INTEGERS = 1,   /* its columns are int32 or int64 */
	MX_NOTE_NARROW = 2,     /* of a smaller type, or of an unsigned one */
	MX_NOTE_OVERWRITTEN = 4 /* a step with copy=False works in its memory */
} MxNote;

void mx_builder_note(MxBuilder *b, MxNodeId node, MxNote note);
/* The first two are those of what a view shows, too. */
bool mx_builder_has_note(const MxBuilder *b, MxNodeId node, MxNote note);

/*
 * Does that column come from a node that replaces missing values, as it is?
 * *steps grows by the nodes that were looked at.
 */
bool mx_builder_is_imputed(const MxBuilder *b, MxNodeId node, size_t column,
                           size_t *steps);

/*
 * An estimator says that it takes n columns of in.  Fixes the width of an open
 * input, else MX_ERR_MALFORMED unless they agree; what names the estimator.
 */
MxStatus mx_builder_expect_width(MxBuilder *b, MxNodeId in, size_t n,
                                 const char *what, MxError *err);

/*
 * The artifact's own names for the model's inputs (feature_names_in_).  Fixes
 * the width.  A second call must give the same names.  No two may be alike.
 */
MxStatus mx_builder_name_inputs(MxBuilder *b, const MxText *names, size_t n,
                                MxError *err);

/*
 * Index of a named column of in, which must be the input node.  An input
 * that is still open gains a column when the name is new.
 */
MxStatus mx_builder_input_index(MxBuilder *b, MxNodeId in, MxText name,
                                size_t *index, MxError *err);

/* One function per node kind; *out is the new node. */
MxStatus mx_builder_select(MxBuilder *b, MxNodeId in, const MxSelect *params,
                           MxNodeId *out, MxError *err);
MxStatus mx_builder_concat(MxBuilder *b, const MxNodeId *in, size_t n_in,
                           MxNodeId *out, MxError *err);
/* Gives in itself when an equal or stricter guard is already on it. */
MxStatus mx_builder_guard(MxBuilder *b, MxNodeId in, unsigned flags,
                          MxNodeId *out, MxError *err);
MxStatus mx_builder_scale(MxBuilder *b, MxNodeId in, const MxScale *params,
                          MxNodeId *out, MxError *err);
MxStatus mx_builder_impute(MxBuilder *b, MxNodeId in, const MxImpute *params,
                           MxNodeId *out, MxError *err);
MxStatus mx_builder_indicator(MxBuilder *b, MxNodeId in,
                              const MxIndicator *params, MxNodeId *out,
                              MxError *err);
MxStatus mx_builder_categorize(MxBuilder *b, MxNodeId in,
                               const MxCategorize *params, MxNodeId *out,
                               MxError *err);
MxStatus mx_builder_expand(MxBuilder *b, MxNodeId in, const MxExpand *params,
                           MxNodeId *out, MxError *err);
MxStatus mx_builder_function(MxBuilder *b, MxNodeId in,
                             const MxFunction *params, MxNodeId *out,
                             MxError *err);
MxStatus mx_builder_affine(MxBuilder *b, MxNodeId in, const MxAffine *params,
                           MxNodeId *out, MxError *err);
/*
 * base_in: node whose n_outputs columns are the start of the sums, or 0.  The
 * arrays are not copied, for they may be most of the model: they must live in
 * mx_builder_arena() (or in static memory).
 */
MxStatus mx_builder_trees(MxBuilder *b, MxNodeId in, MxNodeId base_in,
                          const MxTrees *params, MxNodeId *out, MxError *err);
MxStatus mx_builder_link(MxBuilder *b, MxNodeId in, const MxLink *params,
                         MxNodeId *out, MxError *err);
MxStatus mx_builder_decide(MxBuilder *b, MxNodeId in, const MxDecide *params,
                           MxNodeId *out, MxError *err);
MxStatus mx_builder_distance(MxBuilder *b, MxNodeId in,
                             const MxDistance *params, MxNodeId *out,
                             MxError *err);
MxStatus mx_builder_gaussian(MxBuilder *b, MxNodeId in,
                             const MxGaussian *params, MxNodeId *out,
                             MxError *err);
MxStatus mx_builder_count(MxBuilder *b, MxNodeId in, const MxCount *params,
                          MxNodeId *out, MxError *err);
MxStatus mx_builder_tfidf(MxBuilder *b, MxNodeId in, const MxTfidf *params,
                          MxNodeId *out, MxError *err);

/*
 * Decides the kind of every input from what reads it (two readers that
 * disagree: MX_ERR_UNSUPPORTED), checks kinds along every edge, widths and
 * indexes, and that the answers are nodes of the right width.  An input still
 * open is as wide as it has names; without any, MX_ERR_UNSUPPORTED.  Labels
 * must come from a decision among no more classes than there are.  Nothing
 * after this needs to check again.
 */
MxStatus mx_builder_finish(MxBuilder *b, const MxAnswers *answers,
                           const MxModelInfo *info, const MxModel **out,
                           MxError *err);

#endif
