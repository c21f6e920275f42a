/*
 * guard.h: the check of a guard, for steps that take one over.
 */
#ifndef MX_OP_GUARD_H
#define MX_OP_GUARD_H

#include "op/op.h"

/* Whether the guard lets a number through. */
bool mx_guard_passes(unsigned flags, double x);
/* The limit of magnitudes that every flag lets through. */
double mx_guard_limit(unsigned flags);

/* Marks row when the guard refuses a number of it; in is dense. */
void mx_guard_check_row(unsigned flags, const MxBlock *in, size_t row,
                        MxRun *run);
/* Fills err when the guard refuses a number of the row. */
void mx_guard_explain_row(unsigned flags, const MxBlock *in, size_t row,
                          const MxText *names, MxError *err);

#endif
