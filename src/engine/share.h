/*
 * share.h: steps that do again what is done already; private to the engine
 * room.
 *
 * Branches of a model, each with a copy of the same fitted scaler, encoder or
 * vectorizer, share one step when they read the same columns.
 */
#ifndef MX_ENGINE_SHARE_H
#define MX_ENGINE_SHARE_H

#include "engine/lower.h"

/* Of the same parameters, bit for bit; never said of trees. */
bool mx_same_node(const MxNode *x, const MxNode *y);

/*
 * The step + 1 that makes, for all answers that step is for, what step would
 * make; 0: none.  *slot is where the next step that is like it is remembered.
 */
uint32_t mx_find_shared(const MxLowering *l, const MxLowStep *step,
                        uint32_t *slot);

#endif
