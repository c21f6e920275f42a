/* guard.c */
/* Marks rows that scikit-learn's check of X would refuse. */
#include "op/guard.h"

#include "kernel/kernel.h"
#include "op/feature.h"

#include <float.h>
#include <math.h>

/* The smallest number that rounds to infinity as float32. */
#define FLOAT32_OVERFLOW 0x1.ffffffp127

typedef struct GuardParams
{
	uint32_t flags;
	uint32_t unused;
	double limit; /* whatever is within it is allowed by every flag */
} GuardParams;

double
mx_guard_limit(unsigned flags)
{
	if (flags & MX_GUARD_FLOAT32)
		return 0x1.fffffefffffffp127; /* the one below the overflow */
	return flags & MX_GUARD_INFINITE ? DBL_MAX : INFINITY;
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	unsigned flags = step->node->as.guard.flags;
	GuardParams p = {.flags = flags, .limit = mx_guard_limit(flags)};

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

typedef enum Fault
{
	FAULT_NONE,
	FAULT_MISSING,
	FAULT_INFINITE,
	FAULT_TOO_LARGE
} Fault;

static Fault
find_fault(unsigned flags, double x)
{
	if (isnan(x))
		return flags & MX_GUARD_NAN ? FAULT_MISSING : FAULT_NONE;
	if (isinf(x))
		return flags & MX_GUARD_INFINITE ? FAULT_INFINITE : FAULT_NONE;
	if ((flags & MX_GUARD_FLOAT32) && fabs(x) >= FLOAT32_OVERFLOW)
		return FAULT_TOO_LARGE;
	return FAULT_NONE;
}

bool
mx_guard_passes(unsigned flags, double x)
{
	return find_fault(flags, x) == FAULT_NONE;
}

static void
mark(MxRun *run, size_t row, Fault fault)
{
	if (fault != FAULT_NONE)
		mx_mark_row(run, row,
		            fault == FAULT_MISSING ? MX_ERR_MISSING : MX_ERR_VALUE);
}

static void
check_column(const GuardParams *p, const MxColumn *column, size_t n_rows,
             MxRun *run)
{
	size_t row;

	if (column->kind == MX_COLUMN_TEXT)
	{
		for (row = 0; row < n_rows && (p->flags & MX_GUARD_NAN); row++)
			if (column->texts[row].data == NULL)
				mark(run, row, FAULT_MISSING);
		return;
	}
	if (p->flags & MX_GUARD_NAN
	        ? mx_kernel_all_within(column->numbers, n_rows, p->limit)
	        : mx_kernel_all_within_or_nan(column->numbers, n_rows, p->limit))
		return;
	for (row = 0; row < n_rows; row++)
		mark(run, row, find_fault(p->flags, column->numbers[row]));
}

void
mx_guard_check_row(unsigned flags, const MxBlock *in, size_t row, MxRun *run)
{
	size_t j;

	for (j = 0; j < in->n_columns; j++)
		mark(run, row, find_fault(flags, in->columns[j].numbers[row]));
}

/* One row: whether any number of it needs a closer look. */
static bool
row_is_suspect(const GuardParams *p, const MxBlock *in)
{
	uint64_t beyond = 0;
	size_t j;

	for (j = 0; j < in->n_columns; j++)
	{
		if (in->columns[j].kind == MX_COLUMN_TEXT)
			return true;
		beyond |= p->flags & MX_GUARD_NAN
		              ? mx_beyond(in->columns[j].numbers[0], p->limit)
		              : mx_beyond_or_nan(in->columns[j].numbers[0], p->limit);
	}
	return beyond >> 63;
}

static void
check_sparse(const GuardParams *p, const MxBlock *in, MxRun *run)
{
	const MxSparseRows *rows = in->sparse;
	size_t row;
	size_t e;

	if (mx_kernel_all_within(rows->values, rows->start[in->n_rows], p->limit))
		return;
	for (row = 0; row < in->n_rows; row++)
		for (e = rows->start[row]; e < rows->start[row + 1]; e++)
			mark(run, row, find_fault(p->flags, rows->values[e]));
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const GuardParams *p = mx_at(image, GuardParams, params);
	size_t j;

	(void) n_in;
	(void) err;
	if (in[0].sparse != NULL)
		check_sparse(p, &in[0], run);
	else if (in[0].n_rows != 1 || row_is_suspect(p, &in[0]))
		for (j = 0; j < in[0].n_columns; j++)
			check_column(p, &in[0].columns[j], in[0].n_rows, run);
	return MX_OK;
}

static void
raise(Fault fault, const MxText *names, size_t j, MxError *err)
{
	char feature[MX_FEATURE_SIZE];

	mx_show_feature(names, j, feature);
	if (fault == FAULT_MISSING)
		mx_set_error(err, MX_ERR_MISSING, MX_NO_OFFSET,
		             "null value not allowed for %s", feature);
	else if (fault == FAULT_INFINITE)
		mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
		             "infinite value not allowed for %s", feature);
	else if (fault == FAULT_TOO_LARGE)
		mx_set_error(err, MX_ERR_VALUE, MX_NO_OFFSET,
		             "value of %s is too large for a float32", feature);
}

static void
explain_sparse(const GuardParams *p, const MxSparseRows *rows, size_t row,
               const MxText *names, MxError *err)
{
	size_t e;

	for (e = rows->start[row]; e < rows->start[row + 1]; e++)
		raise(find_fault(p->flags, rows->values[e]), names, rows->columns[e],
		      err);
}

/* The first failure stays in err, as it did in the row's status. */
void
mx_guard_explain_row(unsigned flags, const MxBlock *in, size_t row,
                     const MxText *names, MxError *err)
{
	size_t j;

	for (j = 0; j < in->n_columns; j++)
	{
		const MxColumn *column = &in->columns[j];

		if (column->kind == MX_COLUMN_NUMBER)
			raise(find_fault(flags, column->numbers[row]), names, j, err);
		else if ((flags & MX_GUARD_NAN) && column->texts[row].data == NULL)
			raise(FAULT_MISSING, names, j, err);
	}
}

static void
explain(const void *image, MxRef params, const MxBlock *in, size_t n_in,
        size_t row, const MxText *names, MxError *err)
{
	const GuardParams *p = mx_at(image, GuardParams, params);

	(void) n_in;
	if (in[0].sparse != NULL)
		explain_sparse(p, in[0].sparse, row, names, err);
	else
		mx_guard_explain_row(p->flags, &in[0], row, names, err);
}

const MxOp mx_op_guard = {
    .kind = MX_STEP_GUARD,
    .name = "guard",
    .takes_sparse = true,
    .is_view = true,
    .compile = compile,
    .shape = shape,
    .score = score,
    .explain = explain,
};
