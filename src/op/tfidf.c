/* tfidf.c */
/* TfidfTransformer: counts to weights, row by row, sparse or dense. */
#include "base/math.h"
#include "op/op.h"

#include <math.h>
#include <string.h>

typedef struct Params
{
	uint64_t n;
	uint64_t sublinear;
	uint64_t norm; /* MxNorm */
	MxRef idf;     /* n doubles, if has_idf */
	uint64_t has_idf;
} Params;

static MxStatus
tfidf_compile(const MxStep *step, MxImageWriter *w, MxRef *ref, MxError *err)
{
	const MxTfidf *from = &step->node->as.tfidf;
	Params *params;
	void *space;

	MX_TRY(mx_image_reserve(w, 1, sizeof(Params), 8, ref, &space, err));
	params = space;
	params->n = from->n;
	params->sublinear = from->sublinear;
	params->norm = from->norm;
	params->has_idf = from->idf != NULL;
	if (!params->has_idf)
		return MX_OK;
	return mx_image_store(w, from->idf, from->n, sizeof(double), 8,
	                      &params->idf, err);
}

static void
tfidf_shape(const void *image, MxRef ref, const MxShape *in, size_t n_in,
            MxShape *out)
{
	(void) n_in;
	out->n_columns = (size_t) mx_at(image, Params, ref)->n;
	out->is_sparse = in->is_sparse;
	out->kind = MX_COLUMN_NUMBER;
}

/* One count; what is not stored in a sparse row stays 0. */
static inline double
weigh(const Params *params, const double *idf, double count, size_t column)
{
	if (params->sublinear)
		count = mx_log(count) + 1.0;
	return params->has_idf ? count * idf[column] : count;
}

static inline double
norm_term(const Params *params, double value)
{
	return params->norm == MX_NORM_L1 ? fabs(value) : value * value;
}

/* What a row is divided by; 1 for a row of zeros. */
static inline double
divisor_of(const Params *params, double sum)
{
	if (params->norm == MX_NORM_NONE || sum == 0.0)
		return 1.0;
	return params->norm == MX_NORM_L1 ? sum : sqrt(sum);
}

static MxStatus
score_sparse(const Params *params, const double *idf, const MxBlock *in,
             MxSparseBuffer *out, MxError *err)
{
	const MxSparseRows *rows = in->sparse;
	size_t n = rows->start[in->n_rows];
	size_t i;
	size_t k;

	out->n = 0;
	MX_TRY(mx_sparse_reserve(out, n, err));
	memcpy(out->start, rows->start, (in->n_rows + 1) * sizeof(size_t));
	if (n != 0)
		memcpy(out->columns, rows->columns, n * sizeof(uint32_t));
	out->n = n;
	for (i = 0; i < in->n_rows; i++)
	{
		double sum = 0.0;
		double divisor;

		for (k = out->start[i]; k < out->start[i + 1]; k++)
		{
			out->values[k] =
			    weigh(params, idf, rows->values[k], out->columns[k]);
			sum += norm_term(params, out->values[k]);
		}
		divisor = divisor_of(params, sum);
		for (k = out->start[i]; k < out->start[i + 1]; k++)
			out->values[k] /= divisor;
	}
	return MX_OK;
}

/* As the sparse row without its zeros would be, in the same order. */
static void
score_dense(const Params *params, const double *idf, const MxBlock *in,
            double *const *out)
{
	size_t i;
	size_t j;

	for (i = 0; i < in->n_rows; i++)
	{
		double sum = 0.0;
		double divisor;

		for (j = 0; j < params->n; j++)
		{
			double count = in->columns[j].numbers[i];

			out[j][i] = count == 0.0 ? 0.0 : weigh(params, idf, count, j);
			sum += norm_term(params, out[j][i]);
		}
		divisor = divisor_of(params, sum);
		for (j = 0; j < params->n; j++)
			out[j][i] /= divisor;
	}
}

static MxStatus
tfidf_score(const void *image, MxRef ref, const MxBlock *in, size_t n_in,
            MxRun *run, MxError *err)
{
	const Params *params = mx_at(image, Params, ref);
	const double *idf = mx_at(image, double, params->idf);

	(void) n_in;
	if (in->sparse != NULL)
		return score_sparse(params, idf, in, run->sparse, err);
	score_dense(params, idf, in, run->numbers);
	return MX_OK;
}

static size_t
tfidf_origin(const void *image, MxRef ref, size_t j)
{
	(void) image;
	(void) ref;
	return j;
}

const MxOp mx_op_tfidf = {
    .kind = MX_STEP_TFIDF,
    .name = "tfidf",
    .takes_sparse = true,
    .compile = tfidf_compile,
    .shape = tfidf_shape,
    .score = tfidf_score,
    .origin = tfidf_origin,
};
