/* math.c */
/* The functions of math_inline.h as functions, and how exact they are. */
#include "base/math.h"

#include "base/math_inline.h"

/*
 * Error bounds, in units of the last place of the exact result; what was found
 * over many millions of points of the whole range is a little less
 * (tests/unit/test_math.c holds them):
 *
 * exp 0.8, expm1 1.3, log 0.9, log2 0.9, log10 0.8, log1p 0.9, cbrt 0.7,
 * tanh 2.5, expit 2.5, logit 2
 */

double
mx_exp(double x)
{
	return mx_exp_inline(x);
}

double
mx_expm1(double x)
{
	return mx_expm1_inline(x);
}

double
mx_log(double x)
{
	return mx_log_inline(x);
}

double
mx_log2(double x)
{
	return mx_log2_inline(x);
}

double
mx_log10(double x)
{
	return mx_log10_inline(x);
}

double
mx_log1p(double x)
{
	return mx_log1p_inline(x);
}

double
mx_cbrt(double x)
{
	return mx_cbrt_inline(x);
}

double
mx_tanh(double x)
{
	return mx_tanh_inline(x);
}

double
mx_expit(double x)
{
	return mx_expit_inline(x);
}

double
mx_logit(double x)
{
	return mx_logit_inline(x);
}
