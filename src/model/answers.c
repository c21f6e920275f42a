/* answers.c */
/* Proof of what a model says it can answer. */
#include "model/graph.h"

/* The node that makes column j of a node that may be a view. */
static const MxNode *
trace(const MxNode *nodes, MxNodeId id, size_t j)
{
	for (;;)
	{
		const MxNode *node = &nodes[id];
		size_t i = 0;

		if (node->kind == MX_NODE_SELECT)
			j = node->as.select.columns[j];
		else if (node->kind == MX_NODE_CONCAT)
			while (j >= nodes[node->in[i]].n_columns)
				j -= nodes[node->in[i++]].n_columns;
		else if (node->kind != MX_NODE_GUARD)
			return node;
		id = node->in[i];
	}
}

/* Classes that a decision can name. */
static size_t
n_decided(const MxNode *nodes, const MxNode *decide)
{
	if (decide->as.decide.kind == MX_DECIDE_POSITIVE ||
	    decide->as.decide.kind == MX_DECIDE_NONNEGATIVE)
		return 2;
	return nodes[decide->in[0]].n_columns;
}

static MxStatus
prove_labels(const MxNode *nodes, const MxAnswers *a, MxError *err)
{
	size_t i;

	for (i = 0; i < a->n_outputs; i++)
	{
		const MxNode *from = trace(nodes, a->label, i);

		if (from->kind != MX_NODE_DECIDE)
			return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
			               "labels do not come from a decision");
		if (n_decided(nodes, from) > a->classes[i].n)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "classifier decides among %zu classes, but has "
			               "only %zu",
			               n_decided(nodes, from), a->classes[i].n);
	}
	return MX_OK;
}

static MxStatus
prove_width(const MxNode *nodes, size_t n_nodes, MxNodeId id, size_t n,
            const char *what, MxError *err)
{
	if (id == 0)
		return MX_OK;
	if (id > n_nodes)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "node %u does not exist", id);
	if (n != MX_OPEN_WIDTH && nodes[id].n_columns != n)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "%s has %zu columns, expected %zu", what,
		               nodes[id].n_columns, n);
	return MX_OK;
}

static MxStatus
prove_classes(const MxAnswers *a, size_t *n_classes, MxError *err)
{
	size_t i;

	*n_classes = 0;
	if (a->classes == NULL)
		return MX_OK;
	for (i = 0; i < a->n_outputs; i++)
	{
		const MxClasses *c = &a->classes[i];

		if (c->n == 0)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "classifier has no classes");
		if (c->labels == NULL || (c->numbers == NULL) == (c->texts == NULL))
			return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
			               "classes need numbers or texts, and labels");
		*n_classes += c->n;
	}
	return MX_OK;
}

MxStatus
mx_prove_answers(const MxNode *nodes, size_t n, const MxAnswers *a,
                 MxError *err)
{
	size_t n_classes;

	MX_TRY(prove_classes(a, &n_classes, err));
	MX_TRY(prove_width(nodes, n, a->value, a->n_outputs, "prediction", err));
	MX_TRY(prove_width(nodes, n, a->label, a->n_outputs, "prediction", err));
	MX_TRY(prove_width(nodes, n, a->proba, n_classes, "probability", err));
	MX_TRY(
	    prove_width(nodes, n, a->log_proba, n_classes, "log probability", err));
	MX_TRY(prove_width(nodes, n, a->decision, MX_OPEN_WIDTH, "", err));
	MX_TRY(prove_width(nodes, n, a->transform, MX_OPEN_WIDTH, "", err));
	MX_TRY(prove_width(nodes, n, a->score_samples, 1, "score", err));
	if (a->label == 0)
		return MX_OK;
	if (a->classes == NULL)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "labels need classes");
	return prove_labels(nodes, a, err);
}

static MxStatus
copy_texts(MxArena *arena, const MxText *from, size_t n, const MxText **to,
           MxError *err)
{
	MxText *texts;
	size_t i;

	*to = NULL;
	if (from == NULL)
		return MX_OK;
	texts = mx_arena_array(arena, MxText, n, err);
	MX_NEED(texts, err);
	for (i = 0; i < n; i++)
		MX_TRY(mx_text_copy(arena, from[i], &texts[i], err));
	*to = texts;
	return MX_OK;
}

static MxStatus
copy_classes(MxArena *arena, const MxClasses *from, MxClasses *to, MxError *err)
{
	to->n = from->n;
	to->numbers = NULL;
	if (from->numbers != NULL)
	{
		to->numbers =
		    mx_arena_copy(arena, from->numbers, from->n, sizeof(double), err);
		MX_NEED(to->numbers, err);
	}
	MX_TRY(copy_texts(arena, from->texts, from->n, &to->texts, err));
	return copy_texts(arena, from->labels, from->n, &to->labels, err);
}

MxStatus
mx_copy_answers(MxArena *arena, const MxAnswers *from, MxAnswers *to,
                MxError *err)
{
	MxClasses *classes;
	size_t i;

	*to = *from;
	if (from->classes == NULL)
		return MX_OK;
	classes = mx_arena_array(arena, MxClasses, from->n_outputs, err);
	MX_NEED(classes, err);
	for (i = 0; i < from->n_outputs; i++)
		MX_TRY(copy_classes(arena, &from->classes[i], &classes[i], err));
	to->classes = classes;
	return MX_OK;
}
