/* code.c */
/* Which one-hot columns need not be made, for only a linear model reads them.
 */
#include "engine/lower.h"

#include <float.h>
#include <math.h>

/* Codes are counted in 31 bits. */
#define MOST_CODES ((size_t) INT32_MAX - 1)

/* With all of them finite, a zero more or less changes no sum. */
static bool
weights_are_finite(const MxAffine *affine)
{
	size_t i;

	for (i = 0; i < affine->n_out * affine->n_in; i++)
		if (!isfinite(affine->weights[i]))
			return false;
	return true;
}

/* Guards look at codes as they would have looked at zeros and ones. */
static bool
is_small(double code)
{
	return fabs(code) <= FLT_MAX;
}

static bool
codes_are_small(const MxCategorize *categorize)
{
	size_t j;
	size_t i;

	for (j = 0; j < categorize->n; j++)
	{
		const MxCategories *c = &categorize->columns[j];

		if (!is_small(c->has_unknown_code ? c->unknown_code
		                                  : categorize->unknown_code) ||
		    (c->has_missing && !is_small(c->missing_code)))
			return false;
		for (i = 0; i < c->n; i++)
			if (!is_small(c->codes[i]))
				return false;
	}
	return true;
}

static bool
can_be_coded(const MxModel *model, const MxNode *node)
{
	const MxNode *before = &model->nodes[node->in[0]];
	size_t j;

	if (node->kind != MX_NODE_EXPAND || before->kind != MX_NODE_CATEGORIZE ||
	    !codes_are_small(&before->as.categorize))
		return false;
	for (j = 0; j < node->as.expand.n; j++)
		if (node->as.expand.widths[j] > MOST_CODES)
			return false;
	return true;
}

/* What hands on the columns it reads, to nobody but the reader. */
static bool
is_passed(const MxLowering *l, MxNodeId id)
{
	MxNodeKind kind = l->model->nodes[id].kind;

	return l->nodes[id].n_readers == 1 &&
	       (kind == MX_NODE_GUARD || kind == MX_NODE_CONCAT);
}

/* Whether the columns of a linear model may be codes. */
static bool
takes_codes(const MxLowering *l, MxNodeId id)
{
	const MxNode *node = &l->model->nodes[id];

	return node->kind == MX_NODE_AFFINE && l->nodes[id].is_needed &&
	       l->nodes[id].takeover.scale == NULL &&
	       weights_are_finite(&node->as.affine);
}

/* From linear models back to the first nodes that are not handed on. */
static void
mark_passed(MxLowering *l)
{
	MxNodeId id;
	size_t i;

	for (id = 1; id <= l->model->n_nodes; id++)
		if (takes_codes(l, id))
		{
			MxNodeId first = l->nodes[id].takeover.first;

			l->nodes[first != 0 ? first : id].passes_to = id;
		}
	for (id = (MxNodeId) l->model->n_nodes; id > 0; id--)
		for (i = 0; l->nodes[id].passes_to != 0 && i < l->model->nodes[id].n_in;
		     i++)
			if (is_passed(l, l->model->nodes[id].in[i]))
				l->nodes[l->model->nodes[id].in[i]].passes_to =
				    l->nodes[id].passes_to;
}

/*
 * A node whose columns go to the linear model `to`.  Rows that stay sparse for
 * another reason have no columns of codes.
 */
static void
look_at(MxLowering *l, MxNodeId id, MxNodeId to)
{
	MxLowNode *low = &l->nodes[id];

	if (low->passes_to != 0)
		return;
	low->is_coded =
	    low->n_readers == 1 && can_be_coded(l->model, &l->model->nodes[id]);
	if (low->is_sparse && !low->is_coded)
		l->nodes[to].stays_sparse = true;
}

void
mx_find_coded(MxLowering *l)
{
	MxNodeId id;
	size_t i;

	mark_passed(l);
	for (id = 1; id <= l->model->n_nodes; id++)
		for (i = 0; l->nodes[id].passes_to != 0 && i < l->model->nodes[id].n_in;
		     i++)
			look_at(l, l->model->nodes[id].in[i], l->nodes[id].passes_to);
	for (id = 1; id <= l->model->n_nodes; id++)
		for (i = 0; l->nodes[l->nodes[id].passes_to].stays_sparse &&
		            i < l->model->nodes[id].n_in;
		     i++)
			l->nodes[l->model->nodes[id].in[i]].is_coded = false;
}

MxStatus
mx_code_node(MxLowering *l, const MxNode *node, MxLowBlock *out, MxError *err)
{
	*out = l->nodes[node->in[0]].block;
	out->facts = NULL;
	out->n_codes = mx_arena_copy(l->arena, node->as.expand.widths,
	                             node->as.expand.n, sizeof(size_t), err);
	return out->n_codes == NULL ? err->status : MX_OK;
}
