/* fuzz_container.c */
/* The containers: any bytes unpack within limits, or give one clear error. */
#include "document.h"

#include "format/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces of changing size, from the bytes themselves. */
typedef struct Pieces
{
	const uint8_t *data;
	size_t left;
} Pieces;

static MxStatus
next_piece(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	Pieces *pieces = ctx;
	size_t n = pieces->left == 0 ? 0 : 1 + (size_t) pieces->data[0] * 16;

	(void) err;
	*data = pieces->data;
	*size = n < pieces->left ? n : pieces->left;
	pieces->data += *size;
	pieces->left -= *size;
	return MX_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Pieces pieces = {data, size};
	MxSource source = {next_piece, &pieces, size};
	const uint8_t *unpacked;
	const char *name;
	MxError err = {0};
	size_t n;
	MxStatus status = mx_container_unpack(&source, &fuzz_limits, &mx_libc_heap,
	                                      &unpacked, &n, &name, &err);

	FUZZ_MUST(status == err.status && status != MX_ERR_INTERNAL);
	FUZZ_MUST(status != MX_OK || n <= fuzz_limits.max_decompressed);
	free((void *) unpacked);
	(void) fuzz_read_document(data, size);
	return 0;
}
