/* source.c */
/* Bytes in memory as a source of one piece. */
#include "format/source.h"

static MxStatus
next_of_memory(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	MxMemorySource *memory = ctx;

	(void) err;
	*data = memory->data;
	*size = memory->left;
	if (memory->left != 0)
		memory->data += memory->left;
	memory->left = 0;
	return MX_OK;
}

MxSource
mx_memory_source(MxMemorySource *memory, const void *data, size_t size)
{
	MxSource source = {next_of_memory, memory, size};

	memory->data = data;
	memory->left = size;
	return source;
}
