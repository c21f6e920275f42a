/* op.c */
/* The table of all step kinds. */
#include "op/op.h"

extern const MxOp mx_op_guard;
extern const MxOp mx_op_scale;
extern const MxOp mx_op_impute;
extern const MxOp mx_op_indicator;
extern const MxOp mx_op_categorize;
extern const MxOp mx_op_expand;
extern const MxOp mx_op_function;
extern const MxOp mx_op_affine;
extern const MxOp mx_op_trees;
extern const MxOp mx_op_link;
extern const MxOp mx_op_decide;
extern const MxOp mx_op_distance;
extern const MxOp mx_op_gaussian;
extern const MxOp mx_op_count;
extern const MxOp mx_op_tfidf;
extern const MxOp mx_op_densify;
extern const MxOp mx_op_concat_sparse;
extern const MxOp mx_op_select_sparse;
extern const MxOp mx_op_guarded_affine;
extern const MxOp mx_op_guarded_distance;
extern const MxOp mx_op_guarded_gaussian;
extern const MxOp mx_op_folded_guard;

static const MxOp *const ops[MX_STEP_KINDS] = {
    [MX_STEP_GUARD] = &mx_op_guard,
    [MX_STEP_SCALE] = &mx_op_scale,
    [MX_STEP_IMPUTE] = &mx_op_impute,
    [MX_STEP_INDICATOR] = &mx_op_indicator,
    [MX_STEP_CATEGORIZE] = &mx_op_categorize,
    [MX_STEP_EXPAND] = &mx_op_expand,
    [MX_STEP_FUNCTION] = &mx_op_function,
    [MX_STEP_AFFINE] = &mx_op_affine,
    [MX_STEP_TREES] = &mx_op_trees,
    [MX_STEP_LINK] = &mx_op_link,
    [MX_STEP_DECIDE] = &mx_op_decide,
    [MX_STEP_DISTANCE] = &mx_op_distance,
    [MX_STEP_GAUSSIAN] = &mx_op_gaussian,
    [MX_STEP_COUNT] = &mx_op_count,
    [MX_STEP_TFIDF] = &mx_op_tfidf,
    [MX_STEP_DENSIFY] = &mx_op_densify,
    [MX_STEP_CONCAT_SPARSE] = &mx_op_concat_sparse,
    [MX_STEP_SELECT_SPARSE] = &mx_op_select_sparse,
    [MX_STEP_GUARDED_AFFINE] = &mx_op_guarded_affine,
    [MX_STEP_GUARDED_DISTANCE] = &mx_op_guarded_distance,
    [MX_STEP_GUARDED_GAUSSIAN] = &mx_op_guarded_gaussian,
    [MX_STEP_FOLDED_GUARD] = &mx_op_folded_guard,
};

const MxOp *
mx_op(MxStepKind kind)
{
	return ops[kind];
}
