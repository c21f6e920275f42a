/* trees_compile.c */
/* Chooses how an ensemble is laid out, by its shape. */
#include "op/trees.h"

/* Keys of a tile of rows, in bytes: beside small trees, beside large ones. */
#define TILE_SMALL ((size_t) 32 * 1024)
#define TILE_LARGE ((size_t) 1024 * 1024)
/* A tree of so many nodes is fetched from afar: once for many rows. */
#define LARGE_TREE ((size_t) 2 * 1024)
/* Levels of a top above small subtrees, and above large ones. */
#define LEVELS_SMALL 3u
#define LEVELS_LARGE 9u
/* Trees of no more levels are nothing but a top, if they are not sparse. */
#define MOST_SHALLOW 9u
#define MOST_PADDING 4

/* Numbers the columns of keys that some node tests; 0 is the constant. */
static void
number_columns(MxTreesLayout *layout)
{
	const MxTrees *trees = layout->trees;
	size_t n_nodes = trees->start[trees->n_trees];

	layout->n_columns = 1;
	for (size_t node = 0; node < n_nodes; node++)
	{
		if (trees->left[node] < 0)
		{
			layout->n_leaves++;
			continue;
		}
		if (mx_trees_kind(trees, node) == MX_KEYS_CATEGORY)
			layout->n_sets++;
		if (*mx_trees_column(layout, node) == 0)
			*mx_trees_column(layout, node) = layout->n_columns++;
	}
}

static void
list_columns(const MxTreesLayout *layout, MxTreeColumn *columns)
{
	for (size_t feature = 0; feature < layout->trees->n_features; feature++)
		for (uint32_t kind = 0; kind < MX_KEYS_KINDS; kind++)
		{
			uint32_t c = layout->column_of[feature * MX_KEYS_KINDS + kind];

			if (c == 0)
				continue;
			columns[c].feature = (uint32_t) feature;
			columns[c].kind = kind;
			if (kind == MX_KEYS_CODE)
				columns[c].code = layout->trees->codes[feature];
		}
}

size_t
mx_trees_most_nodes(const MxTrees *trees)
{
	size_t most = 0;

	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->start[t + 1] - trees->start[t] > most)
			most = trees->start[t + 1] - trees->start[t];
	return most;
}

bool
mx_trees_are_large(const MxTrees *trees)
{
	return mx_trees_most_nodes(trees) >= 2 * MX_BLEND_LEAVES;
}

/* How many bits of a node are its column; 0 when it has to be wide. */
static unsigned
column_bits(const MxTreesLayout *layout)
{
	unsigned bits = MX_COLUMN_BITS_FEW;

	if (layout->n_sets > 0)
		return 0;
	if (layout->n_columns > 1u << bits)
		bits = MX_COLUMN_BITS_SOME;
	if (layout->n_columns > 1u << bits)
		bits = MX_COLUMN_BITS_MANY;
	return layout->n_columns <= 1u << bits &&
	               mx_trees_most_nodes(layout->trees) < (size_t) 1
	                                                        << (32 - bits)
	           ? bits
	           : 0;
}

/* Levels below the root of the deepest tree; children behind their parents. */
static MxStatus
find_depth(const MxTrees *trees, MxImageWriter *w, unsigned *most, MxError *err)
{
	uint16_t *depth =
	    mx_image_scratch(w, mx_trees_most_nodes(trees), sizeof(uint16_t), err);

	MX_NEED(depth, err);
	*most = 0;
	for (size_t t = 0; t < trees->n_trees; t++)
	{
		size_t first = trees->start[t];

		depth[0] = 0;
		for (size_t i = 0; i < trees->start[t + 1] - first; i++)
		{
			if (depth[i] > *most)
				*most = depth[i];
			if (trees->left[first + i] < 0)
				continue;
			depth[trees->left[first + i]] = (uint16_t) (depth[i] + 1);
			depth[trees->right[first + i]] = (uint16_t) (depth[i] + 1);
		}
	}
	return MX_OK;
}

/* Sets are tested below tops only. */
static MxStatus
choose_levels(const MxTreesLayout *layout, MxImageWriter *w,
              MxTreesImage *image, MxError *err)
{
	const MxTrees *trees = layout->trees;
	size_t per_tree = trees->start[trees->n_trees] / trees->n_trees;
	unsigned depth = MOST_SHALLOW + 1;

	if (layout->n_sets > 0)
		return MX_OK;
	if (!mx_trees_are_large(trees))
		MX_TRY(find_depth(trees, w, &depth, err));
	image->is_shallow =
	    depth <= MOST_SHALLOW &&
	    (size_t) 1 << depth <= MOST_PADDING * (per_tree / 2 + 1);
	if (image->is_shallow)
		image->top_levels = depth;
	else
		image->top_levels = per_tree > LARGE_TREE ? LEVELS_LARGE : LEVELS_SMALL;
	return MX_OK;
}

/* Few rows beside small trees, many for each visit of a large one. */
static size_t
tile_rows(const MxTreesLayout *layout)
{
	const MxTrees *trees = layout->trees;
	size_t per_tree = trees->start[trees->n_trees] / trees->n_trees;
	size_t rows = (per_tree > LARGE_TREE ? TILE_LARGE : TILE_SMALL) /
	              (layout->n_columns * sizeof(uint32_t));

	return rows < 16 ? 16 : rows & ~(size_t) 15;
}

static MxStatus
store_base(const MxTrees *trees, MxImageWriter *w, MxRef *ref, MxError *err)
{
	void *zeros;

	if (trees->base == NULL)
		return mx_image_reserve(w, trees->n_outputs, sizeof(double), 8, ref,
		                        &zeros, err);
	return mx_image_store(w, trees->base, trees->n_outputs, sizeof(double), 8,
	                      ref, err);
}

static MxStatus
store_columns(MxTreesLayout *layout, MxImageWriter *w, MxTreesImage *image,
              MxError *err)
{
	const MxTrees *trees = layout->trees;

	layout->column_of = mx_image_scratch(w, trees->n_features * MX_KEYS_KINDS,
	                                     sizeof(uint32_t), err);
	MX_NEED(layout->column_of, err);
	number_columns(layout);
	MX_TRY(mx_image_reserve(w, layout->n_columns, sizeof(MxTreeColumn), 8,
	                        &image->columns, (void **) &layout->columns, err));
	list_columns(layout, layout->columns);
	if (trees->rounds_to_float32)
		return MX_OK;
	return mx_trees_rank(layout, w, image, err);
}

static MxStatus
store_outputs(const MxTrees *trees, MxImageWriter *w, MxTreesImage *image,
              MxError *err)
{
	MX_TRY(store_base(trees, w, &image->base, err));
	for (size_t t = 0; t < trees->n_trees; t++)
		if (trees->output != NULL && trees->output[t] != 0)
			image->has_outputs = true;
	return image->has_outputs
	           ? mx_image_store(w, trees->output, trees->n_trees,
	                            sizeof(uint32_t), 8, &image->outputs, err)
	           : MX_OK;
}

MxStatus
mx_trees_compile(const MxStep *step, MxImageWriter *w, MxRef *params,
                 MxError *err)
{
	const MxTrees *trees = &step->node->as.trees;
	MxTreesLayout layout = {.trees = trees};
	MxTreesImage *image;

	MX_TRY(mx_image_reserve(w, 1, sizeof(MxTreesImage), 8, params,
	                        (void **) &image, err));
	image->n_trees = trees->n_trees;
	image->n_outputs = trees->n_outputs;
	image->n_values = trees->n_values;
	image->rounds_to_float32 = trees->rounds_to_float32;
	image->category_range = (uint32_t) trees->category_range;
	image->divisor = trees->divisor;
	MX_TRY(store_columns(&layout, w, image, err));
	MX_TRY(store_outputs(trees, w, image, err));
	image->n_columns = layout.n_columns;
	image->column_bits = column_bits(&layout);
	image->tile_rows = tile_rows(&layout);
	MX_TRY(choose_levels(&layout, w, image, err));
	MX_TRY(mx_trees_lay_out(&layout, w, image, err));
	MX_TRY(mx_trees_blend(&layout, w, image, err));
	return mx_trees_store_ranges(trees, w, image, err);
}
