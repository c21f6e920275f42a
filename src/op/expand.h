/*
 * expand.h: when an expansion makes sparse rows.
 */
#ifndef MX_OP_EXPAND_H
#define MX_OP_EXPAND_H

/* Wider outputs are sparse: a row then costs what it holds. */
#define MX_EXPAND_DENSE_COLUMNS 256

#endif
