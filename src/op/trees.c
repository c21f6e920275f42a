/* trees.c */
/* Sums or averages over decision trees. */
#include "op/op.h"
#include "op/trees.h"
#include "op/trees_trial.h"

#include <string.h>

/* Rows folded tree by tree, as long as their codes stay near. */
#define MOST_FOLDED ((size_t) 8 * MX_BLEND_ROWS)
#define MOST_CODES ((size_t) 256 * 1024)

/* At the start of the scratch, before keys or codes. */
#define TRIAL_ROOM ((size_t) 64)
_Static_assert(sizeof(MxTreesTrial) <= TRIAL_ROOM, "keys stay aligned");

static void
shape(const void *image, MxRef params, const MxShape *in, size_t n_in,
      MxShape *out)
{
	(void) in;
	(void) n_in;
	out->n_columns = mx_at(image, MxTreesImage, params)->n_outputs;
	out->kind = MX_COLUMN_NUMBER;
	out->is_sparse = false;
}

/* Rows whose trees are folded together. */
static size_t
folded_rows(const MxTreesImage *p)
{
	size_t codes = (size_t) p->n_blend_columns * MX_BLEND_ROWS;
	size_t n = codes == 0 ? 1 : MOST_CODES / codes * MX_BLEND_ROWS;

	return n < MX_BLEND_ROWS ? MX_BLEND_ROWS
	                         : (n > MOST_FOLDED ? MOST_FOLDED : n);
}

/* Whichever of codes and keys takes more. */
static size_t
scratch(const void *image, MxRef params, const MxShape *in, size_t n_rows)
{
	const MxTreesImage *p = mx_at(image, MxTreesImage, params);
	size_t folded = n_rows < folded_rows(p) ? n_rows : folded_rows(p);
	size_t codes = (folded + MX_BLEND_ROWS - 1) / MX_BLEND_ROWS *
	               MX_BLEND_ROWS * p->n_blend_columns;
	size_t keys;

	(void) in;
	if (n_rows > p->tile_rows)
		n_rows = p->tile_rows;
	keys = n_rows * p->n_columns * sizeof(uint32_t);
	keys += p->n_columns * sizeof(double); /* of a row's numbers */
	return TRIAL_ROOM + (keys > codes ? keys : codes);
}

static void *
work_of(const MxRun *run)
{
	return (char *) run->scratch + TRIAL_ROOM;
}

static MxForest
forest_at(const void *image, const MxTreesImage *p)
{
	MxForest forest = {.n_trees = p->n_trees,
	                   .n_columns = p->n_columns,
	                   .n_values = p->n_values,
	                   .category_range = p->category_range,
	                   .columns = mx_at(image, MxTreeColumn, p->columns),
	                   .top_levels = p->top_levels,
	                   .top = mx_at(image, MxTopNode, p->top),
	                   .column_bits = p->column_bits,
	                   .nodes = mx_at(image, MxTreeNode, p->nodes),
	                   .wide = mx_at(image, MxWideNode, p->nodes),
	                   .leaves = mx_at(image, double, p->leaves),
	                   .sets = mx_at(image, uint32_t, p->sets)};

	if (!p->rounds_to_float32)
		forest.thresholds = mx_at(image, double, p->thresholds);
	if (p->has_outputs)
		forest.outputs = mx_at(image, uint32_t, p->outputs);
	if (!p->is_shallow)
		forest.exits = mx_at(image, uint64_t, p->exits);
	return forest;
}

/* The sums begin with constants, or with what another node made. */
static void
set_base(const void *image, const MxTreesImage *p, const MxBlock *in,
         size_t n_in, double *const *out)
{
	const double *base = mx_at(image, double, p->base);
	size_t n_rows = in[0].n_rows;

	for (size_t j = 0; j < p->n_outputs; j++)
	{
		if (n_in > 1)
			memcpy(out[j], in[1].columns[j].numbers, n_rows * sizeof(double));
		else
			for (size_t row = 0; row < n_rows; row++)
				out[j][row] = base[j];
	}
}

static void
divide(const MxTreesImage *p, size_t n_rows, double *const *out)
{
	if (p->divisor == 0)
		return;
	for (size_t j = 0; j < p->n_outputs; j++)
		for (size_t row = 0; row < n_rows; row++)
			out[j][row] /= p->divisor;
}

/* Ranks of one row are made side by side, of all its numbers. */
static void
row_keys(const MxForest *forest, const MxBlock *in, size_t row, double *x,
         uint32_t *keys)
{
	bool are_floats = forest->thresholds == NULL && forest->column_bits > 0;

	x[0] = 0;
	keys[0] = 0;
	for (size_t c = 1; c < forest->n_columns; c++)
	{
		const MxTreeColumn *column = &forest->columns[c];
		double number = in->columns[column->feature].numbers[row];

		if (are_floats)
			keys[c] = mx_float_column_key(column, number);
		else
			x[c] = number;
	}
	if (!are_floats)
		mx_forest_row_keys(forest, x, keys);
}

static void
walk_tile(const MxForest *forest, const MxBlock *in, size_t first,
          size_t n_rows, MxRun *run)
{
	double *x = work_of(run);
	uint32_t *keys = (uint32_t *) (x + forest->n_columns);

	if (n_rows == 1)
		row_keys(forest, in, first, x, keys);
	else
	{
		mx_forest_keys(forest, 0, NULL, n_rows, keys);
		for (size_t c = 1; c < forest->n_columns; c++)
			mx_forest_keys(forest, c,
			               in->columns[forest->columns[c].feature].numbers +
			                   first,
			               n_rows, keys);
	}
	if (forest->exits == NULL)
		mx_top_walk(forest, keys, n_rows, run->numbers, first);
	else
		mx_forest_walk(forest, keys, n_rows, run->numbers, first, run->stop);
}

static MxBlend
blend_at(const void *image, const MxTreesImage *p)
{
	MxBlend blend = {.n_trees = p->n_trees,
	                 .n_features = p->n_blend_features,
	                 .n_columns = p->n_blend_columns,
	                 .n_values = p->n_values,
	                 .n_leaves = p->n_leaves,
	                 .rounds_to_float32 = p->rounds_to_float32,
	                 .category_range = p->category_range,
	                 .features =
	                     mx_at(image, MxBlendFeature, p->blend_features),
	                 .thresholds = mx_at(image, char, p->blend_thresholds),
	                 .buckets = mx_at(image, uint16_t, p->blend_buckets),
	                 .trees = mx_at(image, MxBlendTree, p->blend_trees),
	                 .sevens = mx_at(image, MxBlendSeven, p->blend_sevens),
	                 .threes = mx_at(image, MxBlendThree, p->blend_threes),
	                 .pairs = mx_at(image, MxBlendPair, p->blend_pairs),
	                 .joins = mx_at(image, MxBlendJoin, p->blend_joins),
	                 .tops = mx_at(image, MxBlendTop, p->blend_tops),
	                 .set_tests = mx_at(image, MxBlendSet, p->blend_sets),
	                 .leaves = mx_at(image, double, p->blend_leaves),
	                 .sets = mx_at(image, uint32_t, p->sets)};

	return blend;
}

static void
fold_tile(const MxBlend *blend, const MxBlock *in, size_t first, size_t n_rows,
          MxRun *run)
{
	uint8_t *codes = work_of(run);

	/* A feature's thresholds stay near while its rows are read in a row. */
	for (size_t i = 0; i < blend->n_features; i++)
	{
		const double *x = in->columns[blend->features[i].feature].numbers;

		for (size_t row = 0; row < n_rows; row += MX_BLEND_ROWS)
			mx_blend_codes(blend, i, x + first + row,
			               n_rows - row < MX_BLEND_ROWS ? n_rows - row
			                                            : MX_BLEND_ROWS,
			               codes + row * blend->n_columns);
	}
	mx_blend_add(blend, codes, n_rows, run->numbers, first);
}

/* What adds trees to rows, either way. */
typedef struct Adding
{
	const MxTreesImage *p;
	const MxBlock *in;
	MxRun *run;
	bool folds; /* blend is there */
	MxForest forest;
	MxBlend blend;
} Adding;

/* A tile to be folded may be larger than those that are walked. */
static void
add_tile(const Adding *a, MxTreesWay way, size_t first, size_t n_rows)
{
	size_t end = first + n_rows;
	size_t n;

	if (way == MX_TREES_FOLD)
	{
		fold_tile(&a->blend, a->in, first, n_rows, a->run);
		return;
	}
	for (; first < end; first += n)
	{
		n = end - first < a->p->tile_rows ? end - first : a->p->tile_rows;
		walk_tile(&a->forest, a->in, first, n, a->run);
	}
}

static void
add_timed(const Adding *a, size_t first, size_t n_rows)
{
	MxTreesTrial *trial = a->run->scratch;
	MxTreesWay way = mx_trial_way(trial);
	double start;

	if (!mx_trial_goes_on(trial))
	{
		add_tile(a, way, first, n_rows);
		return;
	}
	start = mx_trial_clock();
	add_tile(a, way, first, n_rows);
	mx_trial_add(trial, way, mx_trial_clock() - start, n_rows);
}

/* Rows in blocks are folded where that can be done, what remains is walked. */
static MxStatus
add_trees(const Adding *a, MxError *err)
{
	const MxTreesImage *p = a->p;
	size_t n_rows = a->in->n_rows;
	size_t tile = a->folds ? folded_rows(p) : p->tile_rows;
	MxRun *run = a->run;
	size_t n;

	for (size_t first = 0; first < n_rows; first += n)
	{
		n = n_rows - first < tile ? n_rows - first : tile;
		if (run->canceled != NULL && run->canceled(run->ctx))
			return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
		if (a->folds && p->is_close && n >= MX_BLEND_ROWS)
			add_timed(a, first, n);
		else
			add_tile(a,
			         a->folds && n >= p->fewest_folded ? MX_TREES_FOLD
			                                           : MX_TREES_WALK,
			         first, n);
	}
	return MX_OK;
}

static MxStatus
score(const void *image, MxRef params, const MxBlock *in, size_t n_in,
      MxRun *run, MxError *err)
{
	const MxTreesImage *p = mx_at(image, MxTreesImage, params);
	Adding adding = {
	    .p = p, .in = &in[0], .run = run, .forest = forest_at(image, p)};

	if (run->stop != NULL)
		run->stop->n_asked += (uint64_t) in[0].n_rows * p->n_trees;
	set_base(image, p, in, n_in, run->numbers);
	adding.folds = p->n_blend_columns > 0 && in[0].n_rows >= p->fewest_folded &&
	               mx_blend_available();
	if (adding.folds)
		adding.blend = blend_at(image, p);
	MX_TRY(add_trees(&adding, err));
	divide(p, in[0].n_rows, run->numbers);
	return MX_OK;
}

const MxOp mx_op_trees = {
    .kind = MX_STEP_TREES,
    .name = "trees",
    .compile = mx_trees_compile,
    .shape = shape,
    .scratch = scratch,
    .score = score,
    .can_stop = mx_trees_can_stop,
    .stop = mx_trees_stop,
};
