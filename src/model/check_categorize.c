/* check_categorize.c */
/* Proof and copy of the parameters that turn categories into codes. */
#include "model/check.h"

#include <math.h>

static MxStatus
check_category(const MxCategories *column, size_t i, MxError *err)
{
	if (column->kind == MX_COLUMN_NUMBER && !isfinite(column->numbers[i]))
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "category %zu is not a finite number", i);
	if (column->kind == MX_COLUMN_TEXT && column->texts[i].data == NULL)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "category %zu has no text", i);
	if (isinf(column->codes[i]))
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "code of category %zu is infinite", i);
	return MX_OK;
}

static MxStatus
check_column(const MxCategories *column, MxError *err)
{
	bool is_text = column->kind == MX_COLUMN_TEXT;
	size_t i;

	if (column->n != 0 &&
	    (column->codes == NULL || (column->numbers == NULL) != is_text ||
	     (column->texts == NULL) == is_text))
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "categories are neither numbers nor texts");
	for (i = 0; i < column->n; i++)
		MX_TRY(check_category(column, i, err));
	return MX_OK;
}

MxStatus
mx_check_categorize(const MxCategorize *params, MxError *err)
{
	size_t j;

	for (j = 0; j < params->n; j++)
		MX_TRY(check_column(&params->columns[j], err));
	return MX_OK;
}

static MxStatus
copy_numbers(MxArena *arena, const double *from, size_t n, const double **out,
             MxError *err)
{
	*out = mx_arena_copy(arena, from, n, sizeof(double), err);
	MX_NEED(*out, err);
	return MX_OK;
}

static MxStatus
copy_column(MxArena *arena, const MxCategories *from, MxCategories *to,
            MxError *err)
{
	*to = *from;
	if (from->n == 0)
		return MX_OK;
	if (from->kind == MX_COLUMN_TEXT)
		MX_TRY(mx_copy_texts(arena, from->texts, from->n, &to->texts, err));
	else
		MX_TRY(copy_numbers(arena, from->numbers, from->n, &to->numbers, err));
	return copy_numbers(arena, from->codes, from->n, &to->codes, err);
}

MxStatus
mx_copy_categorize(MxArena *arena, const MxCategorize *from, MxCategorize *to,
                   MxError *err)
{
	MxCategories *columns;
	size_t j;

	columns = mx_arena_array(arena, MxCategories, from->n, err);
	MX_NEED(columns, err);
	for (j = 0; j < from->n; j++)
		MX_TRY(copy_column(arena, &from->columns[j], &columns[j], err));
	*to = *from;
	to->columns = columns;
	return MX_OK;
}
