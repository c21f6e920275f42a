/*
 * sk_predictor.h: the trees of HistGradientBoosting*, which compare float64
 * and know categories.
 */
#ifndef MX_READER_SK_PREDICTOR_H
#define MX_READER_SK_PREDICTOR_H

#include "reader/sk_tree.h"

/*
 * All TreePredictors of _predictors, stage by stage, as one ensemble with
 * n_outputs trees per stage; out->trees.base is still to be set.
 */
MxStatus mx_read_predictors(MxReadContext *ctx, const MxValue *object,
                            size_t n_features, size_t n_outputs,
                            MxTreeArrays *out, MxError *err);

/*
 * Bits of the categories that were seen, (n_features, MX_BITSET_WORDS), in
 * the model's arena; NULL when no feature has categories.
 */
MxStatus mx_read_known_categories(MxReadContext *ctx, const MxValue *object,
                                  size_t n_features, const uint32_t **out,
                                  MxError *err);

#endif
