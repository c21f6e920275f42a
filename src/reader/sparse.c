/* sparse.c */
/* Matrices of scipy.sparse in rows (csr), made dense. */
#include "base/checked.h"
#include "reader/linear.h"

typedef struct Csr
{
	size_t rows, columns;
	size_t n; /* entries */
	const double *data;
	const int64_t *indices;
	const int64_t *starts; /* rows + 1 */
} Csr;

bool
mx_is_sparse_matrix(const MxValue *value)
{
	const MxGlobal *name = mx_value_class(value);

	return mx_global_is(name, "scipy", "csr_matrix") ||
	       mx_global_is(name, "scipy", "csr_array");
}

static MxStatus
read_csr(MxReadContext *ctx, const MxValue *matrix, Csr *csr, MxError *err)
{
	const int64_t *shape;

	MX_TRY(mx_read_integers(ctx, matrix, "_shape", 2, &shape, NULL, err));
	if (shape[0] < 0 || shape[1] < 0)
		return mx_malformed(ctx, matrix, "_shape", "is negative", err);
	csr->rows = (size_t) shape[0];
	csr->columns = (size_t) shape[1];
	MX_TRY(mx_read_vector(ctx, matrix, "data", MX_FINITE, MX_ANY_SIZE,
	                      &csr->data, &csr->n, err));
	MX_TRY(mx_read_integers(ctx, matrix, "indices", csr->n, &csr->indices, NULL,
	                        err));
	return mx_read_integers(ctx, matrix, "indptr", csr->rows + 1, &csr->starts,
	                        NULL, err);
}

static MxStatus
fill_row(MxReadContext *ctx, const MxValue *matrix, const Csr *csr, size_t row,
         double *out, MxError *err)
{
	int64_t i = csr->starts[row];
	int64_t end = csr->starts[row + 1];

	if (i < 0 || end < i || (uint64_t) end > csr->n)
		return mx_malformed(ctx, matrix, "indptr", "is out of order", err);
	for (; i < end; i++)
	{
		if (csr->indices[i] < 0 || (uint64_t) csr->indices[i] >= csr->columns)
			return mx_malformed(ctx, matrix, "indices", "is out of range", err);
		/* An entry given twice counts twice, as SciPy has it. */
		out[csr->indices[i]] += csr->data[i];
	}
	return MX_OK;
}

MxStatus
mx_read_sparse_matrix(MxReadContext *ctx, const MxValue *object,
                      const char *attr, const double **out, size_t *rows,
                      size_t *columns, MxError *err)
{
	const MxValue *matrix;
	double *dense;
	size_t n;
	size_t i;
	Csr csr;

	MX_TRY(mx_read_value(ctx, object, attr, &matrix, err));
	MX_TRY(read_csr(ctx, matrix, &csr, err));
	if (!mx_size_mul(csr.rows, csr.columns, &n))
		return mx_malformed(ctx, matrix, "_shape", "is too large", err);
	dense = mx_arena_array(ctx->scratch, double, n, err);
	MX_NEED(dense, err);
	for (i = 0; i < csr.rows; i++)
		MX_TRY(fill_row(ctx, matrix, &csr, i, dense + i * csr.columns, err));
	*out = dense;
	*rows = csr.rows;
	*columns = csr.columns;
	return MX_OK;
}
