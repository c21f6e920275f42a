/* trees_top.c */
/* Walks shallow trees, which are nothing but a top. */
#include "kernel/trees_walk.h"

/* Trees side by side: enough to hide the latency of their steps. */
#define LANES 10
#define FEWER_LANES 4
/* Trees that stay near while a tile of rows is walked. */
#define CHUNK ((size_t) 4 * LANES)

/* From trees t on to exits, as indexes. */
MX_INLINE void
find_exits(const MxForest *forest, unsigned levels, size_t t,
           const uint32_t *keys, size_t at[MX_MOST_LANES], size_t lanes)
{
	const uint32_t *same[MX_MOST_LANES];

#pragma GCC unroll 16
	for (size_t i = 0; i < lanes; i++)
	{
		same[i] = keys;
		at[i] = mx_top_start(levels, t + i);
	}
	mx_top_descend(forest, levels, same, at, lanes);
#pragma GCC unroll 16
	for (size_t i = 0; i < lanes; i++)
		at[i] /= sizeof(double);
}

/* Of one output, the sum stays in a register. */
MX_INLINE double
add_numbers(const MxForest *forest, unsigned levels, size_t t,
            const uint32_t *keys, double sum, size_t lanes)
{
	size_t at[MX_MOST_LANES];

	find_exits(forest, levels, t, keys, at, lanes);
#pragma GCC unroll 16
	for (size_t i = 0; i < lanes; i++)
		sum += forest->leaves[at[i]];
	return sum;
}

MX_INLINE double
sum_some(const MxForest *forest, unsigned levels, size_t t, size_t end,
         const uint32_t *keys, double sum)
{
	for (; end - t >= LANES; t += LANES)
		sum = add_numbers(forest, levels, t, keys, sum, LANES);
	for (; end - t >= FEWER_LANES; t += FEWER_LANES)
		sum = add_numbers(forest, levels, t, keys, sum, FEWER_LANES);
	for (; t < end; t++)
		sum = add_numbers(forest, levels, t, keys, sum, 1);
	return sum;
}

/* The usual depths each have their own loops, without a branch in them. */
static double
sum_numbers(const MxForest *forest, size_t t, size_t end, const uint32_t *keys,
            double sum)
{
	switch (forest->top_levels)
	{
		case 3:
			return sum_some(forest, 3, t, end, keys, sum);
		case 4:
			return sum_some(forest, 4, t, end, keys, sum);
		case 5:
			return sum_some(forest, 5, t, end, keys, sum);
		case 6:
			return sum_some(forest, 6, t, end, keys, sum);
		case 7:
			return sum_some(forest, 7, t, end, keys, sum);
		case 8:
			return sum_some(forest, 8, t, end, keys, sum);
		default:
			return sum_some(forest, forest->top_levels, t, end, keys, sum);
	}
}

static inline void
add_vectors(const MxForest *forest, size_t t, const size_t *at, size_t n,
            double *const *out, size_t row)
{
	for (size_t i = 0; i < n; i++)
	{
		const double *leaf = forest->leaves + at[i] * forest->n_values;
		double *const *to =
		    forest->outputs == NULL ? out : out + forest->outputs[t + i];

		for (size_t v = 0; v < forest->n_values; v++)
			to[v][row] += leaf[v];
	}
}

static void
sum_vectors(const MxForest *forest, size_t t, size_t end, const uint32_t *keys,
            double *const *out, size_t row)
{
	size_t at[MX_MOST_LANES];

	for (; end - t >= LANES; t += LANES)
	{
		find_exits(forest, forest->top_levels, t, keys, at, LANES);
		add_vectors(forest, t, at, LANES, out, row);
	}
	for (; t < end; t++)
	{
		find_exits(forest, forest->top_levels, t, keys, at, 1);
		add_vectors(forest, t, at, 1, out, row);
	}
}

void
mx_top_walk(const MxForest *forest, const uint32_t *keys, size_t n_rows,
            double *const *out, size_t first)
{
	bool is_simple = forest->n_values == 1 && forest->outputs == NULL;
	size_t chunk = n_rows == 1 ? forest->n_trees : CHUNK;

	for (size_t t = 0; t < forest->n_trees; t += chunk)
	{
		size_t end = forest->n_trees - t < chunk ? forest->n_trees : t + chunk;

		for (size_t row = 0; row < n_rows; row++)
		{
			const uint32_t *own = keys + row * forest->n_columns;

			if (is_simple)
				out[0][first + row] =
				    sum_numbers(forest, t, end, own, out[0][first + row]);
			else
				sum_vectors(forest, t, end, own, out, first + row);
		}
	}
}
