/* test_text.c */
/* Characters, analyzers and weights of the vectorizers of text. */
#include "engine_kit.h"
#include "failing_heap.h"

#include "base/unicode.h"

#include <math.h>
#include <string.h>

#define T(s) MX_TEXT_LITERAL(s)

/* ---- characters -------------------------------------------------------- */

static void
check_lower(const char *text, const char *want)
{
	MxText from = mx_text_from(text);
	const char *at = from.data;
	const char *end = from.data + from.size;
	char got[64];
	size_t used = 0;

	while (at < end)
	{
		size_t start = (size_t) (at - from.data);
		uint32_t code = mx_utf8_next(&at, end);
		uint32_t lower[2];
		size_t n =
		    mx_to_lower(from, start, (size_t) (at - from.data), code, lower);
		size_t i;

		for (i = 0; i < n; i++)
			used += mx_utf8_put(lower[i], got + used);
	}
	got[used] = '\0';
	CHECK_TEXT(got, want);
}

static void
test_lower(void)
{
	check_lower("Abc\303\211 \320\226", "abc\303\251 \320\266");
	/* dotted capital I */
	check_lower("\304\260", "i\314\207");
	/* final sigma: behind a letter, not before one; alone it is none */
	check_lower("\316\237\316\243", "\316\277\317\202");
	check_lower("\316\237\316\243\316\237", "\316\277\317\203\316\277");
	check_lower("\316\243", "\317\203");
	/* a soft hyphen and an apostrophe do not count */
	check_lower("A'\316\243\302\255", "a'\317\202\302\255");
	check_lower("A\316\243'A", "a\317\203'a");
	check_lower("A\316\243 A", "a\317\202 a");
	/* beyond the basic plane */
	check_lower("\360\220\220\200", "\360\220\220\250");
}

static void
test_properties(void)
{
	char hangul[MX_HANGUL_SIZE];

	CHECK(mx_is_word_character('_') && mx_is_word_character('7'));
	CHECK(mx_is_word_character(0xBD) && mx_is_word_character(0x4E00));
	CHECK(!mx_is_word_character('-') && !mx_is_word_character(0x301));
	CHECK(mx_is_space(0x1F) && mx_is_space(0x2003) && !mx_is_space(0x200B));
	CHECK(mx_combining_class(0x301) == 230 && mx_combining_class('a') == 0);
	CHECK(mx_text_is(mx_decomposition(0xE9, hangul), "e\314\201"));
	CHECK(mx_text_is(mx_decomposition(0xFB01, hangul), "fi"));
	CHECK(mx_text_is(mx_decomposition(0xAC01, hangul),
	                 "\341\204\200\341\205\241\341\206\250"));
	CHECK(mx_decomposition('a', hangul).size == 0);
	CHECK(!mx_is_word_character(0x110000) && !mx_is_space(UINT32_MAX));
}

static void
test_utf8(void)
{
	/* overlong, surrogate, too large, cut, stray: a replacement for a byte */
	static const char *const bad[] = {"\300\200", "\355\240\200",
	                                  "\364\220\200\200", "\342\202", "\200"};
	char out[MX_UTF8_SIZE];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		const char *at = bad[i];

		CHECK(mx_utf8_next(&at, bad[i] + strlen(bad[i])) == 0xFFFD);
		CHECK(at == bad[i] + 1);
	}
	CHECK(mx_utf8_put(0x1F600, out) == 4);
	CHECK(memcmp(out, "\360\237\230\200", 4) == 0);
}

/* ---- analyzers --------------------------------------------------------- */

/* Counts of the terms in one text, as "0x1 3x2 ". */
static void
check_counts(const MxCount *params, MxText text, const char *want)
{
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = &text};
	MxScorer *scorer;
	char got[256] = "";
	size_t used = 0;
	uint8_t status;
	MxBlock out;
	size_t i;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_count(kit.b, kit.in, params, &kit.answers.transform,
	                          &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 1);
	CHECK_OK(mx_scorer_run(scorer, &in, 1, &out, &status, &kit.err), &kit.err);
	CHECK(status == MX_OK && out.sparse->start[0] == 0);
	for (i = 0; i < out.sparse->start[1]; i++)
		used +=
		    (size_t) snprintf(got + used, sizeof(got) - used, "%ux%g ",
		                      out.sparse->columns[i], out.sparse->values[i]);
	CHECK_TEXT(got, want);
	kit_end(&kit);
}

static void
test_words(void)
{
	const MxText terms[] = {T("the"), T("cat"), T("a_1"), T("the cat"),
	                        T("cat sat down")};
	const MxText stops[] = {T("sat"), T("sat"), T("overlong word")};
	MxCount params = {.n_terms = 5,
	                  .terms = terms,
	                  .lowercase = true,
	                  .min_token_size = 2,
	                  .min_n = 1,
	                  .max_n = 3};

	check_counts(&params, T("The  cat, the-cat! A_1 x"), "0x2 1x2 2x1 3x2 ");
	check_counts(&params, T("cat sat down"), "1x1 4x1 ");
	/* One character is no word, so that its neighbours are. */
	check_counts(&params, T("the x cat"), "0x1 1x1 3x1 ");
	/* A word longer than any term stands between the others. */
	check_counts(&params, T("the aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa cat"),
	             "0x1 1x1 ");
	check_counts(&params, T(""), "");
	params.n_stop_words = 3;
	params.stop_words = stops;
	check_counts(&params, T("the sat cat sat down"), "0x1 1x1 3x1 ");
	params.binary = true;
	check_counts(&params, T("cat cat cat"), "1x1 ");
	params.lowercase = false;
	check_counts(&params, T("The CAT cat"), "1x1 ");
	params.min_n = 2;
	check_counts(&params, T("the cat the cat"), "3x1 ");
}

/* The window over a long text is shifted many times. */
static void
test_long_text(void)
{
	const MxText terms[] = {T("aa bb cc"), T("bb cc aa"), T("zz")};
	MxCount params = {.n_terms = 3,
	                  .terms = terms,
	                  .min_token_size = 2,
	                  .min_n = 3,
	                  .max_n = 3};
	static char text[9 * 1000 + 1];
	size_t i;

	for (i = 0; i < 1000; i++)
		memcpy(text + 9 * i, "aa bb cc ", 9);
	check_counts(&params, mx_text_from(text), "0x1000 1x999 ");
}

static void
test_char_analyzers(void)
{
	const MxText terms[] = {T(" "), T("\t"), T("a b"), T("ab"), T("\303\251a")};
	const MxText padded[] = {T(" a"), T("a "), T(" a "), T("bc"), T(" bcd ")};
	MxCount params = {.n_terms = 5,
	                  .terms = terms,
	                  .analyzer = MX_ANALYZER_CHAR,
	                  .lowercase = true,
	                  .min_token_size = 1,
	                  .min_n = 1,
	                  .max_n = 3};

	/* Blanks in a row are one; a single tab stays. */
	check_counts(&params, T("a \t b\tab"), "0x1 1x1 2x1 3x1 ");
	check_counts(&params, T("\303\211A"), "4x1 ");
	params.terms = padded;
	params.analyzer = MX_ANALYZER_CHAR_WB;
	params.min_n = 2;
	params.max_n = 5;
	check_counts(&params, T("a bcd\n"), "0x1 1x1 2x1 3x1 4x1 ");
	/* Shorter than the shortest n-gram: once, as a whole. */
	params.min_n = 4;
	check_counts(&params, T("a a bcd"), "2x2 4x1 ");
}

static void
test_accents(void)
{
	const MxText terms[] = {T("cafe"), T("caf\303\251"), T("cafe\314\201"),
	                        T("fi"), T("caf")};
	MxCount params = {.n_terms = 5,
	                  .terms = terms,
	                  .analyzer = MX_ANALYZER_WORD,
	                  .min_token_size = 2,
	                  .min_n = 1,
	                  .max_n = 1};
	MxText text = T("caf\303\251 cafe\314\201 \357\254\201");

	check_counts(&params, text, "0x1 1x1 ");
	params.strip_accents = MX_ACCENTS_UNICODE;
	check_counts(&params, text, "0x2 3x1 ");
	params.strip_accents = MX_ACCENTS_ASCII;
	check_counts(&params, text, "0x2 3x1 ");
	/* Decomposed already: left alone by old releases, unless all is not. */
	params.strip_accents = MX_ACCENTS_UNICODE_COMPOSED;
	check_counts(&params, text, "0x2 3x1 ");
	check_counts(&params, T("cafe\314\201s fi cafe"), "0x2 3x1 ");
}

static bool
always(void *ctx)
{
	++*(int *) ctx;
	return true;
}

static void
test_null_and_cancel(void)
{
	const MxText terms[] = {T("ab")};
	static const MxText names[] = {{"note", 4}};
	MxCount params = {.n_terms = 1,
	                  .terms = terms,
	                  .min_token_size = 1,
	                  .min_n = 1,
	                  .max_n = 1};
	static char text[400000];
	MxText texts[] = {{NULL, 0}, {text, sizeof(text)}};
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = texts};
	MxScorer *scorer;
	MxError err = {0};
	uint8_t status[2];
	int n_asked = 0;
	MxBlock out;
	Kit kit;
	size_t i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'a' : ' ';
	kit_begin(&kit);
	CHECK_OK(mx_builder_count(kit.b, kit.in, &params, &kit.answers.transform,
	                          &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 2);
	CHECK_OK(mx_scorer_run(scorer, &in, 2, &out, status, &kit.err), &kit.err);
	CHECK(status[0] == MX_ERR_MISSING && status[1] == MX_OK);
	CHECK(out.sparse->start[2] == 0);
	mx_scorer_explain(scorer, &in, names, 0, &err);
	CHECK_TEXT(err.message, "null value not allowed for feature \"note\"");
	mx_scorer_set_cancel(scorer, always, &n_asked);
	CHECK(mx_scorer_run(scorer, &in, 2, &out, status, &kit.err) ==
	      MX_ERR_CANCELED);
	CHECK(n_asked >= 1);
	kit_end(&kit);
}

static void
check_count_refused(const MxCount *params, MxStatus want)
{
	const MxModel *model = NULL;
	MxStatus status;
	Kit kit;

	kit_begin(&kit);
	status = mx_builder_count(kit.b, kit.in, params, &kit.answers.transform,
	                          &kit.err);
	if (status == MX_OK)
		status =
		    mx_builder_finish(kit.b, &kit.answers, &kit.info, &model, &kit.err);
	if (status == MX_OK)
		status = kit_compile(model, &mx_libc_heap, &kit.image, &kit.err);
	CHECK(status == want);
	kit_end(&kit);
}

static void
test_bad_parameters(void)
{
	const MxText alike[] = {T("a"), T("b"), T("a")};
	const MxText gap[] = {{NULL, 0}};
	MxCount params = {.n_terms = 3,
	                  .terms = alike,
	                  .min_token_size = 1,
	                  .min_n = 1,
	                  .max_n = 1};

	check_count_refused(&params, MX_ERR_MALFORMED);
	params.terms = gap;
	params.n_terms = 1;
	check_count_refused(&params, MX_ERR_MALFORMED);
	params.terms = alike;
	params.min_n = 2;
	check_count_refused(&params, MX_ERR_MALFORMED);
	params.min_n = 0;
	check_count_refused(&params, MX_ERR_MALFORMED);
}

/* ---- weights ----------------------------------------------------------- */

static void
check_weights(const MxTfidf *params, const double *want)
{
	static const double x[] = {3, 0, 0, 0, 4, 0}; /* columns of two rows */
	MxScorer *scorer;
	uint8_t status[2];
	MxBlock out;
	size_t j;
	Kit kit;

	kit_begin(&kit);
	CHECK_OK(mx_builder_tfidf(kit.b, kit.in, params, &kit.answers.transform,
	                          &kit.err),
	         &kit.err);
	if (!kit_finish(&kit))
		return;
	scorer = kit_scorer(&kit, MX_ANSWER_TRANSFORM, 2);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, 3, 2), 2, &out, status,
	                       &kit.err),
	         &kit.err);
	for (j = 0; j < 3; j++)
	{
		CHECK(fabs(out.columns[j].numbers[0] - want[j]) < 1e-15);
		CHECK(out.columns[j].numbers[1] == 0);
	}
	kit_end(&kit);
}

static void
test_tfidf(void)
{
	static const double idf[] = {2, 5, 1.5};
	double a = log(3) + 1;
	double b = log(4) + 1;
	double l2[] = {0.6, 0, 0.8};
	double l1[] = {0.5, 0, 0.5};
	double plain[] = {6, 0, 6};
	double sublinear[] = {a / (a + b), 0, b / (a + b)};
	MxTfidf params = {.n = 3, .norm = MX_NORM_L2};

	check_weights(&params, l2);
	params.idf = idf;
	params.norm = MX_NORM_L1;
	check_weights(&params, l1);
	params.norm = MX_NORM_NONE;
	check_weights(&params, plain);
	params.idf = NULL;
	params.norm = MX_NORM_L1;
	params.sublinear = true;
	check_weights(&params, sublinear);
}

/* ---- without memory ---------------------------------------------------- */

static MxStatus
count_and_weigh(const MxHeap *heap, MxArena *arena, MxError *err)
{
	const MxText terms[] = {T("aa"), T("bb"), T("aa bb")};
	const MxText x[] = {T("bb aa bb aa bb")};
	MxColumn in = {.kind = MX_COLUMN_TEXT, .texts = x};
	MxCount count = {.n_terms = 3,
	                 .terms = terms,
	                 .min_token_size = 2,
	                 .min_n = 1,
	                 .max_n = 2};
	MxTfidf tfidf = {.n = 3};
	MxWanted wanted = {MX_ANSWER_TRANSFORM};
	MxModelInfo info = {.class_name = T("TfidfVectorizer")};
	MxAnswers answers = {0};
	const MxModel *model;
	const MxPlan *plan;
	MxScorer *scorer;
	MxBuilder *b;
	KitImage image;
	MxStatus status;
	uint8_t row;
	MxNodeId node;
	MxBlock out;

	MX_TRY(mx_builder_create(arena, &b, err));
	MX_TRY(mx_builder_count(b, mx_builder_input(b), &count, &node, err));
	MX_TRY(mx_builder_tfidf(b, node, &tfidf, &answers.transform, err));
	MX_TRY(mx_builder_finish(b, &answers, &info, &model, err));
	status = kit_compile(model, heap, &image, err);
	if (status == MX_OK)
		status = mx_plan_attach(image.bytes, image.size, arena, &plan, err);
	if (status == MX_OK)
		status = mx_scorer_create(plan, &wanted, 1, 1, arena, &scorer, err);
	if (status == MX_OK)
		status = mx_scorer_run(scorer, &in, 1, &out, &row, err);
	if (status == MX_OK)
		CHECK(out.sparse->start[1] == 3 && out.sparse->values[0] == 2 &&
		      out.sparse->values[1] == 3 && out.sparse->values[2] == 2);
	free(image.bytes);
	return status;
}

static void
test_no_memory(void)
{
	FailingHeap failing;
	MxStatus status = MX_ERR_NO_MEMORY;
	size_t n;

	for (n = 1; status != MX_OK && n < 1000; n++)
	{
		MxError err = {0};
		MxArena *arena;

		failing_heap_begin(&failing, n);
		arena = mx_arena_create(&failing.heap, SIZE_MAX);
		if (arena == NULL)
			continue;
		status = count_and_weigh(&failing.heap, arena, &err);
		CHECK(status == err.status);
		CHECK(status == MX_OK || status == MX_ERR_NO_MEMORY);
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0);
	}
	CHECK(status == MX_OK);
}

int
main(void)
{
	test_lower();
	test_properties();
	test_utf8();
	test_words();
	test_long_text();
	test_char_analyzers();
	test_accents();
	test_null_and_cancel();
	test_bad_parameters();
	test_tfidf();
	test_no_memory();
	return check_report();
}
