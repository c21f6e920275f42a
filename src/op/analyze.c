/* analyze.c */
/* Cuts a text into words or characters, as CountVectorizer's analyzers do. */
#include "op/analyze.h"

#include "kernel/ascii.h"
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

/* size bytes of ASCII are a word. */
static MxStatus
add_ascii_word(const void *image, const MxImageCount *params, MxNgrams *g,
               const char *bytes, size_t size, MxError *err)
{
	if (size < params->min_token_size)
		return MX_OK;
	/* A word alone, of which the window has all bytes. */
	if (g->max_n == 1 && !params->has_stop_words && size <= MX_PACKED_TEXT)
		return mx_ngrams_find_short(g, bytes, size, err);
	mx_ngrams_put_piece(g, bytes, size);
	return end_word(image, params, g, size, err);
}

/*
 * The words of a window before the byte `end`.  *out is where to go on: at
 * end, or at a word that may not end there.
 */
static MxStatus
add_ascii_words(const void *image, const MxImageCount *params, MxNgrams *g,
                const MxAsciiWindow *window, size_t end, bool is_last,
                size_t *out, MxError *err)
{
	uint64_t words = window->words;

	if (end < MX_ASCII_WINDOW)
		words &= ((uint64_t) 1 << end) - 1;
	*out = end;
	while (words != 0)
	{
		size_t start = mx_lowest_bit(words);
		uint64_t rest = ~(words >> start);
		size_t size = rest == 0 ? MX_ASCII_WINDOW : mx_lowest_bit(rest);

		if (start + size == end && !is_last)
		{
			*out = start;
			return MX_OK;
		}
		MX_TRY(
		    add_ascii_word(image, params, g, window->bytes + start, size, err));
		/* Carries run through the word and leave those behind it. */
		words &= words + ((uint64_t) 1 << start);
	}
	return MX_OK;
}

/*
 * Goes over words of plain ASCII as far as they reach, and stops where
 * characters have to be looked at one by one, if only for a word.
 */
static MxStatus
skip_ascii_words(const void *image, const MxImageCount *params, MxCharacters *c,
                 MxNgrams *g, MxError *err)
{
	const char *end = c->text.data + c->text.size;
	MxAsciiWindow window;

	while (c->at < end && mx_characters_is_settled(c))
	{
		size_t left = (size_t) (end - c->at);
		size_t stop = left < MX_ASCII_WINDOW ? left : MX_ASCII_WINDOW;
		bool has_others;
		size_t done;

		mx_kernel_ascii(c->at, left, c->lowercase, &window);
		has_others = window.others != 0;
		if (has_others)
			stop = mx_lowest_bit(window.others);
		MX_TRY(mx_ngrams_poll(g, stop, err));
		MX_TRY(add_ascii_words(image, params, g, &window, stop, stop == left,
		                       &done, err));
		c->at += done;
		if (has_others || done == 0)
			break;
	}
	return MX_OK;
}

/*
 * Maximal runs of word characters, as \b\w\w+\b or \b\w+\b find them: plain
 * ones many bytes at a time, then one character by character.
 */
static MxStatus
analyze_words(const void *image, const MxImageCount *params, MxCharacters *c,
              MxNgrams *g, MxError *err)
{
	size_t n = 0; /* characters of the word so far */
	uint32_t code;

	MX_TRY(skip_ascii_words(image, params, c, g, err));
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
			MX_TRY(skip_ascii_words(image, params, c, g, err));
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

static MxStatus
analyze(const void *image, const MxImageCount *params, MxCharacters *c,
        MxNgrams *g, MxError *err)
{
	switch ((MxAnalyzer) params->analyzer)
	{
		case MX_ANALYZER_WORD:
			return analyze_words(image, params, c, g, err);
		case MX_ANALYZER_CHAR:
			return analyze_characters(c, g, err);
		case MX_ANALYZER_CHAR_WB:
			return analyze_padded_words(c, g, err);
	}
	return MX_OK;
}

MxStatus
mx_analyze(const void *image, const MxImageCount *params, MxText text,
           MxNgrams *g, MxError *err)
{
	MxCharacters c;

	mx_ngrams_clear(g);
	mx_characters_begin(&c, text, params->lowercase != 0,
	                    (MxStripAccents) params->accents);
	MX_TRY(analyze(image, params, &c, g, err));
	return mx_ngrams_settle(g, err);
}
