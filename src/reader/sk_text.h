/*
 * sk_text.h: what the readers of vectorizers share.
 */
#ifndef MX_READER_SK_TEXT_H
#define MX_READER_SK_TEXT_H

#include "reader/reader.h"

#define MX_N_ENGLISH_STOP_WORDS 318
extern const MxText mx_english_stop_words[MX_N_ENGLISH_STOP_WORDS];

/* The shortest word that token_pattern finds; other patterns are refused. */
MxStatus mx_read_token_pattern(MxReadContext *ctx, const MxValue *object,
                               size_t *min_size, MxError *err);

/* A fitted TfidfTransformer, reading in as it is. */
MxStatus mx_read_tfidf(MxReadContext *ctx, const MxValue *object, MxNodeId in,
                       MxNodeId *out, MxError *err);

#endif
