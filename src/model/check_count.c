/* check_count.c */
/* Proof and copy of the parameters that turn a text into counts of terms. */
#include "model/check.h"

static MxStatus
check_texts(const MxText *texts, size_t n, const char *what, MxError *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (texts[i].data == NULL)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "%s %zu has no text", what, i);
	return MX_OK;
}

MxStatus
mx_check_count(const MxCount *params, MxError *err)
{
	if (params->min_n == 0 || params->min_n > params->max_n)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "range of n-grams is %zu to %zu", params->min_n,
		               params->max_n);
	if (params->min_token_size == 0)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "words may be empty");
	/* Sparse columns are 32-bit numbers. */
	if (params->n_terms > INT32_MAX)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET, "%zu terms",
		               params->n_terms);
	MX_TRY(check_texts(params->terms, params->n_terms, "term", err));
	return check_texts(params->stop_words, params->n_stop_words, "stop word",
	                   err);
}

MxStatus
mx_copy_texts(MxArena *arena, const MxText *from, size_t n, const MxText **out,
              MxError *err)
{
	MxText *to = mx_arena_array(arena, MxText, n, err);
	size_t i;

	MX_NEED(to, err);
	for (i = 0; i < n; i++)
		MX_TRY(mx_text_copy(arena, from[i], &to[i], err));
	*out = to;
	return MX_OK;
}

MxStatus
mx_copy_count(MxArena *arena, const MxCount *from, MxCount *to, MxError *err)
{
	*to = *from;
	MX_TRY(mx_copy_texts(arena, from->terms, from->n_terms, &to->terms, err));
	return mx_copy_texts(arena, from->stop_words, from->n_stop_words,
	                     &to->stop_words, err);
}
