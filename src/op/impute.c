/* impute.c */
/* Missing values replaced, by a number or a text per column. */
#include "kernel/kernel.h"
#include "op/missing.h"
#include "op/op.h"

#include <math.h>

typedef struct Params
{
	uint64_t n;
	uint64_t is_text;
	MxImageMissing missing;
	MxRef numbers; /* n doubles */
	MxRef texts;   /* n MxImageText */
} Params;

static MxStatus
store_texts(MxImageWriter *w, const MxText *from, size_t n, MxRef *ref,
            MxError *err)
{
	MxImageText *to;
	void *space;
	size_t j;

	MX_TRY(mx_image_reserve(w, n, sizeof(MxImageText), 8, ref, &space, err));
	to = space;
	for (j = 0; j < n; j++)
		MX_TRY(mx_image_store_text(w, from[j], &to[j], err));
	return MX_OK;
}

static MxStatus
impute_compile(const MxStep *step, MxImageWriter *w, MxRef *ref, MxError *err)
{
	const MxImpute *from = &step->node->as.impute;
	Params *params;
	void *space;

	MX_TRY(mx_image_reserve(w, 1, sizeof(Params), 8, ref, &space, err));
	params = space;
	params->n = from->n;
	params->is_text = from->texts != NULL;
	MX_TRY(mx_store_missing(w, &from->missing, &params->missing, err));
	if (params->is_text)
		return store_texts(w, from->texts, from->n, &params->texts, err);
	return mx_image_store(w, from->numbers, from->n, sizeof(double), 8,
	                      &params->numbers, err);
}

static void
impute_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
             MxShape *out)
{
	const Params *params = mx_at(image, Params, ref);

	(void) in;
	(void) n_in;
	out->n_columns = (size_t) params->n;
	out->is_sparse = false;
	out->kind = params->is_text ? MX_COLUMN_TEXT : MX_COLUMN_NUMBER;
}

static void
impute_texts(MxText missing, MxText value, const MxText *in, MxText *out,
             size_t n_rows)
{
	size_t i;

	for (i = 0; i < n_rows; i++)
		out[i] = mx_text_is_missing(missing, in[i]) ? value : in[i];
}

static MxStatus
impute_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
             MxRun *run, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const double *numbers = mx_at(image, double, params->numbers);
	const MxImageText *texts = mx_at(image, MxImageText, params->texts);
	MxText missing = mx_image_text(image, params->missing.text);
	/* NaN is missing in any case. */
	double number = params->missing.has_number ? params->missing.number : NAN;
	size_t j;

	(void) n_in;
	(void) err;
	for (j = 0; j < params->n; j++)
		if (params->is_text)
			impute_texts(missing, mx_image_text(image, texts[j]),
			             in->columns[j].texts, run->texts[j], in->n_rows);
		else
			mx_kernel_impute(in->columns[j].numbers, in->n_rows, number,
			                 numbers[j], run->numbers[j]);
	return MX_OK;
}

static size_t
impute_origin(const void *image, MxRef ref, size_t j)
{
	(void) image;
	(void) ref;
	return j;
}

const MxOp mx_op_impute = {
    .kind = MX_STEP_IMPUTE,
    .name = "impute",
    .compile = impute_compile,
    .shape = impute_shape,
    .score = impute_score,
    .origin = impute_origin,
};
