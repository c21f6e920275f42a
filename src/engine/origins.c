/* origins.c */
/* Which input each column on the way to an ensemble depends on. */
#include "engine/prune.h"

#include "op/trees.h"

#include <string.h>

/* Where the nodes read by one node begin, while columns are followed. */
typedef struct Following
{
	const MxNode *node;
	const MxOrigins *origins; /* of all nodes before it */
	uint32_t *to;
} Following;

static uint32_t
origin_in(const Following *f, size_t i, size_t column)
{
	const uint32_t *inputs = f->origins[f->node->in[i]].inputs;

	return inputs == NULL ? MX_NO_INPUT : inputs[column];
}

/* Column j comes from the column j, or from one of a list. */
static void
follow_columns(const Following *f, const size_t *columns)
{
	size_t j;

	for (j = 0; j < f->node->n_columns; j++)
		f->to[j] = origin_in(f, 0, columns == NULL ? j : columns[j]);
}

static void
follow_concat(const Following *f, const MxNode *nodes)
{
	size_t at = 0;
	size_t i;
	size_t j;

	for (i = 0; i < f->node->n_in; i++)
		for (j = 0; j < nodes[f->node->in[i]].n_columns; j++)
			f->to[at++] = origin_in(f, i, j);
}

static void
follow_expand(const Following *f)
{
	const MxExpand *expand = &f->node->as.expand;
	size_t at = 0;
	size_t j;
	size_t c;

	for (j = 0; j < expand->n; j++)
		for (c = 0; c < expand->widths[j]; c++)
			f->to[at++] = origin_in(f, 0, j);
}

static void
follow_input(const Following *f)
{
	size_t j;

	for (j = 0; j < f->node->n_columns; j++)
		f->to[j] = (uint32_t) j;
}

/* Nodes that make a column from one column, and look at nothing else. */
static bool
follow(const Following *f, const MxNode *nodes)
{
	switch (f->node->kind)
	{
		case MX_NODE_INPUT:
			follow_input(f);
			return true;
		case MX_NODE_CONCAT:
			follow_concat(f, nodes);
			return true;
		case MX_NODE_EXPAND:
			follow_expand(f);
			return true;
		case MX_NODE_SELECT:
			follow_columns(f, f->node->as.select.columns);
			return true;
		case MX_NODE_INDICATOR:
			follow_columns(f, f->node->as.indicator.columns);
			return true;
		case MX_NODE_GUARD:
		case MX_NODE_SCALE:
		case MX_NODE_IMPUTE:
		case MX_NODE_CATEGORIZE:
		case MX_NODE_FUNCTION:
			follow_columns(f, NULL);
			return true;
		case MX_NODE_AFFINE:
		case MX_NODE_TREES:
		case MX_NODE_LINK:
		case MX_NODE_DECIDE:
		case MX_NODE_DISTANCE:
		case MX_NODE_GAUSSIAN:
		case MX_NODE_COUNT:
		case MX_NODE_TFIDF:
		case MX_NODE_KINDS:
			break;
	}
	return false;
}

static MxStatus
mark_wanted(const MxModel *model, MxArena *arena, bool **out, MxError *err)
{
	bool *is_wanted = mx_arena_array(arena, bool, model->n_nodes + 1, err);
	size_t id;
	size_t i;

	MX_NEED(is_wanted, err);
	for (id = model->n_nodes; id > 0; id--)
	{
		const MxNode *node = &model->nodes[id];

		if (node->kind == MX_NODE_TREES)
			is_wanted[node->in[0]] = true;
		for (i = 0; is_wanted[id] && i < node->n_in; i++)
			is_wanted[node->in[i]] = true;
	}
	*out = is_wanted;
	return MX_OK;
}

MxStatus
mx_find_origins(const MxModel *model, MxArena *arena, const MxOrigins **out,
                MxError *err)
{
	MxOrigins *origins =
	    mx_arena_array(arena, MxOrigins, model->n_nodes + 1, err);
	bool *is_wanted = NULL;
	size_t id;

	MX_NEED(origins, err);
	MX_TRY(mark_wanted(model, arena, &is_wanted, err));
	for (id = 1; id <= model->n_nodes; id++)
	{
		const MxNode *node = &model->nodes[id];
		Following f = {.node = node, .origins = origins};

		if (!is_wanted[id])
			continue;
		f.to = mx_arena_array(arena, uint32_t, node->n_columns, err);
		MX_NEED(f.to, err);
		if (follow(&f, model->nodes))
			origins[id].inputs = f.to;
	}
	*out = origins;
	return MX_OK;
}

/* ---- prices ------------------------------------------------------------ */

/*
 * Nanoseconds for a row of a block, from timings of 100 to 500 trees. Small
 * trees are folded, all nodes at once, and a test that is decided takes half
 * of the nodes below it along; large ones are walked, test by test.
 */
#define FOLDED_NODE_NS 0.01
#define WALKED_TEST_NS 2.0
#define FEWEST_WALKED ((size_t) 512)
/* Nodes that are looked at, about. */
#define MOST_PRICED ((size_t) 256 * 1024)

/*
 * Of a test at the root.  Of one further down it is as much less as a random
 * way from the root meets it more seldom.
 */
static double
root_price(size_t n_nodes)
{
	return n_nodes < FEWEST_WALKED ? FOLDED_NODE_NS * (double) n_nodes / 2
	                               : WALKED_TEST_NS;
}

/* As if there were so many trees like it. */
static void
price_tree(const MxTrees *trees, size_t t, const uint32_t *inputs,
           double *price, double n_trees, double *ns)
{
	size_t first = trees->start[t];
	size_t n = trees->start[t + 1] - first;
	size_t i;

	memset(price, 0, n * sizeof(*price));
	price[0] = n_trees * root_price(n);
	for (i = 0; i < n; i++)
	{
		size_t at = first + i;
		uint32_t input;

		if (trees->left[at] < 0)
			continue;
		price[trees->left[at]] = price[trees->right[at]] = price[i] / 2;
		input = inputs[trees->feature[at]];
		if (input != MX_NO_INPUT)
			ns[input] += price[i];
	}
}

/* Of large ensembles some trees stand for all. */
static MxStatus
price_trees(const MxTrees *trees, const MxOrigins *origins, MxArena *arena,
            double *ns, MxError *err)
{
	size_t step = 1 + trees->start[trees->n_trees] / MOST_PRICED;
	double *price;
	size_t t;

	if (origins->inputs == NULL)
		return MX_OK;
	price = mx_arena_array(arena, double, mx_trees_most_nodes(trees), err);
	MX_NEED(price, err);
	for (t = 0; t < trees->n_trees; t += step)
		price_tree(
		    trees, t, origins->inputs, price,
		    (double) (trees->n_trees - t < step ? trees->n_trees - t : step),
		    ns);
	return MX_OK;
}

MxStatus
mx_price_tests(const MxModel *model, MxArena *arena, double *ns, MxError *err)
{
	const MxOrigins *origins = NULL;
	size_t id;

	MX_TRY(mx_find_origins(model, arena, &origins, err));
	for (id = 1; id <= model->n_nodes; id++)
	{
		const MxNode *node = &model->nodes[id];

		if (node->kind == MX_NODE_TREES)
			MX_TRY(price_trees(&node->as.trees, &origins[node->in[0]], arena,
			                   ns, err));
	}
	return MX_OK;
}
