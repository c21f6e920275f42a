/* stop.c */
/* Tells an ensemble which differences of its sums matter to the answers. */
#include "engine/scoring.h"
#include "op/order.h"

#include <math.h>
#include <stdlib.h>

/* Sums beyond are never settled: links may make NaN of what is infinite. */
#define LARGEST 1e300
/* On either side of a limit: far more than what links err. */
#define MARGIN 0x1p-40
/* Of cuts: more would be slow to tell apart. */
#define MOST_LIMITS 8

/*
 * Where the answer passes a limit, sums are cut: those up to below are on one
 * side of it, those from above on on the other; infinite when there are none.
 */
typedef struct Cut
{
	double below, above;
} Cut;

/* An answer, or what decides it, as a number that follows the sum. */
typedef struct Follower
{
	MxScorer *s;
	size_t at;               /* of the step with the trees, in s->steps */
	const MxScoreStep *step; /* that makes it */
	const double *number;
	bool falls; /* as the sum rises */
	double limit;
} Follower;

static uint64_t
id_of(const MxScorer *s, const MxScoreStep *step)
{
	return (uint64_t) (step->record - s->plan->steps);
}

/* ---- what the answers depend on ---------------------------------------- */

/* Whether nothing but step id and those that follow it made the block. */
static bool
is_made_after(const MxPlan *plan, uint64_t block, uint64_t id)
{
	const MxImageBlock *from = &plan->blocks[block];
	const MxSegment *segments = plan->segments + from->first_segment;

	for (size_t i = 0; i < from->n_segments; i++)
		if (segments[i].source <= id)
			return false;
	return !from->is_sparse;
}

static bool
follows(const MxScorer *s, const MxScoreStep *step, uint64_t id)
{
	const MxImageStep *record = step->record;

	for (size_t i = 0; i < record->n_in; i++)
		if (!is_made_after(s->plan, record->first_block + i, id))
			return false;
	if (step->op->decides_by != NULL)
		return true;
	return step->op->keeps_order != NULL && step->in[0].n_columns == 1 &&
	       step->op->keeps_order(s->plan->image, step->params);
}

/*
 * The trees that are summed last, if all that is wanted follows from their
 * sums and nothing else; else n_steps.
 */
static size_t
find_trees(const MxScorer *s)
{
	size_t at = s->n_steps;
	uint64_t id;

	while (at > 0 && s->steps[at - 1].op->can_stop == NULL)
		at--;
	if (at == 0 ||
	    !s->steps[at - 1].op->can_stop(s->plan->image, s->steps[at - 1].params))
		return s->n_steps;
	id = id_of(s, &s->steps[at - 1]);
	for (size_t i = at; i < s->n_steps; i++)
		if (!follows(s, &s->steps[i], id))
			return s->n_steps;
	for (size_t i = 0; i < s->n_outs; i++)
		if (!is_made_after(s->plan, s->outs[i].answer->block, id))
			return s->n_steps;
	return at - 1;
}

/* The step that makes column j of a block, and which of its columns it is. */
static uint64_t
maker_of(const MxPlan *plan, uint64_t block, size_t *j)
{
	const MxSegment *segment =
	    plan->segments + plan->blocks[block].first_segment;

	for (; *j >= segment->count; segment++)
		*j -= segment->count;
	*j += segment->first;
	return segment->source - 1;
}

/*
 * What a class index is decided by, in place of it; false when that is more
 * than one number.
 */
static bool
see_through_decision(MxScorer *s, uint64_t *id, size_t *column, double *limit)
{
	const MxScoreStep *step = s->by_id[*id];
	uint64_t first_block = step->record->first_block;
	size_t n = step->in[0].n_columns;
	size_t other;

	if (step->op->decides_by == NULL)
		return true;
	if (!step->op->decides_by(s->plan->image, step->params, n, column, limit))
		return false;
	other = 1 - *column;
	*id = maker_of(s->plan, first_block, column);
	/* Only a link makes pairs that add up to 1. */
	return n == 1 || (s->by_id[*id]->op->keeps_order != NULL &&
	                  maker_of(s->plan, first_block, &other) == *id &&
	                  *column + other == 1);
}

/* ---- from limits to cuts ----------------------------------------------- */

/* The number when the sum is x: the steps are run for one row. */
static double
number_for(const Follower *f, double x)
{
	MxScorer *s = f->s;
	MxScoreStep *trees = &s->steps[f->at];
	const MxTreesStop *stop = trees->run.stop;
	MxError err = {0};
	uint8_t status = MX_OK;

	trees->run.numbers[stop->column][0] =
	    stop->divisor == 0 ? x : x / stop->divisor;
	for (MxScoreStep *step = trees + 1; step <= f->step; step++)
	{
		for (size_t k = 0; k < step->n_in; k++)
			step->in[k].n_rows = 1;
		if (mx_score_step(s, step, &status, &err) != MX_OK)
			return NAN;
	}
	return f->number[0];
}

/* Sums on the left are on one side of the limit, however steps round. */
static bool
is_left(void *ctx, double x)
{
	const Follower *f = ctx;
	double number = number_for(f, x);

	return f->falls ? number > f->limit : number < f->limit;
}

static bool
is_not_right(void *ctx, double x)
{
	const Follower *f = ctx;
	double number = number_for(f, x);

	return !(f->falls ? number < f->limit : number > f->limit);
}

/*
 * A sum, divided or not, is compared as it is.  Other numbers that are
 * computed need not rise with it, but they err by less than half the margin:
 * what is beyond the margin once stays on its side of the limit further on.
 */
static Cut
find_cut(const Follower *follower, double limit)
{
	const uint64_t first = mx_place_of(-LARGEST), last = mx_place_of(LARGEST);
	bool is_sum = follower->step == &follower->s->steps[follower->at];
	double margin = is_sum ? 0 : MARGIN * fmax(1, fabs(limit));
	uint64_t middle = mx_place_of(0);
	Cut cut = {-INFINITY, INFINITY};
	Follower f = *follower;

	/* Answers are no NaN while sums are finite: all are below that. */
	if (isnan(limit))
		return (Cut){LARGEST, INFINITY};
	f.limit = f.falls ? limit + margin : limit - margin;
	if (is_left(&f, LARGEST))
		cut.below = LARGEST;
	else if (is_left(&f, -LARGEST))
		cut.below =
		    mx_number_at(mx_search_order(is_left, &f, first, last, middle));
	f.limit = f.falls ? limit - margin : limit + margin;
	if (!is_not_right(&f, -LARGEST))
		cut.above = -LARGEST;
	else if (!is_not_right(&f, LARGEST))
		cut.above = mx_number_at(
		    mx_search_order(is_not_right, &f, first, last, middle) + 1);
	return cut;
}

/* ---- from cuts to gaps ------------------------------------------------- */

static int
compare_cuts(const void *x, const void *y)
{
	double a = ((const Cut *) x)->below;
	double b = ((const Cut *) y)->below;

	return (a > b) - (a < b);
}

static size_t
list_gaps(Cut *cuts, size_t n, MxGap gaps[MOST_LIMITS + 1])
{
	double low = -LARGEST;
	size_t n_gaps = 0;

	qsort(cuts, n, sizeof(Cut), compare_cuts);
	for (size_t i = 0; i < n; i++)
	{
		if (cuts[i].below >= low)
			gaps[n_gaps++] = (MxGap){low, cuts[i].below};
		low = fmax(low, cuts[i].above);
	}
	if (low <= LARGEST)
		gaps[n_gaps++] = (MxGap){low, LARGEST};
	return n_gaps;
}

/* ---- all --------------------------------------------------------------- */

typedef struct Cuts
{
	size_t at;
	size_t column; /* of the sums; MX_NO_STEP so far */
	size_t n;
	Cut cuts[MOST_LIMITS];
} Cuts;

/* false when the answer does not follow from one sum. */
static bool
add_cut(MxScorer *s, Cuts *all, const MxLimit *limit)
{
	MxScoreStep *trees = &s->steps[all->at];
	uint64_t trees_id = id_of(s, trees);
	Follower f = {.s = s, .at = all->at};
	double value = limit->value;
	size_t column = limit->column;
	uint64_t id =
	    maker_of(s->plan, s->outs[limit->wanted].answer->block, &column);
	size_t sum;

	if (!see_through_decision(s, &id, &column, &value))
		return false;
	sum = id == trees_id ? column : 0;
	if (all->n == MOST_LIMITS ||
	    (id != trees_id && trees->record->n_columns > 1) ||
	    (all->column != MX_NO_STEP && all->column != sum))
		return false;
	all->column = sum;
	trees->run.stop->column = sum;
	f.step = s->by_id[id];
	f.number = f.step->columns[column].numbers;
	f.falls = number_for(&f, LARGEST) < number_for(&f, -LARGEST);
	all->cuts[all->n++] = find_cut(&f, value);
	return true;
}

static bool
is_label(const MxAnswerOut *out)
{
	return out->kind == MX_ANSWER_LABEL || out->decoder != NULL;
}

static bool
add_cuts(MxScorer *s, Cuts *all, const MxLimit *limits, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_label(&s->outs[limits[i].wanted]) &&
		    !add_cut(s, all, &limits[i]))
			return false;
	for (size_t i = 0; i < s->n_outs; i++)
	{
		/* Index 0 or 1. */
		MxLimit between = {.wanted = i, .value = 0.5};

		if (is_label(&s->outs[i]) && !add_cut(s, all, &between))
			return false;
	}
	return all->n > 0;
}

MxStatus
mx_scorer_stop_early(MxScorer *s, const MxLimit *limits, size_t n, MxError *err)
{
	Cuts all = {.at = find_trees(s), .column = MX_NO_STEP};
	MxTreesStop *stop = NULL;
	MxGap gaps[MOST_LIMITS + 1];
	MxScoreStep *trees;
	size_t n_gaps;

	if (all.at == s->n_steps)
		return MX_OK;
	trees = &s->steps[all.at];
	/* Which column it is, and its divisor, while limits are mapped. */
	MX_TRY(trees->op->stop(s->plan->image, trees->params, 0, NULL, 0, s->arena,
	                       &trees->run.stop, err));
	if (add_cuts(s, &all, limits, n))
	{
		n_gaps = list_gaps(all.cuts, all.n, gaps);
		if (n_gaps > 0)
			MX_TRY(trees->op->stop(s->plan->image, trees->params, all.column,
			                       gaps, n_gaps, s->arena, &stop, err));
	}
	trees->run.stop = stop;
	s->stop = stop;
	return MX_OK;
}

bool
mx_scorer_stops_early(const MxScorer *s)
{
	return s->stop != NULL;
}

void
mx_scorer_count_trees(const MxScorer *s, uint64_t *n_asked, uint64_t *n_skipped)
{
	*n_asked = s->stop == NULL ? 0 : s->stop->n_asked;
	*n_skipped = s->stop == NULL ? 0 : s->stop->n_skipped;
}
