/*
 * fold.h: steps that ensembles make up for; private to the engine room.
 *
 * A node in front of nothing but trees makes no step when all it does to a
 * number is undone exactly: the columns it reads pass through it as a view,
 * with a note of what has not been done to them.  Guards behind it become
 * folded guards, and the ensemble gets other thresholds.
 */
#ifndef MX_ENGINE_FOLD_H
#define MX_ENGINE_FOLD_H

#include "engine/lower.h"

/* What is known of one column of a block. */
typedef struct MxFact
{
	MxChain chain;  /* not done to it yet */
	MxBounds known; /* of what lies there, in rows that have not failed */
} MxFact;

/* ---- fold.c ------------------------------------------------------------ */

/* Finds the nodes to fold among those that are needed. */
void mx_find_folds(MxLowering *l);

/* Of the block of a node: its own, or what the guard before it tells. */
MxStatus mx_facts_of(MxLowering *l, MxNodeId id, const MxFact **out,
                     MxError *err);

/* The block of a node that folds. */
MxStatus mx_fold_node(MxLowering *l, const MxNode *node, MxLowBlock *out,
                      MxError *err);

/* ---- fold_guard.c ------------------------------------------------------ */

/* What becomes of a guard in front of trees. */
typedef struct MxGuardFold
{
	bool is_proven;         /* no row that has not failed would fail */
	const MxChain *chains;  /* NULL: it has to look at all, as they are */
	const MxBounds *bounds; /* else: what to look at */
	const MxFact *facts;    /* behind it */
} MxGuardFold;

MxStatus mx_fold_guard(MxLowering *l, const MxNode *node, MxGuardFold *out,
                       MxError *err);

/*
 * Facts of what an imputer of numbers, an indicator or an expansion makes in a
 * step of its own.
 */
MxStatus mx_note_made(MxLowering *l, const MxNode *node, MxLowBlock *block,
                      MxError *err);

/* ---- fold_trees.c ------------------------------------------------------ */

/* Whether the ensemble can test what the row has in place of what is made. */
bool mx_trees_can_fold(const MxModel *model, const MxNode *node);

/* *out is the node to be compiled for a block: node itself or one like it. */
MxStatus mx_fold_thresholds(MxLowering *l, const MxNode *node,
                            const MxLowBlock *in, const MxNode **out,
                            MxError *err);

#endif
