/*
 * prune.h: what is known of inputs ahead, in the ensembles that test them;
 * private to the engine room.
 */
#ifndef MX_ENGINE_PRUNE_H
#define MX_ENGINE_PRUNE_H

#include "engine/plan.h"

#define MX_NO_INPUT UINT32_MAX

/* Of one node: the one input that each column depends on, or MX_NO_INPUT. */
typedef struct MxOrigins
{
	const uint32_t *inputs; /* NULL: nothing is known of the columns */
} MxOrigins;

/* ---- origins.c --------------------------------------------------------- */

/* By node, for those that lead to an ensemble; *out is in arena. */
MxStatus mx_find_origins(const MxModel *model, MxArena *arena,
                         const MxOrigins **out, MxError *err);

/*
 * Adds to ns[input] what the tests of that input alone cost, roughly, of the
 * nanoseconds that a row takes in a block.
 */
MxStatus mx_price_tests(const MxModel *model, MxArena *arena, double *ns,
                        MxError *err);

/* ---- prune.c ----------------------------------------------------------- */

/*
 * The model with the same nodes but ensembles that lack the tests that known
 * inputs decide; *out is in arena and shares what has not changed.
 */
MxStatus mx_prune(const MxModel *model, const MxKnown *known,
                  const MxHeap *heap, MxArena *arena, const MxModel **out,
                  MxPruning *pruning, MxError *err);

#endif
