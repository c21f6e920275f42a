/*
 * op.h: one "const MxOp mx_op_NAME" per step kind and file, listed in op.c.
 *
 * An op compiles its parameters into the image and scores blocks of rows from
 * there.  The engine owns the order of steps and all output buffers; ops own
 * only scratch.
 */
#ifndef MX_OP_OP_H
#define MX_OP_OP_H

#include "kernel/trees_stop.h"
#include "op/block.h"
#include "op/image.h"
#include "op/step.h"

#include <stdbool.h>

typedef struct MxShape
{
	size_t n_columns;
	bool is_sparse;
	/* Kind of all columns of the output (an impute may give texts). */
	MxColumnKind kind;
} MxShape;

typedef struct MxRun
{
	void *scratch;          /* the step's own, as large as scratch() asked */
	MxSparseBuffer *sparse; /* where sparse output goes; NULL when dense */
	/*
	 * Dense output: n_columns columns the engine allocated, of numbers or
	 * texts by the op's shape.  NULL for an op whose output is a view.
	 */
	double *const *numbers;
	MxText *const *texts;
	uint8_t *row_status; /* MxStatus per row; the first failure stays */
	/* Of trees: NULL when sums are wanted as they are. */
	MxTreesStop *stop;
	bool (*canceled)(void *ctx);
	void *ctx;
} MxRun;

typedef struct MxOp
{
	MxStepKind kind;
	const char *name;  /* as inspect_artifact() shows it */
	const char *maker; /* of columns, in messages; NULL: the name */
	bool takes_sparse; /* else the engine puts a DENSIFY before it */
	bool is_view;      /* output columns are those of the first input */

	MxStatus (*compile)(const MxStep *step, MxImageWriter *w, MxRef *params,
	                    MxError *err);
	/*
	 * Output for the shapes of the inputs.  Called while the plan is compiled:
	 * it may read the piece that params refers to, but nothing beyond it.
	 */
	void (*shape)(const void *image, MxRef params, const MxShape *in,
	              size_t n_in, MxShape *out);
	/* Bytes wanted for blocks of up to n_rows; may be NULL: none. */
	size_t (*scratch)(const void *image, MxRef params, const MxShape *in,
	                  size_t n_rows);
	/*
	 * Fails as a whole only by NO_MEMORY, LIMIT or CANCELED.  A bad row marks
	 * row_status and gets a placeholder that later steps can digest.
	 */
	MxStatus (*score)(const void *image, MxRef params, const MxBlock *in,
	                  size_t n_in, MxRun *run, MxError *err);
	/*
	 * The message for one bad row, made on demand; NULL when the op marks no
	 * row.  names has one text per column of the first input, never missing:
	 * that of the model's input where it can be traced, else a description.
	 */
	void (*explain)(const void *image, MxRef params, const MxBlock *in,
	                size_t n_in, size_t row, const MxText *names, MxError *err);
	/*
	 * Which column of the inputs, one after another, the column j of the
	 * output came from, for messages; may be NULL: unknown.  MX_NO_ORIGIN is
	 * "none".
	 */
	size_t (*origin)(const void *image, MxRef params, size_t j);
	/*
	 * Whether every column of the output rises or falls with the one column
	 * that comes in, but for errors far below 2^-41, absolute or relative.
	 */
	bool (*keeps_order)(const void *image, MxRef params);
	/*
	 * Whether an index of two is decided by one number: which of n columns, if
	 * two are those of a pair that adds up to 1, and beside which limit.
	 */
	bool (*decides_by)(const void *image, MxRef params, size_t n,
	                   size_t *column, double *limit);
	/* Trees: whether a sum that is compared only may be left unfinished. */
	bool (*can_stop)(const void *image, MxRef params);
	/* How: sums in column need only end in the right gap; all finite. */
	MxStatus (*stop)(const void *image, MxRef params, size_t column,
	                 const MxGap *gaps, size_t n_gaps, MxArena *arena,
	                 MxTreesStop **out, MxError *err);
} MxOp;

#define MX_NO_ORIGIN ((size_t) -1)

/* By kind. */
const MxOp *mx_op(MxStepKind kind);

/* A row that failed before keeps its first status. */
static inline void
mx_mark_row(MxRun *run, size_t row, MxStatus status)
{
	if (run->row_status[row] == MX_OK)
		run->row_status[row] = (uint8_t) status;
}

#endif
