/* indicator.c */
/* 1 where a listed column is missing, else 0. */
#include "op/missing.h"
#include "op/op.h"

typedef struct Params
{
	uint64_t n;
	MxRef columns; /* n uint64_t, of the input */
	MxImageMissing missing;
	uint64_t is_text;
} Params;

static MxStatus
indicator_compile(const MxStep *step, MxImageWriter *w, MxRef *ref,
                  MxError *err)
{
	const MxIndicator *from = &step->node->as.indicator;
	Params *params;
	uint64_t *columns;
	void *space;
	size_t j;

	MX_TRY(mx_image_reserve(w, 1, sizeof(Params), 8, ref, &space, err));
	params = space;
	params->n = from->n;
	params->is_text = from->kind == MX_COLUMN_TEXT;
	MX_TRY(mx_store_missing(w, &from->missing, &params->missing, err));
	MX_TRY(mx_image_reserve(w, from->n, sizeof(uint64_t), 8, &params->columns,
	                        &space, err));
	columns = space;
	for (j = 0; j < from->n; j++)
		columns[j] = from->columns[j];
	return MX_OK;
}

static void
indicator_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
                MxShape *out)
{
	(void) in;
	(void) n_in;
	out->n_columns = (size_t) mx_at(image, Params, ref)->n;
	out->is_sparse = false;
	out->kind = MX_COLUMN_NUMBER;
}

static MxStatus
indicator_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
                MxRun *run, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const uint64_t *columns = mx_at(image, uint64_t, params->columns);
	MxText missing = mx_image_text(image, params->missing.text);
	size_t j;
	size_t i;

	(void) n_in;
	(void) err;
	for (j = 0; j < params->n; j++)
	{
		const MxColumn *column = &in->columns[columns[j]];
		double *out = run->numbers[j];

		for (i = 0; i < in->n_rows; i++)
			out[i] = params->is_text
			             ? mx_text_is_missing(missing, column->texts[i])
			             : mx_number_is_missing(&params->missing,
			                                    column->numbers[i]);
	}
	return MX_OK;
}

static size_t
indicator_origin(const void *image, MxRef ref, size_t j)
{
	const Params *params = mx_at(image, Params, ref);

	return (size_t) mx_at(image, uint64_t, params->columns)[j];
}

const MxOp mx_op_indicator = {
    .kind = MX_STEP_INDICATOR,
    .name = "indicator",
    .compile = indicator_compile,
    .shape = indicator_shape,
    .score = indicator_score,
    .origin = indicator_origin,
};
