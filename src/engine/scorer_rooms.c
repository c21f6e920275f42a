/* scorer_rooms.c */
/* Memory for what steps make, used again once nobody reads it any more. */
#include "engine/scoring.h"

/* A step reads the block, or MX_NO_STEP: an answer shows it to the end. */
static void
note_reader(const MxPlan *plan, uint64_t block, size_t reader, size_t *last)
{
	const MxImageBlock *from = &plan->blocks[block];
	const MxSegment *segments = plan->segments + from->first_segment;
	size_t i;

	for (i = 0; !from->is_sparse && i < from->n_segments; i++)
		if (segments[i].source != 0 &&
		    last[segments[i].source - 1] != MX_NO_STEP)
			last[segments[i].source - 1] = reader;
}

MxStatus
mx_rooms_plan(MxScorer *s, const bool *is_wanted, const MxWanted *wanted,
              size_t n_wanted, MxError *err)
{
	const MxPlan *plan = s->plan;
	size_t n = mx_plan_n_steps(plan);
	size_t id;
	size_t i;

	s->last_reader = mx_arena_array(s->arena, size_t, n, err);
	MX_NEED(s->last_reader, err);
	s->rooms = mx_arena_array(s->arena, MxRoom, n + n_wanted, err);
	MX_NEED(s->rooms, err);
	for (id = 0; id < n; id++)
		for (i = 0; is_wanted[id] && i < plan->steps[id].n_in; i++)
			note_reader(plan, plan->steps[id].first_block + i, id,
			            s->last_reader);
	for (i = 0; i < n_wanted; i++)
	{
		MxAnswerKind kind = plan->answers[wanted[i].kind].is_offered
		                        ? wanted[i].kind
		                        : MX_ANSWER_LABEL;

		note_reader(plan, plan->answers[kind].block, MX_NO_STEP,
		            s->last_reader);
	}
	return MX_OK;
}

/* The smallest room that is large enough and free when step id runs. */
static MxRoom *
find_room(MxScorer *s, size_t id, size_t n)
{
	MxRoom *best = NULL;
	size_t i;

	for (i = 0; i < s->n_rooms; i++)
	{
		MxRoom *room = &s->rooms[i];

		if (room->n >= n && room->last_reader != MX_NO_STEP &&
		    room->last_reader < id && (best == NULL || room->n < best->n))
			best = room;
	}
	return best;
}

MxStatus
mx_rooms_take(MxScorer *s, size_t id, size_t n, double **out, MxError *err)
{
	MxRoom *room = find_room(s, id, n);

	if (room == NULL)
	{
		room = &s->rooms[s->n_rooms];
		room->numbers = mx_arena_array(s->arena, double, n, err);
		MX_NEED(room->numbers, err);
		room->n = n;
		s->n_rooms++;
	}
	/* What nobody reads is at least written. */
	room->last_reader = id;
	if (id != MX_NO_STEP && s->last_reader[id] > id)
		room->last_reader = s->last_reader[id];
	*out = room->numbers;
	return MX_OK;
}
