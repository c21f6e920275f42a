/*
 * selectivity.h: how many rows conditions on scores let pass.
 */
#ifndef MXPG_SELECTIVITY_H
#define MXPG_SELECTIVITY_H

/* Installs the planner's hook; once, at load, and before others that wrap. */
void mxpg_selectivity_init(void);

#endif
