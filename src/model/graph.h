/*
 * graph.h: the graph while it is built; private to the model room.
 */
#ifndef MX_MODEL_GRAPH_H
#define MX_MODEL_GRAPH_H

#include "model/builder.h"

#include <stdint.h>

/*
 * Honest models have some dozen nodes and at most some million columns (a
 * vectorizer and what follows); the limits keep a crafted one from growing
 * faster than its bytes, by joining a node with itself again and again.
 */
#define MX_MAX_GRAPH_NODES ((size_t) 100000)
#define MX_MAX_GRAPH_COLUMNS ((size_t) 32 * 1024 * 1024)
/* Names that an open input may gain one by one. */
#define MX_MAX_GAINED_NAMES ((size_t) 65536)

#define MX_INPUT_NODE ((MxNodeId) 1)

struct MxBuilder
{
	MxArena *arena;
	uintptr_t lent; /* the first byte and the end of what was lent */
	uintptr_t lent_end;
	bool borrows;
	MxNode *nodes;  /* nodes[1] is the input */
	size_t n_nodes; /* the highest id */
	size_t capacity;
	size_t n_columns; /* of all nodes whose width is known */
	uint8_t *notes;   /* MxNote bits of each node, or NULL */
	size_t notes_capacity;
	/*
	 * Names of the inputs, complete once the width is fixed; order holds their
	 * indexes sorted by name.
	 */
	MxText *names;
	uint32_t *order;
	size_t n_names;
	size_t names_capacity;
	size_t order_capacity;
};

/* ---- builder.c --------------------------------------------------------- */

/*
 * A node with zeroed parameters; its width may be open.  *out is the id,
 * *node is valid until the next one is added.
 */
MxStatus mx_graph_add(MxBuilder *b, MxNodeKind kind, const MxNodeId *in,
                      size_t n_in, size_t n_columns, MxNode **node,
                      MxNodeId *out, MxError *err);

/* Gives the open input its width, and all that hangs on it. */
MxStatus mx_graph_fix_width(MxBuilder *b, size_t n, MxError *err);

/* ---- prove.c ----------------------------------------------------------- */

/* Edges, widths and indexes of a node, once all widths are known. */
MxStatus mx_prove_node(const MxNode *nodes, MxNodeId id, MxError *err);

/* ---- answers.c --------------------------------------------------------- */

/* Widths of the answers and what their classes need; copied into *out. */
MxStatus mx_prove_answers(const MxNode *nodes, size_t n_nodes,
                          const MxAnswers *answers, MxError *err);
MxStatus mx_copy_answers(MxArena *arena, const MxAnswers *from, MxAnswers *to,
                         MxError *err);

/* ---- needs.c ----------------------------------------------------------- */

/*
 * Which kinds the columns have: inputs from what reads them, the others from
 * the nodes that make them.  Fills column_kinds and inputs.
 */
MxStatus mx_decide_kinds(MxArena *arena, MxNode *nodes, size_t n_nodes,
                         const MxAnswers *answers, MxInput *inputs,
                         MxError *err);

#endif
