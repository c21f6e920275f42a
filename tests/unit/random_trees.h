/*
 * random_trees.h: for tests: ensembles without pattern, rows that meet their
 * thresholds, and the plainest way to score them.
 */
#ifndef MX_TESTS_UNIT_RANDOM_TREES_H
#define MX_TESTS_UNIT_RANDOM_TREES_H

#include "base/arena.h"
#include "model/nodes.h"

#include <stdint.h>

/* What an ensemble is to be like. */
typedef struct TreePlan
{
	uint64_t seed;
	size_t n_trees;
	size_t n_splits; /* about so many per tree */
	size_t n_features;
	size_t n_values, n_outputs;
	bool rounds_to_float32;
	bool has_missing;
	bool has_categories;
	MxCategoryRange category_range;
	bool is_chain; /* each tree one long branch */
	bool is_full;  /* no leaf above the last two levels */
	bool has_base;
	double divisor;
} TreePlan;

/* As MxTrees, but what it points to can be changed. */
typedef struct TestTrees
{
	MxTrees trees;
	size_t n_nodes;
	size_t *start;
	int32_t *left, *right, *feature;
	double *threshold;
	uint8_t *flags;
	uint32_t *bitset;
	double *values;
	uint32_t *output;
	double *base;
} TestTrees;

void make_trees(const TreePlan *plan, MxArena *arena, TestTrees *out);

/* Columns (n_features, n_rows) of numbers, many of them thresholds. */
double *make_rows(const TestTrees *trees, uint64_t seed, size_t n_rows,
                  MxArena *arena);

/* One row as model/nodes.h says it; start may be NULL. */
void score_plainly(const MxTrees *trees, const double *columns, size_t n_rows,
                   size_t row, const double *start, double *out);

#endif
