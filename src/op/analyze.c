/* analyze.c */
/* Cuts a text into words or characters, as CountVectorizer's analyzers do. */
#include "op/analyze.h"

#include "op/characters.h"

size_t
mx_analyze_longest(const MxImageCount *params)
{
	uint64_t longest = params->terms.longest;

	if (params->has_stop_words && params->stop_words.longest > longest)
		longest = params->stop_words.longest;
	return (size_t) longest;
}

static inline bool
is_word_character(uint32_t code)
{
	if (code < 0x80)
		return (code | 0x20) - 'a' < 26 || code - '0' < 10 || code == '_';
	return mx_is_word_character(code);
}

/* A word of n characters is complete: it counts, or is taken back. */
static MxStatus
end_word(const void *image, const MxImageCount *params, MxNgrams *g, size_t n,
         MxError *err)
{
	MxText word = mx_ngrams_piece(g);

	if (n < params->min_token_size ||
	    (params->has_stop_words && word.data != NULL &&
	     mx_lookup_find(image, &params->stop_words, word.data, word.size) !=
	         MX_LOOKUP_NONE))
	{
		mx_ngrams_drop_piece(g);
		return MX_OK;
	}
	return mx_ngrams_end_piece(g, err);
}

/* Maximal runs of word characters, as \b\w\w+\b or \b\w+\b find them. */
static MxStatus
analyze_words(const void *image, const MxImageCount *params, MxCharacters *c,
              MxNgrams *g, MxError *err)
{
	size_t n = 0; /* characters of the word so far */
	uint32_t code;

	while (mx_characters_next(c, &code))
		if (is_word_character(code))
		{
			if (n++ == 0)
				mx_ngrams_start_piece(g);
			mx_ngrams_grow_piece(g, code);
		}
		else if (n != 0)
		{
			MX_TRY(end_word(image, params, g, n, err));
			n = 0;
		}
	return n == 0 ? MX_OK : end_word(image, params, g, n, err);
}

static MxStatus
add_character(MxNgrams *g, uint32_t code, MxError *err)
{
	mx_ngrams_start_piece(g);
	mx_ngrams_grow_piece(g, code);
	return mx_ngrams_end_piece(g, err);
}

/* Two or more spaces in a row are one blank; a single one stays what it is. */
static MxStatus
analyze_characters(MxCharacters *c, MxNgrams *g, MxError *err)
{
	size_t n_spaces = 0;
	uint32_t space = ' ';
	uint32_t code;

	while (mx_characters_next(c, &code))
	{
		if (mx_is_space(code))
		{
			space = n_spaces++ == 0 ? code : ' ';
			continue;
		}
		if (n_spaces != 0)
			MX_TRY(add_character(g, space, err));
		n_spaces = 0;
		MX_TRY(add_character(g, code, err));
	}
	return n_spaces == 0 ? MX_OK : add_character(g, space, err);
}

/*
 * The blank behind a word of n characters with both blanks.  A word shorter
 * than the shortest n-gram counts once, as a whole.
 */
static MxStatus
end_padded_word(MxNgrams *g, size_t n, MxError *err)
{
	MX_TRY(add_character(g, ' ', err));
	if (n < g->min_n && n == g->n_starts)
		MX_TRY(mx_ngrams_find(g, n, err));
	mx_ngrams_clear(g);
	return MX_OK;
}

/* n-grams of characters within words, which get a blank on either side. */
static MxStatus
analyze_padded_words(MxCharacters *c, MxNgrams *g, MxError *err)
{
	size_t n = 0; /* characters of the word so far, with its first blank */
	uint32_t code;

	while (mx_characters_next(c, &code))
		if (!mx_is_space(code))
		{
			if (n == 0)
				MX_TRY(add_character(g, ' ', err));
			n += n == 0 ? 2 : 1;
			MX_TRY(add_character(g, code, err));
		}
		else if (n != 0)
		{
			MX_TRY(end_padded_word(g, n + 1, err));
			n = 0;
		}
	return n == 0 ? MX_OK : end_padded_word(g, n + 1, err);
}

MxStatus
mx_analyze(const void *image, const MxImageCount *params, MxText text,
           MxNgrams *g, MxError *err)
{
	MxCharacters c;

	mx_ngrams_clear(g);
	mx_characters_begin(&c, text, params->lowercase != 0,
	                    (MxStripAccents) params->accents);
	switch ((MxAnalyzer) params->analyzer)
	{
		case MX_ANALYZER_WORD:
			return analyze_words(image, params, &c, g, err);
		case MX_ANALYZER_CHAR:
			return analyze_characters(&c, g, err);
		case MX_ANALYZER_CHAR_WB:
			return analyze_padded_words(&c, g, err);
	}
	return MX_OK;
}
