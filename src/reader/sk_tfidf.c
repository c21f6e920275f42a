/* sk_tfidf.c */
/* The fitted part of TfidfTransformer, which TfidfVectorizer holds too. */
#include "reader/sk_text.h"

/* Up to 1.4 a diagonal matrix: row i of a csr_matrix holds column i alone. */
static MxStatus
check_diagonal(MxReadContext *ctx, const MxValue *diagonal, size_t n,
               MxError *err)
{
	const int64_t *indices;
	size_t i;

	if (!mx_has(diagonal, "indices"))
		return MX_OK; /* a dia_matrix */
	MX_TRY(mx_read_integers(ctx, diagonal, "indices", n, &indices, NULL, err));
	for (i = 0; i < n; i++)
		if (indices[i] != (int64_t) i)
			return mx_malformed(ctx, diagonal, "indices", "is not a diagonal's",
			                    err);
	return MX_OK;
}

static MxStatus
read_idf(MxReadContext *ctx, const MxValue *object, MxTfidf *params,
         MxError *err)
{
	const MxValue *diagonal;
	bool use_idf;

	if (mx_has(object, "idf_"))
		return mx_read_vector(ctx, object, "idf_", MX_FINITE, MX_ANY_SIZE,
		                      &params->idf, &params->n, err);
	MX_TRY(mx_read_bool(ctx, object, "use_idf", true, &use_idf, err));
	if (!use_idf)
		return MX_OK;
	MX_TRY(mx_read_value(ctx, object, "_idf_diag", &diagonal, err));
	MX_TRY(mx_read_matrix(ctx, diagonal, "data", MX_FINITE, 1, MX_ANY_SIZE,
	                      &params->idf, NULL, &params->n, err));
	return check_diagonal(ctx, diagonal, params->n, err);
}

MxStatus
mx_read_tfidf(MxReadContext *ctx, const MxValue *object, MxNodeId in,
              MxNodeId *out, MxError *err)
{
	static const char *const norms[] = {"", "l1", "l2", NULL};
	static const MxNorm norm_of[] = {MX_NORM_NONE, MX_NORM_L1, MX_NORM_L2};
	MxTfidf params = {.n = 0};
	size_t norm;

	MX_TRY(read_idf(ctx, object, &params, err));
	MX_TRY(mx_expect_features(
	    ctx, object, in, params.idf == NULL ? MX_ANY_SIZE : params.n, err));
	params.n = mx_builder_width(ctx->builder, in);
	if (params.n == MX_OPEN_WIDTH)
		return mx_refuse(ctx, object, NULL,
		                 "does not tell how many features it takes, which is "
		                 "not supported",
		                 err);
	MX_TRY(mx_read_bool(ctx, object, "sublinear_tf", false, &params.sublinear,
	                    err));
	MX_TRY(mx_read_choice(ctx, object, "norm", norms, &norm, err));
	params.norm = norm_of[norm];
	return mx_builder_tfidf(ctx->builder, in, &params, out, err);
}
