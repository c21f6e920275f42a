/*
 * node.h: makes the values of a document; private to the parsers.
 *
 * Values are packed: each takes only the room that its kind needs.  Arrays of
 * items have room for the next power of two, so that no capacity is stored.
 */
#ifndef MX_FORMAT_NODE_H
#define MX_FORMAT_NODE_H

#include "base/arena.h"
#include "base/limits.h"
#include "format/value.h"

/* A dict of up to so many keys is searched key by key. */
#define MX_NARROW_DICT 32

typedef struct MxNodes
{
	MxArena *arena;
	const MxLimits *limits;
	size_t n; /* values made */
	char *slab;
	size_t slab_left;
	size_t slab_size;
	MxValue **wide; /* dicts whose keys are yet to be compared */
	size_t n_wide;
	size_t wide_capacity;
} MxNodes;

/* Zeroed, aligned to 8; NULL with *err filled on failure. */
void *mx_node_alloc(MxNodes *nodes, size_t count, size_t size, MxError *err);

/* Bytes that a value of the kind takes. */
size_t mx_node_room(MxValueKind kind);

/* offset is the opcode's.  NULL when over max_nodes or out of memory. */
MxValue *mx_node_new(MxNodes *nodes, MxValueKind kind, size_t offset,
                     MxError *err);

/* As if so many values had been made. */
MxStatus mx_node_charge(MxNodes *nodes, size_t n, MxError *err);

MxValue *mx_node_text(MxNodes *nodes, MxText text, size_t offset, MxError *err);
MxValue *mx_node_bytes(MxNodes *nodes, const uint8_t *data, size_t size,
                       size_t offset, MxError *err);
MxValue *mx_node_opaque(MxNodes *nodes, const char *why, size_t offset,
                        MxError *err);

/* Puts items behind those of a list, tuple, set or object. */
MxStatus mx_node_append(MxNodes *nodes, MxValue *to, MxValue *const *items,
                        size_t n, MxError *err);

/* Sets n keys of a dict or object: pairs holds key, value, key, value... */
MxStatus mx_node_put(MxNodes *nodes, MxValue *to, MxValue *const *pairs,
                     size_t n, MxError *err);

/* Tells a container of what it holds now; fails when nested too deep. */
MxStatus mx_node_deepen(const MxNodes *nodes, MxValue *parent,
                        const MxValue *child, MxError *err);

/* Leaves each key of the wide dicts once: place of the first, last value. */
MxStatus mx_nodes_finish(MxNodes *nodes, MxError *err);

#endif
