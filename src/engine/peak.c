/* peak.c */
/* How much of what steps make is needed at once: see scorer_rooms.c. */
#include "engine/lower.h"

/* Reads what the block shows: it is kept until then. */
static void
note_reader(const MxLowBlock *from, size_t reader, size_t *last)
{
	size_t i;

	for (i = 0; !from->is_sparse && i < from->n_segments; i++)
		if (from->segments[i].source != 0)
			last[from->segments[i].source - 1] = reader;
}

static size_t
columns_of(const MxLowStep *step)
{
	return step->shape.is_sparse || mx_op(step->kind)->is_view
	           ? 0
	           : step->shape.n_columns;
}

MxStatus
mx_peak_columns(const MxLowering *l, const MxLowBlock *answers, size_t *out,
                MxError *err)
{
	size_t n = l->n_steps;
	size_t *last = mx_arena_array(l->arena, size_t, n, err);
	/* Columns that nobody reads after step i. */
	size_t *freed = mx_arena_array(l->arena, size_t, n + 1, err);
	size_t live = 0;
	size_t i;
	size_t k;

	MX_NEED(last, err);
	MX_NEED(freed, err);
	for (i = 0; i < n; i++)
	{
		last[i] = i;
		for (k = 0; k < l->steps[i].n_in; k++)
			note_reader(&l->steps[i].in[k], i, last);
	}
	for (k = 0; k < MX_ANSWER_KINDS; k++)
		note_reader(&answers[k], n, last);
	for (i = 0; i < n; i++)
		freed[last[i]] += columns_of(&l->steps[i]);
	*out = 0;
	for (i = 0; i < n; i++)
	{
		live += columns_of(&l->steps[i]);
		if (live > *out)
			*out = live;
		live -= freed[i];
	}
	return MX_OK;
}
