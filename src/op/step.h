/*
 * step.h: what a plan does, in order.
 *
 * The engine lowers each node of the graph to a step (or to none, when it is
 * only a view of columns); passes may rewrite steps into fused kinds that no
 * node has.
 */
#ifndef MX_OP_STEP_H
#define MX_OP_STEP_H

#include "model/model.h"
#include "op/chain.h"

/* Stored in images: append only, never renumber. */
typedef enum MxStepKind
{
	MX_STEP_GUARD,
	MX_STEP_SCALE,
	MX_STEP_IMPUTE,
	MX_STEP_INDICATOR,
	MX_STEP_CATEGORIZE,
	MX_STEP_EXPAND,
	MX_STEP_FUNCTION,
	MX_STEP_AFFINE,
	MX_STEP_TREES,
	MX_STEP_LINK,
	MX_STEP_DECIDE,
	MX_STEP_DISTANCE,
	MX_STEP_GAUSSIAN,
	MX_STEP_COUNT,
	MX_STEP_TFIDF,
	MX_STEP_DENSIFY,       /* sparse rows to dense columns */
	MX_STEP_CONCAT_SPARSE, /* blocks, some of them sparse, side by side */
	MX_STEP_SELECT_SPARSE, /* columns of sparse rows */
	/* With the guards and the scale before them; see guarded.c. */
	MX_STEP_GUARDED_AFFINE,
	MX_STEP_GUARDED_DISTANCE,
	MX_STEP_GUARDED_GAUSSIAN,
	MX_STEP_FOLDED_GUARD, /* a guard behind steps that are folded away */
	MX_STEP_KINDS
} MxStepKind;

#define MX_NOT_CODED SIZE_MAX /* a column of numbers */

/*
 * One step while the plan is made: the node whose parameters it compiles
 * (NULL for DENSIFY and CONCAT_SPARSE) and the shapes of what it reads.
 */
typedef struct MxStep
{
	MxStepKind kind;
	const MxNode *node;
	size_t n_in;
	const size_t *in_columns; /* width of each input block */
	/* Of a guarded step: nodes it takes over, NULL where there is none. */
	const MxNode *guard; /* of what comes in */
	const MxNode *scale; /* an affine step's: it is folded into the weights */
	const MxNode *scaled_guard; /* of what the scale made */
	/*
	 * Of an affine step: per column of what it reads, how many one-hot columns
	 * this column of codes stands for; NULL where all are numbers.
	 */
	const size_t *n_codes;
	/* Of a folded guard: per column, what comes before it and what it lets
	 * through; unbounded where there is nothing to look at. */
	const MxChain *chains;
	const MxBounds *bounds;
} MxStep;

#endif
