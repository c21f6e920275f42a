/*
 * link.h: margins of rows to probabilities.
 *
 * Columns are runs of n_rows numbers; rows are independent, and each is
 * computed by the same operations whatever n_rows is.  in and out may not
 * overlap.
 */
#ifndef MX_KERNEL_LINK_H
#define MX_KERNEL_LINK_H

#include <stddef.h>

/* One column in, two out: 1 - p and p, where p = expit(factor * x). */
void mx_link_expit(const double *x, double factor, size_t n_rows,
                   double *const *out);
/* One column in, two out: softmax of -x and x. */
void mx_link_softmax_pair(const double *x, size_t n_rows, double *const *out);
/* One column in, two out: 1 - x and x. */
void mx_link_complement(const double *x, size_t n_rows, double *const *out);
/* One column in, two out: 1 - p and p, where p = (clip(x, -1, 1) + 1) / 2. */
void mx_link_huber_pair(const double *x, size_t n_rows, double *const *out);

/* n columns in and out. */
void mx_link_softmax(const double *const *in, size_t n, size_t n_rows,
                     double *const *out);
void mx_link_ovr(const double *const *in, size_t n, size_t n_rows,
                 double *const *out);
void mx_link_log_normal(const double *const *in, size_t n, size_t n_rows,
                        double *const *out);
void mx_link_normal(const double *const *in, size_t n, size_t n_rows,
                    double *const *out);
void mx_link_huber(const double *const *in, size_t n, size_t n_rows,
                   double *const *out);

#endif
