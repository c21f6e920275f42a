/* sk_token_pattern.c */
/* Regular expressions that find runs of word characters, and no others. */
#include "reader/sk_text.h"

#include <string.h>

/* Honest sizes are 1 to 3. */
#define MAX_WORD_SIZE 1000

/* Moves at behind the prefix, when it is there. */
static bool
skip(const char **at, const char *end, const char *prefix)
{
	size_t size = strlen(prefix);

	if ((size_t) (end - *at) < size || memcmp(*at, prefix, size) != 0)
		return false;
	*at += size;
	return true;
}

/* "{3,}": at least so many. */
static bool
parse_bound(const char **at, const char *end, size_t *size)
{
	if (!skip(at, end, "{"))
		return false;
	*size = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *size < MAX_WORD_SIZE)
		*size = *size * 10 + (size_t) (*(*at)++ - '0');
	return *size > 0 && skip(at, end, ",}");
}

/*
 * An optional (?u), then \w as often as the word is long and a "+", or one \w
 * with a bound; \b on either side changes nothing.  The run is always taken as
 * a whole, for the repetition is greedy.
 */
static bool
parse_pattern(MxText pattern, bool *is_unicode, size_t *size)
{
	const char *at = pattern.data;
	const char *end = at + pattern.size;
	size_t n = 0;

	*is_unicode = skip(&at, end, "(?u)");
	skip(&at, end, "\\b");
	while (skip(&at, end, "\\w"))
		n++;
	*size = n;
	if (n == 0 || n > MAX_WORD_SIZE ||
	    (!skip(&at, end, "+") && (n > 1 || !parse_bound(&at, end, size))))
		return false;
	skip(&at, end, "\\b");
	return at == end;
}

MxStatus
mx_read_token_pattern(MxReadContext *ctx, const MxValue *object,
                      size_t *min_size, MxError *err)
{
	const char *attr = "token_pattern";
	char quoted[MX_QUOTED_SIZE];
	bool is_unicode;
	MxText pattern;

	MX_TRY(mx_read_text(ctx, object, attr, &pattern, err));
	if (pattern.data == NULL)
		return mx_malformed(ctx, object, attr, "is None", err);
	/* Python 2, up to 0.20, took \w for ASCII unless told otherwise. */
	if (!parse_pattern(pattern, &is_unicode, min_size) ||
	    (!is_unicode && ctx->version <= MX_SKLEARN(0, 20)))
		return mx_refuse(ctx, object, attr, "is %s, which is not supported",
		                 err, mx_quote(pattern, quoted));
	return MX_OK;
}
