/* container.c */
/* Tells by content what an artifact is compressed with, and takes it out. */
#include "format/container.h"
#include "format/sniff.h"
#include "format/stream.h"

#include <string.h>

/* gzip around zlib is honest; more is a way to hide a bomb. */
#define MAX_LAYERS 2

static MxStatus
copy_raw(MxInput *in, const MxHeap *heap, uint8_t **data, size_t *size,
         MxError *err)
{
	size_t total = in->source->total;

	if (total > in->limits->max_decompressed)
	{
		MxSize most = mx_size(in->limits->max_decompressed);

		mx_set_error(err, MX_ERR_LIMIT, MX_NO_OFFSET,
		             "artifact is larger than %zu %s", most.n, most.unit);
		mx_set_hint(err, "You might need to increase "
		                 "\"model_ext.max_decompressed_size\".");
		return err->status;
	}
	*data = mx_heap_alloc(heap, total + 1, err);
	MX_NEED(*data, err);
	*size = total;
	MX_TRY(mx_input_read(in, *data, total, "pieces", err));
	MX_TRY(mx_input_fill(in, err));
	if (!in->is_end)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
		               "source has more bytes than it said");
	return MX_OK;
}

/* What one artifact has come to, layer by layer. */
typedef struct Unpacking
{
	const MxLimits *limits;
	const MxHeap *heap;
	size_t stored;   /* bytes of the artifact */
	size_t produced; /* by all layers */
	uint8_t *data;   /* of the layer unpacked last */
	size_t size;
} Unpacking;

/* Takes the place of the layer before. */
static MxStatus
unpack_layer(Unpacking *u, const MxContainer *container, MxInput *in,
             MxError *err)
{
	MxOutput out = {
	    .limits = u->limits,
	    .heap = u->heap,
	    .in = in,
	    .stored = u->data == NULL ? 0 : u->stored,
	    .before = u->produced,
	    .guess = in->source->total < SIZE_MAX / 4 ? in->source->total * 4 : 0,
	};
	uint8_t *data = NULL;
	MxStatus status = container->unpack(in, &out, err);

	if (status == MX_OK)
		status = mx_output_join(&out, &data, &u->size, err);
	mx_output_destroy(&out);
	if (u->data != NULL)
		u->heap->free(u->heap->ctx, u->data);
	u->data = data;
	u->produced += out.produced;
	return status;
}

static MxStatus
unpack_inner_layers(Unpacking *u, MxError *err)
{
	int layers = 1;
	const MxContainer *container;

	while ((container = mx_sniff_container(u->data, u->size)) != NULL)
	{
		MxMemorySource memory;
		MxSource source = mx_memory_source(&memory, u->data, u->size);
		MxInput in;

		if (++layers > MAX_LAYERS)
			return mx_fail(err, MX_ERR_LIMIT, MX_NO_OFFSET,
			               "artifact is compressed more than twice");
		MX_TRY(mx_input_begin(&in, &source, u->limits, err));
		MX_TRY(unpack_layer(u, container, &in, err));
	}
	return MX_OK;
}

static MxStatus
unpack(Unpacking *u, const MxSource *source, const char **name, MxError *err)
{
	const MxContainer *container;
	MxInput in;

	MX_TRY(mx_input_begin(&in, source, u->limits, err));
	container = mx_sniff_container(in.head, in.n_head);
	*name = container == NULL ? "raw" : container->name;
	if (container == NULL)
	{
		MX_TRY(mx_sniff_refuse(in.head, in.n_head, err));
		return copy_raw(&in, u->heap, &u->data, &u->size, err);
	}
	MX_TRY(unpack_layer(u, container, &in, err));
	MX_TRY(unpack_inner_layers(u, err));
	return mx_sniff_refuse(u->data, u->size, err);
}

MxStatus
mx_container_unpack(const MxSource *source, const MxLimits *limits,
                    const MxHeap *heap, const uint8_t **data, size_t *size,
                    const char **name, MxError *err)
{
	Unpacking u = {.limits = limits, .heap = heap, .stored = source->total};
	MxStatus status = unpack(&u, source, name, err);

	*data = u.data;
	*size = u.size;
	return status;
}
