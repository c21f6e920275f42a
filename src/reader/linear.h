/*
 * linear.h: what the readers of linear models share.
 */
#ifndef MX_READER_LINEAR_H
#define MX_READER_LINEAR_H

#include "reader/reader.h"

/* check_array() as most estimators call it: NaN and inf raise. */
#define MX_GUARD_FINITE (MX_GUARD_NAN | MX_GUARD_INFINITE)

/*
 * Checks in and makes in * coef_^T + intercept_, one column per row of coef_
 * (n_out of them).  coef_ may be sparse, as sparsify() leaves it; intercept_
 * may be one number for all.
 */
MxStatus mx_read_affine(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                        MxNodeId *out, size_t *n_out, MxError *err);

/*
 * A linear classifier without probabilities: classes, decision and label.
 * Two classes have one column, more have one each.
 */
MxStatus mx_read_linear_classifier(MxReadContext *ctx, const MxValue *object,
                                   MxNodeId in, MxAnswers *out, MxError *err);

/* The same with classes_ of another object. */
MxStatus mx_read_linear_decision(MxReadContext *ctx, const MxValue *object,
                                 const MxValue *classes, MxNodeId in,
                                 MxAnswers *out, MxError *err);

/* Probabilities of the decision, and their logarithms. */
MxStatus mx_link_decision(MxReadContext *ctx, MxLinkKind kind, MxAnswers *out,
                          MxError *err);

/* Rows of a scipy.sparse.csr matrix, dense; rank 2. */
bool mx_is_sparse_matrix(const MxValue *value);
MxStatus mx_read_sparse_matrix(MxReadContext *ctx, const MxValue *object,
                               const char *attr, const double **out,
                               size_t *rows, size_t *columns, MxError *err);

#endif
