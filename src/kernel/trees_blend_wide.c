/* trees_blend_wide.c */
/* Folds trees, 64 rows to a vector. */
#include "kernel/trees_blend.h"

#include "kernel/trees_wide.h"

#ifdef MX_VECTOR
#define MX_FOLD mx_fold_wide
#endif
#include "kernel/trees_fold.h"
