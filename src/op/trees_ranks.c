/* trees_ranks.c */
/* Which thresholds the trees have, and how the rank of a number is found. */
#include "op/trees_blend.h"

#include <math.h>

/* Bytes of a row: with more of them codes would leave the caches. */
#define MAX_COLUMNS ((size_t) 2048)
/* Per threshold, and in all; with more thresholds in one, search halves. */
#define FEWEST_PER_THRESHOLD 2
#define MOST_PER_THRESHOLD 32
#define MAX_BUCKETS ((size_t) 4096)

static void
count_thresholds(MxBlending *f)
{
	size_t n_nodes = f->trees->start[f->trees->n_trees];

	for (size_t node = 0; node < n_nodes; node++)
		if (mx_trees_has_threshold(f->trees, node))
			mx_blending_feature(f, node)->n++;
}

static void
collect_thresholds(MxBlending *f, double *room)
{
	size_t first = 0;

	for (size_t i = 0; i < f->n_features; i++)
	{
		f->features[i].first = first;
		first += f->features[i].n + MX_BLEND_PADDING;
		f->features[i].n = 0;
	}
	for (size_t node = 0; node < f->trees->start[f->trees->n_trees]; node++)
		if (mx_trees_has_threshold(f->trees, node))
		{
			MxBlendFeature *feature = mx_blending_feature(f, node);

			f->thresholds[feature->first + feature->n++] =
			    mx_trees_threshold(f->trees, node);
		}
	for (size_t i = 0; i < f->n_features; i++)
	{
		MxBlendFeature *feature = &f->features[i];

		feature->n = mx_thresholds_sort(f->thresholds + feature->first, room,
		                                feature->n);
	}
}

/* ---- buckets ----------------------------------------------------------- */

/* Even buckets over all thresholds but the outermost ones. */
static void
place_buckets(const MxBlending *f, size_t n_buckets, MxBlendFeature *feature)
{
	const double *x = f->thresholds + feature->first;
	size_t edge = feature->n / 64;
	double low = x[edge];
	double scale = (double) n_buckets / (x[feature->n - 1 - edge] - low);
	bool fits;

	if (f->trees->rounds_to_float32)
		scale = (double) (float) scale;
	fits = isfinite(low) && isfinite(scale) && scale > 0;
	feature->n_buckets = n_buckets;
	/* One bucket lower: the first is 1, and rounding does no harm. */
	low -= 1 / scale;
	fits = fits && isfinite(low);
	feature->low = fits ? low : 0;
	feature->scale = fits ? scale : 1;
}

static size_t
bucket_of(const MxBlending *f, const MxBlendFeature *feature, double x)
{
	double last = (double) feature->n_buckets;

	if (f->trees->rounds_to_float32)
		return (size_t) mx_blend_bucket_32((float) x, (float) feature->low,
		                                   (float) feature->scale,
		                                   (float) last);
	return (size_t) mx_blend_bucket_64(x, feature->low, feature->scale, last);
}

/* Fills starts; returns the most thresholds that one bucket has. */
static size_t
fill_buckets(const MxBlending *f, const MxBlendFeature *feature,
             uint16_t *starts)
{
	const double *x = f->thresholds + feature->first;
	size_t n = 0;
	size_t most = 0;

	starts[0] = 0;
	for (size_t b = 1; b <= feature->n_buckets; b++)
	{
		size_t start = n;

		starts[b] = (uint16_t) n;
		while (n < feature->n && bucket_of(f, feature, x[n]) == b)
			n++;
		if (n - start > most)
			most = n - start;
	}
	starts[feature->n_buckets + 1] = (uint16_t) n;
	return most;
}

/* As few thresholds in a bucket as can be had, in as few buckets. */
static void
choose_buckets(const MxBlending *f, uint16_t *starts, MxBlendFeature *feature)
{
	size_t fewest = MX_BLEND_PADDING + 1;
	size_t best = 0;

	for (size_t per = FEWEST_PER_THRESHOLD; per <= MOST_PER_THRESHOLD; per *= 2)
	{
		size_t n_buckets = feature->n * per;
		size_t most;

		if (n_buckets > MAX_BUCKETS || fewest == 1)
			break;
		place_buckets(f, n_buckets, feature);
		most = fill_buckets(f, feature, starts);
		if (most < fewest)
		{
			fewest = most;
			best = n_buckets;
		}
	}
	place_buckets(f, best, feature);
	feature->n_in_bucket = best == 0 ? 0 : (uint8_t) fewest;
}

static void
rank_zero_and_one(const MxBlending *f, MxBlendFeature *feature)
{
	for (size_t i = 0; i < feature->n; i++)
	{
		feature->rank_of_zero += f->thresholds[feature->first + i] < 0;
		feature->rank_of_one += f->thresholds[feature->first + i] < 1;
	}
}

static MxStatus
make_buckets(MxBlending *f, MxImageWriter *w, MxTreesImage *image, MxError *err)
{
	uint16_t *starts =
	    mx_image_scratch(w, MAX_BUCKETS + 2, sizeof(uint16_t), err);
	size_t first = 0;

	MX_NEED(starts, err);
	for (size_t i = 0; i < f->n_features; i++)
	{
		MxBlendFeature *feature = &f->features[i];

		if (feature->is_code)
			rank_zero_and_one(f, feature);
		else if (feature->n > 0)
			choose_buckets(f, starts, feature);
		feature->first_bucket = first;
		first += feature->n_buckets == 0 ? 0 : feature->n_buckets + 2;
	}
	MX_TRY(mx_image_reserve(w, first, sizeof(uint16_t), 64,
	                        &image->blend_buckets, (void **) &starts, err));
	for (size_t i = 0; i < f->n_features; i++)
		if (f->features[i].n_buckets > 0)
			fill_buckets(f, &f->features[i],
			             starts + f->features[i].first_bucket);
	return MX_OK;
}

/* ---- columns ----------------------------------------------------------- */

static void
number_columns(MxBlending *f)
{
	f->n_columns = 0;
	for (size_t i = 0; i < f->n_features; i++)
	{
		MxBlendFeature *feature = &f->features[i];

		feature->first_column = (uint32_t) f->n_columns;
		feature->n_columns =
		    feature->has_categories
		        ? 2
		        : (uint32_t) ((feature->n + MX_BLEND_RANKS - 1) /
		                      MX_BLEND_RANKS);
		f->n_columns += feature->n_columns;
		if (feature->has_right && feature->has_left)
			f->n_columns += feature->n_columns;
	}
}

/* ---- the whole --------------------------------------------------------- */

/* Numbers of a feature are one, wherever they go when they are missing. */
static MxStatus
list_features(MxBlending *f, MxImageWriter *w, MxError *err)
{
	size_t n = f->trees->n_features;
	uint32_t *number_of = mx_image_scratch(w, 2 * n, sizeof(uint32_t), err);

	MX_NEED(number_of, err);
	for (size_t c = 1; c < f->layout->n_columns; c++)
	{
		const MxTreeColumn *column = &f->layout->columns[c];
		bool is_category = column->kind == MX_KEYS_CATEGORY;
		uint32_t *number = &number_of[column->feature + is_category * n];
		MxBlendFeature *feature;

		if (*number == 0)
			*number = (uint32_t) ++f->n_features;
		f->feature_of[c] = *number - 1;
		feature = &f->features[*number - 1];
		feature->feature = column->feature;
		feature->has_categories = is_category;
		feature->is_code = column->kind == MX_KEYS_CODE;
		feature->code = column->code;
		feature->has_right |= column->kind == MX_KEYS_MISSING_RIGHT;
		feature->has_left |= column->kind == MX_KEYS_MISSING_LEFT;
	}
	return MX_OK;
}

static MxStatus
reserve_features(MxBlending *f, MxImageWriter *w, MxTreesImage *image,
                 MxError *err)
{
	size_t n = f->layout->n_columns;

	f->feature_of = mx_image_scratch(w, n, sizeof(uint32_t), err);
	MX_NEED(f->feature_of, err);
	MX_TRY(mx_image_reserve(w, n, sizeof(MxBlendFeature), 8,
	                        &image->blend_features, (void **) &f->features,
	                        err));
	return list_features(f, w, err);
}

static MxStatus
store_keys(const MxBlending *f, size_t n, MxImageWriter *w, MxTreesImage *image,
           MxError *err)
{
	bool rounds = f->trees->rounds_to_float32;
	uint32_t *keys_32;
	uint64_t *keys_64;
	void *keys;

	MX_TRY(mx_image_reserve(w, n, rounds ? sizeof(*keys_32) : sizeof(*keys_64),
	                        64, &image->blend_thresholds, &keys, err));
	keys_32 = keys;
	keys_64 = keys;
	for (size_t i = 0; i < f->n_features; i++)
	{
		const MxBlendFeature *feature = &f->features[i];
		size_t room = feature->n + MX_BLEND_PADDING;

		for (size_t j = feature->first; j < feature->first + room; j++)
		{
			bool is_there = j < feature->first + feature->n;

			if (rounds)
				keys_32[j] = is_there ? mx_blend_key_32(f->thresholds[j] + 0.0)
				                      : UINT32_MAX;
			else
				keys_64[j] = is_there ? mx_blend_key_64(f->thresholds[j] + 0.0)
				                      : UINT64_MAX;
		}
	}
	return MX_OK;
}

MxStatus
mx_blending_features(MxBlending *f, MxImageWriter *w, MxTreesImage *image,
                     MxError *err)
{
	const MxTrees *trees = f->trees;
	size_t n_splits = (trees->start[trees->n_trees] - trees->n_trees) / 2;
	size_t n_places;
	double *room;

	MX_TRY(reserve_features(f, w, image, err));
	n_places = n_splits + f->n_features * MX_BLEND_PADDING;
	f->thresholds = mx_image_scratch(w, n_places, sizeof(double), err);
	MX_NEED(f->thresholds, err);
	room = mx_image_scratch(w, n_splits, sizeof(double), err);
	MX_NEED(room, err);
	count_thresholds(f);
	collect_thresholds(f, room);
	number_columns(f);
	if (f->n_columns > MAX_COLUMNS)
	{
		f->n_columns = 0;
		return MX_OK;
	}
	MX_TRY(make_buckets(f, w, image, err));
	return store_keys(f, n_places, w, image, err);
}

size_t
mx_blending_rank(const MxBlending *f, size_t node)
{
	const MxBlendFeature *feature = mx_blending_feature(f, node);

	return mx_thresholds_rank(f->thresholds + feature->first, feature->n,
	                          mx_trees_threshold(f->trees, node));
}

size_t
mx_blending_column(const MxBlending *f, size_t node)
{
	const MxBlendFeature *feature = mx_blending_feature(f, node);
	bool is_left = mx_trees_kind(f->trees, node) == MX_KEYS_MISSING_LEFT;

	return feature->first_column +
	       (is_left && feature->has_right ? feature->n_columns : 0);
}
