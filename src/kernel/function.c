/* function.c */
/* One function of one number, over columns. */
#include "kernel/function.h"

#include "base/math_inline.h"
#include "kernel/twins.h"

#include <math.h>

/* NumPy's sign: of both zeros 0, of NaN NaN. */
static inline double
sign_of(double x)
{
	double y = x > 0 ? 1.0 : 0.0;

	y = x < 0 ? -1.0 : y;
	return x == x ? y : x;
}

/* sqrt() is the one libm function whose every bit IEEE 754 prescribes. */
#define DEFINE(name, expression) \
	MX_LOOP void mx_kernel_##name##_loop(const double *x, size_t n, \
	                                     double *out) \
	{ \
		size_t i; \
\
		for (i = 0; i < n; i++) \
			out[i] = (expression); \
	} \
\
	MX_TWINS(void, mx_kernel_##name, (const double *x, size_t n, double *out), \
	         (x, n, out))

DEFINE(exp, mx_exp_inline(x[i]))
DEFINE(expm1, mx_expm1_inline(x[i]))
DEFINE(log, mx_log_inline(x[i]))
DEFINE(log2, mx_log2_inline(x[i]))
DEFINE(log10, mx_log10_inline(x[i]))
DEFINE(log1p, mx_log1p_inline(x[i]))
DEFINE(sqrt, sqrt(x[i]))
DEFINE(cbrt, mx_cbrt_inline(x[i]))
DEFINE(square, x[i] * x[i])
DEFINE(absolute, mx_abs(x[i]))
DEFINE(sign, sign_of(x[i]))
DEFINE(negative, -x[i])
DEFINE(reciprocal, 1.0 / x[i])
DEFINE(floor, mx_floor(x[i]))
DEFINE(ceil, mx_ceil(x[i]))
DEFINE(rint, mx_rint(x[i]))
DEFINE(tanh, mx_tanh_inline(x[i]))
DEFINE(expit, mx_expit_inline(x[i]))
DEFINE(logit, mx_logit_inline(x[i]))
DEFINE(isnan, x[i] == x[i] ? 0.0 : 1.0)
