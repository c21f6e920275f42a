/* panels_wide.c */
/* Sums over columns, eight rows to a vector. */
#include "kernel/twins.h"

#ifdef MX_AVX512
#define VECTOR_ROWS 8
#endif
#include "kernel/panels_sums.h"

#ifdef MX_AVX512

MX_AVX512 void
mx_kernel_panels_avx512(const MxPanels *p, const double *const *in,
                        size_t n_rows, double *const *out)
{
	mx_kernel_panels_loop(p, in, n_rows, out);
}

#endif
