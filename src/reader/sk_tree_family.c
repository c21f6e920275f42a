/* sk_tree_family.c */
/* One decision tree, or the average of many: what each release answers. */
#include "reader/sk_tree.h"

#include <string.h>

typedef struct Family
{
	const MxSkTree *trees;
	size_t n;
	bool is_classifier;
	bool is_average;
	bool takes_missing;
	/* Leaves of classifiers hold counts up to 1.3, fractions after. */
	bool holds_counts;
} Family;

/* Criteria that deal with missing values, by purpose. */
static const char *const class_criteria[] = {"gini", "log_loss", "entropy",
                                             NULL};
static const char *const value_criteria[] = {"squared_error", "friedman_mse",
                                             "poisson", NULL};

static bool
is_among(MxText text, const char *const *names)
{
	for (; *names != NULL; names++)
		if (mx_text_is(text, *names))
			return true;
	return false;
}

/* The splitters for which a tree of that class takes NaN. */
static bool
splitter_takes_missing(const MxReadContext *ctx, const MxValue *estimator,
                       MxText splitter)
{
	bool is_best = mx_text_is(splitter, "best");
	bool is_random = mx_text_is(splitter, "random");

	if (ctx->version < MX_SKLEARN(1, 6))
		return is_best;
	/* 1.6 forgot to say it of ExtraTreeRegressor, which inherits. */
	if (mx_class_ends(estimator, "ExtraTreeClassifier") ||
	    (mx_class_ends(estimator, "ExtraTreeRegressor") &&
	     ctx->version > MX_SKLEARN(1, 6)))
		return is_random;
	return is_best || is_random;
}

MxStatus
mx_tree_takes_missing(MxReadContext *ctx, const MxValue *estimator,
                      bool is_classifier, bool *out, MxError *err)
{
	MxText splitter;
	MxText criterion;

	*out = false;
	if (ctx->version < MX_SKLEARN(1, 3))
		return MX_OK;
	MX_TRY(mx_read_text(ctx, estimator, "splitter", &splitter, err));
	MX_TRY(mx_read_text(ctx, estimator, "criterion", &criterion, err));
	if (!splitter_takes_missing(ctx, estimator, splitter))
		return MX_OK;
	/* From 1.9 on all criteria do, with constraints or without. */
	*out =
	    ctx->version >= MX_SKLEARN(1, 9) ||
	    (is_among(criterion, is_classifier ? class_criteria : value_criteria) &&
	     !mx_has(estimator, "monotonic_cst"));
	return MX_OK;
}

/*
 * A sum as NumPy adds up the elements of a row: eight sums side by side from
 * eight elements on, halves from 128 on.
 */
static double
sum_pairwise(const double *x, size_t n)
{
	double sums[8];
	double sum = 0;
	size_t half;
	size_t i;

	if (n < 8)
	{
		for (i = 0; i < n; i++)
			sum += x[i];
		return sum;
	}
	if (n > 128)
	{
		half = n / 2;
		half -= half % 8;
		return sum_pairwise(x, half) + sum_pairwise(x + half, n - half);
	}
	memcpy(sums, x, sizeof(sums));
	for (i = 8; i + 8 <= n; i += 8)
		for (size_t j = 0; j < 8; j++)
			sums[j] += x[i + j];
	sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
	      ((sums[4] + sums[5]) + (sums[6] + sums[7]));
	for (; i < n; i++)
		sum += x[i];
	return sum;
}

static size_t
largest(const double *x, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}

/* Counts of all leaves to fractions; *changes: some largest is another now. */
static void
divide_counts(const MxSkTree *tree, size_t n_nodes, double *values,
              bool *changes)
{
	for (size_t node = 0; node < n_nodes; node++)
		for (size_t k = 0; k < tree->n_outputs; k++)
		{
			size_t n = (size_t) tree->n_classes[k];
			size_t before = largest(values, n);
			double sum = sum_pairwise(values, n);

			if (sum != 0)
				for (size_t i = 0; i < n; i++)
					values[i] /= sum;
			if (largest(values, n) != before)
				*changes = true;
			values += n;
		}
}

/* The trees as stored. */
static MxStatus
copy_trees(MxReadContext *ctx, const Family *family, MxTreeArrays *arrays,
           MxError *err)
{
	size_t n_nodes = 0;

	for (size_t i = 0; i < family->n; i++)
		n_nodes += family->trees[i].n_nodes;
	MX_TRY(mx_tree_arrays(ctx, family->trees[0].n_features, family->n, n_nodes,
	                      family->trees[0].n_values, arrays, err));
	for (size_t i = 0; i < family->n; i++)
		MX_TRY(mx_add_tree(ctx, &family->trees[i], family->takes_missing,
		                   arrays, err));
	arrays->trees.rounds_to_float32 = true;
	if (family->is_average)
		arrays->trees.divisor = (double) family->n;
	return MX_OK;
}

/* One tree gives its values as they are, a zero with its sign. */
static MxStatus
start_from_nothing(MxReadContext *ctx, MxTreeArrays *arrays, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);
	double *base = mx_arena_array(arena, double, arrays->trees.n_outputs, err);

	MX_NEED(base, err);
	for (size_t i = 0; i < arrays->trees.n_outputs; i++)
		base[i] = -0.0;
	arrays->trees.base = base;
	return MX_OK;
}

/* The trees as a node; *labels is the node whose largest decides. */
static MxStatus
build_trees(MxReadContext *ctx, const Family *family, MxNodeId in,
            MxNodeId *values, MxNodeId *labels, MxError *err)
{
	MxBuilder *b = ctx->builder;
	MxTreeArrays arrays;
	bool changes = false;
	size_t n_numbers;
	double *stored;

	MX_TRY(copy_trees(ctx, family, &arrays, err));
	if (!family->is_average)
		MX_TRY(start_from_nothing(ctx, &arrays, err));
	if (!family->holds_counts)
	{
		MX_TRY(mx_builder_trees(b, in, 0, &arrays.trees, values, err));
		*labels = *values;
		return MX_OK;
	}
	n_numbers = family->is_average ? 0 : arrays.n_nodes * arrays.trees.n_values;
	stored = mx_arena_copy(ctx->scratch, arrays.values, n_numbers,
	                       sizeof(double), err);
	MX_NEED(stored, err);
	divide_counts(&family->trees[0], arrays.n_nodes, arrays.values, &changes);
	MX_TRY(mx_builder_trees(b, in, 0, &arrays.trees, values, err));
	*labels = *values;
	/* A tree decides by its counts, a forest by the average of fractions. */
	if (!changes || family->is_average)
		return MX_OK;
	arrays.trees.values = mx_arena_copy(mx_builder_arena(b), stored, n_numbers,
	                                    sizeof(double), err);
	MX_NEED(arrays.trees.values, err);
	return mx_builder_trees(b, in, 0, &arrays.trees, labels, err);
}

/* Columns first to first + n - 1 of in: the index of the first largest. */
static MxStatus
decide_output(MxReadContext *ctx, MxNodeId in, size_t first, size_t n,
              MxNodeId *out, MxError *err)
{
	const MxDecide decide = {MX_DECIDE_ARGMAX};
	size_t *columns = mx_arena_array(ctx->scratch, size_t, n, err);
	MxSelect select = {.n = n, .columns = columns};

	MX_NEED(columns, err);
	for (size_t i = 0; i < n; i++)
		columns[i] = first + i;
	MX_TRY(mx_builder_select(ctx->builder, in, &select, &in, err));
	return mx_builder_decide(ctx->builder, in, &decide, out, err);
}

static MxStatus
decide(MxReadContext *ctx, const MxSkTree *tree, MxNodeId in, MxNodeId *out,
       MxError *err)
{
	MxNodeId *labels;
	size_t first = 0;

	MX_NEED(labels =
	            mx_arena_array(ctx->scratch, MxNodeId, tree->n_outputs, err),
	        err);
	for (size_t k = 0; k < tree->n_outputs; k++)
	{
		size_t n = (size_t) tree->n_classes[k];

		MX_TRY(decide_output(ctx, in, first, n, &labels[k], err));
		first += n;
	}
	if (tree->n_outputs == 1)
	{
		*out = labels[0];
		return MX_OK;
	}
	return mx_builder_concat(ctx->builder, labels, tree->n_outputs, out, err);
}

/* classes_: of one output, or a list of them. */
static MxStatus
read_classes(MxReadContext *ctx, const MxValue *object, const MxSkTree *tree,
             MxAnswers *out, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);
	MxClasses *classes = mx_arena_array(arena, MxClasses, tree->n_outputs, err);
	MxItems items;

	MX_NEED(classes, err);
	if (tree->n_outputs == 1)
		MX_TRY(mx_read_classes(ctx, object, "classes_", classes, err));
	else
	{
		MX_TRY(mx_read_items(ctx, object, "classes_", &items, err));
		if (items.n != tree->n_outputs)
			return mx_malformed(ctx, object, "classes_",
			                    "has %zu elements, expected %zu", err, items.n,
			                    tree->n_outputs);
		for (size_t k = 0; k < items.n; k++)
			MX_TRY(mx_value_classes(ctx, items.items[k], "classes_",
			                        &classes[k], err));
	}
	for (size_t k = 0; k < tree->n_outputs; k++)
		if (classes[k].n != (size_t) tree->n_classes[k])
			return mx_malformed(ctx, object, "classes_",
			                    "has %zu elements, expected %lld", err,
			                    classes[k].n, (long long) tree->n_classes[k]);
	out->classes = classes;
	out->n_outputs = tree->n_outputs;
	return MX_OK;
}

static MxStatus
answer(MxReadContext *ctx, const MxValue *object, const Family *family,
       MxNodeId in, MxAnswers *out, MxError *err)
{
	const MxFunction log = {MX_FUNCTION_LOG};
	MxNodeId values;
	MxNodeId labels;

	if (family->is_classifier)
		MX_TRY(read_classes(ctx, object, &family->trees[0], out, err));
	MX_TRY(build_trees(ctx, family, in, &values, &labels, err));
	if (!family->is_classifier)
	{
		out->value = values;
		out->n_outputs = family->trees[0].n_outputs;
		return MX_OK;
	}
	out->proba = values;
	MX_TRY(
	    mx_builder_function(ctx->builder, values, &log, &out->log_proba, err));
	return decide(ctx, &family->trees[0], labels, &out->label, err);
}

/* A forest asks its first tree, but never before 1.4. */
static MxStatus
ask_missing(MxReadContext *ctx, Family *family, MxError *err)
{
	if (family->is_average && ctx->version < MX_SKLEARN(1, 4))
		return MX_OK;
	return mx_tree_takes_missing(ctx, family->trees[0].estimator,
	                             family->is_classifier, &family->takes_missing,
	                             err);
}

MxStatus
mx_read_tree_family(MxReadContext *ctx, const MxValue *object,
                    const MxValue *const *estimators, size_t n, bool is_average,
                    MxNodeId in, MxAnswers *out, MxError *err)
{
	Family family = {.n = n, .is_average = is_average};
	MxSkTree *trees;

	family.is_classifier = mx_class_ends(object, "Classifier");
	family.holds_counts =
	    family.is_classifier && ctx->version < MX_SKLEARN(1, 4);
	MX_TRY(
	    mx_open_trees(ctx, estimators, n, family.is_classifier, &trees, err));
	family.trees = trees;
	MX_TRY(mx_expect_features(ctx, object, in, trees[0].n_features, err));
	MX_TRY(ask_missing(ctx, &family, err));
	MX_TRY(mx_builder_guard(
	    ctx->builder, in,
	    MX_GUARD_TREES | (family.takes_missing ? 0 : MX_GUARD_NAN), &in, err));
	return answer(ctx, object, &family, in, out, err);
}
