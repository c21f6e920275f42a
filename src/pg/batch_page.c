/* batch_page.c */
/* Takes a page's rows from a scan at once, where each would cost a call. */
#include "postgres.h"

#include "access/heapam.h"
#include "access/relscan.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

#include "pg/batch_page.h"
#include "pg/compat.h"

/*
 * A scan in page mode has decided which tuples of its page are visible when it
 * returns the first of them, and then only counts.  Conditions, EvalPlanQual's
 * rows and cursors that turn round are for the node itself.
 */
bool
mxpg_page_can_take(const PlanState *node)
{
	return IsA(node, SeqScanState) && node->qual == NULL &&
	       node->state->es_epq_active == NULL;
}

static HeapScanDesc
scan_at(const PlanState *node, Buffer buffer)
{
	HeapScanDesc scan =
	    (HeapScanDesc) ((const ScanState *) node)->ss_currentScanDesc;

	if (scan == NULL || scan->rs_cbuf != buffer ||
	    (scan->rs_base.rs_flags & SO_ALLOW_PAGEMODE) == 0 ||
	    !ScanDirectionIsForward(node->state->es_direction))
		return NULL;
	return scan;
}

static void
count_tuples(PlanState *node, Relation table, int n)
{
	int i;

	for (i = 0; i < n; i++)
		pgstat_count_heap_getnext(table);
	if (node->instrument != NULL)
		node->instrument->tuplecount += n;
}

int
mxpg_page_take(PlanState *node, Buffer buffer, HeapTupleData *tuples, int n)
{
	HeapScanDesc scan = scan_at(node, buffer);
	Page page;
	BlockNumber block;
	int i;

	if (scan == NULL)
		return 0;
	n = Min(n, (int) scan->rs_ntuples - (int) scan->rs_cindex - 1);
	page = BufferGetPage(buffer);
	block = BufferGetBlockNumber(buffer);
	for (i = 0; i < n; i++)
	{
		OffsetNumber number = scan->rs_vistuples[++scan->rs_cindex];
		ItemId item = PageGetItemId(page, number);

		tuples[i].t_len = ItemIdGetLength(item);
		tuples[i].t_tableOid = RelationGetRelid(scan->rs_base.rs_rd);
		tuples[i].t_data = (HeapTupleHeader) PageGetItem(page, item);
		ItemPointerSet(&tuples[i].t_self, block, number);
	}
	count_tuples(node, scan->rs_base.rs_rd, n);
	return n;
}
