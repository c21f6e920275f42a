/* fuzz_pickle.c */
/* The pickle machine: any bytes give a document or one clear error, twice. */
#include "document.h"

#include "format/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Containers are the other entry point's. */
	if (mx_sniff_container(data, size) != NULL)
		return 0;
	FUZZ_MUST(fuzz_read_document(data, size) == fuzz_read_document(data, size));
	return 0;
}
