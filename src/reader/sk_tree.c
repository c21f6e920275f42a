/* sk_tree.c */
/* Reads scikit-learn's Tree into the arrays of an ensemble. */
#include "reader/sk_tree.h"

#include "base/checked.h"
#include "reader/sk_record.h"

#include <string.h>

static const char *const tree_classes[] = {
    "DecisionTreeClassifier", "ExtraTreeClassifier", "DecisionTreeRegressor",
    "ExtraTreeRegressor", NULL};

bool
mx_class_ends(const MxValue *object, const char *ending)
{
	const MxGlobal *name = mx_value_class(object);
	size_t size = strlen(ending);

	return name != NULL && name->name.size >= size &&
	       memcmp(name->name.data + name->name.size - size, ending, size) == 0;
}

MxStatus
mx_tree_arrays(MxReadContext *ctx, size_t n_features, size_t n_trees,
               size_t n_nodes, size_t n_values, MxTreeArrays *out, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);
	size_t n_numbers;

	memset(out, 0, sizeof(*out));
	if (!mx_size_mul(n_nodes, n_values, &n_numbers))
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "trees have too many values");
	MX_NEED(out->start = mx_arena_array(arena, size_t, n_trees + 1, err), err);
	MX_NEED(out->left = mx_arena_array(arena, int32_t, n_nodes, err), err);
	MX_NEED(out->right = mx_arena_array(arena, int32_t, n_nodes, err), err);
	MX_NEED(out->feature = mx_arena_array(arena, int32_t, n_nodes, err), err);
	MX_NEED(out->threshold = mx_arena_array(arena, double, n_nodes, err), err);
	MX_NEED(out->flags = mx_arena_array(arena, uint8_t, n_nodes, err), err);
	MX_NEED(out->values = mx_arena_array(arena, double, n_numbers, err), err);
	out->trees = (MxTrees){.n_features = n_features,
	                       .n_trees = n_trees,
	                       .start = out->start,
	                       .left = out->left,
	                       .right = out->right,
	                       .feature = out->feature,
	                       .threshold = out->threshold,
	                       .flags = out->flags,
	                       .values = out->values,
	                       .n_values = n_values,
	                       .n_outputs = n_values};
	return MX_OK;
}

/* What Tree was called with: n_features, n_classes, n_outputs. */
static MxStatus
read_arguments(MxReadContext *ctx, MxSkTree *out, MxError *err)
{
	const MxValue *args = out->tree->as.object.args;
	MxItems items;
	int64_t n_features;
	int64_t n_outputs;

	if (args == NULL || !mx_value_to_items(args, &items) || items.n != 3 ||
	    !mx_value_to_integer(items.items[0], &n_features) ||
	    items.items[1]->kind != MX_VALUE_ARRAY ||
	    !mx_value_to_integer(items.items[2], &n_outputs) || n_features < 1 ||
	    n_outputs < 1)
		return mx_malformed(ctx, out->estimator, "tree_",
		                    "is not made as a Tree is", err);
	if (items.items[1]->as.array->n != (size_t) n_outputs)
		return mx_malformed(ctx, out->tree, NULL,
		                    "has no number of classes for each output", err);
	out->n_features = (size_t) n_features;
	out->n_outputs = (size_t) n_outputs;
	return mx_array_i64(ctx->scratch, items.items[1]->as.array, &out->n_classes,
	                    err);
}

static MxStatus
read_values(MxReadContext *ctx, MxSkTree *out, MxError *err)
{
	const MxValue *value;
	const MxArray *array;

	MX_TRY(mx_read_value(ctx, out->tree, "values", &value, err));
	if (value->kind != MX_VALUE_ARRAY || value->as.array->rank != 3)
		return mx_malformed(ctx, out->tree, "values",
		                    "is not an array with 3 dimensions", err);
	array = value->as.array;
	if (array->shape[0] != out->n_nodes || array->shape[1] != out->n_outputs)
		return mx_malformed(ctx, out->tree, "values",
		                    "has the shape (%zu, %zu, %zu), which does not fit "
		                    "%zu nodes and %zu outputs",
		                    err, array->shape[0], array->shape[1],
		                    array->shape[2], out->n_nodes, out->n_outputs);
	out->stride = array->shape[2];
	for (size_t k = 0; k < out->n_outputs; k++)
	{
		if (out->n_classes[k] < 1 || (size_t) out->n_classes[k] > out->stride)
			return mx_malformed(ctx, out->tree, "values",
			                    "has %zu columns for %lld classes", err,
			                    out->stride, (long long) out->n_classes[k]);
		out->n_values += (size_t) out->n_classes[k];
	}
	return mx_array_double_bytes(ctx, array, &out->values, err);
}

static MxStatus
check_class(MxReadContext *ctx, const MxValue *estimator, MxError *err)
{
	const MxGlobal *name = mx_value_class(estimator);
	char shown[MX_SHOWN_SIZE];

	for (size_t i = 0; tree_classes[i] != NULL && name != NULL; i++)
		if (estimator->kind == MX_VALUE_OBJECT &&
		    mx_global_is(name, "sklearn.", tree_classes[i]))
			return MX_OK;
	return mx_refuse(ctx, NULL, NULL, "holds %s, which is not a decision tree",
	                 err, mx_show_value(estimator, shown));
}

MxStatus
mx_open_tree(MxReadContext *ctx, const MxValue *estimator, bool *is_classifier,
             MxSkTree *out, MxError *err)
{
	int64_t count;

	/* Trees may be shared, and nothing may be asked for without end. */
	MX_TRY(mx_charge(ctx, 1000, err));
	memset(out, 0, sizeof(*out));
	out->estimator = estimator;
	MX_TRY(check_class(ctx, estimator, err));
	*is_classifier = mx_class_ends(estimator, "Classifier");
	MX_TRY(mx_read_value(ctx, estimator, "tree_", &out->tree, err));
	if (out->tree->kind != MX_VALUE_OBJECT ||
	    !mx_global_is(mx_value_class(out->tree), "sklearn.", "Tree"))
		return mx_malformed(ctx, estimator, "tree_", "is not a Tree", err);
	MX_TRY(mx_read_records(ctx, out->tree, "nodes", &out->nodes, err));
	MX_TRY(mx_read_integer(ctx, out->tree, "node_count", &count, err));
	out->n_nodes = out->nodes->n;
	if (count < 1 || (size_t) count != out->n_nodes)
		return mx_malformed(ctx, out->tree, "nodes",
		                    "has %zu elements, expected %lld", err,
		                    out->n_nodes, (long long) count);
	MX_TRY(read_arguments(ctx, out, err));
	return read_values(ctx, out, err);
}

static bool
is_alike(const MxSkTree *a, const MxSkTree *b)
{
	return a->n_features == b->n_features && a->n_outputs == b->n_outputs &&
	       memcmp(a->n_classes, b->n_classes, a->n_outputs * sizeof(int64_t)) ==
	           0;
}

MxStatus
mx_open_trees(MxReadContext *ctx, const MxValue *const *estimators, size_t n,
              bool are_classifiers, MxSkTree **out, MxError *err)
{
	MxSkTree *trees;
	bool is_classifier;

	if (n == 0)
		return mx_malformed(ctx, NULL, NULL, "has no trees", err);
	MX_NEED(trees = mx_arena_array(ctx->scratch, MxSkTree, n, err), err);
	for (size_t i = 0; i < n; i++)
	{
		MX_TRY(
		    mx_open_tree(ctx, estimators[i], &is_classifier, &trees[i], err));
		if (is_classifier != are_classifiers)
			return mx_malformed(ctx, NULL, NULL,
			                    "holds trees of another purpose", err);
		if (!is_alike(&trees[0], &trees[i]))
			return mx_malformed(ctx, NULL, NULL,
			                    "holds trees of different widths", err);
	}
	*out = trees;
	return MX_OK;
}

/* The classes that there are of each output, without the padding. */
static void
copy_values(const MxSkTree *tree, double *to)
{
	const uint8_t *from = tree->values;

	if (tree->n_outputs * tree->stride == tree->n_values)
	{
		memcpy(to, from, tree->n_nodes * tree->n_values * sizeof(double));
		return;
	}
	for (size_t node = 0; node < tree->n_nodes; node++)
		for (size_t k = 0; k < tree->n_outputs; k++)
		{
			size_t n = (size_t) tree->n_classes[k];

			memcpy(to, from, n * sizeof(double));
			to += n;
			from += tree->stride * sizeof(double);
		}
}

static MxStatus
copy_flags(MxReadContext *ctx, const MxSkTree *tree, uint8_t *flags,
           MxError *err)
{
	const char *name = "missing_go_to_left";
	const MxField *field;

	/* Before 1.3 there is no such field, and NaN is refused. */
	if (mx_dtype_field(tree->nodes->dtype, name) == NULL)
		return MX_OK;
	MX_TRY(mx_record_field(ctx, tree->tree, "nodes", tree->nodes, name, &field,
	                       err));
	/* A byte of 1 is MX_TREE_MISSING_LEFT; of leaves, it is not looked at. */
	mx_record_bytes(tree->nodes, field, flags);
	return MX_OK;
}

MxStatus
mx_add_tree(MxReadContext *ctx, const MxSkTree *tree, bool keeps_missing,
            MxTreeArrays *to, MxError *err)
{
	static const char *const names[] = {"left_child", "right_child", "feature"};
	int32_t *const indexes[] = {to->left + to->n_nodes, to->right + to->n_nodes,
	                            to->feature + to->n_nodes};
	const MxField *field;

	for (size_t i = 0; i < 3; i++)
	{
		MX_TRY(mx_record_field(ctx, tree->tree, "nodes", tree->nodes, names[i],
		                       &field, err));
		mx_record_indexes(tree->nodes, field, indexes[i]);
	}
	MX_TRY(mx_record_field(ctx, tree->tree, "nodes", tree->nodes, "threshold",
	                       &field, err));
	mx_record_numbers(tree->nodes, field, to->threshold + to->n_nodes);
	if (keeps_missing)
		MX_TRY(copy_flags(ctx, tree, to->flags + to->n_nodes, err));
	copy_values(tree, to->values + to->n_nodes * tree->n_values);
	to->n_nodes += tree->n_nodes;
	to->start[++to->n_added] = to->n_nodes;
	return mx_charge(ctx, tree->n_nodes, err);
}
