/* same.c */
/* Whether two nodes do the same to whatever they are given. */
#include "engine/share.h"

#include <string.h>

/* Bit for bit: -0.0 is not 0.0, and NaN is NaN. */
static bool
same_bytes(const void *x, const void *y, size_t n, size_t size)
{
	if (x == NULL || y == NULL)
		return x == y;
	return x == y || n == 0 || memcmp(x, y, n * size) == 0;
}

static bool
same_numbers(const double *x, const double *y, size_t n)
{
	return same_bytes(x, y, n, sizeof(*x));
}

static bool
same_number(double x, double y)
{
	return same_numbers(&x, &y, 1);
}

static bool
same_columns(const size_t *x, const size_t *y, size_t n)
{
	return same_bytes(x, y, n, sizeof(*x));
}

static bool
same_texts(const MxText *x, const MxText *y, size_t n)
{
	size_t i;

	if (x == NULL || y == NULL)
		return x == y;
	for (i = 0; x != y && i < n; i++)
		if (!mx_text_equals(x[i], y[i]))
			return false;
	return true;
}

static bool
same_missing(const MxMissing *x, const MxMissing *y)
{
	return x->has_number == y->has_number &&
	       (!x->has_number || same_number(x->number, y->number)) &&
	       mx_text_equals(x->text, y->text);
}

static bool
same_scale(const MxScale *x, const MxScale *y)
{
	return x->kind == y->kind && x->n == y->n && x->clip == y->clip &&
	       (!x->clip ||
	        (same_number(x->low, y->low) && same_number(x->high, y->high))) &&
	       same_numbers(x->first, y->first, x->n) &&
	       same_numbers(x->second, y->second, x->n);
}

static bool
same_impute(const MxImpute *x, const MxImpute *y)
{
	return x->n == y->n && same_missing(&x->missing, &y->missing) &&
	       same_numbers(x->numbers, y->numbers, x->n) &&
	       same_texts(x->texts, y->texts, x->n);
}

static bool
same_indicator(const MxIndicator *x, const MxIndicator *y)
{
	return x->n == y->n && x->kind == y->kind &&
	       same_missing(&x->missing, &y->missing) &&
	       same_columns(x->columns, y->columns, x->n);
}

static bool
same_categories(const MxCategories *x, const MxCategories *y)
{
	return x->n == y->n && x->kind == y->kind &&
	       x->has_missing == y->has_missing &&
	       (!x->has_missing || same_number(x->missing_code, y->missing_code)) &&
	       x->missing_fails == y->missing_fails &&
	       x->infinite_fails == y->infinite_fails &&
	       x->cuts_to_integer == y->cuts_to_integer &&
	       x->has_unknown_code == y->has_unknown_code &&
	       (!x->has_unknown_code ||
	        same_number(x->unknown_code, y->unknown_code)) &&
	       same_numbers(x->codes, y->codes, x->n) &&
	       same_numbers(x->numbers, y->numbers, x->n) &&
	       same_texts(x->texts, y->texts, x->n);
}

static bool
same_categorize(const MxCategorize *x, const MxCategorize *y)
{
	size_t j;

	if (x->n != y->n || x->unknown_fails != y->unknown_fails ||
	    !same_number(x->unknown_code, y->unknown_code))
		return false;
	for (j = 0; j < x->n; j++)
		if (!same_categories(&x->columns[j], &y->columns[j]))
			return false;
	return true;
}

static bool
same_affine(const MxAffine *x, const MxAffine *y)
{
	return x->n_out == y->n_out && x->n_in == y->n_in &&
	       same_numbers(x->weights, y->weights, x->n_out * x->n_in) &&
	       same_numbers(x->bias, y->bias, x->n_out);
}

static bool
same_distance(const MxDistance *x, const MxDistance *y)
{
	return x->n_out == y->n_out && x->n_in == y->n_in &&
	       x->rooted == y->rooted &&
	       same_numbers(x->centres, y->centres, x->n_out * x->n_in);
}

static bool
same_gaussian(const MxGaussian *x, const MxGaussian *y)
{
	return x->n_out == y->n_out && x->n_in == y->n_in &&
	       same_numbers(x->mean, y->mean, x->n_out * x->n_in) &&
	       same_numbers(x->variance, y->variance, x->n_out * x->n_in) &&
	       same_numbers(x->constant, y->constant, x->n_out);
}

static bool
same_count(const MxCount *x, const MxCount *y)
{
	return x->n_terms == y->n_terms && x->analyzer == y->analyzer &&
	       x->lowercase == y->lowercase &&
	       x->strip_accents == y->strip_accents &&
	       x->min_token_size == y->min_token_size && x->min_n == y->min_n &&
	       x->max_n == y->max_n && x->n_stop_words == y->n_stop_words &&
	       x->binary == y->binary &&
	       same_texts(x->stop_words, y->stop_words, x->n_stop_words) &&
	       same_texts(x->terms, y->terms, x->n_terms);
}

static bool
same_tfidf(const MxTfidf *x, const MxTfidf *y)
{
	return x->n == y->n && x->sublinear == y->sublinear && x->norm == y->norm &&
	       same_numbers(x->idf, y->idf, x->n);
}

bool
mx_same_node(const MxNode *x, const MxNode *y)
{
	if (x->kind != y->kind || x->n_columns != y->n_columns)
		return false;
	switch (x->kind)
	{
		case MX_NODE_SELECT:
			return x->as.select.n == y->as.select.n &&
			       same_columns(x->as.select.columns, y->as.select.columns,
			                    x->as.select.n);
		case MX_NODE_GUARD:
			return x->as.guard.flags == y->as.guard.flags;
		case MX_NODE_SCALE:
			return same_scale(&x->as.scale, &y->as.scale);
		case MX_NODE_IMPUTE:
			return same_impute(&x->as.impute, &y->as.impute);
		case MX_NODE_INDICATOR:
			return same_indicator(&x->as.indicator, &y->as.indicator);
		case MX_NODE_CATEGORIZE:
			return same_categorize(&x->as.categorize, &y->as.categorize);
		case MX_NODE_EXPAND:
			return x->as.expand.n == y->as.expand.n &&
			       same_columns(x->as.expand.widths, y->as.expand.widths,
			                    x->as.expand.n);
		case MX_NODE_FUNCTION:
			return x->as.function.kind == y->as.function.kind;
		case MX_NODE_AFFINE:
			return same_affine(&x->as.affine, &y->as.affine);
		case MX_NODE_LINK:
			return x->as.link.kind == y->as.link.kind &&
			       same_number(x->as.link.factor, y->as.link.factor);
		case MX_NODE_DECIDE:
			return x->as.decide.kind == y->as.decide.kind;
		case MX_NODE_DISTANCE:
			return same_distance(&x->as.distance, &y->as.distance);
		case MX_NODE_GAUSSIAN:
			return same_gaussian(&x->as.gaussian, &y->as.gaussian);
		case MX_NODE_COUNT:
			return same_count(&x->as.count, &y->as.count);
		case MX_NODE_TFIDF:
			return same_tfidf(&x->as.tfidf, &y->as.tfidf);
		case MX_NODE_CONCAT:
			return true;
		case MX_NODE_INPUT:
		case MX_NODE_TREES: /* large, and seldom there twice */
		case MX_NODE_KINDS:
			break;
	}
	return false;
}
