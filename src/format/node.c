/* node.c */
/* Makes values, packed, within the limits on their number and depth. */
#include "format/node.h"

#include <string.h>

#define FIRST_SLAB ((size_t) 2 * 1024)
#define LARGEST_SLAB ((size_t) 64 * 1024)

/*
 * A slab ends in room for a whole value, so that code which copies a packed
 * one by mistake reads rubbish, but not beyond the slab.
 */
static MxStatus
add_slab(MxNodes *nodes, MxError *err)
{
	size_t size = nodes->slab_size == 0 ? FIRST_SLAB : nodes->slab_size * 2;

	if (size > LARGEST_SLAB)
		size = LARGEST_SLAB;
	nodes->slab = mx_arena_alloc(nodes->arena, 1, size, err);
	MX_NEED(nodes->slab, err);
	nodes->slab_size = size;
	nodes->slab_left = size - sizeof(MxValue);
	return MX_OK;
}

void *
mx_node_alloc(MxNodes *nodes, size_t count, size_t size, MxError *err)
{
	size_t bytes;
	void *piece;

	if (count > FIRST_SLAB / 4 / size)
		return mx_arena_alloc(nodes->arena, count, size, err);
	bytes = count == 0 ? 8 : (count * size + 7) & ~(size_t) 7;
	if (bytes > nodes->slab_left && add_slab(nodes, err) != MX_OK)
		return NULL;
	piece = nodes->slab;
	nodes->slab += bytes;
	nodes->slab_left -= bytes;
	return piece;
}

#define ROOM_FOR(member) \
	(offsetof(MxValue, as) + sizeof(((MxValue *) NULL)->as.member))

size_t
mx_node_room(MxValueKind kind)
{
	switch (kind)
	{
		case MX_VALUE_NONE:
			return offsetof(MxValue, as);
		case MX_VALUE_BOOL:
			return ROOM_FOR(boolean);
		case MX_VALUE_INTEGER:
			return ROOM_FOR(integer);
		case MX_VALUE_FLOAT:
			return ROOM_FOR(number);
		case MX_VALUE_TEXT:
			return ROOM_FOR(text);
		case MX_VALUE_BIG:
		case MX_VALUE_BYTES:
			return ROOM_FOR(bytes);
		case MX_VALUE_LIST:
		case MX_VALUE_TUPLE:
		case MX_VALUE_SET:
			return ROOM_FOR(items);
		case MX_VALUE_DICT:
			return ROOM_FOR(entries);
		case MX_VALUE_GLOBAL:
			return ROOM_FOR(global);
		case MX_VALUE_OBJECT:
			return ROOM_FOR(object);
		case MX_VALUE_ARRAY:
			return ROOM_FOR(array);
		case MX_VALUE_OPAQUE:
			return ROOM_FOR(opaque);
	}
	return sizeof(MxValue);
}

MxStatus
mx_node_charge(MxNodes *nodes, size_t n, MxError *err)
{
	if (n <= nodes->limits->max_nodes - nodes->n)
	{
		nodes->n += n;
		return MX_OK;
	}
	mx_set_error(err, MX_ERR_LIMIT, MX_NO_OFFSET,
	             "model has more than %zu items", nodes->limits->max_nodes);
	mx_set_hint(err, "You might need to increase \"model_ext.max_nodes\".");
	return err->status;
}

MxValue *
mx_node_new(MxNodes *nodes, MxValueKind kind, size_t offset, MxError *err)
{
	MxValue *value;

	if (mx_node_charge(nodes, 1, err) != MX_OK)
		return NULL;
	value = mx_node_alloc(nodes, 1, mx_node_room(kind), err);
	if (value == NULL)
		return NULL;
	value->kind = kind;
	value->offset = offset;
	return value;
}

MxValue *
mx_node_text(MxNodes *nodes, MxText text, size_t offset, MxError *err)
{
	MxValue *value = mx_node_new(nodes, MX_VALUE_TEXT, offset, err);

	if (value != NULL)
		value->as.text = text;
	return value;
}

MxValue *
mx_node_bytes(MxNodes *nodes, const uint8_t *data, size_t size, size_t offset,
              MxError *err)
{
	MxValue *value = mx_node_new(nodes, MX_VALUE_BYTES, offset, err);

	if (value == NULL)
		return NULL;
	value->as.bytes.data = data;
	value->as.bytes.size = size;
	return value;
}

MxValue *
mx_node_opaque(MxNodes *nodes, const char *why, size_t offset, MxError *err)
{
	MxValue *value = mx_node_new(nodes, MX_VALUE_OPAQUE, offset, err);

	if (value != NULL)
		value->as.opaque = why;
	return value;
}

MxStatus
mx_node_deepen(const MxNodes *nodes, MxValue *parent, const MxValue *child,
               MxError *err)
{
	if (child->depth < parent->depth)
		return MX_OK;
	/* A container inside itself must not grow deeper each time. */
	if (child != parent)
		parent->depth = child->depth + 1;
	if (parent->depth <= nodes->limits->max_depth)
		return MX_OK;
	mx_set_error(err, MX_ERR_LIMIT, child->offset,
	             "model is nested deeper than %u levels",
	             (unsigned) nodes->limits->max_depth);
	mx_set_hint(err,
	            "You might need to increase \"model_ext.max_nesting_depth\".");
	return err->status;
}

/* The capacity of an array that holds n. */
static size_t
capacity_for(size_t n)
{
	size_t capacity = 1;

	if (n == 0)
		return 0;
	while (capacity < n)
		capacity *= 2;
	return capacity;
}

static MxStatus
make_room(MxNodes *nodes, const MxValue *const **items, size_t n, size_t more,
          MxError *err)
{
	const MxValue **larger;

	/* more items are on the stack, n in memory: the sum cannot overflow. */
	if (n + more <= capacity_for(n))
		return MX_OK;
	larger = mx_node_alloc(nodes, capacity_for(n + more), sizeof(*larger), err);
	MX_NEED(larger, err);
	if (n != 0)
		memcpy(larger, *items, n * sizeof(*larger));
	*items = larger;
	return MX_OK;
}

MxStatus
mx_node_append(MxNodes *nodes, MxValue *to, MxValue *const *items, size_t n,
               MxError *err)
{
	MxItems *list =
	    to->kind == MX_VALUE_OBJECT ? &to->as.object.items : &to->as.items;
	const MxValue **end;
	size_t i;

	if (n == 0)
		return MX_OK; /* and there may be no array to point into */
	MX_TRY(make_room(nodes, &list->items, list->n, n, err));
	end = (const MxValue **) list->items + list->n;
	for (i = 0; i < n; i++)
	{
		end[i] = items[i];
		MX_TRY(mx_node_deepen(nodes, to, items[i], err));
	}
	list->n += n;
	return MX_OK;
}
