/*
 * trees_ranks.h: ranks of numbers among thresholds, for one type of numbers.
 *
 * Included once per type, by trees_codes.c alone, with these defined, which it
 * undefines:
 *   NUMBER, KEY, SIGNED_KEY   the type, unsigned and signed integers as wide
 *   RANKS(name)               name for this type
 *
 * A number becomes a key: an unsigned integer, so that comparing and counting
 * are two instructions.  Keys have the order of the numbers, both zeros one;
 * that of NaN is the greatest, or the least where it only goes left.
 */
#include "kernel/trees_blend.h"
#include "kernel/twins.h"

#include <string.h>

#ifdef RANKS

/* Searches in flight. */
#define SEARCHES 8

typedef struct RANKS(numbers)
{
	KEY key[MX_BLEND_ROWS];
	int32_t bucket[MX_BLEND_ROWS];
} RANKS(numbers);

MX_LOOP KEY
RANKS(key)(NUMBER x)
{
	union
	{
		NUMBER number;
		SIGNED_KEY bits;
	} as = {x};
	KEY sign = (KEY) 1 << (sizeof(KEY) * 8 - 1);

	/* Negative numbers are stored as sign and magnitude. */
	return (KEY) as.bits ^ (as.bits < 0 ? ~(KEY) 0 : sign);
}

/* A missing value is above all thresholds, or below them. */
MX_LOOP void
RANKS(mark_missing)(const MxBlendFeature *feature, const double *x,
                    size_t n_rows, RANKS(numbers) * to)
{
	for (size_t row = 0; row < n_rows; row++)
		if (x[row] != x[row])
		{
			to->key[row] = feature->has_right ? ~(KEY) 0 : 0;
			to->bucket[row] =
			    feature->has_right ? (int32_t) feature->n_buckets + 1 : 0;
		}
}

/*
 * Whether a number is missing.  Rows behind the last, n_rows > 0, copy it until
 * a vector is whole; all that follows is done for whole vectors.
 */
MX_LOOP bool
RANKS(find_buckets)(const MxBlendFeature *feature, const double *x,
                    size_t n_rows, RANKS(numbers) * to)
{
	NUMBER low = (NUMBER) feature->low;
	NUMBER scale = (NUMBER) feature->scale;
	NUMBER last = (NUMBER) feature->n_buckets;
	KEY missing = 0;

	for (size_t row = 0; row < n_rows; row++)
	{
		NUMBER number = (NUMBER) x[row];

		to->key[row] = RANKS(key)(number);
		to->bucket[row] =
		    (int32_t) RANKS(mx_blend_bucket)(number, low, scale, last);
		missing |= number == number ? 0 : ~(KEY) 0;
	}
	if (missing != 0)
		RANKS(mark_missing)(feature, x, n_rows, to);
	for (size_t row = n_rows; row % MX_BLEND_VECTOR > 0; row++)
	{
		to->key[row] = to->key[n_rows - 1];
		to->bucket[row] = to->bucket[n_rows - 1];
	}
	return missing != 0;
}

/* Inlined with a constant n_in_bucket. */
MX_LOOP void
RANKS(rank_in_buckets)(const KEY *t, const uint16_t *starts, size_t n_in_bucket,
                       const RANKS(numbers) * numbers, size_t n_rows,
                       uint32_t *ranks)
{
#pragma GCC unroll 4
	for (size_t row = 0; row < n_rows; row++)
	{
		const KEY *bucket = t + starts[numbers->bucket[row]];
		KEY key = numbers->key[row];
		uint32_t rank = starts[numbers->bucket[row]];

		for (size_t i = 0; i < n_in_bucket; i++)
			rank += bucket[i] < key;
		ranks[row] = rank;
	}
}

/*
 * How many of t[0] to t[n - 1], n > 0, are below each key.  Without a branch,
 * for which way it goes no one can foretell.
 */
MX_LOOP void
RANKS(search)(const KEY *t, size_t n, const KEY key[SEARCHES],
              uint32_t ranks[SEARCHES])
{
	uint32_t at[SEARCHES] = {0};

	while (n > 1)
	{
		size_t half = n / 2;

#pragma GCC unroll 8
		for (size_t i = 0; i < SEARCHES; i++)
			at[i] +=
			    (uint32_t) half & -(uint32_t) (t[at[i] + half - 1] < key[i]);
		n -= half;
	}
#pragma GCC unroll 8
	for (size_t i = 0; i < SEARCHES; i++)
		ranks[i] = at[i] + (t[at[i]] < key[i]);
}

MX_LOOP void
RANKS(rank)(const MxBlend *blend, const MxBlendFeature *feature,
            const RANKS(numbers) * numbers, size_t n_rows, uint32_t *ranks)
{
	const KEY *t = (const KEY *) blend->thresholds + feature->first;
	const uint16_t *starts = blend->buckets + feature->first_bucket;

	switch (feature->n_in_bucket)
	{
		case 0:
			for (size_t row = 0; row < n_rows; row += SEARCHES)
				RANKS(search)(t, feature->n, numbers->key + row, ranks + row);
			break;
		case 1:
			RANKS(rank_in_buckets)(t, starts, 1, numbers, n_rows, ranks);
			break;
		case 2:
			RANKS(rank_in_buckets)(t, starts, 2, numbers, n_rows, ranks);
			break;
		case 3:
		case 4:
			RANKS(rank_in_buckets)(t, starts, 4, numbers, n_rows, ranks);
			break;
		default:
			RANKS(rank_in_buckets)
			(t, starts, MX_BLEND_PADDING, numbers, n_rows, ranks);
			break;
	}
}

/* The columns in which missing values are below all thresholds. */
MX_LOOP void
RANKS(codes_left)(const RANKS(numbers) * numbers, bool has_missing,
                  size_t n_rows, size_t n_columns, const uint8_t *right,
                  uint8_t *left)
{
	memcpy(left, right, n_columns * MX_BLEND_ROWS);
	if (!has_missing)
		return;
	for (size_t row = 0; row < n_rows; row++)
		for (size_t c = 0; c < n_columns && numbers->key[row] == ~(KEY) 0; c++)
			left[c * MX_BLEND_ROWS + row] = (uint8_t) -128;
}

MX_LOOP void
RANKS(codes)(const MxBlend *blend, const MxBlendFeature *feature,
             const double *x, size_t n_rows, uint8_t *codes)
{
	RANKS(numbers) numbers;
	uint32_t ranks[MX_BLEND_ROWS];
	uint8_t *to = codes + (size_t) feature->first_column * MX_BLEND_ROWS;
	size_t n_columns = feature->n_columns;
	size_t n_whole =
	    (n_rows + MX_BLEND_VECTOR - 1) / MX_BLEND_VECTOR * MX_BLEND_VECTOR;
	bool has_missing = RANKS(find_buckets)(feature, x, n_rows, &numbers);

	RANKS(rank)(blend, feature, &numbers, n_whole, ranks);
	spread_ranks(ranks, n_whole, n_columns, to);
	if (feature->has_left && feature->has_right)
		RANKS(codes_left)
	(&numbers, has_missing, n_whole, n_columns, to,
	 to + n_columns * MX_BLEND_ROWS);
}

#undef SEARCHES
#undef NUMBER
#undef KEY
#undef SIGNED_KEY
#undef RANKS
#endif
