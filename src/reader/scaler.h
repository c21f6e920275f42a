/*
 * scaler.h: what the readers of scalers share.
 */
#ifndef MX_READER_SCALER_H
#define MX_READER_SCALER_H

#include "reader/reader.h"

/*
 * Checks in as scalers do (NaN passes from 0.20 on) and makes the scale node;
 * in itself when there is nothing to do.  params->n may be MX_ANY_SIZE when
 * first and second are NULL.
 */
MxStatus mx_make_scaler(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                        const MxScale *params, MxNodeId *out, MxError *err);

/* in times weight, as unions and column transformers weight their parts. */
MxStatus mx_make_weighted(MxReadContext *ctx, MxNodeId in, double weight,
                          MxNodeId *out, MxError *err);

/* With copy=False a step overwrites what it reads. */
MxStatus mx_note_copy(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                      MxError *err);

#endif
