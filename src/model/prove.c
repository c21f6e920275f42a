/* prove.c */
/* Proof of one node's edges, widths and indexes. */
#include "model/graph.h"

static size_t
width_of(const MxNode *nodes, const MxNode *node, size_t i)
{
	return nodes[node->in[i]].n_columns;
}

static MxStatus
expect(const MxNode *nodes, const MxNode *node, size_t i, size_t n,
       const char *what, MxError *err)
{
	size_t width = width_of(nodes, node, i);

	if (width != n)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "%s expects %zu features, not %zu", what, n, width);
	return MX_OK;
}

static MxStatus
prove_columns(const size_t *columns, size_t n, size_t width, MxError *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (columns[i] >= width)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "column %zu is chosen, but there are only %zu",
			               columns[i], width);
	return MX_OK;
}

static MxStatus
prove_concat(const MxNode *nodes, const MxNode *node, MxError *err)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < node->n_in; i++)
		width += width_of(nodes, node, i);
	if (width != node->n_columns)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "joined columns do not add up");
	return MX_OK;
}

/* A code beyond its group would be a column of the next one. */
static MxStatus
prove_codes(const MxCategories *c, size_t width, MxError *err)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->codes[i] >= (double) width)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "a category has no column among the %zu of its "
			               "feature",
			               width);
	if (c->has_missing && c->missing_code >= (double) width)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "the missing category has no column among the %zu of "
		               "its feature",
		               width);
	return MX_OK;
}

static MxStatus
prove_expand(const MxNode *nodes, const MxNode *node, MxError *err)
{
	const MxExpand *expand = &node->as.expand;
	const MxNode *before = &nodes[node->in[0]];
	size_t j;

	MX_TRY(expect(nodes, node, 0, expand->n, "encoder", err));
	/* Other codes are held against the widths when rows are scored. */
	if (before->kind != MX_NODE_CATEGORIZE)
		return MX_OK;
	for (j = 0; j < expand->n; j++)
		MX_TRY(prove_codes(&before->as.categorize.columns[j], expand->widths[j],
		                   err));
	return MX_OK;
}

static MxStatus
prove_link(const MxNode *nodes, const MxNode *node, MxError *err)
{
	size_t width = width_of(nodes, node, 0);

	switch (node->as.link.kind)
	{
		case MX_LINK_EXPIT:
		case MX_LINK_SOFTMAX_PAIR:
		case MX_LINK_COMPLEMENT:
			MX_TRY(expect(nodes, node, 0, 1, "binary classifier", err));
			width = 2;
			break;
		case MX_LINK_HUBER:
			width = width == 1 ? 2 : width;
			break;
		case MX_LINK_SOFTMAX:
		case MX_LINK_OVR:
		case MX_LINK_LOG_NORMAL:
		case MX_LINK_NORMAL:
			break;
	}
	if (width == 0 || width != node->n_columns)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "classifier has no classes");
	return MX_OK;
}

static MxStatus
prove_decide(const MxNode *nodes, const MxNode *node, MxError *err)
{
	switch (node->as.decide.kind)
	{
		case MX_DECIDE_POSITIVE:
		case MX_DECIDE_NONNEGATIVE:
			return expect(nodes, node, 0, 1, "binary classifier", err);
		case MX_DECIDE_ARGMAX:
		case MX_DECIDE_ARGMIN:
			break;
	}
	if (width_of(nodes, node, 0) == 0)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "classifier has no classes");
	return MX_OK;
}

static MxStatus
prove_trees(const MxNode *nodes, const MxNode *node, MxError *err)
{
	const MxTrees *trees = &node->as.trees;

	MX_TRY(expect(nodes, node, 0, trees->n_features, "tree ensemble", err));
	if (node->n_in == 1)
		return MX_OK;
	return expect(nodes, node, 1, trees->n_outputs,
	              "start of the tree ensemble", err);
}

MxStatus
mx_prove_node(const MxNode *nodes, MxNodeId id, MxError *err)
{
	const MxNode *node = &nodes[id];

	switch (node->kind)
	{
		case MX_NODE_INPUT:
		case MX_NODE_GUARD:
		case MX_NODE_FUNCTION:
			return MX_OK;
		case MX_NODE_SELECT:
			return prove_columns(node->as.select.columns, node->as.select.n,
			                     width_of(nodes, node, 0), err);
		case MX_NODE_CONCAT:
			return prove_concat(nodes, node, err);
		case MX_NODE_SCALE:
			return expect(nodes, node, 0, node->as.scale.n, "scaler", err);
		case MX_NODE_IMPUTE:
			return expect(nodes, node, 0, node->as.impute.n, "imputer", err);
		case MX_NODE_INDICATOR:
			return prove_columns(node->as.indicator.columns,
			                     node->as.indicator.n, width_of(nodes, node, 0),
			                     err);
		case MX_NODE_CATEGORIZE:
			return expect(nodes, node, 0, node->as.categorize.n, "encoder",
			              err);
		case MX_NODE_EXPAND:
			return prove_expand(nodes, node, err);
		case MX_NODE_AFFINE:
			return expect(nodes, node, 0, node->as.affine.n_in, "linear model",
			              err);
		case MX_NODE_TREES:
			return prove_trees(nodes, node, err);
		case MX_NODE_LINK:
			return prove_link(nodes, node, err);
		case MX_NODE_DECIDE:
			return prove_decide(nodes, node, err);
		case MX_NODE_DISTANCE:
			return expect(nodes, node, 0, node->as.distance.n_in,
			              "cluster model", err);
		case MX_NODE_GAUSSIAN:
			return expect(nodes, node, 0, node->as.gaussian.n_in,
			              "naive Bayes model", err);
		case MX_NODE_COUNT:
			return expect(nodes, node, 0, 1, "vectorizer", err);
		case MX_NODE_TFIDF:
			return expect(nodes, node, 0, node->as.tfidf.n,
			              "TF-IDF transformer", err);
		case MX_NODE_KINDS:
			break;
	}
	return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET, "unknown kind of node");
}
