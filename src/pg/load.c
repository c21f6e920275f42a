/* load.c */
/* Reads and compiles an artifact, taking its SHA-256 on the way. */
#include "postgres.h"

#include "utils/memutils.h"

#include "pg/load.h"
#include "reader/reader.h"

/* Takes the hash of what the core reads from another source. */
typedef struct Hashed
{
	const MxSource *inner;
	MxpgHash *hash;
	size_t size;
} Hashed;

static MxStatus
next_hashed(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	Hashed *hashed = ctx;

	MX_TRY(hashed->inner->next(hashed->inner->ctx, data, size, err));
	mxpg_hash_add(hashed->hash, *data, *size);
	hashed->size += *size;
	return MX_OK;
}

/* The rest is read as well, for a checksum explains a failure best. */
static void
end_hash(Hashed *hashed, MxpgCompiled *out)
{
	MxError ignored = {0};
	const uint8_t *data;
	size_t size;

	while (next_hashed(hashed, &data, &size, &ignored) == MX_OK && size > 0)
		;
	out->size = hashed->size;
	mxpg_hash_end(hashed->hash, out->sha256);
}

static MxStatus
need_arena(const MxHeap *heap, size_t budget, MxArena **out, MxError *err)
{
	*out = mx_arena_create(heap, budget);
	if (*out == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	return MX_OK;
}

static MxStatus
compile_model(const MxModel *model, const MxKnown *known, const MxHeap *heap,
              size_t budget, MxImageWriter **out, MxError *err)
{
	MxImageWriter *writer;
	MxArena *arena;

	MX_TRY(need_arena(heap, budget, &arena, err));
	MX_TRY(mx_image_create(arena, &writer, err));
	if (known == NULL)
		MX_TRY(mx_plan_compile(model, heap, writer, err));
	else
		MX_TRY(mx_plan_compile_known(model, known, heap, writer, err));
	*out = writer;
	return MX_OK;
}

MxStatus
mxpg_compile_known(const MxSource *source, const MxKnown *known,
                   MemoryContext context, MxpgCompiled *out, MxError *err)
{
	MxHeap heap = mxpg_heap(context);
	MxLimits limits = mxpg_limits();
	const MxModel *model;
	MxSource reader;
	MxArena *arena;
	Hashed hashed = {.inner = source};
	MxStatus status;

	memset(out, 0, sizeof(*out));
	hashed.hash = mxpg_hash_begin();
	MX_TRY(need_arena(&heap, limits.max_memory, &arena, err));
	reader.next = next_hashed;
	reader.ctx = &hashed;
	reader.total = source->total;
	status = mx_model_read(&reader, &limits, &heap, arena, &model, &out->format,
	                       err);
	end_hash(&hashed, out);
	if (status == MX_OK)
		status = compile_model(model, known, &heap, limits.max_memory,
		                       &out->writer, err);
	/* The image holds all that scoring needs, once it is laid out. */
	if (out->writer == NULL || !mx_image_is_promised(out->writer))
		mx_arena_destroy(arena);
	return status;
}

MxStatus
mxpg_compile(const MxSource *source, MemoryContext context, MxpgCompiled *out,
             MxError *err)
{
	return mxpg_compile_known(source, NULL, context, out, err);
}

#define IMAGE_ALIGNMENT 64

MxStatus
mxpg_image_to_memory(MxImageWriter *writer, MemoryContext context,
                     const void **image, size_t *size, MxError *err)
{
	MxHeap heap = mxpg_heap(context);
	size_t room = mx_image_size(writer) + IMAGE_ALIGNMENT;
	char *block = heap.alloc(heap.ctx, room);
	char *to;

	if (block == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	to = (char *) TYPEALIGN(IMAGE_ALIGNMENT, block);
	MX_TRY(mx_image_lay_out(writer, to, err));
	*image = to;
	*size = mx_image_size(writer);
	return MX_OK;
}
