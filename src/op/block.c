/* block.c */
/* Room for sparse rows while a step makes them. */
#include "op/block.h"

#include "base/checked.h"

#include <string.h>

#define FIRST_CAPACITY ((size_t) 256)

MxStatus
mx_sparse_reserve(MxSparseBuffer *buffer, size_t n, MxError *err)
{
	size_t wanted;
	size_t capacity;
	uint32_t *columns;
	double *values;

	if (n <= buffer->capacity - buffer->n)
		return MX_OK;
	if (!mx_size_add(buffer->n, n, &wanted) ||
	    !mx_size_add(buffer->capacity, buffer->capacity, &capacity))
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	if (capacity < FIRST_CAPACITY)
		capacity = FIRST_CAPACITY;
	if (capacity < wanted)
		capacity = wanted;
	columns = mx_arena_array(buffer->arena, uint32_t, capacity, err);
	MX_NEED(columns, err);
	values = mx_arena_array(buffer->arena, double, capacity, err);
	MX_NEED(values, err);
	if (buffer->n > 0)
	{
		memcpy(columns, buffer->columns, buffer->n * sizeof(*columns));
		memcpy(values, buffer->values, buffer->n * sizeof(*values));
	}
	buffer->columns = columns;
	buffer->values = values;
	buffer->capacity = capacity;
	return MX_OK;
}
