/* trees.c */
/* Sums or averages over decision trees. */
#include "op/op.h"
#include "op/trees.h"

#include <string.h>

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) in;
	(void) n_in;
	out->n_columns = mx_at(image, MxTreesImage, params)->n_outputs;
	out->kind = MX_COLUMN_NUMBER;
	out->is_sparse = false;
}

static size_t
scratch(const void *image, MxRef params, const MxShape *in, size_t n_rows)
{
	const MxTreesImage *p = mx_at(image, MxTreesImage, params);

	(void) in;
	if (n_rows > p->tile_rows)
		n_rows = p->tile_rows;
	return n_rows * p->n_columns * sizeof(int64_t);
}

static MxForest
forest_at(const void *image, const MxTreesImage *p)
{
	MxForest forest = {.n_trees = p->n_trees,
	                   .n_columns = p->n_columns,
	                   .n_values = p->n_values,
	                   .has_sets = p->has_sets,
	                   .rounds_to_float32 = p->rounds_to_float32,
	                   .category_range = p->category_range,
	                   .columns = mx_at(image, MxTreeColumn, p->columns),
	                   .trees = mx_at(image, MxTreeSpan, p->spans),
	                   .nodes = mx_at(image, MxTreeNode, p->nodes),
	                   .leaves = mx_at(image, double, p->leaves),
	                   .sets = mx_at(image, uint32_t, p->sets)};

	return forest;
}

/* The sums begin with constants, or with what another node made. */
static void
set_base(const void *image, const MxTreesImage *p, const MxBlock *in,
         size_t n_in, double *const *out)
{
	const double *base = mx_at(image, double, p->base);
	size_t n_rows = in[0].n_rows;

	for (size_t j = 0; j < p->n_outputs; j++)
	{
		if (n_in > 1)
			memcpy(out[j], in[1].columns[j].numbers, n_rows * sizeof(double));
		else
			for (size_t row = 0; row < n_rows; row++)
				out[j][row] = base[j];
	}
}

static void
divide(const MxTreesImage *p, size_t n_rows, double *const *out)
{
	if (p->divisor == 0)
		return;
	for (size_t j = 0; j < p->n_outputs; j++)
		for (size_t row = 0; row < n_rows; row++)
			out[j][row] /= p->divisor;
}

static void
score_tile(const MxForest *forest, const MxBlock *in, size_t first,
           size_t n_rows, MxRun *run)
{
	int64_t *keys = run->scratch;

	mx_forest_keys(forest, 0, NULL, n_rows, keys);
	for (size_t c = 1; c < forest->n_columns; c++)
		mx_forest_keys(forest, c,
		               in->columns[forest->columns[c].feature].numbers + first,
		               n_rows, keys);
	mx_forest_walk(forest, keys, n_rows, run->numbers, first);
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxTreesImage *p = mx_at(image, MxTreesImage, params);
	MxForest forest = forest_at(image, p);
	size_t n_rows = in[0].n_rows;
	size_t n;

	set_base(image, p, in, n_in, run->numbers);
	for (size_t first = 0; first < n_rows; first += n)
	{
		n = n_rows - first < p->tile_rows ? n_rows - first : p->tile_rows;
		if (run->canceled != NULL && run->canceled(run->ctx))
			return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
		score_tile(&forest, &in[0], first, n, run);
	}
	divide(p, n_rows, run->numbers);
	return MX_OK;
}

const MxOp mx_op_trees = {
    .kind = MX_STEP_TREES,
    .name = "trees",
    .compile = mx_trees_compile,
    .shape = shape,
    .scratch = scratch,
    .score = score,
};
