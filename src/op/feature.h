/*
 * feature.h: how messages name a column.
 */
#ifndef MX_OP_FEATURE_H
#define MX_OP_FEATURE_H

#include "base/text.h"

#define MX_FEATURE_SIZE (MX_QUOTED_SIZE + 16)

/* feature "age", or feature 3 where it has no name; returns buffer. */
const char *mx_show_feature(const MxText *names, size_t j,
                            char buffer[MX_FEATURE_SIZE]);

#define MX_NUMBER_SIZE 32

/* The fewest digits that read back as the same number; returns buffer. */
const char *mx_show_number(double number, char buffer[MX_NUMBER_SIZE]);

#endif
