/*
 * math.h: exp, log and their kin, one sequence of IEEE operations everywhere.
 *
 * No libm: its results differ with the CPU.  No FMA: the build says
 * -ffp-contract=off.  The vector kernels do these same operations in the same
 * order, so that one row has one answer.  Error bounds are stated per function
 * in math.c and tested against long double references.
 */
#ifndef MX_BASE_MATH_H
#define MX_BASE_MATH_H

double mx_exp(double x);
double mx_expm1(double x);
double mx_log(double x);
double mx_log2(double x);
double mx_log10(double x);
double mx_log1p(double x);
double mx_cbrt(double x);
double mx_tanh(double x);
/* 1 / (1 + exp(-x)), without overflow for either sign. */
double mx_expit(double x);
/* log(x / (1 - x)) as SciPy shapes it: inf at 1, -inf at 0, NaN outside. */
double mx_logit(double x);

#endif
