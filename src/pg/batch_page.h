/*
 * batch_page.h: a page's rows at once, from a scan of a whole table.
 */
#ifndef MXPG_BATCH_PAGE_H
#define MXPG_BATCH_PAGE_H

#include "access/htup.h"
#include "nodes/execnodes.h"
#include "storage/buf.h"

/* Whether the node returns all that it finds on a page, in its order. */
bool mxpg_page_can_take(const PlanState *node);

/*
 * After node has returned a tuple of the page in buffer: the tuples that it
 * would return next, of that page and n at most.  The node goes on after them.
 */
int mxpg_page_take(PlanState *node, Buffer buffer, HeapTupleData *tuples,
                   int n);

#endif
