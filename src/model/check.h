/*
 * check.h: proof of one node's parameters, one function and file per kind
 * whose parameters need more than a comparison of widths.
 */
#ifndef MX_MODEL_CHECK_H
#define MX_MODEL_CHECK_H

#include "model/model.h"

/*
 * children in range and greater than the parent, each node but the root the
 * child of exactly one, features and bitsets in range, thresholds not NaN,
 * leaf values and base finite, outputs in range.
 */
MxStatus mx_check_trees(const MxTrees *trees, MxError *err);
/*
 * Arrays there, categories not NaN, infinite or missing, codes finite.  That
 * no two categories, or terms, are alike is found when the plan is compiled,
 * by the look-up tables that need it.
 */
MxStatus mx_check_categorize(const MxCategorize *params, MxError *err);
/* Texts there, n-gram bounds sane. */
MxStatus mx_check_count(const MxCount *params, MxError *err);

/* Deep copies into the arena, used by the builder. */
MxStatus mx_copy_texts(MxArena *arena, const MxText *from, size_t n,
                       const MxText **out, MxError *err);
MxStatus mx_copy_categorize(MxArena *arena, const MxCategorize *from,
                            MxCategorize *to, MxError *err);
MxStatus mx_copy_count(MxArena *arena, const MxCount *from, MxCount *to,
                       MxError *err);

#endif
