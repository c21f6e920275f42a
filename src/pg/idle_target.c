/* idle_target.c */
/* Keeps a few targets open between the statements that use them. */
#include "postgres.h"

#include "utils/memutils.h"

#include "pg/idle_target.h"

#define MAX_IDLE 4
/* Of each one: what a row of some hundred features takes. */
#define MAX_IDLE_BYTES ((Size) 256 * 1024)

/* Latest first.  They hold their plans without a pin: see mxpg_plan_count. */
static MxpgLease *idle[MAX_IDLE];
static int n_idle = 0;

static MemoryContext
leases_context(void)
{
	static MemoryContext context = NULL;

	if (context == NULL)
		context = AllocSetContextCreate(CacheMemoryContext, "model_ext leases",
		                                ALLOCSET_SMALL_SIZES);
	return context;
}

static void
remove_idle(int i)
{
	n_idle--;
	memmove(&idle[i], &idle[i + 1],
	        (size_t) (n_idle - i) * sizeof(MxpgLease *));
}

/* Closing gives a pin back, so it must have one. */
static void
close_idle(int i)
{
	MxpgLease *lease = idle[i];

	remove_idle(i);
	mxpg_plan_count(lease->target->version.sha256, 1, 0);
	mxpg_target_close(lease->target);
}

static bool
has_same_names(const MxpgValues *a, const MxpgValues *b)
{
	return VARSIZE(a->names) == VARSIZE(b->names) &&
	       memcmp(a->names, b->names, VARSIZE(a->names)) == 0;
}

static bool
has_same_values(const MxpgValues *a, const MxpgValues *b)
{
	return a->kind == b->kind && a->class_argument == b->class_argument &&
	       a->first == b->first && a->n == b->n &&
	       memcmp(a->types, b->types, (size_t) a->n * sizeof(Oid)) == 0 &&
	       (a->kind != MXPG_VALUES_PLANNED || has_same_names(a, b));
}

static void *
copy_bytes(const void *from, size_t size)
{
	return memcpy(palloc(Max(size, 1)), from, size);
}

static void
copy_values(MxpgValues *to, const MxpgValues *from)
{
	*to = *from;
	to->types = copy_bytes(from->types, (size_t) from->n * sizeof(Oid));
	if (from->kind == MXPG_VALUES_PLANNED)
		to->names = copy_bytes(from->names, VARSIZE(from->names));
}

static MxpgLease *
take_idle(const MxpgVersion *version, MxpgAnswer answer,
          const MxpgValues *values)
{
	int i;

	for (i = 0; i < n_idle; i++)
	{
		MxpgLease *lease = idle[i];

		if (lease->target->answer != answer ||
		    !mxpg_target_is(lease->target, version) ||
		    !has_same_values(&lease->values, values))
			continue;
		remove_idle(i);
		mxpg_plan_count(version->sha256, 1, 1);
		return lease;
	}
	return NULL;
}

static MxpgLease *
new_lease(const MxpgVersion *version, MxpgAnswer answer,
          const MxpgValues *values)
{
	MxpgTarget *target = mxpg_target_open(leases_context(), version, answer);
	MemoryContext caller = MemoryContextSwitchTo(target->context);
	MxpgLease *lease = NULL;

	PG_TRY();
	{
		lease = palloc0_object(MxpgLease);
		lease->target = target;
		copy_values(&lease->values, values);
	}
	PG_CATCH();
	{
		mxpg_target_close(target);
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	return lease;
}

MxpgLease *
mxpg_target_lease(const MxpgVersion *version, MxpgAnswer answer,
                  const MxpgValues *values)
{
	MxpgLease *lease = take_idle(version, answer, values);

	return lease != NULL ? lease : new_lease(version, answer, values);
}

void
mxpg_target_give_back(MxpgLease *lease, bool is_sound)
{
	MxpgTarget *target = lease->target;

	if (!is_sound ||
	    MemoryContextMemAllocated(target->context, true) > MAX_IDLE_BYTES)
	{
		mxpg_target_close(target);
		return;
	}
	if (n_idle == MAX_IDLE)
		close_idle(MAX_IDLE - 1);
	memmove(&idle[1], &idle[0], (size_t) n_idle * sizeof(MxpgLease *));
	idle[0] = lease;
	n_idle++;
	mxpg_plan_count(target->version.sha256, -1, 0);
}

void
mxpg_idle_targets_drop(const uint8 *sha256)
{
	int i;

	for (i = n_idle - 1; i >= 0; i--)
		if (memcmp(idle[i]->target->version.sha256, sha256, MXPG_SHA256_SIZE) ==
		    0)
			close_idle(i);
}
