/* trees_leaves.c */
/* Numbers leaf vectors; those of large trees are often the same. */
#include "op/trees.h"

#include <string.h>

#define FIRST_CAPACITY ((size_t) 1024)
/* A crafted order of values costs no more than this. */
#define MOST_PROBES 16
/* When so many vectors did not repeat themselves, the others will not. */
#define MOST_TRIED ((size_t) 64 * 1024)

static MxStatus
grow_vectors(MxLeafTable *table, MxError *err)
{
	size_t size = table->n_values * sizeof(double);
	size_t capacity =
	    table->capacity == 0 ? FIRST_CAPACITY : 2 * table->capacity;
	double *vectors = mx_image_scratch(table->writer, capacity, size, err);

	MX_NEED(vectors, err);
	if (table->n > 0)
		memcpy(vectors, table->vectors, table->n * size);
	table->vectors = vectors;
	table->capacity = capacity;
	return MX_OK;
}

static const double *
vector_of(const MxLeafTable *table, size_t number)
{
	return table->vectors + number * table->n_values;
}

/* Of one number no two are the same: each step can be undone. */
static uint64_t
hash_of(const MxLeafTable *table, const double *vector)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < table->n_values; i++)
	{
		uint64_t bits;

		memcpy(&bits, &vector[i], sizeof(bits));
		sum = (sum ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 32;
	}
	return sum;
}

/* Bits are compared: the two zeros differ. */
static bool
is_same(const MxLeafTable *table, size_t number, const double *vector)
{
	return table->n_values == 1 ||
	       memcmp(vector_of(table, number), vector,
	              table->n_values * sizeof(double)) == 0;
}

/*
 * The slot of a vector, or an empty one; NULL when there are too many others.
 */
static MxLeafSlot *
find(const MxLeafTable *table, uint64_t hash, const double *vector)
{
	for (size_t i = 0; i < MOST_PROBES; i++)
	{
		MxLeafSlot *slot =
		    &table->slots[(size_t) (hash + i) & (table->n_slots - 1)];

		if (slot->number == 0 ||
		    (slot->hash == hash && is_same(table, slot->number - 1, vector)))
			return slot;
	}
	return NULL;
}

void
mx_leaf_expect(const MxLeafTable *table, const double *vector)
{
	if (table->is_shared && table->n_slots > 0)
		mx_prefetch(&table->slots[(size_t) hash_of(table, vector) &
		                          (table->n_slots - 1)]);
}

static MxStatus
grow_slots(MxLeafTable *table, MxError *err)
{
	size_t n_slots = 2 * table->capacity;

	table->slots =
	    mx_image_scratch(table->writer, n_slots, sizeof(MxLeafSlot), err);
	MX_NEED(table->slots, err);
	table->n_slots = n_slots;
	for (size_t i = 0; i < table->n; i++)
	{
		const double *vector = vector_of(table, i);
		uint64_t hash = hash_of(table, vector);
		MxLeafSlot *slot = find(table, hash, vector);

		if (slot != NULL)
			*slot = (MxLeafSlot){hash, (uint32_t) i + 1};
	}
	return MX_OK;
}

MxStatus
mx_leaf_number(MxLeafTable *table, const double *vector, uint32_t *number,
               MxError *err)
{
	MxLeafSlot *slot = NULL;
	uint64_t hash = 0;

	if (table->n == UINT32_MAX)
		return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		               "trees have too many leaves");
	if (++table->n_asked > MOST_TRIED && table->n > table->n_asked / 4 * 3)
		table->is_shared = false;
	if (table->n == table->capacity)
	{
		MX_TRY(grow_vectors(table, err));
		if (table->is_shared)
			MX_TRY(grow_slots(table, err));
	}
	if (table->is_shared)
	{
		hash = hash_of(table, vector);
		slot = find(table, hash, vector);
	}
	if (slot != NULL && slot->number != 0)
	{
		*number = slot->number - 1;
		return MX_OK;
	}
	*number = (uint32_t) table->n;
	memcpy(table->vectors + table->n++ * table->n_values, vector,
	       table->n_values * sizeof(double));
	if (slot != NULL)
		*slot = (MxLeafSlot){hash, *number + 1};
	return MX_OK;
}
