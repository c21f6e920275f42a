/* categorize.c */
/* Categories to codes: numbers by binary search, texts by hash. */
#include "op/feature.h"
#include "op/lookup.h"
#include "op/op.h"

#include <math.h>
#include <string.h>

typedef struct Column
{
	uint64_t n;
	MxRef numbers; /* ascending; 0 for texts */
	MxRef codes;   /* in the order of numbers, or of the look-up */
	MxLookup lookup;
	double missing_code;
	double unknown_code;
	uint8_t is_text, has_missing, missing_fails, infinite_fails;
	uint8_t cuts_to_integer;
} Column;

typedef struct Params
{
	uint64_t n;
	MxRef columns;
	uint64_t unknown_fails;
} Params;

/* What a value turned out to be. */
typedef enum Finding
{
	FOUND,
	UNKNOWN,
	MISSING_UNKNOWN, /* missing where that is no category */
	MISSING_REFUSED,
	INFINITE_REFUSED,
	NEGATIVE_REFUSED
} Finding;

/* Heap sort: no memory, and no artifact makes it slow. */
static void
sift(double *numbers, double *codes, size_t from, size_t n)
{
	double number = numbers[from];
	double code = codes[from];
	size_t child;

	while ((child = 2 * from + 1) < n)
	{
		if (child + 1 < n && numbers[child + 1] > numbers[child])
			child++;
		if (numbers[child] <= number)
			break;
		numbers[from] = numbers[child];
		codes[from] = codes[child];
		from = child;
	}
	numbers[from] = number;
	codes[from] = code;
}

static void
sort(double *numbers, double *codes, size_t n)
{
	size_t i;

	for (i = n / 2; i-- > 0;)
		sift(numbers, codes, i, n);
	for (i = n; i-- > 1;)
	{
		double number = numbers[i];
		double code = codes[i];

		numbers[i] = numbers[0];
		codes[i] = codes[0];
		numbers[0] = number;
		codes[0] = code;
		sift(numbers, codes, 0, i);
	}
}

static MxStatus
compile_numbers(const MxCategories *from, MxImageWriter *w, double *codes,
                Column *to, MxError *err)
{
	double *numbers;
	void *space;
	size_t i;

	MX_TRY(mx_image_reserve(w, from->n, sizeof(double), 8, &to->numbers, &space,
	                        err));
	if (from->n == 0)
		return MX_OK;
	numbers = space;
	memcpy(numbers, from->numbers, from->n * sizeof(double));
	sort(numbers, codes, from->n);
	for (i = 1; i < from->n; i++)
		if (numbers[i] == numbers[i - 1])
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "two categories are alike");
	return MX_OK;
}

static MxStatus
compile_column(const MxCategories *from, double unknown_code, MxImageWriter *w,
               Column *to, MxError *err)
{
	void *codes;

	to->n = from->n;
	to->is_text = from->kind == MX_COLUMN_TEXT;
	to->has_missing = from->has_missing;
	to->missing_code = from->missing_code;
	to->unknown_code =
	    from->has_unknown_code ? from->unknown_code : unknown_code;
	to->missing_fails = from->missing_fails;
	to->infinite_fails = from->infinite_fails;
	to->cuts_to_integer = from->cuts_to_integer;
	MX_TRY(mx_image_reserve(w, from->n, sizeof(double), 8, &to->codes, &codes,
	                        err));
	if (from->n != 0)
		memcpy(codes, from->codes, from->n * sizeof(double));
	if (to->is_text)
		return mx_lookup_compile(w, from->texts, from->n, false, "categories",
		                         &to->lookup, err);
	return compile_numbers(from, w, codes, to, err);
}

static MxStatus
categorize_compile(const MxStep *step, MxImageWriter *w, MxRef *ref,
                   MxError *err)
{
	const MxCategorize *from = &step->node->as.categorize;
	Params *params;
	Column *columns;
	void *space;
	size_t j;

	MX_TRY(mx_image_reserve(w, 1, sizeof(Params), 8, ref, &space, err));
	params = space;
	params->n = from->n;
	params->unknown_fails = from->unknown_fails;
	MX_TRY(mx_image_reserve(w, from->n, sizeof(Column), 8, &params->columns,
	                        &space, err));
	columns = space;
	for (j = 0; j < from->n; j++)
		MX_TRY(compile_column(&from->columns[j], from->unknown_code, w,
		                      &columns[j], err));
	return MX_OK;
}

static void
categorize_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
                 MxShape *out)
{
	(void) in;
	(void) n_in;
	out->n_columns = (size_t) mx_at(image, Params, ref)->n;
	out->is_sparse = false;
	out->kind = MX_COLUMN_NUMBER;
}

static inline Finding
find_missing(const Column *column, double *code)
{
	if (column->missing_fails)
		return MISSING_REFUSED;
	if (!column->has_missing)
		return MISSING_UNKNOWN;
	*code = column->missing_code;
	return FOUND;
}

static inline Finding
find_number(const void *image, const Column *column, double x, double *code)
{
	const double *base = mx_at(image, double, column->numbers);
	const double *first = base;
	size_t n = (size_t) column->n;

	if (x != x)
		return find_missing(column, code);
	if (column->infinite_fails && isinf(x))
		return INFINITE_REFUSED;
	if (column->cuts_to_integer)
	{
		x = trunc(x);
		if (x < 0)
			return NEGATIVE_REFUSED;
	}
	if (n == 0)
		return UNKNOWN;
	/* The last category not above x, without a branch on the data. */
	while (n > 1)
	{
		size_t half = n / 2;

		base = base[half] <= x ? base + half : base;
		n -= half;
	}
	if (*base != x)
		return UNKNOWN;
	*code = mx_at(image, double, column->codes)[base - first];
	return FOUND;
}

static inline Finding
find_text(const void *image, const Column *column, MxText x, double *code)
{
	uint32_t i;

	if (x.data == NULL)
		return find_missing(column, code);
	i = mx_lookup_find(image, &column->lookup, x.data, x.size);
	if (i == MX_LOOKUP_NONE)
		return UNKNOWN;
	*code = mx_at(image, double, column->codes)[i];
	return FOUND;
}

static Finding
find(const void *image, const Column *column, const MxColumn *in, size_t row,
     double *code)
{
	if (column->is_text)
		return find_text(image, column, in->texts[row], code);
	return find_number(image, column, in->numbers[row], code);
}

/* MX_OK when an unknown value is no failure. */
static MxStatus
status_of(const Params *params, Finding finding)
{
	switch (finding)
	{
		case MISSING_REFUSED:
			return MX_ERR_MISSING;
		case INFINITE_REFUSED:
		case NEGATIVE_REFUSED:
			return MX_ERR_VALUE;
		case UNKNOWN:
		case MISSING_UNKNOWN:
			return params->unknown_fails ? MX_ERR_VALUE : MX_OK;
		case FOUND:
			break;
	}
	return MX_OK;
}

static double
settle(const Params *params, const Column *column, Finding finding, MxRun *run,
       size_t row)
{
	MxStatus status = status_of(params, finding);

	if (status == MX_OK)
		return column->unknown_code;
	mx_mark_row(run, row, status);
	return 0.0;
}

/* With a constant is_text once inlined, so that no row asks for it. */
static inline void
score_column(const void *image, const Params *params, const Column *column,
             bool is_text, const MxColumn *in, MxRun *run, size_t n_rows,
             double *out)
{
	size_t i;

	for (i = 0; i < n_rows; i++)
	{
		Finding finding =
		    is_text ? find_text(image, column, in->texts[i], &out[i])
		            : find_number(image, column, in->numbers[i], &out[i]);

		if (finding != FOUND)
			out[i] = settle(params, column, finding, run, i);
	}
}

static MxStatus
categorize_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
                 MxRun *run, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const Column *columns = mx_at(image, Column, params->columns);
	size_t j;

	(void) n_in;
	(void) err;
	for (j = 0; j < params->n; j++)
		if (columns[j].is_text)
			score_column(image, params, &columns[j], true, &in->columns[j], run,
			             in->n_rows, run->numbers[j]);
		else
			score_column(image, params, &columns[j], false, &in->columns[j],
			             run, in->n_rows, run->numbers[j]);
	return MX_OK;
}

static void
explain_value(const MxColumn *in, size_t row, const char *feature, MxError *err)
{
	char value[MX_QUOTED_SIZE];

	if (in->kind == MX_COLUMN_TEXT)
		mx_quote(in->texts[row], value);
	else
		mx_show_number(in->numbers[row], value);
	mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
	             "value %s of %s was not seen in training", value, feature);
}

static void
explain_finding(Finding finding, const MxColumn *in, size_t row,
                const char *feature, MxError *err)
{
	switch (finding)
	{
		case MISSING_REFUSED:
			mx_set_error(err, MX_ERR_MISSING, MX_NO_OFFSET,
			             "null value not allowed for %s", feature);
			break;
		case INFINITE_REFUSED:
			mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
			             "infinite value not allowed for %s", feature);
			break;
		case NEGATIVE_REFUSED:
			mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
			             "negative value not allowed for %s", feature);
			break;
		case MISSING_UNKNOWN:
			mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
			             "null value of %s was not seen in training", feature);
			break;
		case UNKNOWN:
			explain_value(in, row, feature, err);
			break;
		case FOUND:
			break;
	}
}

static void
categorize_explain(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
                   size_t row, const MxText *names, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const Column *columns = mx_at(image, Column, params->columns);
	char feature[MX_FEATURE_SIZE];
	double code;
	size_t j;

	(void) n_in;
	for (j = 0; j < params->n; j++)
	{
		Finding finding = find(image, &columns[j], &in->columns[j], row, &code);

		if (status_of(params, finding) == MX_OK)
			continue;
		explain_finding(finding, &in->columns[j], row,
		                mx_show_feature(names, j, feature), err);
		return;
	}
}

static size_t
categorize_origin(const void *image, MxRef ref, size_t j)
{
	(void) image;
	(void) ref;
	return j;
}

const MxOp mx_op_categorize = {
    .kind = MX_STEP_CATEGORIZE,
    .name = "categorize",
    .compile = categorize_compile,
    .shape = categorize_shape,
    .score = categorize_score,
    .explain = categorize_explain,
    .origin = categorize_origin,
};
