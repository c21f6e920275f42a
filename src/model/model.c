/* model.c */
/* Names of the node kinds. */
#include "model/model.h"

const char *
mx_node_kind_name(MxNodeKind kind)
{
	switch (kind)
	{
		case MX_NODE_INPUT:
			return "input";
		case MX_NODE_SELECT:
			return "select";
		case MX_NODE_CONCAT:
			return "concat";
		case MX_NODE_GUARD:
			return "guard";
		case MX_NODE_SCALE:
			return "scale";
		case MX_NODE_IMPUTE:
			return "impute";
		case MX_NODE_INDICATOR:
			return "indicator";
		case MX_NODE_CATEGORIZE:
			return "categorize";
		case MX_NODE_EXPAND:
			return "expand";
		case MX_NODE_FUNCTION:
			return "function";
		case MX_NODE_AFFINE:
			return "affine";
		case MX_NODE_TREES:
			return "trees";
		case MX_NODE_LINK:
			return "link";
		case MX_NODE_DECIDE:
			return "decide";
		case MX_NODE_DISTANCE:
			return "distance";
		case MX_NODE_GAUSSIAN:
			return "gaussian";
		case MX_NODE_COUNT:
			return "count";
		case MX_NODE_TFIDF:
			return "tfidf";
		case MX_NODE_KINDS:
			break;
	}
	return "unknown";
}
