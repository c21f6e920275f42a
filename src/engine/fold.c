/* fold.c */
/* Which nodes need no step because all that reads them is trees. */
#include "engine/fold.h"

#include "op/expand.h"

#include <math.h>
#include <string.h>

/* What the readers of a node put up with. */
#define TAKES_NUMBERS 1u /* numbers to which something is not done yet */
#define TAKES_CODES 2u   /* codes in place of columns of 0 and 1 */
#define TAKES_FACTS 4u   /* all as it is, but it may be known what it is */
#define TAKES_ALL (TAKES_NUMBERS | TAKES_CODES | TAKES_FACTS)

/* A set of categories has room for so many codes. */
#define MOST_CODES 255

static bool
scale_folds(const MxScale *scale)
{
	size_t j;

	for (j = 0; j < scale->n; j++)
	{
		double first = scale->first == NULL ? 1 : scale->first[j];
		double second = scale->second == NULL ? 1 : scale->second[j];

		if (!isfinite(first) || !isfinite(second))
			return false;
		/* Infinity times 0 would be NaN. */
		if ((scale->kind == MX_SCALE_DIVIDE ? second : first) == 0)
			return false;
	}
	return true;
}

static bool
expand_folds(const MxModel *model, const MxNode *node)
{
	size_t j;

	if (model->nodes[node->in[0]].kind != MX_NODE_CATEGORIZE)
		return false;
	for (j = 0; j < node->as.expand.n; j++)
		if (node->as.expand.widths[j] > MOST_CODES)
			return false;
	return true;
}

static bool
impute_folds(const MxImpute *impute)
{
	return impute->numbers != NULL && !impute->missing.has_number;
}

/* Behind a guard, which reads the columns that the indicator drops. */
static bool
indicator_folds(const MxModel *model, const MxNode *node)
{
	const MxNode *before = &model->nodes[node->in[0]];

	return before->kind == MX_NODE_GUARD && before->as.guard.flags != 0 &&
	       node->as.indicator.kind == MX_COLUMN_NUMBER &&
	       !node->as.indicator.missing.has_number;
}

/* Whether trees can make up for what the node does. */
static bool
can_fold(const MxModel *model, const MxNode *node)
{
	if (node->kind == MX_NODE_SCALE)
		return scale_folds(&node->as.scale);
	if (node->kind == MX_NODE_IMPUTE)
		return impute_folds(&node->as.impute);
	if (node->kind == MX_NODE_INDICATOR)
		return indicator_folds(model, node);
	if (node->kind == MX_NODE_FUNCTION)
		return mx_function_keeps_order(node->as.function.kind);
	return node->kind == MX_NODE_EXPAND && expand_folds(model, node);
}

/* Nodes that hand on columns as they are. */
static bool
is_view(const MxNode *node)
{
	return node->kind == MX_NODE_GUARD || node->kind == MX_NODE_SELECT ||
	       node->kind == MX_NODE_CONCAT;
}

/* Sparse rows have no columns to look through. */
static bool
makes_sparse(const MxLowering *l, const MxNode *node)
{
	size_t i;

	for (i = 0; is_view(node) && i < node->n_in; i++)
		if (l->nodes[node->in[i]].is_sparse)
			return true;
	return node->kind == MX_NODE_COUNT || node->kind == MX_NODE_TFIDF ||
	       (node->kind == MX_NODE_EXPAND &&
	        node->n_columns > MX_EXPAND_DENSE_COLUMNS);
}

/* No column is left out: all are read as before. */
static bool
keeps_all(const MxLowering *l, const MxNode *node)
{
	size_t j;

	if (node->as.select.n != l->model->nodes[node->in[0]].n_columns)
		return false;
	for (j = 0; j < node->as.select.n; j++)
		if (node->as.select.columns[j] != j)
			return false;
	return true;
}

/*
 * Numbers that are rounded to float32 are compared as they are, by a few
 * operations, others by a search among the thresholds, which folded ones would
 * need too.
 */
static unsigned
trees_take(const MxModel *model, const MxNode *node, MxNodeId from)
{
	if (node->n_in > 1 && node->in[1] == from)
		return 0;
	if (!mx_trees_can_fold(model, node))
		return TAKES_FACTS;
	return node->as.trees.rounds_to_float32 ? TAKES_CODES | TAKES_FACTS
	                                        : TAKES_ALL;
}

/*
 * What a reader, of which it is known whether it folds, puts up with in the
 * node it reads.
 */
static unsigned
takes(const MxLowering *l, MxNodeId reader, MxNodeId from)
{
	const MxNode *node = &l->model->nodes[reader];
	unsigned behind = l->nodes[reader].folds;

	if (node->column_kinds != NULL || l->nodes[reader].is_sparse)
		return 0;
	if (node->kind == MX_NODE_TREES)
		return trees_take(l->model, node, from);
	if (is_view(node))
		return node->kind != MX_NODE_SELECT || keeps_all(l, node) ? behind : 0;
	if (node->kind == MX_NODE_SCALE || node->kind == MX_NODE_IMPUTE ||
	    node->kind == MX_NODE_FUNCTION)
		return l->nodes[reader].is_folded ? behind : behind & TAKES_FACTS;
	return 0;
}

static bool
is_answer(const MxLowering *l, MxNodeId id)
{
	size_t i;

	for (i = 0; i < MX_ANSWER_KINDS; i++)
		if (mx_answer_node(&l->model->answers, (MxAnswerKind) i) == id)
			return true;
	return false;
}

/* Without INFINITE, FLOAT32 lets infinity through, but not what is below. */
static bool
is_odd_guard(const MxNode *node)
{
	return node->kind == MX_NODE_GUARD &&
	       (node->as.guard.flags & MX_GUARD_FLOAT32) != 0 &&
	       (node->as.guard.flags & MX_GUARD_INFINITE) == 0;
}

static bool
folds(const MxLowering *l, MxNodeId id)
{
	const MxNode *node = &l->model->nodes[id];
	unsigned wanted =
	    node->kind == MX_NODE_EXPAND ? TAKES_CODES : TAKES_NUMBERS;

	return (l->nodes[id].folds & wanted) != 0 && can_fold(l->model, node) &&
	       !l->nodes[id].is_sparse && !l->nodes[node->in[0]].is_sparse;
}

void
mx_find_folds(MxLowering *l)
{
	MxNodeId id;
	size_t i;

	for (id = 1; id <= l->model->n_nodes; id++)
	{
		l->nodes[id].is_sparse = makes_sparse(l, &l->model->nodes[id]);
		if (l->nodes[id].is_needed && !is_answer(l, id) &&
		    !is_odd_guard(&l->model->nodes[id]))
			l->nodes[id].folds = TAKES_ALL;
	}
	for (id = (MxNodeId) l->model->n_nodes; id > 0; id--)
	{
		const MxNode *node = &l->model->nodes[id];

		l->nodes[id].is_folded = folds(l, id);
		for (i = 0; l->nodes[id].is_needed && i < node->n_in; i++)
			l->nodes[node->in[i]].folds &= takes(l, id, node->in[i]);
	}
}

/* ---- facts ------------------------------------------------------------- */

/* What the guard before a node, if there is one, says of all its columns. */
static MxBounds
guarded_bounds(const MxLowering *l, MxNodeId id)
{
	const MxNode *node = &l->model->nodes[id];
	MxChain nothing = {0, NULL};

	while (node->kind == MX_NODE_SELECT)
		node = &l->model->nodes[node->in[0]];
	if (node->kind != MX_NODE_GUARD || is_odd_guard(node))
		return MX_UNBOUNDED;
	return mx_chain_passes(&nothing, node->as.guard.flags);
}

MxStatus
mx_facts_of(MxLowering *l, MxNodeId id, const MxFact **out, MxError *err)
{
	const MxLowBlock *block = &l->nodes[id].block;
	MxBounds known = guarded_bounds(l, id);
	MxFact *facts;
	size_t j;

	*out = block->facts;
	if (block->facts != NULL)
		return MX_OK;
	facts = mx_arena_array(l->arena, MxFact, block->n_columns, err);
	MX_NEED(facts, err);
	for (j = 0; j < block->n_columns; j++)
		facts[j].known = known;
	*out = facts;
	return MX_OK;
}

/* One more map behind a chain. */
static MxStatus
extend(MxLowering *l, const MxFact *from, MxMap map, MxFact *to, MxError *err)
{
	size_t n = from->chain.n;
	MxMap *maps = mx_arena_array(l->arena, MxMap, n + 1, err);

	MX_NEED(maps, err);
	if (n > 0)
		memcpy(maps, from->chain.maps, n * sizeof(*maps));
	maps[n] = map;
	to->known = from->known;
	to->chain = (MxChain){n + 1, maps};
	return MX_OK;
}

static MxMap
scale_map(const MxScale *scale, size_t j)
{
	bool divides = scale->kind == MX_SCALE_DIVIDE;
	MxMap map = {.kind = divides ? MX_MAP_DIVIDE : MX_MAP_MULTIPLY,
	             .first = divides ? 0.0 : 1.0,
	             .second = divides ? 1.0 : -0.0,
	             .low = scale->clip ? scale->low : -INFINITY,
	             .high = scale->clip ? scale->high : INFINITY};

	if (scale->first != NULL)
		map.first = scale->first[j];
	if (scale->second != NULL)
		map.second = scale->second[j];
	return map;
}

/* What the node, other than an expansion, does to column j of what it makes. */
static MxMap
map_of(const MxNode *node, size_t j)
{
	if (node->kind == MX_NODE_SCALE)
		return scale_map(&node->as.scale, j);
	if (node->kind == MX_NODE_IMPUTE)
		return (MxMap){.kind = MX_MAP_IMPUTE,
		               .first = node->as.impute.numbers[j]};
	if (node->kind == MX_NODE_INDICATOR)
		return (MxMap){.kind = MX_MAP_IS_MISSING};
	return (MxMap){.kind = MX_MAP_FUNCTION, .function = node->as.function.kind};
}

/* Each column of 0 and 1 is the code it comes from. */
static MxStatus
fold_expand(MxLowering *l, const MxNode *node, const MxFact *from,
            size_t *columns, MxFact *facts, MxError *err)
{
	size_t at = 0;
	size_t j;
	size_t c;

	for (j = 0; j < node->as.expand.n; j++)
		for (c = 0; c < node->as.expand.widths[j]; c++, at++)
		{
			MxMap map = {.kind = MX_MAP_EQUALS, .first = (double) c};

			columns[at] = j;
			MX_TRY(extend(l, &from[j], map, &facts[at], err));
		}
	return MX_OK;
}

MxStatus
mx_fold_node(MxLowering *l, const MxNode *node, MxLowBlock *out, MxError *err)
{
	const MxLowBlock *in = &l->nodes[node->in[0]].block;
	size_t *columns = mx_arena_array(l->arena, size_t, node->n_columns, err);
	MxFact *facts = mx_arena_array(l->arena, MxFact, node->n_columns, err);
	const MxFact *from = NULL;
	size_t j;

	if (columns == NULL || facts == NULL)
		return err->status;
	MX_TRY(mx_facts_of(l, node->in[0], &from, err));
	if (node->kind == MX_NODE_EXPAND)
		MX_TRY(fold_expand(l, node, from, columns, facts, err));
	else
		for (j = 0; j < node->n_columns; j++)
		{
			columns[j] = node->kind == MX_NODE_INDICATOR
			                 ? node->as.indicator.columns[j]
			                 : j;
			MX_TRY(
			    extend(l, &from[columns[j]], map_of(node, j), &facts[j], err));
		}
	MX_TRY(mx_view_select(l->arena, in, columns, node->n_columns, out, err));
	out->facts = facts;
	return MX_OK;
}
