/* batch_merge.c */
/* Calls in MERGE's actions that are made for every row of its join. */
#include "postgres.h"

#include "nodes/makefuncs.h"

#include "pg/batch.h"
#include "pg/compat.h"

/*
 * Those that every row of a kind asks for: in the first action's condition, or
 * in what it writes when it has none.
 */
static List *
calls_for(List *actions, MxpgMergeKind kind, bool *exists)
{
	ListCell *cell;

	*exists = false;
	foreach (cell, actions)
	{
		const MergeAction *action = lfirst(cell);
		List *conditions = (List *) action->qual;

		if (mxpg_merge_kind(action) != kind)
			continue;
		*exists = true;
		/* The others are tested if the first is true. */
		return mxpg_batch_calls(conditions == NIL ? (Node *) action->targetList
		                                          : linitial(conditions));
	}
	return NIL;
}

List *
mxpg_batch_merge_calls(const ModifyTablePath *path)
{
	List *actions;
	List *matched;
	List *others;
	bool exists;

	if (path->mergeActionLists == NIL)
		return NIL;
	/* Those of further partitions differ in columns of the target only. */
	actions = linitial(path->mergeActionLists);
	(void) calls_for(actions, MXPG_MERGE_NO_SOURCE, &exists);
	if (exists)
		return NIL;
	matched = calls_for(actions, MXPG_MERGE_MATCHED, &exists);
	others = calls_for(actions, MXPG_MERGE_NO_TARGET, &exists);
	/* Without such actions such rows are not joined. */
	return exists ? list_intersection(matched, others) : matched;
}

/* The executor wants every column of the rows that reach it described. */
void
mxpg_batch_describe_junk(PlannerInfo *root, const PathTarget *target)
{
	List *entries = list_copy(root->processed_tlist);
	int i;

	for (i = list_length(entries); i < list_length(target->exprs); i++)
		entries =
		    lappend(entries, makeTargetEntry(list_nth(target->exprs, i),
		                                     (AttrNumber) (i + 1), NULL, true));
	root->processed_tlist = entries;
}
