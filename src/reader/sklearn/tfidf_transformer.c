/* tfidf_transformer.c */
/* TfidfTransformer: counts to weighted, normalised counts. */
#include "reader/sk_text.h"

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	MX_TRY(mx_builder_guard(ctx->builder, in, MX_GUARD_NAN | MX_GUARD_INFINITE,
	                        &in, err));
	return mx_read_tfidf(ctx, object, in, &out->transform, err);
}

static const MxClassName classes[] = {{"TfidfTransformer", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_tfidf_transformer = {
    .classes = classes,
    .read = read,
};
