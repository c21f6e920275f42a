/*
 * scoring.h: a scorer's parts; private to the engine room.
 */
#ifndef MX_ENGINE_SCORING_H
#define MX_ENGINE_SCORING_H

#include "engine/layout.h"

/* An entry of a table that is an input's column, set at each run. */
typedef struct MxPatch
{
	uint32_t to;
	uint32_t input;
} MxPatch;

/*
 * A block as a step or the caller sees it.  Columns that steps make stay
 * where they are; inputs are elsewhere at each run: a run of nothing but
 * inputs is the caller's array itself, in a mixture they are patched in.
 */
typedef struct MxView
{
	MxBlock *block;
	bool is_inputs;
	size_t first_input;
	MxColumn *table;
	const MxPatch *patches;
	size_t n_patches;
} MxView;

typedef struct MxScoreStep
{
	const MxOp *op;
	MxRef params;
	const MxImageStep *record;
	MxBlock *in;
	size_t n_in;
	MxRun run;
	MxColumn *columns; /* dense output; NULL when sparse or a view */
	MxSparseBuffer sparse;
	MxSparseRows rows; /* the sparse output, once the step has run */
	/* For messages, made when first needed. */
	MxText *names;
	MxText *described; /* those that no input has given */
} MxScoreStep;

/* Class indexes to class numbers. */
typedef struct MxDecoder
{
	MxBlock labels;
	size_t n; /* columns */
	MxColumn *columns;
	double *const *numbers;
} MxDecoder;

typedef struct MxAnswerOut
{
	MxAnswerKind kind;           /* as it is wanted */
	const MxImageAnswer *answer; /* where it comes from */
	MxBlock block;
	MxDecoder *decoder; /* NULL: the block is the answer */
} MxAnswerOut;

/* Memory for the numbers that one step makes, and then others. */
typedef struct MxRoom
{
	double *numbers;
	size_t n;
	size_t last_reader; /* of what is in it: a step of the plan */
} MxRoom;

struct MxScorer
{
	const MxPlan *plan;
	MxArena *arena;
	size_t max_rows;
	size_t n_steps;
	MxScoreStep *steps;  /* only those behind the answers wanted */
	MxScoreStep **by_id; /* per step of the plan; NULL when it is not run */
	size_t *last_reader; /* per step of the plan: a step */
	MxRoom *rooms;
	size_t n_rooms;
	size_t n_views;
	MxView *views;
	size_t n_outs;
	MxAnswerOut *outs;
	bool *reads;       /* per input */
	MxColumn *one_row; /* the inputs for explain */
	MxTreesStop *stop; /* NULL: all trees are added */
	bool (*canceled)(void *ctx);
	void *ctx;
};

/* ---- views ------------------------------------------------------------- */

/* Resolves block number id of the plan into *block, as a view of s. */
MxStatus mx_view_make(MxScorer *s, size_t id, bool is_answer, MxBlock *block,
                      MxError *err);
void mx_view_bind(const MxView *view, const MxColumn *columns, size_t rows);

/* ---- buffers ----------------------------------------------------------- */

/*
 * n columns of numbers or texts for up to max_rows rows: *columns to read
 * them, and (by kind) the array of pointers to write them.  They are those of
 * step id of the plan, or, if MX_NO_STEP, no one else's.
 */
#define MX_NO_STEP SIZE_MAX
MxStatus mx_columns_make(MxScorer *s, size_t id, MxColumnKind kind, size_t n,
                         MxColumn **columns, double *const **numbers,
                         MxText *const **texts, MxError *err);

/*
 * Finds who reads what last.  Steps of the plan get their memory in the order
 * they run.
 */
MxStatus mx_rooms_plan(MxScorer *s, const bool *is_wanted,
                       const MxWanted *wanted, size_t n_wanted, MxError *err);

/* n numbers for step id: of its own until its last reader has run. */
MxStatus mx_rooms_take(MxScorer *s, size_t id, size_t n, double **out,
                       MxError *err);

/* ---- running ----------------------------------------------------------- */

/* One step on rows that are bound. */
MxStatus mx_score_step(const MxScorer *s, MxScoreStep *step,
                       uint8_t *row_status, MxError *err);

/* Whether a missing value is among the inputs that are read. */
bool mx_row_has_missing(const MxScorer *s, const MxColumn *columns, size_t row);

#endif
