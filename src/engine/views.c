/* views.c */
/* Selecting and joining columns without copying any. */
#include "engine/fold.h"
#include "engine/lower.h"

#include <math.h>

/* Puts a run behind the others, as part of the last one where it fits on. */
static void
push(MxSegment *segments, size_t *n, MxSegment run)
{
	MxSegment *last = *n == 0 ? NULL : &segments[*n - 1];

	if (run.count == 0)
		return;
	if (last != NULL && last->source == run.source &&
	    last->first + last->count == run.first)
		last->count += run.count;
	else
		segments[(*n)++] = run;
}

MxStatus
mx_view_whole(MxArena *arena, uint32_t source, size_t n_columns,
              MxColumnKind kind, MxLowBlock *out, MxError *err)
{
	MxSegment *segments = mx_arena_array(arena, MxSegment, 1, err);

	MX_NEED(segments, err);
	segments[0] = (MxSegment){source, 0, (uint32_t) n_columns};
	*out = (MxLowBlock){.n_columns = n_columns,
	                    .kind = kind,
	                    .segments = segments,
	                    .n_segments = n_columns == 0 ? 0 : 1};
	return MX_OK;
}

/* ends[i] is the column after those of segment i. */
static MxStatus
find_ends(MxArena *arena, const MxLowBlock *from, size_t **out, MxError *err)
{
	size_t *ends = mx_arena_array(arena, size_t, from->n_segments, err);
	size_t at = 0;
	size_t i;

	MX_NEED(ends, err);
	for (i = 0; i < from->n_segments; i++)
	{
		at += from->segments[i].count;
		ends[i] = at;
	}
	*out = ends;
	return MX_OK;
}

static MxSegment
find_column(const MxLowBlock *from, const size_t *ends, size_t column)
{
	size_t low = 0;
	size_t high = from->n_segments - 1;
	MxSegment run;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (ends[middle] <= column)
			low = middle + 1;
		else
			high = middle;
	}
	run = from->segments[low];
	run.first += (uint32_t) (column - (ends[low] - run.count));
	run.count = 1;
	return run;
}

static MxStatus
select_facts(MxArena *arena, const MxLowBlock *from, const size_t *columns,
             MxLowBlock *out, MxError *err)
{
	MxFact *facts;
	size_t j;

	if (from->facts == NULL)
		return MX_OK;
	facts = mx_arena_array(arena, MxFact, out->n_columns, err);
	MX_NEED(facts, err);
	for (j = 0; j < out->n_columns; j++)
		facts[j] = from->facts[columns[j]];
	out->facts = facts;
	return MX_OK;
}

MxStatus
mx_view_select(MxArena *arena, const MxLowBlock *from, const size_t *columns,
               size_t n, MxLowBlock *out, MxError *err)
{
	MxSegment *segments = mx_arena_array(arena, MxSegment, n, err);
	size_t *ends = NULL;
	size_t i;

	MX_NEED(segments, err);
	MX_TRY(find_ends(arena, from, &ends, err));
	*out = (MxLowBlock){.n_columns = n, .segments = segments};
	for (i = 0; i < n; i++)
		push(segments, &out->n_segments, find_column(from, ends, columns[i]));
	return select_facts(arena, from, columns, out, err);
}

/* Facts of blocks side by side; there may be none of some. */
static MxStatus
concat_facts(MxArena *arena, const MxLowBlock *const *from, size_t n,
             MxLowBlock *out, MxError *err)
{
	MxFact *facts = mx_arena_array(arena, MxFact, out->n_columns, err);
	size_t i;
	size_t j;

	MX_NEED(facts, err);
	out->facts = facts;
	for (i = 0; i < n; facts += from[i++]->n_columns)
		for (j = 0; j < from[i]->n_columns; j++)
			facts[j] = from[i]->facts != NULL ? from[i]->facts[j]
			                                  : (MxFact){.known = MX_UNBOUNDED};
	return MX_OK;
}

/* The same of codes. */
static MxStatus
concat_codes(MxArena *arena, const MxLowBlock *const *from, size_t n,
             MxLowBlock *out, MxError *err)
{
	size_t *n_codes = mx_arena_array(arena, size_t, out->n_columns, err);
	size_t i;
	size_t j;

	MX_NEED(n_codes, err);
	out->n_codes = n_codes;
	for (i = 0; i < n; n_codes += from[i++]->n_columns)
		for (j = 0; j < from[i]->n_columns; j++)
			n_codes[j] =
			    from[i]->n_codes != NULL ? from[i]->n_codes[j] : MX_NOT_CODED;
	return MX_OK;
}

MxStatus
mx_view_concat(MxArena *arena, const MxLowBlock *const *from, size_t n,
               MxLowBlock *out, MxError *err)
{
	MxSegment *segments;
	size_t n_segments = 0;
	bool has_facts = false;
	bool has_codes = false;
	size_t i;
	size_t k;

	for (i = 0; i < n; i++)
	{
		n_segments += from[i]->n_segments;
		has_facts = has_facts || from[i]->facts != NULL;
		has_codes = has_codes || from[i]->n_codes != NULL;
	}
	segments = mx_arena_array(arena, MxSegment, n_segments, err);
	MX_NEED(segments, err);
	*out = (MxLowBlock){.segments = segments};
	for (i = 0; i < n; i++)
	{
		for (k = 0; k < from[i]->n_segments; k++)
			push(segments, &out->n_segments, from[i]->segments[k]);
		out->n_columns += from[i]->n_columns;
	}
	if (has_codes)
		MX_TRY(concat_codes(arena, from, n, out, err));
	return has_facts ? concat_facts(arena, from, n, out, err) : MX_OK;
}
