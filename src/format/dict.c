/* dict.c */
/* Entries of dicts: setting them, and finding keys that are set twice. */
#include "format/node.h"

#include <string.h>

/* More steps than this per key, and the keys were chosen to collide. */
#define PROBES_PER_KEY 64

/*
 * Longer keys are compared by identity only.  Else two equal keys of megabytes,
 * named again and again in three bytes each, would cost hours.
 */
#define LONGEST_KEY 1024

static MxEntries *
entries_of(MxValue *value)
{
	return value->kind == MX_VALUE_OBJECT ? &value->as.object.entries
	                                      : &value->as.entries;
}

static bool
same_run(const void *a, size_t a_size, const void *b, size_t b_size)
{
	return a_size == b_size && a_size <= LONGEST_KEY &&
	       (a_size == 0 || memcmp(a, b, a_size) == 0);
}

/*
 * Whether Python would say that two keys are the same, as far as plain values
 * go; any others are the same when they are one value.
 */
static bool
same_key(const MxValue *a, const MxValue *b)
{
	double x;
	double y;

	if (a == b)
		return true;
	if (a->kind == MX_VALUE_TEXT && b->kind == MX_VALUE_TEXT)
		return same_run(a->as.text.data, a->as.text.size, b->as.text.data,
		                b->as.text.size);
	if (a->kind == MX_VALUE_BYTES && b->kind == MX_VALUE_BYTES)
		return same_run(a->as.bytes.data, a->as.bytes.size, b->as.bytes.data,
		                b->as.bytes.size);
	if (a->kind == MX_VALUE_INTEGER && b->kind == MX_VALUE_INTEGER)
		return a->as.integer == b->as.integer;
	if (a->kind == MX_VALUE_NONE && b->kind == MX_VALUE_NONE)
		return true;
	/* An array is no key, so that what is a number here is a scalar. */
	return a->kind != MX_VALUE_ARRAY && b->kind != MX_VALUE_ARRAY &&
	       mx_value_to_number(a, &x) && mx_value_to_number(b, &y) && x == y;
}

static uint64_t
hash_bytes(const void *data, size_t size)
{
	const uint8_t *at = data;
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 1099511628211u;
	return hash;
}

static uint64_t
hash_key(const MxValue *key)
{
	double number;

	if (key->kind == MX_VALUE_TEXT && key->as.text.size <= LONGEST_KEY)
		return hash_bytes(key->as.text.data, key->as.text.size);
	if (key->kind == MX_VALUE_BYTES && key->as.bytes.size <= LONGEST_KEY)
		return hash_bytes(key->as.bytes.data, key->as.bytes.size);
	if (key->kind == MX_VALUE_NONE)
		return 0;
	/* -0.0 and 0.0 are one key, and so must be their bits. */
	if (key->kind != MX_VALUE_ARRAY && mx_value_to_number(key, &number))
	{
		number = number == 0.0 ? 0.0 : number;
		return hash_bytes(&number, sizeof(number));
	}
	return hash_bytes(&key, sizeof(key));
}

static MxStatus
append_entry(MxNodes *nodes, MxValue *to, const MxValue *key,
             const MxValue *value, MxError *err)
{
	MxEntries *entries = entries_of(to);
	size_t n = entries->n;

	/* Full at each power of two, as node.c has it. */
	if ((n & (n - 1)) == 0)
	{
		size_t capacity = n == 0 ? 1 : n * 2;
		const MxValue **keys =
		    mx_node_alloc(nodes, capacity, 2 * sizeof(*keys), err);

		MX_NEED(keys, err);
		if (n != 0)
		{
			memcpy(keys, entries->keys, n * sizeof(*keys));
			memcpy(keys + capacity, entries->values, n * sizeof(*keys));
		}
		entries->keys = keys;
		entries->values = keys + capacity;
	}
	((const MxValue **) entries->keys)[n] = key;
	((const MxValue **) entries->values)[n] = value;
	entries->n++;
	return MX_OK;
}

static MxStatus
put_entry(MxNodes *nodes, MxValue *to, const MxValue *key, const MxValue *value,
          MxError *err)
{
	MxEntries *entries = entries_of(to);
	size_t i;

	MX_TRY(mx_node_deepen(nodes, to, key, err));
	MX_TRY(mx_node_deepen(nodes, to, value, err));
	for (i = 0; entries->n <= MX_NARROW_DICT && i < entries->n; i++)
		if (same_key(entries->keys[i], key))
		{
			((const MxValue **) entries->values)[i] = value;
			return MX_OK;
		}
	if (entries->n == MX_NARROW_DICT)
	{
		MX_TRY(mx_arena_grow(nodes->arena, (void **) &nodes->wide,
		                     nodes->n_wide, &nodes->wide_capacity,
		                     sizeof(*nodes->wide), err));
		nodes->wide[nodes->n_wide++] = to;
	}
	return append_entry(nodes, to, key, value, err);
}

MxStatus
mx_node_put(MxNodes *nodes, MxValue *to, MxValue *const *pairs, size_t n,
            MxError *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		MX_TRY(put_entry(nodes, to, pairs[2 * i], pairs[2 * i + 1], err));
	return MX_OK;
}

/* Half of the hash spares a look at most keys that are others. */
typedef struct KeySlot
{
	uint32_t place; /* 1 + that of a key among those kept; 0 is empty */
	uint32_t half_hash;
} KeySlot;

typedef struct KeyTable
{
	KeySlot *slots;
	size_t mask;
	size_t probes_left;
} KeyTable;

/* The slot of key: empty, or that of the same key. */
static MxStatus
find_slot(KeyTable *table, const MxEntries *entries, const MxValue *key,
          KeySlot **slot, MxError *err)
{
	uint64_t hash = hash_key(key);
	uint32_t half = (uint32_t) (hash >> 32);
	size_t at = (size_t) (hash ^ half) & table->mask;

	while (table->slots[at].place != 0 &&
	       (table->slots[at].half_hash != half ||
	        !same_key(entries->keys[table->slots[at].place - 1], key)))
	{
		if (table->probes_left-- == 0)
			return mx_fail(err, MX_ERR_LIMIT, key->offset,
			               "keys of a dict were chosen to collide");
		at = (at + 1) & table->mask;
	}
	*slot = &table->slots[at];
	(*slot)->half_hash = half;
	return MX_OK;
}

static MxStatus
drop_repeated_keys(MxEntries *entries, KeyTable *table, MxError *err)
{
	const MxValue **keys = (const MxValue **) entries->keys;
	const MxValue **values = (const MxValue **) entries->values;
	size_t kept = 0;
	size_t i;

	for (i = 0; i < entries->n; i++)
	{
		KeySlot *slot;

		MX_TRY(find_slot(table, entries, keys[i], &slot, err));
		if (slot->place == 0)
		{
			keys[kept] = keys[i];
			values[kept] = values[i];
			slot->place = (uint32_t) ++kept;
		}
		else
			values[slot->place - 1] = values[i];
	}
	entries->n = kept;
	return MX_OK;
}

static size_t
slots_for(size_t n)
{
	size_t slots = 64;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

MxStatus
mx_nodes_finish(MxNodes *nodes, MxError *err)
{
	KeyTable table;
	size_t largest = 0;
	size_t i;

	for (i = 0; i < nodes->n_wide; i++)
		if (entries_of(nodes->wide[i])->n > largest)
			largest = entries_of(nodes->wide[i])->n;
	if (largest == 0)
		return MX_OK;
	if (largest >= UINT32_MAX / 2)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "dict has more than %u keys", UINT32_MAX / 2);
	table.slots =
	    mx_arena_array(nodes->arena, KeySlot, slots_for(largest), err);
	MX_NEED(table.slots, err);
	for (i = 0; i < nodes->n_wide; i++)
	{
		MxEntries *entries = entries_of(nodes->wide[i]);

		MX_TRY(mx_poll(nodes->limits, err));
		table.mask = slots_for(entries->n) - 1;
		table.probes_left = PROBES_PER_KEY * entries->n;
		memset(table.slots, 0, (table.mask + 1) * sizeof(*table.slots));
		MX_TRY(drop_repeated_keys(entries, &table, err));
	}
	return MX_OK;
}
