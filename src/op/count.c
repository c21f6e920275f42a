/* count.c */
/* CountVectorizer: a column of texts to sparse rows of counts. */
#include "op/analyze.h"
#include "op/feature.h"
#include "op/op.h"

#include <string.h>

/* So many occurrences are sorted by comparing each with each. */
#define FEW 16

static MxStatus
count_compile(const MxStep *step, MxImageWriter *w, MxRef *ref, MxError *err)
{
	const MxCount *from = &step->node->as.count;
	MxImageCount *params;
	void *space;

	MX_TRY(mx_image_reserve(w, 1, sizeof(MxImageCount), 8, ref, &space, err));
	params = space;
	params->n_terms = from->n_terms;
	params->has_stop_words = from->n_stop_words != 0;
	params->analyzer = from->analyzer;
	params->accents = from->strip_accents;
	params->lowercase = from->lowercase;
	params->min_token_size = from->min_token_size;
	params->min_n = from->min_n;
	params->max_n = from->max_n;
	params->binary = from->binary;
	MX_TRY(mx_lookup_compile(w, from->terms, from->n_terms, false, "terms",
	                         &params->terms, err));
	return mx_lookup_compile(w, from->stop_words, from->n_stop_words, true,
	                         "stop words", &params->stop_words, err);
}

static void
count_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
            MxShape *out)
{
	(void) in;
	(void) n_in;
	out->n_columns = (size_t) mx_at(image, MxImageCount, ref)->n_terms;
	out->is_sparse = true;
	out->kind = MX_COLUMN_NUMBER;
}

static size_t
count_scratch(const void *image, MxRef ref, const MxShape *in, size_t n_rows)
{
	const MxImageCount *params = mx_at(image, MxImageCount, ref);

	(void) in;
	(void) n_rows;
	return mx_ngrams_scratch((size_t) params->max_n,
	                         mx_analyze_longest(params));
}

/* Merges the sorted runs from[0, n) and from[n, end). */
static void
merge(const uint32_t *from, size_t n, size_t end, uint32_t *to)
{
	size_t a = 0;
	size_t b = n;
	size_t i;

	for (i = 0; i < end; i++)
		to[i] =
		    b == end || (a < n && from[a] <= from[b]) ? from[a++] : from[b++];
}

/* Each goes where as many are less as stand before it: nothing to guess. */
static void
sort_few(uint32_t *columns, size_t n)
{
	uint32_t from[FEW];
	size_t i;
	size_t j;

	memcpy(from, columns, n * sizeof(*columns));
	for (i = 0; i < n; i++)
	{
		size_t at = 0;

		for (j = 0; j < i; j++)
			at += from[j] <= from[i];
		for (; j < n; j++)
			at += from[j] < from[i];
		columns[at] = from[i];
	}
}

/* Never quadratic, for a text may be anything. */
static void
sort(uint32_t *columns, size_t n, uint32_t *space)
{
	uint32_t *from = columns;
	uint32_t *to = space;
	size_t run;
	size_t i;

	if (n <= FEW)
	{
		sort_few(columns, n);
		return;
	}
	for (run = 1; run < n; run *= 2)
	{
		uint32_t *swap = from;

		for (i = 0; i < n; i += 2 * run)
		{
			size_t left = n - i;

			merge(from + i, left < run ? left : run,
			      left < 2 * run ? left : 2 * run, to + i);
		}
		from = to;
		to = swap;
	}
	if (from != columns)
		memcpy(columns, from, n * sizeof(*columns));
}

/* Occurrences from start on become ascending columns and their counts. */
static void
settle_row(MxSparseBuffer *out, size_t start, bool binary)
{
	uint32_t *columns = out->columns + start;
	double *values = out->values + start;
	size_t n = out->n - start;
	size_t kept = 0;
	size_t i;

	/* The room for the counts is free as long as there are none. */
	sort(columns, n, (uint32_t *) (void *) values);
	for (i = 0; i < n; i++)
	{
		bool is_new = i == 0 || columns[i] != columns[kept - 1];

		if (is_new)
		{
			columns[kept] = columns[i];
			values[kept++] = 1.0;
		}
		else if (!binary)
			values[kept - 1] += 1.0;
	}
	out->n = start + kept;
}

static MxNgrams
begin_ngrams(const void *image, const MxImageCount *params, MxRun *run)
{
	MxNgrams ngrams = {
	    .image = image,
	    .terms = &params->terms,
	    .min_n = (size_t) params->min_n,
	    .max_n = (size_t) params->max_n,
	    .is_spaced = params->analyzer == MX_ANALYZER_WORD,
	    .longest = mx_analyze_longest(params),
	    .out = run->sparse,
	    .canceled = run->canceled,
	    .ctx = run->ctx,
	};

	mx_ngrams_begin(&ngrams, run->scratch);
	return ngrams;
}

static MxStatus
count_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
            MxRun *run, MxError *err)
{
	const MxImageCount *params = mx_at(image, MxImageCount, ref);
	const MxText *texts = in->columns[0].texts;
	MxNgrams ngrams = begin_ngrams(image, params, run);
	MxSparseBuffer *out = run->sparse;
	size_t i;

	(void) n_in;
	out->n = 0;
	out->start[0] = 0;
	for (i = 0; i < in->n_rows; i++)
	{
		if (texts[i].data == NULL)
			mx_mark_row(run, i, MX_ERR_MISSING);
		else
		{
			MX_TRY(mx_analyze(image, params, texts[i], &ngrams, err));
			settle_row(out, out->start[i], params->binary != 0);
		}
		out->start[i + 1] = out->n;
	}
	return MX_OK;
}

static void
count_explain(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
              size_t row, const MxText *names, MxError *err)
{
	char feature[MX_FEATURE_SIZE];

	(void) image;
	(void) ref;
	(void) in;
	(void) n_in;
	(void) row;
	mx_set_error(err, MX_ERR_MISSING, MX_NO_OFFSET,
	             "null value not allowed for %s",
	             mx_show_feature(names, 0, feature));
}

const MxOp mx_op_count = {
    .kind = MX_STEP_COUNT,
    .name = "count",
    .compile = count_compile,
    .shape = count_shape,
    .scratch = count_scratch,
    .score = count_score,
    .explain = count_explain,
};
