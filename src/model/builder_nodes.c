/* builder_nodes.c */
/* One function per node kind: checks widths, copies parameters. */
#include "model/graph.h"

#include "base/checked.h"
#include "model/check.h"

static MxStatus
copy_numbers(MxArena *arena, const double *from, size_t rows, size_t columns,
             const double **to, MxError *err)
{
	size_t n;

	*to = NULL;
	if (from == NULL)
		return MX_OK;
	if (!mx_size_mul(rows, columns, &n))
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "model has too many parameters");
	*to = mx_arena_copy(arena, from, n, sizeof(double), err);
	return *to == NULL ? err->status : MX_OK;
}

/* Smaller ones are not worth keeping the bytes around them. */
#define LEAST_BORROWED ((size_t) 64 * 1024)

static bool
is_lent(const MxBuilder *b, const double *from, size_t bytes)
{
	uintptr_t at = (uintptr_t) from;

	return bytes >= LEAST_BORROWED && at >= b->lent && at < b->lent_end &&
	       bytes <= b->lent_end - at;
}

/* A matrix, where it is if it may stay there. */
static MxStatus
take_numbers(MxBuilder *b, const double *from, size_t rows, size_t columns,
             const double **to, MxError *err)
{
	size_t bytes;

	if (!mx_size_mul(rows, columns, &bytes) ||
	    !mx_size_mul(bytes, sizeof(double), &bytes) || !is_lent(b, from, bytes))
		return copy_numbers(b->arena, from, rows, columns, to, err);
	b->borrows = true;
	*to = from;
	return MX_OK;
}

static MxStatus
copy_sizes(MxArena *arena, const size_t *from, size_t n, const size_t **to,
           MxError *err)
{
	*to = mx_arena_copy(arena, from, n, sizeof(size_t), err);
	return *to == NULL ? err->status : MX_OK;
}

static MxStatus
copy_missing(MxArena *arena, const MxMissing *from, MxMissing *to, MxError *err)
{
	*to = *from;
	if (from->text.data == NULL)
		return MX_OK;
	return mx_text_copy(arena, from->text, &to->text, err);
}

/* Proves at once what can be told; the rest waits until widths are fixed. */
static MxStatus
prove_when_known(MxBuilder *b, MxNodeId id, MxError *err)
{
	const MxNode *node = &b->nodes[id];

	if (b->nodes[node->in[0]].n_columns == MX_OPEN_WIDTH)
		return MX_OK;
	return mx_prove_node(b->nodes, id, err);
}

MxStatus
mx_builder_select(MxBuilder *b, MxNodeId in, const MxSelect *params,
                  MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_graph_add(b, MX_NODE_SELECT, &in, 1, params->n, &node, out, err));
	node->as.select.n = params->n;
	MX_TRY(copy_sizes(b->arena, params->columns, params->n,
	                  &node->as.select.columns, err));
	return prove_when_known(b, *out, err);
}

MxStatus
mx_builder_concat(MxBuilder *b, const MxNodeId *in, size_t n_in, MxNodeId *out,
                  MxError *err)
{
	MxNode *node;
	size_t width = 0;
	size_t i;

	if (n_in == 1)
	{
		*out = in[0];
		return MX_OK;
	}
	for (i = 0; i < n_in && width != MX_OPEN_WIDTH; i++)
	{
		size_t n = mx_builder_width(b, in[i]);

		/* Widths are limited, so that their sum cannot overflow. */
		width = n == MX_OPEN_WIDTH ? MX_OPEN_WIDTH : width + n;
	}
	return mx_graph_add(b, MX_NODE_CONCAT, in, n_in, width, &node, out, err);
}

MxStatus
mx_builder_guard(MxBuilder *b, MxNodeId in, unsigned flags, MxNodeId *out,
                 MxError *err)
{
	const MxNode *before = &b->nodes[in];
	MxNode *node;

	*out = in;
	if (before->kind == MX_NODE_GUARD && (flags & ~before->as.guard.flags) == 0)
		return MX_OK;
	MX_TRY(mx_graph_add(b, MX_NODE_GUARD, &in, 1, mx_builder_width(b, in),
	                    &node, out, err));
	node->as.guard.flags = flags;
	return MX_OK;
}

MxStatus
mx_builder_scale(MxBuilder *b, MxNodeId in, const MxScale *params,
                 MxNodeId *out, MxError *err)
{
	MxNode *node;
	MxScale *scale;

	MX_TRY(mx_builder_expect_width(b, in, params->n, "scaler", err));
	MX_TRY(mx_graph_add(b, MX_NODE_SCALE, &in, 1, params->n, &node, out, err));
	scale = &node->as.scale;
	*scale = *params;
	MX_TRY(copy_numbers(b->arena, params->first, params->n, 1, &scale->first,
	                    err));
	return copy_numbers(b->arena, params->second, params->n, 1, &scale->second,
	                    err);
}

static MxStatus
copy_texts(MxArena *arena, const MxText *from, size_t n, const MxText **to,
           MxError *err)
{
	MxText *texts = mx_arena_array(arena, MxText, n, err);
	size_t i;

	MX_NEED(texts, err);
	for (i = 0; i < n; i++)
		if (from[i].data != NULL)
			MX_TRY(mx_text_copy(arena, from[i], &texts[i], err));
	*to = texts;
	return MX_OK;
}

MxStatus
mx_builder_impute(MxBuilder *b, MxNodeId in, const MxImpute *params,
                  MxNodeId *out, MxError *err)
{
	MxNode *node;
	MxImpute *impute;

	if ((params->numbers == NULL) == (params->texts == NULL))
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "imputer needs numbers or texts");
	MX_TRY(mx_builder_expect_width(b, in, params->n, "imputer", err));
	MX_TRY(mx_graph_add(b, MX_NODE_IMPUTE, &in, 1, params->n, &node, out, err));
	impute = &node->as.impute;
	impute->n = params->n;
	MX_TRY(copy_missing(b->arena, &params->missing, &impute->missing, err));
	if (params->texts != NULL)
		return copy_texts(b->arena, params->texts, params->n, &impute->texts,
		                  err);
	return copy_numbers(b->arena, params->numbers, params->n, 1,
	                    &impute->numbers, err);
}

MxStatus
mx_builder_indicator(MxBuilder *b, MxNodeId in, const MxIndicator *params,
                     MxNodeId *out, MxError *err)
{
	MxNode *node;
	MxIndicator *indicator;

	MX_TRY(
	    mx_graph_add(b, MX_NODE_INDICATOR, &in, 1, params->n, &node, out, err));
	indicator = &node->as.indicator;
	indicator->n = params->n;
	indicator->kind = params->kind;
	MX_TRY(copy_missing(b->arena, &params->missing, &indicator->missing, err));
	MX_TRY(copy_sizes(b->arena, params->columns, params->n, &indicator->columns,
	                  err));
	return prove_when_known(b, *out, err);
}

MxStatus
mx_builder_categorize(MxBuilder *b, MxNodeId in, const MxCategorize *params,
                      MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_check_categorize(params, err));
	MX_TRY(mx_builder_expect_width(b, in, params->n, "encoder", err));
	MX_TRY(mx_graph_add(b, MX_NODE_CATEGORIZE, &in, 1, params->n, &node, out,
	                    err));
	return mx_copy_categorize(b->arena, params, &node->as.categorize, err);
}

MxStatus
mx_builder_expand(MxBuilder *b, MxNodeId in, const MxExpand *params,
                  MxNodeId *out, MxError *err)
{
	MxNode *node;
	size_t width = 0;
	size_t i;

	for (i = 0; i < params->n; i++)
		if (!mx_size_add(width, params->widths[i], &width) ||
		    width > MX_MAX_GRAPH_COLUMNS)
			return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
			               "encoder makes more than %zu columns",
			               MX_MAX_GRAPH_COLUMNS);
	MX_TRY(mx_builder_expect_width(b, in, params->n, "encoder", err));
	MX_TRY(mx_graph_add(b, MX_NODE_EXPAND, &in, 1, width, &node, out, err));
	node->as.expand.n = params->n;
	MX_TRY(copy_sizes(b->arena, params->widths, params->n,
	                  &node->as.expand.widths, err));
	return prove_when_known(b, *out, err);
}

MxStatus
mx_builder_function(MxBuilder *b, MxNodeId in, const MxFunction *params,
                    MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_graph_add(b, MX_NODE_FUNCTION, &in, 1, mx_builder_width(b, in),
	                    &node, out, err));
	node->as.function = *params;
	return MX_OK;
}

MxStatus
mx_builder_affine(MxBuilder *b, MxNodeId in, const MxAffine *params,
                  MxNodeId *out, MxError *err)
{
	MxNode *node;
	MxAffine *affine;

	MX_TRY(mx_builder_expect_width(b, in, params->n_in, "linear model", err));
	MX_TRY(mx_graph_add(b, MX_NODE_AFFINE, &in, 1, params->n_out, &node, out,
	                    err));
	affine = &node->as.affine;
	*affine = *params;
	MX_TRY(take_numbers(b, params->weights, params->n_out, params->n_in,
	                    &affine->weights, err));
	return copy_numbers(b->arena, params->bias, params->n_out, 1, &affine->bias,
	                    err);
}

MxStatus
mx_builder_link(MxBuilder *b, MxNodeId in, const MxLink *params, MxNodeId *out,
                MxError *err)
{
	size_t width = mx_builder_width(b, in);
	bool makes_pair = params->kind == MX_LINK_EXPIT ||
	                  params->kind == MX_LINK_SOFTMAX_PAIR ||
	                  params->kind == MX_LINK_COMPLEMENT ||
	                  (params->kind == MX_LINK_HUBER && width == 1);
	MxNode *node;

	MX_TRY(mx_graph_add(b, MX_NODE_LINK, &in, 1, makes_pair ? 2 : width, &node,
	                    out, err));
	node->as.link = *params;
	return prove_when_known(b, *out, err);
}

MxStatus
mx_builder_decide(MxBuilder *b, MxNodeId in, const MxDecide *params,
                  MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_graph_add(b, MX_NODE_DECIDE, &in, 1, 1, &node, out, err));
	node->as.decide = *params;
	return prove_when_known(b, *out, err);
}

MxStatus
mx_builder_distance(MxBuilder *b, MxNodeId in, const MxDistance *params,
                    MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_builder_expect_width(b, in, params->n_in, "cluster model", err));
	MX_TRY(mx_graph_add(b, MX_NODE_DISTANCE, &in, 1, params->n_out, &node, out,
	                    err));
	node->as.distance = *params;
	return copy_numbers(b->arena, params->centres, params->n_out, params->n_in,
	                    &node->as.distance.centres, err);
}

MxStatus
mx_builder_gaussian(MxBuilder *b, MxNodeId in, const MxGaussian *params,
                    MxNodeId *out, MxError *err)
{
	MxNode *node;
	MxGaussian *gaussian;

	MX_TRY(
	    mx_builder_expect_width(b, in, params->n_in, "naive Bayes model", err));
	MX_TRY(mx_graph_add(b, MX_NODE_GAUSSIAN, &in, 1, params->n_out, &node, out,
	                    err));
	gaussian = &node->as.gaussian;
	*gaussian = *params;
	MX_TRY(copy_numbers(b->arena, params->mean, params->n_out, params->n_in,
	                    &gaussian->mean, err));
	MX_TRY(copy_numbers(b->arena, params->variance, params->n_out, params->n_in,
	                    &gaussian->variance, err));
	return copy_numbers(b->arena, params->constant, params->n_out, 1,
	                    &gaussian->constant, err);
}

MxStatus
mx_builder_count(MxBuilder *b, MxNodeId in, const MxCount *params,
                 MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(mx_check_count(params, err));
	MX_TRY(mx_builder_expect_width(b, in, 1, "vectorizer", err));
	MX_TRY(mx_graph_add(b, MX_NODE_COUNT, &in, 1, params->n_terms, &node, out,
	                    err));
	return mx_copy_count(b->arena, params, &node->as.count, err);
}

MxStatus
mx_builder_tfidf(MxBuilder *b, MxNodeId in, const MxTfidf *params,
                 MxNodeId *out, MxError *err)
{
	MxNode *node;

	MX_TRY(
	    mx_builder_expect_width(b, in, params->n, "TF-IDF transformer", err));
	MX_TRY(mx_graph_add(b, MX_NODE_TFIDF, &in, 1, params->n, &node, out, err));
	node->as.tfidf = *params;
	return copy_numbers(b->arena, params->idf, params->n, 1,
	                    &node->as.tfidf.idf, err);
}

MxStatus
mx_builder_trees(MxBuilder *b, MxNodeId in, MxNodeId base_in,
                 const MxTrees *params, MxNodeId *out, MxError *err)
{
	MxNodeId ins[2] = {in, base_in};
	MxNode *node;

	MX_TRY(mx_check_trees(params, err));
	MX_TRY(mx_builder_expect_width(b, in, params->n_features, "tree ensemble",
	                               err));
	if (base_in != 0)
		MX_TRY(mx_builder_expect_width(b, base_in, params->n_outputs,
		                               "start of the tree ensemble", err));
	MX_TRY(mx_graph_add(b, MX_NODE_TREES, ins, base_in == 0 ? 1 : 2,
	                    params->n_outputs, &node, out, err));
	node->as.trees = *params;
	return MX_OK;
}
