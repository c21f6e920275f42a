/* share.c */
/* Finds the step that already makes what another one would. */
#include "engine/share.h"

#include <string.h>

/* A crafted model may have any number of steps that are nearly alike. */
#define MOST_COMPARED 16

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15) ^ hash >> 29;
}

/* Of what the step does and which columns it reads, but for its parameters. */
static uint32_t
slot_of(const MxLowStep *step)
{
	uint64_t hash = mix(step->kind, step->n_in);
	size_t i;
	size_t k;

	for (i = 0; i < step->n_in; i++)
	{
		const MxLowBlock *in = &step->in[i];

		hash = mix(hash, in->is_sparse ? in->maker : in->n_columns);
		for (k = 0; k < in->n_segments; k++)
			hash = mix(mix(hash, in->segments[k].source),
			           (uint64_t) in->segments[k].first << 32 |
			               in->segments[k].count);
	}
	return (uint32_t) (hash >> 32) % MX_SHARE_SLOTS;
}

static bool
same_codes(const MxLowBlock *x, const MxLowBlock *y)
{
	if (x->n_codes == NULL || y->n_codes == NULL)
		return x->n_codes == y->n_codes;
	return memcmp(x->n_codes, y->n_codes, x->n_columns * sizeof(size_t)) == 0;
}

static bool
same_block(const MxLowBlock *x, const MxLowBlock *y)
{
	return x->is_sparse == y->is_sparse && x->maker == y->maker &&
	       x->n_columns == y->n_columns && x->kind == y->kind &&
	       x->n_segments == y->n_segments && same_codes(x, y) &&
	       (x->n_segments == 0 ||
	        memcmp(x->segments, y->segments,
	               x->n_segments * sizeof(*x->segments)) == 0);
}

static bool
same_part(const MxNode *x, const MxNode *y)
{
	if (x == NULL || y == NULL)
		return x == y;
	return mx_same_node(x, y);
}

static bool
same_chain(const MxChain *x, const MxChain *y)
{
	return x->n == y->n && (x->n == 0 || memcmp(x->maps, y->maps,
	                                            x->n * sizeof(*x->maps)) == 0);
}

static bool
same_chains(const MxLowStep *x, const MxLowStep *y)
{
	size_t j;

	if (x->what.chains == NULL || y->what.chains == NULL)
		return x->what.chains == y->what.chains;
	for (j = 0; j < x->in[0].n_columns; j++)
	{
		const MxBounds *a = &x->what.bounds[j];
		const MxBounds *b = &y->what.bounds[j];

		if (a->low != b->low || a->high != b->high ||
		    a->may_miss != b->may_miss ||
		    !same_chain(&x->what.chains[j], &y->what.chains[j]))
			return false;
	}
	return true;
}

/* What a stricter guard has let through need not be looked at. */
static bool
does_guard(const MxLowStep *done, const MxLowStep *step)
{
	return step->kind == MX_STEP_GUARD &&
	       (step->what.node->as.guard.flags &
	        ~done->what.node->as.guard.flags) == 0;
}

/*
 * A row must not fail for another reason than before: whoever asks for what
 * step makes must have asked for what came first.
 */
static bool
does(const MxLowering *l, const MxLowStep *done, const MxLowStep *step)
{
	size_t i;

	if (done->kind != step->kind || done->n_in != step->n_in ||
	    (l->nodes[step->maker].answers & ~l->nodes[done->maker].answers) != 0)
		return false;
	for (i = 0; i < step->n_in; i++)
		if (!same_block(&done->in[i], &step->in[i]))
			return false;
	return does_guard(done, step) ||
	       (same_part(done->what.node, step->what.node) &&
	        same_part(done->what.guard, step->what.guard) &&
	        same_part(done->what.scale, step->what.scale) &&
	        same_part(done->what.scaled_guard, step->what.scaled_guard) &&
	        same_chains(done, step));
}

uint32_t
mx_find_shared(const MxLowering *l, const MxLowStep *step, uint32_t *slot)
{
	uint32_t at;
	size_t n = 0;

	*slot = slot_of(step);
	for (at = l->is_plain ? 0 : l->newest[*slot]; at != 0 && n < MOST_COMPARED;
	     at = l->steps[at - 1].before, n++)
		if (does(l, &l->steps[at - 1], step))
			return at;
	return 0;
}
