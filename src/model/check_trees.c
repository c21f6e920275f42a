/* check_trees.c */
/* Proves that walking an ensemble stays inside its arrays and ends. */
#include "model/check.h"

#include <math.h>
#include <string.h>

/* Levels below the root; no honest tree comes near. */
#define MAX_DEPTH ((size_t) 1 << 16)
/* Nodes looked at together by is_child_once: 32 KB of stack. */
#define WINDOW ((size_t) 1 << 18)

typedef struct Tree
{
	size_t t; /* its number */
	size_t first;
	size_t n;
	const int32_t *left, *right;
} Tree;

static MxStatus
fail_node(const Tree *tree, size_t node, const char *what, MxError *err)
{
	return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
	               "node %zu of tree %zu %s", node, tree->t, what);
}

static MxStatus
check_leaf(const MxTrees *trees, const Tree *tree, size_t node, MxError *err)
{
	const double *values =
	    trees->values + (tree->first + node) * trees->n_values;

	for (size_t i = 0; i < trees->n_values; i++)
		if (!isfinite(values[i]))
			return fail_node(tree, node, "has a value that is not finite", err);
	return MX_OK;
}

static MxStatus
check_split(const MxTrees *trees, const Tree *tree, size_t node, MxError *err)
{
	size_t i = tree->first + node;
	int32_t feature = trees->feature[i];
	uint8_t flags = trees->flags[i];

	if (feature < 0 || (size_t) feature >= trees->n_features)
		return fail_node(tree, node, "tests a feature that does not exist",
		                 err);
	if ((flags & ~(MX_TREE_MISSING_LEFT | MX_TREE_CATEGORICAL)) != 0)
		return fail_node(tree, node, "has unknown flags", err);
	if ((flags & MX_TREE_CATEGORICAL) == 0)
	{
		if (isnan(trees->threshold[i]))
			return fail_node(tree, node, "has no threshold", err);
		return MX_OK;
	}
	if (trees->bitset == NULL || trees->bitsets == NULL ||
	    trees->known == NULL || trees->bitset[i] >= trees->n_bitsets)
		return fail_node(tree, node, "tests categories that do not exist", err);
	return MX_OK;
}

static MxStatus
check_node(const MxTrees *trees, const Tree *tree, size_t node, MxError *err)
{
	int32_t left = tree->left[node];
	int32_t right = tree->right[node];

	if (left == -1 && right == -1)
		return check_leaf(trees, tree, node, err);
	/* Children behind their parent: no walk can go in a circle. */
	if (left < 0 || right < 0 || (size_t) left <= node ||
	    (size_t) right <= node || (size_t) left >= tree->n ||
	    (size_t) right >= tree->n || left == right)
		return fail_node(tree, node, "has children that it cannot have", err);
	return check_split(trees, tree, node, err);
}

/*
 * Visits what the root leads to, left before right, as often as it is met.
 * *in_order: the k-th visit was node k and all were met, so each exactly once;
 * trees grown depth first are numbered so.
 */
static MxStatus
measure(const Tree *tree, bool *in_order, MxError *err)
{
	struct
	{
		int32_t node;
		uint32_t depth;
	} waiting[MAX_DEPTH + 1];
	size_t n_waiting = 0;
	size_t visits = 0;
	size_t node = 0;
	uint32_t depth = 0;

	*in_order = true;
	for (;;)
	{
		if (node != visits)
			*in_order = false;
		if (++visits > tree->n)
			return fail_node(tree, node, "has more than one parent", err);
		if (tree->left[node] >= 0)
		{
			if (++depth > MAX_DEPTH)
				return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
				               "tree %zu is more than %zu levels deep", tree->t,
				               MAX_DEPTH);
			waiting[n_waiting].node = tree->right[node];
			waiting[n_waiting++].depth = depth;
			node = (size_t) tree->left[node];
			continue;
		}
		if (n_waiting == 0)
			break;
		node = (size_t) waiting[--n_waiting].node;
		depth = waiting[n_waiting].depth;
	}
	*in_order = *in_order && visits == tree->n;
	return MX_OK;
}

/* Whether no node from first on, within one window, is a child twice. */
static MxStatus
check_window(const Tree *tree, size_t first, MxError *err)
{
	uint64_t seen[WINDOW / 64];

	memset(seen, 0, sizeof(seen));
	for (size_t node = 0; node < tree->n; node++)
	{
		const int32_t children[2] = {tree->left[node], tree->right[node]};

		for (size_t i = 0; i < 2; i++)
		{
			size_t at = (size_t) children[i] - first;

			if (children[i] < 0 || (size_t) children[i] < first || at >= WINDOW)
				continue;
			if ((seen[at / 64] >> (at % 64)) & 1)
				return fail_node(tree, (size_t) children[i],
				                 "has more than one parent", err);
			seen[at / 64] |= (uint64_t) 1 << (at % 64);
		}
	}
	return MX_OK;
}

/*
 * Each node but the root is the child of exactly one: of none twice, and as
 * often a child as there are such nodes.
 */
static MxStatus
check_parents(const Tree *tree, MxError *err)
{
	size_t n_children = 0;

	for (size_t node = 0; node < tree->n; node++)
		if (tree->left[node] >= 0)
			n_children += 2;
	if (n_children != tree->n - 1)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "tree %zu has nodes without a parent", tree->t);
	for (size_t first = 0; first < tree->n; first += WINDOW)
		MX_TRY(check_window(tree, first, err));
	return MX_OK;
}

static MxStatus
check_tree(const MxTrees *trees, size_t t, MxError *err)
{
	Tree tree = {.t = t, .first = trees->start[t]};
	bool in_order;

	if (trees->start[t + 1] <= tree.first)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "tree %zu has no nodes", t);
	tree.n = trees->start[t + 1] - tree.first;
	if (tree.n > INT32_MAX)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "tree %zu has too many nodes", t);
	tree.left = trees->left + tree.first;
	tree.right = trees->right + tree.first;
	for (size_t node = 0; node < tree.n; node++)
		MX_TRY(check_node(trees, &tree, node, err));
	MX_TRY(measure(&tree, &in_order, err));
	return in_order ? MX_OK : check_parents(&tree, err);
}

static MxStatus
check_outputs(const MxTrees *trees, MxError *err)
{
	if (trees->n_values == 0 || trees->n_outputs == 0)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "trees have no outputs");
	if (trees->n_values > trees->n_outputs)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "trees have more values than outputs");
	for (size_t t = 0; trees->output != NULL && t < trees->n_trees; t++)
		if (trees->output[t] > trees->n_outputs - trees->n_values)
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "tree %zu adds to an output that does not exist", t);
	for (size_t i = 0; trees->base != NULL && i < trees->n_outputs; i++)
		if (!isfinite(trees->base[i]))
			return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
			               "trees start from a value that is not finite");
	if (!isfinite(trees->divisor))
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "trees are divided by a value that is not finite");
	return MX_OK;
}

MxStatus
mx_check_trees(const MxTrees *trees, MxError *err)
{
	MX_TRY(check_outputs(trees, err));
	if (trees->n_trees == 0 || trees->start[0] != 0)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "an ensemble has no trees");
	for (size_t t = 0; t < trees->n_trees; t++)
		MX_TRY(check_tree(trees, t, err));
	return MX_OK;
}
