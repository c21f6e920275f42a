/* Pieces of an image that are made only while it is written. */
#include "base/arena.h"
#include "op/image.h"
#include "op/panels.h"

#include "engine_kit.h"

#define MANY 300001

/* Elements that tell their number and their place in it. */
static void
fill_numbers(const void *ctx, size_t first, size_t n, void *to)
{
	size_t width = *(const size_t *) ctx;
	uint32_t *numbers = to;
	size_t i;

	for (i = 0; i < n * width; i++)
	{
		CHECK(numbers[i] == 0);
		numbers[i] = (uint32_t) (first * width + i);
	}
}

/* Between two other pieces, so that a byte too many or few shows. */
static void
check_promise(size_t count, size_t width, bool is_promised)
{
	static const char before[3] = "ab";
	static const char after[3] = "yz";
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	MxImageWriter *w = NULL;
	KitImage image = {0};
	MxRef refs[3] = {0};
	MxError err = {0};
	size_t wrong = 0;
	size_t i;

	CHECK_OK(mx_image_create(arena, &w, &err), &err);
	CHECK_OK(mx_image_store(w, before, 1, 3, 1, &refs[0], &err), &err);
	CHECK_OK(mx_image_promise(w, count, width * sizeof(uint32_t), 64,
	                          fill_numbers, &width, &refs[1], &err),
	         &err);
	CHECK_OK(mx_image_store(w, after, 1, 3, 1, &refs[2], &err), &err);
	CHECK(mx_image_is_promised(w) == is_promised);
	CHECK(refs[1] % 64 == 0);
	image.capacity = mx_image_size(w);
	image.bytes = aligned_alloc(64, image.capacity);
	CHECK_OK(mx_image_finish(w, kit_sink, &image, &err), &err);
	CHECK(image.size == image.capacity);
	CHECK(memcmp(mx_at(image.bytes, char, refs[0]), before, 3) == 0);
	CHECK(memcmp(mx_at(image.bytes, char, refs[2]), after, 3) == 0);
	for (i = 0; i < count * width; i++)
		wrong += mx_at(image.bytes, uint32_t, refs[1])[i] != i;
	CHECK(wrong == 0);
	free(image.bytes);
	mx_arena_destroy(arena);
}

static void
test_promises(void)
{
	check_promise(0, 1, false);
	check_promise(1000, 3, false);
	check_promise(MANY, 1, true);
	check_promise(MANY, 3, true);
	/* Elements larger than what is made at once. */
	check_promise(5, MANY, true);
}

/* Panels too large to be made at once, the last of them not full. */
static void
check_panels(size_t n_out, size_t n_in)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	size_t width = mx_panels_width(n_out);
	double *matrix = malloc(n_out * n_in * sizeof(double));
	MxImageWriter *w = NULL;
	KitImage image = {0};
	MxError err = {0};
	MxRef ref;
	size_t wrong = 0;
	size_t i;
	size_t j;

	for (i = 0; i < n_out * n_in; i++)
		matrix[i] = (double) i + 0.5;
	CHECK_OK(mx_image_create(arena, &w, &err), &err);
	CHECK_OK(mx_panels_store(w, matrix, n_out, n_in, &ref, &err), &err);
	CHECK(mx_image_is_promised(w));
	image.capacity = mx_image_size(w);
	image.bytes = aligned_alloc(64, image.capacity);
	CHECK_OK(mx_image_finish(w, kit_sink, &image, &err), &err);
	for (i = 0; i < (n_out + width - 1) / width * width; i++)
		for (j = 0; j < n_in; j++)
		{
			double expected = i < n_out ? matrix[i * n_in + j] : 0;

			wrong += mx_at(image.bytes, double,
			               ref)[(i / width * n_in + j) * width + i % width] !=
			         expected;
		}
	CHECK(wrong == 0);
	free(image.bytes);
	free(matrix);
	mx_arena_destroy(arena);
}

static void
test_panels(void)
{
	check_panels(1, MANY);
	check_panels(7, 50021);
	check_panels(61, 3001);
}

int
main(void)
{
	test_promises();
	test_panels();
	return check_report();
}
