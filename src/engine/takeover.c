/* takeover.c */
/* Sums take over the guards and the scale that nobody else reads. */
#include "engine/lower.h"
#include "op/fold.h"

static void
count_readers(MxLowering *l)
{
	size_t id;
	size_t i;

	for (i = 0; i < MX_ANSWER_KINDS; i++)
		l->nodes[mx_answer_node(&l->model->answers, (MxAnswerKind) i)]
		    .n_readers++;
	for (id = 1; id <= l->model->n_nodes; id++)
		for (i = 0; l->nodes[id].is_needed && i < l->model->nodes[id].n_in; i++)
			l->nodes[l->model->nodes[id].in[i]].n_readers++;
}

/*
 * The node that id reads, when it is of that kind, is read by nobody else, and
 * nothing runs between the two, so that rows fail in the same order; else 0.
 */
static MxNodeId
node_before(const MxLowering *l, MxNodeId id, MxNodeKind kind)
{
	MxNodeId before = l->model->nodes[id].in[0];
	MxNodeId other;

	if (l->model->nodes[before].kind != kind || l->nodes[before].n_readers != 1)
		return 0;
	for (other = before + 1; other < id; other++)
		if (l->nodes[other].is_needed)
			return 0;
	return before;
}

/* FLOAT32 refuses numbers that are finite: a sum does not show them. */
static const MxNode *
take_guard(MxLowering *l, MxNodeId *at)
{
	MxNodeId before = node_before(l, *at, MX_NODE_GUARD);
	const MxNode *node = &l->model->nodes[before];

	if (before == 0 || (node->as.guard.flags & MX_GUARD_FLOAT32) != 0)
		return NULL;
	*at = before;
	return node;
}

/* A clip hides what is infinite. */
static const MxNode *
take_scale(MxLowering *l, MxNodeId *at)
{
	MxNodeId before = node_before(l, *at, MX_NODE_SCALE);
	const MxNode *node = &l->model->nodes[before];

	if (before == 0 || node->as.scale.clip)
		return NULL;
	*at = before;
	return node;
}

static bool
is_sum(const MxNode *node)
{
	return node->n_columns > 0 &&
	       (node->kind == MX_NODE_AFFINE || node->kind == MX_NODE_DISTANCE ||
	        node->kind == MX_NODE_GAUSSIAN);
}

static void
take_over(MxLowering *l, MxNodeId id)
{
	MxTakeover t = {.first = id};
	MxNodeId other;

	t.guard = take_guard(l, &t.first);
	t.scale = take_scale(l, &t.first);
	if (t.scale != NULL)
	{
		t.scaled_guard = t.guard;
		t.guard = take_guard(l, &t.first);
	}
	if (t.first == id)
		return;
	for (other = t.first; other < id; other++)
		l->nodes[other].is_taken = l->nodes[other].is_needed;
	l->nodes[id].takeover = t;
}

/*
 * A plain plan has a step for each node, but the numbers are those of the
 * fast one: where that folds a scale, the scale's step only feeds the guard.
 */
static void
take_nothing_over(MxLowering *l, MxNodeId id)
{
	MxLowNode *low = &l->nodes[id];
	const MxTakeover *t = &low->takeover;

	if (t->scale != NULL &&
	    mx_fold_works(&l->model->nodes[id], t->scale, t->scaled_guard))
		low->folded = t->scale;
	low->takeover = (MxTakeover){0};
	low->is_taken = false;
}

void
mx_take_over(MxLowering *l)
{
	MxNodeId id;

	count_readers(l);
	for (id = 1; id <= l->model->n_nodes; id++)
		if (l->nodes[id].is_needed && is_sum(&l->model->nodes[id]))
			take_over(l, id);
	for (id = 1; l->is_plain && id <= l->model->n_nodes; id++)
		take_nothing_over(l, id);
}
