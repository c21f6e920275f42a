/*
 * plan.h: a compiled model, read-only and shared, and a scorer for it.
 *
 * One image serves every answer of a model; scoring runs only the steps that
 * lead to the answers asked for.
 */
#ifndef MX_ENGINE_PLAN_H
#define MX_ENGINE_PLAN_H

#include "model/model.h"
#include "op/block.h"
#include "op/image.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct MxPlan MxPlan;
typedef struct MxScorer MxScorer;

/*
 * Tells the sources of the core that this library was built from.  An image
 * made by others is never attached: any change of them may change what lies
 * where, or what a model's image holds.
 */
uint64_t mx_plan_build(void);

/* Writes the plan of model into w; the caller then finishes w. */
MxStatus mx_plan_compile(const MxModel *model, const MxHeap *heap,
                         MxImageWriter *w, MxError *err);

/* One step per node, for tests: the same answers, only later. */
MxStatus mx_plan_compile_plain(const MxModel *model, const MxHeap *heap,
                               MxImageWriter *w, MxError *err);

/* What an input holds in every row that will be scored. */
typedef struct MxKnown
{
	bool is_known;
	double number; /* with its sign, of a zero too; NaN: missing */
	MxText text;   /* of an input of texts; no data: missing */
} MxKnown;

/* Tests in all ensembles, and those that a plan does not know the end of. */
typedef struct MxPruning
{
	size_t n_tests, n_left;
} MxPruning;

/*
 * For rows that hold what is known, one of known for each input: the same
 * answers, refusals and messages, of ensembles that lack the tests decided by
 * it.  Other rows get answers without a meaning.
 */
MxStatus mx_plan_compile_known(const MxModel *model, const MxKnown *known,
                               const MxHeap *heap, MxImageWriter *w,
                               MxError *err);

/*
 * Checks magic, build, sizes and the section table, not every
 * element: those were proven before the image was written.  bytes must be
 * aligned to 64 and outlive the plan; *out points into them or is made in
 * arena.
 */
MxStatus mx_plan_attach(const void *bytes, size_t size, MxArena *arena,
                        const MxPlan **out, MxError *err);

typedef enum MxAnswerKind
{
	MX_ANSWER_VALUE, /* numeric classes of a classifier count as values */
	MX_ANSWER_LABEL, /* index into the classes */
	MX_ANSWER_PROBA,
	MX_ANSWER_LOG_PROBA,
	MX_ANSWER_DECISION,
	MX_ANSWER_TRANSFORM,
	MX_ANSWER_SCORE_SAMPLES,
	MX_ANSWER_KINDS
} MxAnswerKind;

size_t mx_plan_n_inputs(const MxPlan *plan);
/* Borrowed from the plan; valid as long as it. */
MxInput mx_plan_input(const MxPlan *plan, size_t i);
bool mx_plan_has_names(const MxPlan *plan);
/* Index of an input by its name; false when there is none. */
bool mx_plan_find_input(const MxPlan *plan, MxText name, size_t *index);

bool mx_plan_offers(const MxPlan *plan, MxAnswerKind kind);
/* Columns of an answer; 0 when it is not offered. */
size_t mx_plan_answer_width(const MxPlan *plan, MxAnswerKind kind);
bool mx_plan_answer_is_sparse(const MxPlan *plan, MxAnswerKind kind);

size_t mx_plan_n_outputs(const MxPlan *plan);
bool mx_plan_is_classifier(const MxPlan *plan);
/* Of one output. */
size_t mx_plan_n_classes(const MxPlan *plan, size_t output);
bool mx_plan_classes_are_numbers(const MxPlan *plan, size_t output);
double mx_plan_class_number(const MxPlan *plan, size_t output, size_t i);
MxText mx_plan_class_label(const MxPlan *plan, size_t output, size_t i);

/* class_name, sklearn_version, description (JSON). */
MxModelInfo mx_plan_info(const MxPlan *plan);
/* "guard, scale, affine, ...": step i of n, for people. */
size_t mx_plan_n_steps(const MxPlan *plan);
const char *mx_plan_step_name(const MxPlan *plan, size_t i);

/* Rows per block this model likes: 64 to 8192. */
size_t mx_plan_block_rows(const MxPlan *plan);
/* Rough cost of scoring one row, in nanoseconds, for the planner. */
double mx_plan_row_cost(const MxPlan *plan);
/*
 * Roughly how many nanoseconds a row of a block would take less if the input
 * were known to mx_plan_compile_known; those of several inputs add up.
 */
double mx_plan_known_saves(const MxPlan *plan, size_t input);
/* Of a plan made by mx_plan_compile_known. */
MxPruning mx_plan_pruning(const MxPlan *plan);
/* Bytes of the image. */
size_t mx_plan_size(const MxPlan *plan);

typedef struct MxWanted
{
	MxAnswerKind kind;
} MxWanted;

/* Scratch for one caller and blocks of up to max_rows. */
MxStatus mx_scorer_create(const MxPlan *plan, const MxWanted *wanted,
                          size_t n_wanted, size_t max_rows, MxArena *arena,
                          MxScorer **out, MxError *err);

/* Polled by long steps; may be NULL. */
void mx_scorer_set_cancel(MxScorer *scorer, bool (*canceled)(void *ctx),
                          void *ctx);

/* Which inputs lead to the answers wanted: the others are never read. */
bool mx_scorer_reads(const MxScorer *scorer, size_t input);

/* A number that an answer is compared with: column of wanted[wanted]. */
typedef struct MxLimit
{
	size_t wanted;
	size_t column;
	double value;
} MxLimit;

/*
 * Allows answers of less work: labels as ever, but of all other numbers only
 * those in the columns of limits, and in their place others that are on the
 * same side of every limit.  A limit of NaN is above all numbers.  Once,
 * before the first run; an ensemble that can then stops adding trees to a row
 * when they can change nothing.
 */
MxStatus mx_scorer_stop_early(MxScorer *scorer, const MxLimit *limits, size_t n,
                              MxError *err);
/* Whether it does. */
bool mx_scorer_stops_early(const MxScorer *scorer);
/* Trees times rows: all so far, and those of them that were not needed. */
void mx_scorer_count_trees(const MxScorer *scorer, uint64_t *n_asked,
                           uint64_t *n_skipped);

/*
 * Scores rows (at most max_rows).  columns has one entry per input; those that
 * are not read may be empty.  outs[i], for wanted[i], is valid until the next
 * run: dense, or sparse where mx_plan_answer_is_sparse says so; columns that
 * pass through a transformer are the caller's own numbers.  row_status[r]
 * is MX_OK or why row r failed; outs of a failed row are placeholders.
 */
MxStatus mx_scorer_run(MxScorer *scorer, const MxColumn *columns, size_t rows,
                       MxBlock *outs, uint8_t *row_status, MxError *err);

/*
 * Why row failed: scores that one row again, so columns must be those of the
 * last run, whose outs are gone then.  names are the inputs', from the caller;
 * NULL, or a missing name, is shown as the input's number, from 1.
 */
void mx_scorer_explain(MxScorer *scorer, const MxColumn *columns,
                       const MxText *names, size_t row, MxError *err);

#endif
