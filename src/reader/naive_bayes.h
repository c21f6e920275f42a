/*
 * naive_bayes.h: what the readers of naive Bayes share.
 */
#ifndef MX_READER_NAIVE_BAYES_H
#define MX_READER_NAIVE_BAYES_H

#include "reader/reader.h"

/* Label and probabilities from the joint log likelihood, a column a class. */
MxStatus mx_answer_likelihood(MxReadContext *ctx, MxNodeId likelihood,
                              MxAnswers *out, MxError *err);

#endif
