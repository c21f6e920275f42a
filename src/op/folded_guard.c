/* folded_guard.c */
/*
 * Marks the rows that a guard would refuse behind steps that are folded away.
 *
 * What it reads is what those steps would have read.  Each column has bounds,
 * outside which the guard would fail; only for a row that leaves them the
 * steps are repeated, number by number, to tell what fails first.
 */
#include "kernel/bounds.h"
#include "op/chain.h"
#include "op/guard.h"

typedef struct Check
{
	uint64_t column;
	double low, high;
	uint64_t may_miss;
} Check;

typedef struct Params
{
	uint64_t n_columns;
	uint64_t flags;
	uint64_t n_checks;
	MxRef checks;
	MxRef first_map; /* (n_columns + 1) uint64_t, into maps */
	MxRef maps;
} Params;

static bool
has_check(const MxBounds *bounds)
{
	return bounds->low > -INFINITY || bounds->high < INFINITY ||
	       !bounds->may_miss;
}

static MxStatus
store_checks(const MxStep *step, MxImageWriter *w, Params *p, MxError *err)
{
	size_t n = step->in_columns[0];
	Check *checks;
	void *ptr;
	size_t j;

	MX_TRY(mx_image_reserve(w, n, sizeof(Check), 8, &p->checks, &ptr, err));
	checks = ptr;
	for (j = 0; j < n; j++)
		if (has_check(&step->bounds[j]))
			checks[p->n_checks++] =
			    (Check){j, step->bounds[j].low, step->bounds[j].high,
			            step->bounds[j].may_miss};
	return MX_OK;
}

static MxStatus
store_maps(const MxStep *step, MxImageWriter *w, Params *p, MxError *err)
{
	size_t n = step->in_columns[0];
	size_t n_maps = 0;
	uint64_t *first;
	MxMap *maps;
	void *ptr;
	size_t j;
	size_t i;

	MX_TRY(mx_image_reserve(w, n + 1, sizeof(*first), 8, &p->first_map, &ptr,
	                        err));
	first = ptr;
	for (j = 0; j < n; j++)
		first[j + 1] = n_maps += step->chains[j].n;
	MX_TRY(mx_image_reserve(w, n_maps, sizeof(*maps), 8, &p->maps, &ptr, err));
	maps = ptr;
	for (j = 0; j < n; j++)
		for (i = 0; i < step->chains[j].n; i++)
			maps[first[j] + i] = step->chains[j].maps[i];
	return MX_OK;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	Params p = {.n_columns = step->in_columns[0],
	            .flags = step->node->as.guard.flags};

	MX_TRY(store_checks(step, w, &p, err));
	MX_TRY(store_maps(step, w, &p, err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) image;
	(void) params;
	(void) n_in;
	*out = in[0];
}

/* What the guard would have seen of one number. */
static double
seen(const void *image, const Params *p, const MxBlock *in, size_t j,
     size_t row)
{
	const uint64_t *first = mx_at(image, uint64_t, p->first_map);
	MxChain chain = {(size_t) (first[j + 1] - first[j]),
	                 mx_at(image, MxMap, p->maps) + first[j]};

	return mx_chain_apply(&chain, in->columns[j].numbers[row]);
}

/* All columns in their order: the first that fails gives the row its status. */
static void
check_row(const void *image, const Params *p, const MxBlock *in, size_t row,
          MxRun *run)
{
	size_t j;

	for (j = 0; j < p->n_columns && run->row_status[row] == MX_OK; j++)
	{
		double x = seen(image, p, in, j, row);
		MxColumn column = {.kind = MX_COLUMN_NUMBER, .numbers = &x};
		MxBlock one = {.n_rows = 1, .n_columns = 1, .columns = &column};
		MxRun at = {.row_status = run->row_status + row};

		mx_guard_check_row((unsigned) p->flags, &one, 0, &at);
	}
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const Params *p = mx_at(image, Params, params);
	const Check *check = mx_at(image, Check, p->checks);
	const Check *end = check + p->n_checks;
	size_t row;

	(void) n_in;
	(void) err;
	for (; check < end; check++)
	{
		const double *x = in->columns[check->column].numbers;
		MxBounds bounds = {check->low, check->high, check->may_miss != 0};

		if (in->n_rows == 1
		        ? mx_is_within(&bounds, x[0])
		        : mx_kernel_all_between(x, in->n_rows, bounds.low, bounds.high,
		                                bounds.may_miss))
			continue;
		for (row = 0; row < in->n_rows; row++)
			if (!mx_is_within(&bounds, x[row]))
				check_row(image, p, in, row, run);
	}
	return MX_OK;
}

static void
explain(const void *image, MxRef params, const MxBlock *in, size_t n_in,
        size_t row, const MxText *names, MxError *err)
{
	const Params *p = mx_at(image, Params, params);
	size_t j;

	(void) n_in;
	for (j = 0; j < p->n_columns && err->status == MX_OK; j++)
	{
		double x = seen(image, p, in, j, row);
		MxColumn column = {.kind = MX_COLUMN_NUMBER, .numbers = &x};
		MxBlock one = {.n_rows = 1, .n_columns = 1, .columns = &column};

		mx_guard_explain_row((unsigned) p->flags, &one, 0, names + j, err);
	}
}

const MxOp mx_op_folded_guard = {
    .kind = MX_STEP_FOLDED_GUARD,
    .name = "folded guard",
    .is_view = true,
    .compile = compile,
    .shape = shape,
    .score = score,
    .explain = explain,
};
