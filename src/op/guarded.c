/* guarded.c */
/*
 * Sums over columns with the guards and the scale before them.
 *
 * Every number of a row is a term of its first sum.  Nothing that is not
 * finite is lost on the way: what it is scaled, multiplied or squared to is
 * not finite, and no sum that has met it becomes finite again.  So that a row
 * whose first output is finite has passed both guards, whatever their flags
 * say (other than FLOAT32, for which this step is not used), and only the
 * others are looked at number by number.
 *
 * A scale folded into the weights is one whose infinities still show, by what
 * fold.h says; a sum that has overflown for another reason is mended once
 * its row has passed the guards.
 *
 * Columns that are scaled are kept for a few rows at a time, in the cache.
 */
#include "kernel/kernel.h"
#include "op/affine.h"
#include "op/fold.h"
#include "op/guard.h"
#include "op/scale.h"

#include <float.h>
#include <math.h>

#define CHUNK_ROWS ((size_t) 128)
/* An odd number of cache lines, so that columns do not share their sets. */
#define CHUNK_STRIDE (CHUNK_ROWS + 8)

typedef enum ScaleUse
{
	SCALE_NONE,
	SCALE_FIRST,
	SCALE_FOLDED
} ScaleUse;

/* A column whose number has to be looked at when it is beyond the limit. */
typedef struct Limit
{
	uint64_t column;
	double limit;
} Limit;

typedef struct GuardedParams
{
	uint64_t n_in;
	uint64_t n_out;
	uint32_t sum;   /* MxStepKind */
	uint32_t scale; /* ScaleUse */
	MxRef sum_params;
	MxRef scale_params;
	MxRef limits;
	uint64_t n_limits;
	uint32_t flags;
	uint32_t scaled_flags;
} GuardedParams;

/* What scratch begins with; the sum's own comes last. */
typedef struct Room
{
	MxColumn *scaled;
	double **scaled_numbers;
	double **out;
	double *numbers;
	void *sum;
} Room;

static MxStepKind
sum_of(MxStepKind kind)
{
	if (kind == MX_STEP_GUARDED_DISTANCE)
		return MX_STEP_DISTANCE;
	return kind == MX_STEP_GUARDED_GAUSSIAN ? MX_STEP_GAUSSIAN : MX_STEP_AFFINE;
}

static ScaleUse
use_of(const MxStep *step)
{
	if (step->scale == NULL)
		return SCALE_NONE;
	return mx_fold_works(step->node, step->scale, step->scaled_guard)
	           ? SCALE_FOLDED
	           : SCALE_FIRST;
}

static MxStatus
store_limits(const MxStep *step, MxImageWriter *w, GuardedParams *p,
             MxError *err)
{
	Limit *limits = mx_image_scratch(w, (size_t) p->n_in, sizeof(Limit), err);
	size_t j;

	MX_NEED(limits, err);
	for (j = 0; j < p->n_in; j++)
	{
		double limit = mx_fold_limit(step->node, step->scale, j);

		if (limit < INFINITY)
			limits[p->n_limits++] = (Limit){j, limit};
	}
	return mx_image_store(w, limits, (size_t) p->n_limits, sizeof(Limit), 8,
	                      &p->limits, err);
}

static MxStatus
compile(const MxStep *step, MxImageWriter *w, MxRef *params, MxError *err)
{
	MxStep part = *step;
	ScaleUse use = use_of(step);
	GuardedParams p = {.n_in = step->in_columns[0],
	                   .n_out = step->node->n_columns,
	                   .sum = (uint32_t) sum_of(step->kind),
	                   .scale = (uint32_t) use};

	if (step->guard != NULL)
		p.flags = step->guard->as.guard.flags;
	if (step->scaled_guard != NULL)
		p.scaled_flags = step->scaled_guard->as.guard.flags;
	if (use == SCALE_FOLDED)
		MX_TRY(store_limits(step, w, &p, err));
	else
		part.scale = NULL;
	part.kind = (MxStepKind) p.sum;
	MX_TRY(mx_op(part.kind)->compile(&part, w, &p.sum_params, err));
	part.kind = MX_STEP_SCALE;
	part.node = step->scale;
	if (step->scale != NULL)
		MX_TRY(mx_op(MX_STEP_SCALE)->compile(&part, w, &p.scale_params, err));
	return mx_image_store(w, &p, 1, sizeof(p), 8, params, err);
}

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	const GuardedParams *p = mx_at(image, GuardedParams, params);

	(void) in;
	(void) n_in;
	*out = (MxShape){.n_columns = (size_t) p->n_out, .kind = MX_COLUMN_NUMBER};
}

/* Rows of a scaled column, from one column to the next. */
static size_t
stride_of(const GuardedParams *p)
{
	return p->scale == SCALE_FIRST ? CHUNK_STRIDE : 1;
}

static size_t
scratch(const void *image, MxRef params, const MxShape *in, size_t n_rows)
{
	const GuardedParams *p = mx_at(image, GuardedParams, params);
	size_t column =
	    sizeof(MxColumn) + sizeof(double *) + stride_of(p) * sizeof(double);

	return (size_t) p->n_in * column + (size_t) p->n_out * sizeof(double *) +
	       mx_op((MxStepKind) p->sum)
	           ->scratch(image, p->sum_params, in, n_rows);
}

static Room
divide_scratch(const GuardedParams *p, void *scratch)
{
	Room room;

	room.scaled = scratch;
	room.scaled_numbers = (double **) (void *) (room.scaled + p->n_in);
	room.out = room.scaled_numbers + p->n_in;
	room.numbers = (double *) (void *) (room.out + p->n_out);
	room.sum = room.numbers + p->n_in * stride_of(p);
	return room;
}

/* Some rows of a block. */
static MxBlock
rows_of(const MxBlock *in, size_t first, size_t n, MxColumn *columns)
{
	size_t j;

	for (j = 0; j < in->n_columns; j++)
	{
		columns[j].kind = MX_COLUMN_NUMBER;
		columns[j].numbers = in->columns[j].numbers + first;
	}
	return (MxBlock){
	    .n_rows = n, .n_columns = in->n_columns, .columns = columns};
}

/* *in, some rows, becomes what the scale makes of it. */
static MxStatus
apply_scale(const void *image, const GuardedParams *p, const Room *room,
            MxBlock *in, MxError *err)
{
	MxRun run = {.numbers = room->scaled_numbers};
	size_t stride = in->n_rows == 1 ? 1 : CHUNK_STRIDE;
	size_t j;

	if (in->n_rows == 1)
		mx_scale_row(image, p->scale_params, in, room->numbers);
	else
	{
		for (j = 0; j < in->n_columns; j++)
			room->scaled_numbers[j] = room->numbers + j * stride;
		MX_TRY(mx_op(MX_STEP_SCALE)
		           ->score(image, p->scale_params, in, 1, &run, err));
	}
	for (j = 0; j < in->n_columns; j++)
		room->scaled[j].numbers = room->numbers + j * stride;
	in->columns = room->scaled;
	return MX_OK;
}

/* The first guard looks at all columns before the second looks at any. */
static MxStatus
check_row(const void *image, const GuardedParams *p, const Room *room,
          const MxBlock *in, size_t row, MxRun *run, MxError *err)
{
	MxBlock one = rows_of(in, row, 1, room->scaled);
	MxRun at = {.row_status = run->row_status + row};

	mx_guard_check_row(p->flags, &one, 0, &at);
	if (p->scale == SCALE_NONE)
		return MX_OK;
	MX_TRY(apply_scale(image, p, room, &one, err));
	mx_guard_check_row(p->scaled_flags, &one, 0, &at);
	return MX_OK;
}

/* Whether the sums may not tell: some number is beyond its limit. */
static bool
is_suspect(const void *image, const GuardedParams *p, const MxBlock *in)
{
	const Limit *limits = mx_at(image, Limit, p->limits);
	size_t i;

	for (i = 0; i < p->n_limits; i++)
		if (!mx_kernel_all_within(in->columns[limits[i].column].numbers,
		                          in->n_rows, limits[i].limit))
			return true;
	return false;
}

static MxStatus
check_rows(const void *image, const GuardedParams *p, const Room *room,
           const MxBlock *in, MxRun *run, MxError *err)
{
	const double *sums = run->numbers[0];
	bool all = is_suspect(image, p, in);
	size_t row;

	if (!all && mx_kernel_all_within(sums, in->n_rows, DBL_MAX))
		return MX_OK;
	for (row = 0; row < in->n_rows; row++)
	{
		bool is_finite = isfinite(sums[row]);

		if (all || !is_finite)
			MX_TRY(check_row(image, p, room, in, row, run, err));
		if (p->scale == SCALE_FOLDED && !is_finite)
			mx_affine_mend(image, p->sum_params, in, row, run);
	}
	return MX_OK;
}

static MxStatus
score_chunk(const void *image, const GuardedParams *p, const Room *room,
            const MxBlock *in, size_t first, size_t n, MxRun *run, MxError *err)
{
	MxBlock rows = rows_of(in, first, n, room->scaled);
	MxRun sum = *run;
	size_t i;

	sum.scratch = room->sum;
	sum.numbers = room->out;
	for (i = 0; i < p->n_out; i++)
		room->out[i] = run->numbers[i] + first;
	MX_TRY(apply_scale(image, p, room, &rows, err));
	return mx_op((MxStepKind) p->sum)
	    ->score(image, p->sum_params, &rows, 1, &sum, err);
}

static MxStatus
score_scaled(const void *image, const GuardedParams *p, const Room *room,
             const MxBlock *in, MxRun *run, MxError *err)
{
	size_t first;

	for (first = 0; first < in->n_rows; first += CHUNK_ROWS)
	{
		size_t n = in->n_rows - first;

		if (first > 0 && run->canceled != NULL && run->canceled(run->ctx))
			return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
		MX_TRY(score_chunk(image, p, room, in, first,
		                   n < CHUNK_ROWS ? n : CHUNK_ROWS, run, err));
	}
	return MX_OK;
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const GuardedParams *p = mx_at(image, GuardedParams, params);
	Room room = divide_scratch(p, run->scratch);
	MxRun sum = *run;

	(void) n_in;
	sum.scratch = room.sum;
	if (p->scale == SCALE_FIRST)
		MX_TRY(score_scaled(image, p, &room, &in[0], run, err));
	else if (p->scale == SCALE_FOLDED)
		MX_TRY(mx_affine_sum(image, p->sum_params, &in[0], &sum, err));
	else
		MX_TRY(mx_op((MxStepKind) p->sum)
		           ->score(image, p->sum_params, in, 1, &sum, err));
	return check_rows(image, p, &room, &in[0], run, err);
}

static void
explain(const void *image, MxRef params, const MxBlock *in, size_t n_in,
        size_t row, const MxText *names, MxError *err)
{
	const GuardedParams *p = mx_at(image, GuardedParams, params);
	size_t j;

	(void) n_in;
	mx_guard_explain_row(p->flags, &in[0], row, names, err);
	for (j = 0; p->scale != SCALE_NONE && j < p->n_in; j++)
	{
		MxColumn column = {.kind = MX_COLUMN_NUMBER};
		MxBlock one = {.n_rows = 1, .n_columns = 1, .columns = &column};
		double x =
		    mx_scaled(image, p->scale_params, j, in[0].columns[j].numbers[row]);

		column.numbers = &x;
		mx_guard_explain_row(p->scaled_flags, &one, 0, names + j, err);
	}
}

#define DEFINE(op, step, shown, made) \
	const MxOp mx_op_##op = {.kind = (step), \
	                         .name = (shown), \
	                         .maker = (made), \
	                         .compile = compile, \
	                         .shape = shape, \
	                         .scratch = scratch, \
	                         .score = score, \
	                         .explain = explain}

DEFINE(guarded_affine, MX_STEP_GUARDED_AFFINE, "guarded affine", "affine");
DEFINE(guarded_distance, MX_STEP_GUARDED_DISTANCE, "guarded distance",
       "distance");
DEFINE(guarded_gaussian, MX_STEP_GUARDED_GAUSSIAN, "guarded gaussian",
       "gaussian");
