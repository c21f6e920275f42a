/* replay.c */
/* Runs a fuzz entry point on files and folders, where there is no fuzzer. */
#include "files.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Copied to its exact size, so that a sanitizer sees a byte too far. */
static void
replay(const char *path, void *ctx)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		abort();
	size = ftell(file);
	rewind(file);
	data = malloc(size > 0 ? (size_t) size : 1);
	if (fread(data, 1, (size_t) size, file) != (size_t) size)
		abort();
	fclose(file);
	(void) LLVMFuzzerTestOneInput(data, (size_t) size);
	free(data);
	(*(int *) ctx)++;
}

int
main(int argc, char **argv)
{
	int n = 0;
	int i;

	for (i = 1; i < argc; i++)
		visit_files(argv[i], replay, &n);
	printf("%d passed, 0 failed\n", n);
	return 0;
}
