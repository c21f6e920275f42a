/* memo.c */
/* The numbered values of a pickle: a hash of runs of numbers. */
#include "format/memo.h"

#define RUN_BITS 4
#define RUN_LENGTH (1u << RUN_BITS)

/* More steps than this, and the numbers were chosen to collide. */
#define MAX_PROBES 256

struct MxMemoRun
{
	uint32_t number; /* of all in it, without the last RUN_BITS */
	MxValue *values[RUN_LENGTH];
};

static size_t
first_slot(const MxMemo *memo, uint32_t run_number)
{
	uint32_t hash = run_number * 0x9E3779B1u; /* 2^32 / golden ratio */

	return (hash ^ hash >> 15) & (memo->n_slots - 1);
}

/* The slot of a run, empty when there is none; NULL when none is near. */
static MxMemoRun **
find_slot(const MxMemo *memo, uint32_t run_number)
{
	size_t at = first_slot(memo, run_number);
	int i;

	for (i = 0; i < MAX_PROBES; i++)
	{
		MxMemoRun **slot = &memo->slots[at];

		if (*slot == NULL || (*slot)->number == run_number)
			return slot;
		at = (at + 1) & (memo->n_slots - 1);
	}
	return NULL;
}

static MxStatus
collide(MxError *err)
{
	return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
	               "memo numbers were chosen to collide");
}

/* Keeps the slots at most half full. */
static MxStatus
make_room(MxMemo *memo, MxArena *arena, MxError *err)
{
	MxMemo larger = *memo;
	size_t i;

	if (memo->n_runs * 2 < memo->n_slots)
		return MX_OK;
	larger.n_slots = memo->n_slots == 0 ? 16 : memo->n_slots * 2;
	larger.slots = mx_arena_array(arena, MxMemoRun *, larger.n_slots, err);
	MX_NEED(larger.slots, err);
	for (i = 0; i < memo->n_slots; i++)
		if (memo->slots[i] != NULL)
		{
			MxMemoRun **slot = find_slot(&larger, memo->slots[i]->number);

			if (slot == NULL)
				return collide(err);
			*slot = memo->slots[i];
		}
	*memo = larger;
	return MX_OK;
}

static MxStatus
find_or_add_run(MxMemo *memo, MxArena *arena, uint32_t run_number,
                MxMemoRun **out, MxError *err)
{
	MxMemoRun **slot;

	if (memo->last != NULL && memo->last->number == run_number)
	{
		*out = memo->last;
		return MX_OK;
	}
	MX_TRY(make_room(memo, arena, err));
	slot = find_slot(memo, run_number);
	if (slot == NULL)
		return collide(err);
	if (*slot == NULL)
	{
		MxMemoRun *run = mx_arena_array(arena, MxMemoRun, 1, err);

		MX_NEED(run, err);
		run->number = run_number;
		*slot = run;
		memo->n_runs++;
	}
	*out = memo->last = *slot;
	return MX_OK;
}

MxStatus
mx_memo_put(MxMemo *memo, MxArena *arena, uint32_t number, MxValue *value,
            MxError *err)
{
	MxMemoRun *run = NULL;
	MxValue **place;

	MX_TRY(find_or_add_run(memo, arena, number >> RUN_BITS, &run, err));
	place = &run->values[number & (RUN_LENGTH - 1)];
	if (*place == value)
		return MX_OK;
	if (*place != NULL)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "memo number %u is given twice", (unsigned) number);
	*place = value;
	memo->n++;
	return MX_OK;
}

MxValue *
mx_memo_get(MxMemo *memo, uint32_t number)
{
	uint32_t run_number = number >> RUN_BITS;
	MxMemoRun **slot;

	if (memo->last != NULL && memo->last->number == run_number)
		return memo->last->values[number & (RUN_LENGTH - 1)];
	if (memo->n_slots == 0)
		return NULL;
	slot = find_slot(memo, run_number);
	if (slot == NULL || *slot == NULL)
		return NULL;
	return (*slot)->values[number & (RUN_LENGTH - 1)];
}
