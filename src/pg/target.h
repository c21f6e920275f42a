/*
 * target.h: a model made ready to answer one kind of question, row by row.
 */
#ifndef MXPG_TARGET_H
#define MXPG_TARGET_H

#include "pg/answer.h"
#include "pg/convert.h"
#include "pg/mxpg.h"

struct MxpgRecord;

/*
 * All of it lives in context and goes with it: the pinned plan, the scorer,
 * the row to fill in, and what tells where the row's values come from.
 */
typedef struct MxpgTarget
{
	MemoryContext context;
	MxpgVersion version;
	const MxPlan *plan;

	size_t max_rows;
	size_t stride; /* from an input's cell to the next one's */
	MxScorer *scorer;
	MxArena *scorer_arena;
	int n_wanted;
	MxWanted wanted[MX_ANSWER_KINDS];
	MxBlock outs[MX_ANSWER_KINDS]; /* of the last run, one per wanted */
	uint8_t *row_status;           /* of the last run */

	size_t n_inputs;
	const char **names; /* the features', for messages; never NULL */
	bool has_names;     /* rows and objects can be matched with them */
	double *numbers;    /* cells of the first row */
	MxText *texts;
	MxpgRow row; /* the one to fill in */

	/* Where values are found, by ascending source; binding.c fills them in. */
	MemoryContext binding_context;
	int n_fields;
	MxpgField *fields;
	struct MxpgRecord *record; /* record.c's, of the last row type */

	/* What mxpg_answer_datum tells: of which row, from which of outs. */
	MxpgAnswer answer;
	int out;
	size_t at;
	char *class_name; /* of MXPG_PROBA_OF, as it was last asked for */
	size_t class_index;
} MxpgTarget;

/* With all it points to, in the current context. */
void mxpg_version_copy(MxpgVersion *to, const MxpgVersion *from);

/*
 * Loads the model below parent; version's memory is copied.  Raises when the
 * model cannot give the answer.
 */
MxpgTarget *mxpg_target_open(MemoryContext parent, const MxpgVersion *version,
                             MxpgAnswer answer);
/*
 * For blocks of rows and several answers from one run.  It takes max_rows or
 * as many as the model likes, whichever is less, but at least min_rows.
 */
MxpgTarget *mxpg_target_open_block(MemoryContext parent,
                                   const MxpgVersion *version, int n_answers,
                                   const MxpgAnswer *answers, size_t min_rows,
                                   size_t max_rows);
void mxpg_target_close(MxpgTarget *target);

/*
 * Scores with another plan of the same artifact from now on, which lives as
 * long as target does.
 */
void mxpg_target_use(MxpgTarget *target, const MxPlan *plan);

/* Whether version is the same artifact under the same feature names. */
bool mxpg_target_is(const MxpgTarget *target, const MxpgVersion *version);

/* The class MXPG_PROBA_OF asks for; cheap when it is that of the last time. */
void mxpg_target_set_class(MxpgTarget *target, const text *name);

/*
 * Numbers are only compared with the limits, labels are asked for as ever: the
 * scorer may do less for them.  Before the first run.
 */
void mxpg_target_stop_early(MxpgTarget *target, const MxLimit *limits,
                            size_t n);

/* Scores the row; raises when it is one the model refuses. */
void mxpg_target_run(MxpgTarget *target);
/* Scores n rows; row_status tells which of them have no answer. */
void mxpg_target_run_block(MxpgTarget *target, size_t n);
/* Makes row the one to fill in. */
static inline void
mxpg_target_seek(MxpgTarget *target, size_t row)
{
	target->row.numbers = target->numbers + row;
	target->row.texts = target->texts + row;
}
/* Which of outs holds the answer. */
int mxpg_target_out(const MxpgTarget *target, MxpgAnswer answer);

/* Forgets the fields and what else lives in binding_context. */
void mxpg_target_unbind(MxpgTarget *target);

/*
 * The features' names in the server's encoding, one per input, in the current
 * context; NULL when the model has none.
 */
const char **mxpg_feature_names(const MxpgVersion *version, const MxPlan *plan);

#endif
