/*
 * function.h: one function of one number, over columns.
 */
#ifndef MX_KERNEL_FUNCTION_H
#define MX_KERNEL_FUNCTION_H

#include <stddef.h>

typedef void (*MxFunctionKernel)(const double *x, size_t n, double *out);

void mx_kernel_exp(const double *x, size_t n, double *out);
void mx_kernel_expm1(const double *x, size_t n, double *out);
void mx_kernel_log(const double *x, size_t n, double *out);
void mx_kernel_log2(const double *x, size_t n, double *out);
void mx_kernel_log10(const double *x, size_t n, double *out);
void mx_kernel_log1p(const double *x, size_t n, double *out);
void mx_kernel_sqrt(const double *x, size_t n, double *out);
void mx_kernel_cbrt(const double *x, size_t n, double *out);
void mx_kernel_square(const double *x, size_t n, double *out);
void mx_kernel_absolute(const double *x, size_t n, double *out);
void mx_kernel_sign(const double *x, size_t n, double *out);
void mx_kernel_negative(const double *x, size_t n, double *out);
void mx_kernel_reciprocal(const double *x, size_t n, double *out);
void mx_kernel_floor(const double *x, size_t n, double *out);
void mx_kernel_ceil(const double *x, size_t n, double *out);
void mx_kernel_rint(const double *x, size_t n, double *out);
void mx_kernel_tanh(const double *x, size_t n, double *out);
void mx_kernel_expit(const double *x, size_t n, double *out);
void mx_kernel_logit(const double *x, size_t n, double *out);
void mx_kernel_isnan(const double *x, size_t n, double *out);

#endif
