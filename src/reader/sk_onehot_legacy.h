/*
 * sk_onehot_legacy.h: OneHotEncoder as it was up to 0.19, for integers only;
 * 0.20 and 0.21 still have it as a mode.
 */
#ifndef MX_READER_SK_ONEHOT_LEGACY_H
#define MX_READER_SK_ONEHOT_LEGACY_H

#include "reader/reader.h"

bool mx_onehot_is_legacy(MxReadContext *ctx, const MxValue *object);
MxStatus mx_read_onehot_legacy(MxReadContext *ctx, const MxValue *object,
                               MxNodeId in, MxAnswers *out, MxError *err);

#endif
