/* builder.c */
/* The graph as it grows: nodes, edges and the width of the input. */
#include "model/graph.h"

#include "base/checked.h"

#include <string.h>

MxStatus
mx_builder_create(MxArena *arena, MxBuilder **out, MxError *err)
{
	MxBuilder *b = mx_arena_array(arena, MxBuilder, 1, err);
	MxNode *input;
	MxNodeId id;

	MX_NEED(b, err);
	b->arena = arena;
	MX_TRY(mx_graph_add(b, MX_NODE_INPUT, NULL, 0, MX_OPEN_WIDTH, &input, &id,
	                    err));
	*out = b;
	return MX_OK;
}

void
mx_builder_lend(MxBuilder *b, const void *bytes, size_t size)
{
	b->lent = (uintptr_t) bytes;
	b->lent_end = b->lent + size;
}

bool
mx_builder_borrows(const MxBuilder *b)
{
	return b->borrows;
}

MxNodeId
mx_builder_input(const MxBuilder *b)
{
	(void) b;
	return MX_INPUT_NODE;
}

size_t
mx_builder_width(const MxBuilder *b, MxNodeId node)
{
	return b->nodes[node].n_columns;
}

MxArena *
mx_builder_arena(const MxBuilder *b)
{
	return b->arena;
}

void
mx_builder_note(MxBuilder *b, MxNodeId node, MxNote note)
{
	b->notes[node] |= (uint8_t) note;
	/* A guard hands on what it reads, in the same memory. */
	while (note == MX_NOTE_OVERWRITTEN && b->nodes[node].kind == MX_NODE_GUARD)
	{
		node = b->nodes[node].in[0];
		b->notes[node] |= (uint8_t) note;
	}
}

bool
mx_builder_has_note(const MxBuilder *b, MxNodeId node, MxNote note)
{
	return (b->notes[node] & note) != 0;
}

bool
mx_builder_is_imputed(const MxBuilder *b, MxNodeId node, size_t column,
                      size_t *steps)
{
	for (;; ++*steps)
	{
		const MxNode *at = &b->nodes[node];
		size_t i = 0;

		if (at->kind == MX_NODE_SELECT)
			column = at->as.select.columns[column];
		else if (at->kind == MX_NODE_CONCAT)
			for (; column >= mx_builder_width(b, at->in[i]); ++*steps)
				column -= mx_builder_width(b, at->in[i++]);
		else if (at->kind != MX_NODE_GUARD)
			return at->kind == MX_NODE_IMPUTE;
		node = at->in[i];
	}
}

static MxStatus
count_columns(MxBuilder *b, size_t n, MxError *err)
{
	if (n > MX_MAX_GRAPH_COLUMNS - b->n_columns)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "model has more than %zu columns in all its steps",
		               MX_MAX_GRAPH_COLUMNS);
	b->n_columns += n;
	return MX_OK;
}

static MxStatus
check_edges(const MxBuilder *b, const MxNodeId *in, size_t n_in, MxError *err)
{
	size_t i;

	for (i = 0; i < n_in; i++)
		if (in[i] == 0 || in[i] > b->n_nodes)
			return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
			               "node %u does not exist", in[i]);
	return MX_OK;
}

static bool
is_view(MxNodeKind kind)
{
	return kind == MX_NODE_SELECT || kind == MX_NODE_CONCAT ||
	       kind == MX_NODE_GUARD;
}

/* The last node, which was just added, has no notes of its own. */
static MxStatus
inherit_notes(MxBuilder *b, const MxNode *node, MxError *err)
{
	uint8_t notes = 0;
	size_t i;

	MX_TRY(mx_arena_grow(b->arena, (void **) &b->notes,
	                     b->n_nodes == 1 ? 0 : b->n_nodes, &b->notes_capacity,
	                     sizeof(*b->notes), err));
	if (is_view(node->kind))
		for (i = 0; i < node->n_in; i++)
			notes |= b->notes[node->in[i]];
	b->notes[b->n_nodes] = notes & (MX_NOTE_INTEGERS | MX_NOTE_NARROW);
	return MX_OK;
}

MxStatus
mx_graph_add(MxBuilder *b, MxNodeKind kind, const MxNodeId *in, size_t n_in,
             size_t n_columns, MxNode **node, MxNodeId *out, MxError *err)
{
	size_t id = b->n_nodes + 1;
	MxNode *added;

	if (id > MX_MAX_GRAPH_NODES)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "model has more than %zu steps", MX_MAX_GRAPH_NODES);
	MX_TRY(check_edges(b, in, n_in, err));
	if (n_columns != MX_OPEN_WIDTH)
		MX_TRY(count_columns(b, n_columns, err));
	/* nodes[0] is unused: there is nothing to copy before the first. */
	MX_TRY(mx_arena_grow(b->arena, (void **) &b->nodes, id == 1 ? 0 : id,
	                     &b->capacity, sizeof(MxNode), err));
	added = &b->nodes[id];
	memset(added, 0, sizeof(*added));
	added->kind = kind;
	added->n_columns = n_columns;
	added->n_in = n_in;
	added->in = mx_arena_copy(b->arena, in, n_in, sizeof(*in), err);
	MX_NEED(added->in, err);
	b->n_nodes = id;
	*node = added;
	*out = (MxNodeId) id;
	return inherit_notes(b, added, err);
}

/* Sum of the widths of a node's inputs; open when one of them is. */
static size_t
width_of_inputs(const MxBuilder *b, const MxNode *node)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < node->n_in; i++)
	{
		size_t n = b->nodes[node->in[i]].n_columns;

		if (n == MX_OPEN_WIDTH)
			return MX_OPEN_WIDTH;
		width += n;
	}
	return width;
}

MxStatus
mx_graph_fix_width(MxBuilder *b, size_t n, MxError *err)
{
	size_t id;

	MX_TRY(count_columns(b, n, err));
	b->nodes[MX_INPUT_NODE].n_columns = n;
	/* Only views and functions can be open: as wide as what they read. */
	for (id = MX_INPUT_NODE + 1; id <= b->n_nodes; id++)
	{
		MxNode *node = &b->nodes[id];

		if (node->n_columns != MX_OPEN_WIDTH)
			continue;
		node->n_columns = width_of_inputs(b, node);
		MX_TRY(count_columns(b, node->n_columns, err));
	}
	return MX_OK;
}

MxStatus
mx_builder_expect_width(MxBuilder *b, MxNodeId in, size_t n, const char *what,
                        MxError *err)
{
	size_t width = mx_builder_width(b, in);

	if (width == n)
		return MX_OK;
	if (width != MX_OPEN_WIDTH)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "%s expects %zu features, not %zu", what, n, width);
	while (b->nodes[in].n_in == 1)
		in = b->nodes[in].in[0];
	if (in != MX_INPUT_NODE)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "number of features of %s cannot be told", what);
	if (n < b->n_names)
		return mx_fail(err, MX_ERR_MALFORMED, MX_NO_OFFSET,
		               "%s expects %zu features, but %zu are used by name",
		               what, n, b->n_names);
	if (b->n_names > 0 && n > b->n_names)
		return mx_fail(err, MX_ERR_UNSUPPORTED, MX_NO_OFFSET,
		               "%s takes %zu features, but names only %zu of them",
		               what, n, b->n_names);
	return mx_graph_fix_width(b, n, err);
}
