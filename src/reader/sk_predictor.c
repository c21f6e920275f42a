/* sk_predictor.c */
/* Reads TreePredictor, whose records have grown with the releases. */
#include "reader/sk_predictor.h"

#include "base/checked.h"
#include "reader/sk_record.h"

/* One tree and what of its record there is. */
typedef struct Predictor
{
	const MxValue *value;
	const MxArray *nodes;
	/* (n_bitsets, MX_BITSET_WORDS), or NULL */
	const int64_t *bitsets;
	size_t n_bitsets;
} Predictor;

typedef struct Predictors
{
	size_t n;
	Predictor *list;
	size_t n_nodes;
	size_t n_bitsets;
} Predictors;

/* Sets of categories that go left; there are none before 0.24. */
static MxStatus
open_bitsets(MxReadContext *ctx, Predictor *out, MxError *err)
{
	const char *attr = "raw_left_cat_bitsets";
	const MxValue *value;
	const MxArray *array;

	if (!mx_has(out->value, attr))
		return MX_OK;
	MX_TRY(mx_read_value(ctx, out->value, attr, &value, err));
	if (value->kind != MX_VALUE_ARRAY || value->as.array->rank != 2 ||
	    value->as.array->shape[1] != MX_BITSET_WORDS)
		return mx_malformed(ctx, out->value, attr,
		                    "is not an array of sets of 256 bits", err);
	array = value->as.array;
	if (array->dtype->kind != MX_DTYPE_UNSIGNED || array->dtype->itemsize != 4)
		return mx_malformed(ctx, out->value, attr, "does not hold uint32", err);
	out->n_bitsets = array->shape[0];
	return mx_array_i64(ctx->scratch, array, &out->bitsets, err);
}

static MxStatus
open_predictor(MxReadContext *ctx, const MxValue *value, Predictors *to,
               MxError *err)
{
	Predictor *out = &to->list[to->n];
	char shown[MX_SHOWN_SIZE];

	/* Trees may be shared, and nothing may be asked for without end. */
	MX_TRY(mx_charge(ctx, 1000, err));
	if (value->kind != MX_VALUE_OBJECT ||
	    !mx_global_is(mx_value_class(value), "sklearn.", "TreePredictor"))
		return mx_malformed(ctx, NULL, "_predictors",
		                    "holds %s, which is not a TreePredictor", err,
		                    mx_show_value(value, shown));
	out->value = value;
	MX_TRY(mx_read_records(ctx, value, "nodes", &out->nodes, err));
	MX_TRY(open_bitsets(ctx, out, err));
	to->n_nodes += out->nodes->n;
	to->n_bitsets += out->n_bitsets;
	to->n++;
	return MX_OK;
}

/* _predictors is a list of stages, each a list of n_outputs trees. */
static MxStatus
open_predictors(MxReadContext *ctx, const MxValue *object, size_t n_outputs,
                Predictors *out, MxError *err)
{
	MxItems stages;
	MxItems stage;
	size_t n;

	MX_TRY(mx_read_items(ctx, object, "_predictors", &stages, err));
	if (stages.n == 0 || !mx_size_mul(stages.n, n_outputs, &n))
		return mx_malformed(ctx, object, "_predictors", "has no trees", err);
	MX_NEED(out->list = mx_arena_array(ctx->scratch, Predictor, n, err), err);
	for (size_t i = 0; i < stages.n; i++)
	{
		MX_TRY(
		    mx_value_items(ctx, stages.items[i], "_predictors", &stage, err));
		if (stage.n != n_outputs)
			return mx_malformed(ctx, object, "_predictors",
			                    "has %zu trees in a stage, expected %zu", err,
			                    stage.n, n_outputs);
		for (size_t k = 0; k < n_outputs; k++)
			MX_TRY(open_predictor(ctx, stage.items[k], out, err));
	}
	return MX_OK;
}

/* *out is NULL when the release has no such field. */
static MxStatus
optional_field(MxReadContext *ctx, const Predictor *from, const char *name,
               const MxField **out, MxError *err)
{
	*out = mx_dtype_field(from->nodes->dtype, name);
	if (*out == NULL)
		return MX_OK;
	return mx_record_field(ctx, from->value, "nodes", from->nodes, name, out,
	                       err);
}

static MxStatus
copy_indexes(MxReadContext *ctx, const Predictor *from, const char *name,
             int32_t *out, MxError *err)
{
	const MxField *field;

	MX_TRY(mx_record_field(ctx, from->value, "nodes", from->nodes, name, &field,
	                       err));
	mx_record_indexes(from->nodes, field, out);
	return MX_OK;
}

static MxStatus
copy_numbers(MxReadContext *ctx, const Predictor *from, const char *name,
             double *out, MxError *err)
{
	const MxField *field;

	MX_TRY(mx_record_field(ctx, from->value, "nodes", from->nodes, name, &field,
	                       err));
	mx_record_numbers(from->nodes, field, out);
	return MX_OK;
}

/* Leaves say so in is_leaf; their children are whatever they are. */
static MxStatus
mark_leaves(MxReadContext *ctx, const Predictor *from, int32_t *left,
            int32_t *right, MxError *err)
{
	const MxField *field;

	MX_TRY(mx_record_field(ctx, from->value, "nodes", from->nodes, "is_leaf",
	                       &field, err));
	for (size_t i = 0; i < from->nodes->n; i++)
	{
		if (mx_field_i64(from->nodes, field, i) != 0)
			left[i] = right[i] = -1;
		else if (left[i] < 0 || right[i] < 0)
			/* Not a leaf after all. */
			left[i] = right[i] = INT32_MIN;
	}
	return MX_OK;
}

static MxStatus
copy_flags(MxReadContext *ctx, const Predictor *from, uint8_t *flags,
           MxError *err)
{
	const MxField *missing;
	const MxField *categorical;

	MX_TRY(optional_field(ctx, from, "missing_go_to_left", &missing, err));
	MX_TRY(optional_field(ctx, from, "is_categorical", &categorical, err));
	for (size_t i = 0; i < from->nodes->n; i++)
	{
		if (missing != NULL && mx_field_i64(from->nodes, missing, i) != 0)
			flags[i] |= MX_TREE_MISSING_LEFT;
		if (categorical != NULL &&
		    mx_field_i64(from->nodes, categorical, i) != 0)
			flags[i] |= MX_TREE_CATEGORICAL;
	}
	return MX_OK;
}

/*
 * The sets of one tree behind those of the others.  An index beyond the
 * tree's own becomes one beyond all.
 */
static MxStatus
copy_bitsets(MxReadContext *ctx, const Predictor *from, size_t n_before,
             const uint8_t *flags, uint32_t *index, uint32_t *bitsets,
             MxError *err)
{
	const MxField *field;

	MX_TRY(mx_record_field(ctx, from->value, "nodes", from->nodes, "bitset_idx",
	                       &field, err));
	for (size_t i = 0; i < from->n_bitsets * MX_BITSET_WORDS; i++)
		bitsets[n_before * MX_BITSET_WORDS + i] = (uint32_t) from->bitsets[i];
	for (size_t i = 0; i < from->nodes->n; i++)
	{
		int64_t at = mx_field_i64(from->nodes, field, i);

		if ((flags[i] & MX_TREE_CATEGORICAL) == 0)
			continue;
		index[i] = at < 0 || (uint64_t) at >= from->n_bitsets
		               ? UINT32_MAX
		               : (uint32_t) (n_before + (size_t) at);
	}
	return MX_OK;
}

static MxStatus
add_predictor(MxReadContext *ctx, const Predictor *from, MxTreeArrays *to,
              uint32_t *index, uint32_t *bitsets, size_t *n_bitsets,
              MxError *err)
{
	size_t at = to->n_nodes;
	/* Before categories came, in 0.24, it was just "threshold". */
	const char *threshold =
	    mx_dtype_field(from->nodes->dtype, "num_threshold") != NULL
	        ? "num_threshold"
	        : "threshold";

	MX_TRY(copy_indexes(ctx, from, "left", to->left + at, err));
	MX_TRY(copy_indexes(ctx, from, "right", to->right + at, err));
	MX_TRY(copy_indexes(ctx, from, "feature_idx", to->feature + at, err));
	MX_TRY(copy_numbers(ctx, from, threshold, to->threshold + at, err));
	MX_TRY(copy_numbers(ctx, from, "value", to->values + at, err));
	MX_TRY(mark_leaves(ctx, from, to->left + at, to->right + at, err));
	MX_TRY(copy_flags(ctx, from, to->flags + at, err));
	if (from->n_bitsets > 0)
		MX_TRY(copy_bitsets(ctx, from, *n_bitsets, to->flags + at, index + at,
		                    bitsets, err));
	*n_bitsets += from->n_bitsets;
	to->n_nodes += from->nodes->n;
	to->start[++to->n_added] = to->n_nodes;
	return mx_charge(ctx, from->nodes->n, err);
}

/* Room for the sets of all trees, and each node's among them. */
static MxStatus
make_bitsets(MxReadContext *ctx, const Predictors *from, uint32_t **index,
             uint32_t **bitsets, MxTrees *trees, MxError *err)
{
	MxArena *arena = mx_builder_arena(ctx->builder);

	*index = *bitsets = NULL;
	if (from->n_bitsets == 0)
		return MX_OK;
	*index = mx_arena_array(arena, uint32_t, from->n_nodes, err);
	MX_NEED(*index, err);
	*bitsets = mx_arena_alloc(arena, from->n_bitsets,
	                          MX_BITSET_WORDS * sizeof(uint32_t), err);
	MX_NEED(*bitsets, err);
	trees->n_bitsets = from->n_bitsets;
	trees->bitset = *index;
	trees->bitsets = *bitsets;
	return MX_OK;
}

static MxStatus
number_outputs(MxReadContext *ctx, size_t n_outputs, MxTrees *trees,
               MxError *err)
{
	uint32_t *output = mx_arena_array(mx_builder_arena(ctx->builder), uint32_t,
	                                  trees->n_trees, err);

	MX_NEED(output, err);
	for (size_t t = 0; t < trees->n_trees; t++)
		output[t] = (uint32_t) (t % n_outputs);
	trees->output = output;
	trees->n_outputs = n_outputs;
	return MX_OK;
}

MxStatus
mx_read_predictors(MxReadContext *ctx, const MxValue *object, size_t n_features,
                   size_t n_outputs, MxTreeArrays *out, MxError *err)
{
	Predictors predictors = {0};
	uint32_t *index;
	uint32_t *bitsets;
	size_t n_bitsets = 0;

	MX_TRY(open_predictors(ctx, object, n_outputs, &predictors, err));
	MX_TRY(mx_tree_arrays(ctx, n_features, predictors.n, predictors.n_nodes, 1,
	                      out, err));
	MX_TRY(make_bitsets(ctx, &predictors, &index, &bitsets, &out->trees, err));
	MX_TRY(number_outputs(ctx, n_outputs, &out->trees, err));
	/* predict() converts to a byte; from 1.2 on it looks at the sign first. */
	out->trees.category_range = ctx->version >= MX_SKLEARN(1, 2)
	                                ? MX_CATEGORIES_WRAP_POSITIVE
	                                : MX_CATEGORIES_WRAP;
	for (size_t i = 0; i < predictors.n; i++)
		MX_TRY(add_predictor(ctx, &predictors.list[i], out, index, bitsets,
		                     &n_bitsets, err));
	return MX_OK;
}

/* Categories of one feature: whole numbers below 256. */
static MxStatus
read_categories(MxReadContext *ctx, const MxValue *mapper, const MxValue *value,
                uint32_t *known, MxError *err)
{
	const double *numbers;

	if (value->kind != MX_VALUE_ARRAY)
		return mx_malformed(ctx, mapper, "bin_thresholds_",
		                    "does not hold arrays", err);
	MX_TRY(mx_array_f64(ctx->scratch, value->as.array, &numbers, err));
	for (size_t i = 0; i < value->as.array->n; i++)
	{
		uint32_t v;

		if (!(numbers[i] >= 0 && numbers[i] < 32 * MX_BITSET_WORDS))
			return mx_malformed(ctx, mapper, "bin_thresholds_",
			                    "holds a category that is not below 256", err);
		v = (uint32_t) numbers[i];
		known[v / 32] |= (uint32_t) 1 << (v % 32);
	}
	return MX_OK;
}

static MxStatus
read_mapper(MxReadContext *ctx, const MxValue *mapper, size_t n_features,
            const uint32_t **out, MxError *err)
{
	const int64_t *is_categorical;
	MxItems thresholds;
	uint32_t *known;

	MX_TRY(mx_read_integers(ctx, mapper, "is_categorical_", n_features,
	                        &is_categorical, NULL, err));
	MX_TRY(mx_read_items(ctx, mapper, "bin_thresholds_", &thresholds, err));
	if (thresholds.n != n_features)
		return mx_malformed(ctx, mapper, "bin_thresholds_",
		                    "has %zu elements, expected %zu", err, thresholds.n,
		                    n_features);
	known = mx_arena_alloc(mx_builder_arena(ctx->builder), n_features,
	                       MX_BITSET_WORDS * sizeof(uint32_t), err);
	MX_NEED(known, err);
	for (size_t f = 0; f < n_features; f++)
	{
		if (is_categorical[f] == 0)
			continue;
		MX_TRY(read_categories(ctx, mapper, thresholds.items[f],
		                       known + f * MX_BITSET_WORDS, err));
		*out = known;
	}
	return MX_OK;
}

MxStatus
mx_read_known_categories(MxReadContext *ctx, const MxValue *object,
                         size_t n_features, const uint32_t **out, MxError *err)
{
	const MxValue *mapper;

	*out = NULL;
	if (ctx->version < MX_SKLEARN(0, 24))
		return MX_OK;
	MX_TRY(mx_read_value(ctx, object, "_bin_mapper", &mapper, err));
	if (!mx_has(mapper, "is_categorical_"))
		return MX_OK;
	return read_mapper(ctx, mapper, n_features, out, err);
}
