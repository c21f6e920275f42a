/* trees_blend.c */
/* Folds trees with the best vectors there are; here those of 32 bytes. */
#include "kernel/trees_blend.h"

#include "kernel/trees_vector.h"

#ifdef MX_VECTOR
#define MX_FOLD mx_fold_vector
#endif
#include "kernel/trees_fold.h"

bool
mx_blend_available(void)
{
	return mx_twin() > MX_TWIN_PLAIN;
}

void
mx_blend_add(const MxBlend *blend, uint8_t *codes, size_t n_rows,
             double *const *out, size_t first)
{
#ifdef MX_AVX512
	if (mx_twin() == MX_TWIN_WIDE)
	{
		mx_fold_wide(blend, codes, n_rows, out, first);
		return;
	}
#endif
#ifdef MX_VECTOR
	mx_fold_vector(blend, codes, n_rows, out, first);
#else
	(void) blend;
	(void) codes;
	(void) n_rows;
	(void) out;
	(void) first;
#endif
}
