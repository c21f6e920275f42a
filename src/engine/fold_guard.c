/* fold_guard.c */
/* Guards in front of trees: proven, folded, or as they are. */
#include "engine/fold.h"

#include <math.h>

static bool
implies(const MxBounds *known, const MxBounds *wanted)
{
	return known->low >= wanted->low && known->high <= wanted->high &&
	       (!known->may_miss || wanted->may_miss);
}

static MxBounds
both(const MxBounds *x, const MxBounds *y)
{
	return (MxBounds){fmax(x->low, y->low), fmin(x->high, y->high),
	                  x->may_miss && y->may_miss};
}

typedef struct Work
{
	size_t n;
	MxChain *chains;
	MxBounds *bounds;
	MxFact *facts;
} Work;

static MxStatus
make_room(MxArena *arena, size_t n, Work *work, MxError *err)
{
	work->n = n;
	work->chains = mx_arena_array(arena, MxChain, n, err);
	MX_NEED(work->chains, err);
	work->bounds = mx_arena_array(arena, MxBounds, n, err);
	MX_NEED(work->bounds, err);
	work->facts = mx_arena_array(arena, MxFact, n, err);
	return work->facts == NULL ? err->status : MX_OK;
}

MxStatus
mx_fold_guard(MxLowering *l, const MxNode *node, MxGuardFold *out, MxError *err)
{
	const MxFact *before = NULL;
	Work work = {0};
	size_t j;

	MX_TRY(make_room(l->arena, node->n_columns, &work, err));
	MX_TRY(mx_facts_of(l, node->in[0], &before, err));
	*out = (MxGuardFold){
	    .is_proven = true, .bounds = work.bounds, .facts = work.facts};
	for (j = 0; j < work.n; j++)
	{
		MxBounds passes =
		    mx_chain_passes(&before[j].chain, node->as.guard.flags);
		bool is_proven = implies(&before[j].known, &passes);

		work.chains[j] = before[j].chain;
		work.bounds[j] = is_proven ? MX_UNBOUNDED : passes;
		work.facts[j].chain = before[j].chain;
		work.facts[j].known = both(&before[j].known, &passes);
		out->is_proven = out->is_proven && is_proven;
		if (is_proven || before[j].chain.n > 0)
			out->chains = work.chains;
	}
	return MX_OK;
}

static MxBounds
made_bounds(const MxNode *node, const MxFact *before, size_t j)
{
	const MxBounds *known = &before[j].known;
	double number;

	if (node->kind != MX_NODE_IMPUTE)
		return (MxBounds){0, 1, false};
	number = node->as.impute.numbers[j];
	return (MxBounds){fmin(known->low, number), fmax(known->high, number),
	                  isnan(number)};
}

MxStatus
mx_note_made(MxLowering *l, const MxNode *node, MxLowBlock *block, MxError *err)
{
	MxFact *facts = mx_arena_array(l->arena, MxFact, node->n_columns, err);
	const MxFact *before = NULL;
	size_t j;

	MX_NEED(facts, err);
	MX_TRY(mx_facts_of(l, node->in[0], &before, err));
	for (j = 0; j < node->n_columns; j++)
		facts[j].known = made_bounds(node, before, j);
	block->facts = facts;
	return MX_OK;
}
