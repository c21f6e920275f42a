/* count_vectorizer.c */
/* CountVectorizer and TfidfVectorizer: a column of texts to sparse rows. */
#include "reader/sk_categories.h"
#include "reader/sk_text.h"

static MxStatus
refuse_callable(MxReadContext *ctx, const MxValue *object, const char *attr,
                MxError *err)
{
	char shown[MX_SHOWN_SIZE];

	if (!mx_has(object, attr))
		return MX_OK;
	return mx_refuse(ctx, object, attr, "is %s, which is not supported", err,
	                 mx_show_value(mx_value_attribute(object, attr), shown));
}

/* Counts are exact in these, and what follows works in float64. */
static MxStatus
check_dtype(MxReadContext *ctx, const MxValue *object, MxDtypeKind *kind,
            size_t *size, MxError *err)
{
	MX_TRY(mx_read_dtype(ctx, object, "dtype", kind, size, err));
	if ((*kind == MX_DTYPE_FLOAT && *size == 8) ||
	    ((*kind == MX_DTYPE_INTEGER || *kind == MX_DTYPE_UNSIGNED) &&
	     *size >= 4))
		return MX_OK;
	return mx_refuse(ctx, object, "dtype",
	                 "is another type than float64, int64 or int32, which is "
	                 "not supported",
	                 err);
}

static MxStatus
read_accents(MxReadContext *ctx, const MxValue *object, MxCount *params,
             MxError *err)
{
	/* "" is as good as None. */
	static const char *const names[] = {"", "ascii", "unicode", NULL};
	size_t choice;

	MX_TRY(mx_read_choice(ctx, object, "strip_accents", names, &choice, err));
	if (choice == 0)
		params->strip_accents = MX_ACCENTS_KEEP;
	else if (choice == 1)
		params->strip_accents = MX_ACCENTS_ASCII;
	else
		params->strip_accents = ctx->version < MX_SKLEARN(0, 22)
		                            ? MX_ACCENTS_UNICODE_COMPOSED
		                            : MX_ACCENTS_UNICODE;
	return MX_OK;
}

static MxStatus
read_preprocessing(MxReadContext *ctx, const MxValue *object, MxCount *params,
                   MxError *err)
{
	static const char *const inputs[] = {"content", NULL};
	size_t choice;

	MX_TRY(mx_read_choice(ctx, object, "input", inputs, &choice, err));
	MX_TRY(refuse_callable(ctx, object, "preprocessor", err));
	MX_TRY(
	    mx_read_bool(ctx, object, "lowercase", true, &params->lowercase, err));
	return read_accents(ctx, object, params, err);
}

static MxStatus
read_ngram_range(MxReadContext *ctx, const MxValue *object, MxCount *params,
                 MxError *err)
{
	const char *attr = "ngram_range";
	int64_t bounds[2];
	MxItems items;

	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	if (items.n != 2 || !mx_value_to_integer(items.items[0], &bounds[0]) ||
	    !mx_value_to_integer(items.items[1], &bounds[1]) || bounds[0] < 1 ||
	    bounds[1] < bounds[0])
		return mx_malformed(ctx, object, attr, "is no range of sizes", err);
	params->min_n = (size_t) bounds[0];
	params->max_n = (size_t) bounds[1];
	/* Words alone are taken as they are, whatever the lower bound. */
	if (params->analyzer == MX_ANALYZER_WORD && params->max_n == 1)
		params->min_n = 1;
	return MX_OK;
}

static MxStatus
read_stop_words(MxReadContext *ctx, const MxValue *object, MxCount *params,
                MxError *err)
{
	const char *attr = "stop_words";
	char quoted[MX_QUOTED_SIZE];
	MxItems items;
	MxText *words;
	MxText name;
	size_t i;

	if (!mx_has(object, attr))
		return MX_OK;
	if (mx_value_to_text(mx_value_attribute(object, attr), &name))
	{
		if (!mx_text_is(name, "english"))
			return mx_refuse(ctx, object, attr, "is %s, which is not supported",
			                 err, mx_quote(name, quoted));
		params->n_stop_words = MX_N_ENGLISH_STOP_WORDS;
		params->stop_words = mx_english_stop_words;
		return MX_OK;
	}
	MX_TRY(mx_read_items(ctx, object, attr, &items, err));
	words = mx_arena_array(ctx->scratch, MxText, items.n, err);
	MX_NEED(words, err);
	/* What is no text equals no word. */
	for (i = 0; i < items.n; i++)
		if (mx_value_to_text(items.items[i], &words[params->n_stop_words]))
			params->n_stop_words++;
	params->stop_words = words;
	return MX_OK;
}

static MxStatus
read_analyzer(MxReadContext *ctx, const MxValue *object, MxCount *params,
              MxError *err)
{
	static const char *const names[] = {"word", "char", "char_wb", NULL};
	size_t choice;

	MX_TRY(mx_read_choice(ctx, object, "analyzer", names, &choice, err));
	params->analyzer = (MxAnalyzer) choice;
	params->min_token_size = 1;
	MX_TRY(read_ngram_range(ctx, object, params, err));
	if (params->analyzer != MX_ANALYZER_WORD)
		return MX_OK;
	MX_TRY(refuse_callable(ctx, object, "tokenizer", err));
	MX_TRY(mx_read_token_pattern(ctx, object, &params->min_token_size, err));
	return read_stop_words(ctx, object, params, err);
}

static const MxEntries *
entries_of(const MxValue *value)
{
	if (value->kind == MX_VALUE_DICT)
		return &value->as.entries;
	return value->kind == MX_VALUE_OBJECT ? &value->as.object.entries : NULL;
}

/* A dict from each term to its column. */
static MxStatus
read_vocabulary(MxReadContext *ctx, const MxValue *object, MxCount *params,
                MxError *err)
{
	const char *attr = "vocabulary_";
	const MxEntries *entries;
	const MxValue *value;
	MxText *terms;
	MxText term;
	int64_t column;
	size_t i;

	MX_TRY(mx_read_value(ctx, object, attr, &value, err));
	entries = entries_of(value);
	if (entries == NULL || entries->n == 0)
		return mx_malformed(ctx, object, attr, "has no terms", err);
	terms = mx_arena_array(ctx->scratch, MxText, entries->n, err);
	MX_NEED(terms, err);
	for (i = 0; i < entries->n; i++)
	{
		if (!mx_value_to_text(entries->keys[i], &term) ||
		    !mx_value_to_integer(entries->values[i], &column))
			return mx_malformed(ctx, object, attr,
			                    "does not lead from texts to integers", err);
		if (column < 0 || (uint64_t) column >= entries->n ||
		    terms[column].data != NULL)
			return mx_malformed(ctx, object, attr,
			                    "does not number its terms from 0", err);
		terms[column] = term;
	}
	params->n_terms = entries->n;
	params->terms = terms;
	return MX_OK;
}

static MxStatus
read_tfidf(MxReadContext *ctx, const MxValue *object, MxNodeId in,
           MxNodeId *out, MxError *err)
{
	const MxValue *tfidf;

	MX_TRY(mx_read_value(ctx, object, "_tfidf", &tfidf, err));
	return mx_read_tfidf(ctx, tfidf, in, out, err);
}

static MxStatus
read(MxReadContext *ctx, const MxValue *object, MxNodeId in, MxAnswers *out,
     MxError *err)
{
	const MxGlobal *name = mx_value_class(object);
	MxCount params = {.n_terms = 0};
	MxDtypeKind kind;
	size_t size;

	MX_TRY(check_dtype(ctx, object, &kind, &size, err));
	MX_TRY(read_preprocessing(ctx, object, &params, err));
	MX_TRY(read_analyzer(ctx, object, &params, err));
	MX_TRY(mx_read_bool(ctx, object, "binary", false, &params.binary, err));
	MX_TRY(read_vocabulary(ctx, object, &params, err));
	MX_TRY(mx_expect_features(ctx, object, in, 1, err));
	MX_TRY(mx_builder_count(ctx->builder, in, &params, &out->transform, err));
	if (name == NULL || !mx_text_is(name->name, "TfidfVectorizer"))
	{
		mx_note_dtype(ctx, out->transform, kind, size);
		return MX_OK;
	}
	return read_tfidf(ctx, object, out->transform, &out->transform, err);
}

static const MxClassName classes[] = {{"CountVectorizer", "sklearn"},
                                      {"TfidfVectorizer", "sklearn"},
                                      {NULL, NULL}};

const MxClassReader mx_sklearn_count_vectorizer = {
    .classes = classes,
    .limits =
        "token_pattern finds runs of \\w; input is \"content\"; no functions "
        "of one's own; dtype is float64, int64 or int32",
    .read = read,
};
