/* trees_codes.c */
/* Numbers to bytes: ranks among thresholds, and categories. */
#include "kernel/trees_blend.h"

#include "kernel/trees.h"
#include "kernel/twins.h"

/* Bytes of all columns of a feature; those of ranks are stored less 128. */
MX_LOOP void
spread_ranks(const uint32_t *ranks, size_t n_rows, size_t n_columns,
             uint8_t *codes)
{
	for (size_t c = 0; c < n_columns; c++)
		for (size_t row = 0; row < n_rows; row++)
		{
			int32_t code = (int32_t) ranks[row] - (int32_t) c * MX_BLEND_RANKS;

			code = code < 0 ? 0 : code;
			code = code > MX_BLEND_RANKS ? MX_BLEND_RANKS : code;
			codes[c * MX_BLEND_ROWS + row] = (uint8_t) (code - 128);
		}
}

#define NUMBER float
#define KEY uint32_t
#define SIGNED_KEY int32_t
#define RANKS(name) name##_32
#include "kernel/trees_ranks.h"

#define NUMBER double
#define KEY uint64_t
#define SIGNED_KEY int64_t
#define RANKS(name) name##_64
#include "kernel/trees_ranks.h"

MX_LOOP void
category_codes(const MxBlend *blend, const double *x, size_t n_rows,
               uint8_t *codes)
{
	for (size_t row = 0; row < n_rows; row++)
	{
		double number =
		    blend->rounds_to_float32 ? (double) (float) x[row] : x[row];
		int64_t v = mx_tree_category(number, blend->category_range);

		codes[row] = (uint8_t) v;
		codes[MX_BLEND_ROWS + row] = v == MX_NO_CATEGORY ? 255 : 0;
	}
}

MX_LOOP void
code_codes(const MxBlendFeature *feature, const double *x, size_t n_rows,
           uint8_t *codes)
{
	uint32_t ranks[MX_BLEND_ROWS];
	uint32_t zero = feature->rank_of_zero;
	uint32_t above = feature->rank_of_one - zero;

	for (size_t row = 0; row < n_rows; row++)
		ranks[row] = zero + above * mx_is_code(x[row], feature->code);
	spread_ranks(ranks, n_rows, feature->n_columns, codes);
}

MX_LOOP void
mx_blend_codes_loop(const MxBlend *blend, size_t i, const double *x,
                    size_t n_rows, uint8_t *codes)
{
	const MxBlendFeature *feature = &blend->features[i];

	if (feature->has_categories)
		category_codes(blend, x, n_rows,
		               codes + (size_t) feature->first_column * MX_BLEND_ROWS);
	else if (feature->is_code)
		code_codes(feature, x, n_rows,
		           codes + (size_t) feature->first_column * MX_BLEND_ROWS);
	else if (blend->rounds_to_float32)
		codes_32(blend, feature, x, n_rows, codes);
	else
		codes_64(blend, feature, x, n_rows, codes);
}

MX_TWINS(void, mx_blend_codes,
         (const MxBlend *blend, size_t i, const double *x, size_t n_rows,
          uint8_t *codes),
         (blend, i, x, n_rows, codes))

uint32_t
mx_blend_key_32(double x)
{
	return key_32((float) x);
}

uint64_t
mx_blend_key_64(double x)
{
	return key_64(x);
}
