/* test_words.c */
/* Words of a text, many bytes at a time, against a plain search. */
#include "engine_kit.h"
#include "long.h"

#include "kernel/twins.h"

#define MOST_TERMS 300
#define MOST_BYTES 1200
#define TERM_BYTES 64
#define TEXTS 8
/* Texts. */
#define FEW_TEXTS 6000

static uint64_t state = 88172645463325252;
static size_t n_texts;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* Characters and whether words have them; each is its own lower case. */
typedef struct Character
{
	const char *bytes;
	bool is_word;
} Character;

static const Character characters[] = {
    {"a", true},
    {"b", true},
    {"z", true},
    {"0", true},
    {"9", true},
    {"_", true},
    {" ", false},
    {"-", false},
    {"@", false},
    {"[", false},
    {"`", false},
    {"{", false},
    {"/", false},
    {":", false},
    {"\xc3\xa9", true},
    {"\xe6\x97\xa5", true},
    {"\xe2\x80\x94", false},
    {"\x7f", false},
};

#define PLAIN_CHARACTERS 14

/* A text as it is scored, and what it is in lower case. */
typedef struct Sample
{
	char bytes[MOST_BYTES];
	char lower[MOST_BYTES];
	size_t size;
} Sample;

/* Mostly short words of a few plain letters; now and then anything. */
static void
make_sample(Sample *sample, size_t most)
{
	size_t letters = below(3) == 0 ? 18 : PLAIN_CHARACTERS;
	size_t spaces = 2 + below(5) * below(12);
	size_t i;

	sample->size = 0;
	while (sample->size + 4 < most)
	{
		const Character *c =
		    &characters[below(4) == 0 ? below(letters) : below(3)];

		if (below(spaces) == 0)
			c = &characters[6];
		for (i = 0; c->bytes[i] != 0; i++)
		{
			char byte = c->bytes[i];
			bool is_capital = byte >= 'a' && byte <= 'z' && below(4) == 0;

			sample->lower[sample->size] = byte;
			sample->bytes[sample->size++] =
			    is_capital ? (char) (byte - 32) : byte;
		}
	}
}

/* The words that count, in order. */
typedef struct Words
{
	MxText words[MOST_BYTES];
	size_t n;
} Words;

static const Character *
character_at(const char *bytes)
{
	size_t i = 0;

	while (strncmp(bytes, characters[i].bytes, strlen(characters[i].bytes)) !=
	       0)
		i++;
	return &characters[i];
}

static bool
is_among(const MxText *texts, size_t n, MxText text)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (mx_text_equals(texts[i], text))
			return true;
	return false;
}

static void
cut(const Sample *sample, const MxCount *count, Words *out)
{
	MxText word = {sample->lower, 0};
	size_t n = 0; /* characters of the word */
	size_t at = 0;

	out->n = 0;
	while (at <= sample->size)
	{
		const Character *c =
		    at < sample->size ? character_at(sample->lower + at) : NULL;

		if (c != NULL && c->is_word)
		{
			word.size += strlen(c->bytes);
			n++;
		}
		else
		{
			if (n >= count->min_token_size && n > 0 &&
			    !is_among(count->stop_words, count->n_stop_words, word))
				out->words[out->n++] = word;
			word = (MxText){
			    sample->lower + at + (c == NULL ? 0 : strlen(c->bytes)), 0};
			n = 0;
		}
		at += c == NULL ? 1 : strlen(c->bytes);
	}
}

/* n words with blanks between them; false when that is too long. */
static bool
join(const MxText *words, size_t n, char *bytes, MxText *out)
{
	size_t i;

	*out = (MxText){bytes, 0};
	for (i = 0; i < n; i++)
	{
		if (out->size + words[i].size + 1 > TERM_BYTES)
			return false;
		if (i > 0)
			bytes[out->size++] = ' ';
		memcpy(bytes + out->size, words[i].data, words[i].size);
		out->size += words[i].size;
	}
	return true;
}

static void
expect(const Words *words, const MxCount *count, double *counts)
{
	char bytes[TERM_BYTES];
	MxText term;
	size_t i;
	size_t n;
	size_t t;

	memset(counts, 0, count->n_terms * sizeof(*counts));
	for (n = count->min_n; n <= count->max_n; n++)
		for (i = 0; i + n <= words->n; i++)
		{
			if (!join(words->words + i, n, bytes, &term))
				continue;
			for (t = 0; t < count->n_terms; t++)
				if (mx_text_equals(count->terms[t], term))
					counts[t] += 1;
		}
	for (t = 0; count->binary && t < count->n_terms; t++)
		counts[t] = counts[t] > 0;
}

/* Terms that some texts have, and some that none has. */
static size_t
make_terms(const Sample *samples, const MxCount *count, size_t most,
           char bytes[][TERM_BYTES], MxText *terms)
{
	static Words words;
	size_t n = 0;
	size_t i;

	for (i = 0; i < 4 * most && n < most; i++)
	{
		size_t size = count->min_n + below(count->max_n - count->min_n + 1);
		size_t first;

		cut(&samples[below(TEXTS)], count, &words);
		if (words.n < size)
			continue;
		first = below(words.n - size + 1);
		if (!join(words.words + first, size, bytes[n], &terms[n]))
			continue;
		if (terms[n].size > 0 && below(8) == 0)
			bytes[n][below(terms[n].size)] = 'q';
		n += !is_among(terms, n, terms[n]);
	}
	return n;
}

static void
check_row(const MxSparseRows *rows, size_t row, const MxCount *count,
          const double *want)
{
	size_t at = rows->start[row];
	size_t t;

	for (t = 0; t < count->n_terms; t++)
		if (want[t] != 0)
		{
			if (!CHECK(at < rows->start[row + 1]))
				return;
			CHECK(rows->columns[at] == t && rows->values[at] == want[t]);
			at++;
		}
	CHECK(at == rows->start[row + 1]);
}

static void
check_count(const Sample *samples, const MxCount *count)
{
	static Words words;
	double want[MOST_TERMS];
	MxText texts[TEXTS];
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = texts};
	uint8_t status[TEXTS];
	MxScorer *scorer;
	MxBlock out;
	size_t i;
	Kit kit;

	/* Exactly as long as the text, so that a byte too many is seen. */
	for (i = 0; i < TEXTS; i++)
	{
		char *bytes = malloc(samples[i].size + 1);

		memcpy(bytes, samples[i].bytes, samples[i].size);
		bytes = realloc(bytes, samples[i].size + (samples[i].size == 0));
		texts[i] = (MxText){bytes, samples[i].size};
	}
	kit_begin(&kit);
	CHECK_OK(mx_builder_count(kit.b, kit.in, count, &kit.answers.transform,
	                          &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, TEXTS);
	CHECK_OK(mx_scorer_run(scorer, &in, TEXTS, &out, status, &kit.err),
	         &kit.err);
	for (i = 0; i < TEXTS; i++)
	{
		cut(&samples[i], count, &words);
		expect(&words, count, want);
		check_row(out.sparse, i, count, want);
		free((char *) texts[i].data);
	}
	n_texts += TEXTS;
	kit_end(&kit);
}

static void
check_some(void)
{
	static Sample samples[TEXTS];
	static char term_bytes[MOST_TERMS][TERM_BYTES];
	static char stop_bytes[MOST_TERMS][TERM_BYTES];
	MxText terms[MOST_TERMS];
	MxText stop_words[MOST_TERMS];
	MxCount count = {.analyzer = MX_ANALYZER_WORD,
	                 .lowercase = true,
	                 .min_token_size = 1 + below(2),
	                 .min_n = 1,
	                 .max_n = 1,
	                 .terms = terms,
	                 .stop_words = stop_words,
	                 .binary = below(4) == 0};
	size_t i;

	for (i = 0; i < TEXTS; i++)
		make_sample(&samples[i], below(i == 0 ? MOST_BYTES : 150));
	if (below(3) == 0)
		count.n_stop_words =
		    make_terms(samples, &count, 1 + below(5), stop_bytes, stop_words);
	if (below(3) == 0)
	{
		count.max_n = 1 + below(3);
		count.min_n = 1 + below(count.max_n);
	}
	count.n_terms =
	    make_terms(samples, &count, 1 + below(MOST_TERMS), term_bytes, terms);
	if (count.n_terms == 0)
		return;
	check_count(samples, &count);
	mx_twin_limit = MX_TWIN_PLAIN;
	check_count(samples, &count);
	mx_twin_limit = MX_TWIN_WIDE;
}

int
main(void)
{
	while (n_texts < long_rows(FEW_TEXTS))
		check_some();
	long_report("texts by windows and by characters", n_texts);
	return check_report();
}
