/* test_lookup.c */
/* Texts to numbers, few and many, against a search through all of them. */
#include "engine_kit.h"

#include "op/lookup.h"

#define MOST_TEXTS 200
#define LONGEST 20
#define ROUNDS 600

static uint64_t state = 88172645463325252;

static size_t
below(size_t n)
{
	return kit_random_below(&state, n);
}

/* Few letters, so that many texts differ in one only. */
static MxText
random_text(char *data, size_t longest, size_t letters)
{
	size_t size = below(longest + 1);
	size_t i;

	for (i = 0; i < size; i++)
		data[i] = (char) (below(letters) * 3);
	/* A byte that no UTF-8 has: a text may be anything. */
	if (size > 0 && below(10) == 0)
		data[size - 1] = (char) MX_PACKED_FILLER;
	return (MxText){data, size};
}

/* One of the texts with a byte changed, if it has any. */
static MxText
change(char *data, MxText text)
{
	memcpy(data, text.data, text.size);
	if (text.size > 0)
		data[below(text.size)] ^= 1;
	return (MxText){data, text.size};
}

static uint32_t
search(const MxText *texts, size_t n, MxText text)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (mx_text_equals(texts[i], text))
			return (uint32_t) i;
	return MX_LOOKUP_NONE;
}

/* Exactly as long as the text, so that a byte too many is seen. */
static uint32_t
find(const void *image, const MxLookup *lookup, MxText text)
{
	char *data = malloc(text.size + (text.size == 0));
	uint32_t found;

	memcpy(data, text.data, text.size);
	found = mx_lookup_find(image, lookup, data, text.size);
	free(data);
	return found;
}

/* Returns the look-up, whose image is gone. */
static MxLookup
check_texts(size_t n, size_t longest, size_t letters)
{
	static char bytes[MOST_TEXTS][LONGEST];
	char other[LONGEST];
	MxText texts[MOST_TEXTS];
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	MxImageWriter *w = NULL;
	MxLookup lookup = {0};
	KitImage image = {0};
	MxRef ref;
	MxError err = {0};
	size_t i;

	for (i = 0; i < n; i++)
		texts[i] = random_text(bytes[i], longest, letters);
	CHECK_OK(mx_image_create(arena, &w, &err), &err);
	/* What comes first is at 0, which would mean that there is none. */
	CHECK_OK(mx_image_store(w, &err, 1, sizeof(err), 8, &ref, &err), &err);
	CHECK_OK(mx_lookup_compile(w, texts, n, true, "texts", &lookup, &err),
	         &err);
	image.capacity = mx_image_size(w);
	image.bytes = aligned_alloc(64, image.capacity);
	CHECK_OK(mx_image_finish(w, kit_sink, &image, &err), &err);
	for (i = 0; i < n; i++)
		CHECK(find(image.bytes, &lookup, texts[i]) ==
		      search(texts, n, texts[i]));
	for (i = 0; i < 100; i++)
	{
		MxText text = n > 0 && below(2) == 0
		                  ? change(other, texts[below(n)])
		                  : random_text(other, LONGEST, letters);

		CHECK(find(image.bytes, &lookup, text) == search(texts, n, text));
	}
	free(image.bytes);
	mx_arena_destroy(arena);
	return lookup;
}

int
main(void)
{
	size_t n_short = 0;
	size_t n_packed = 0;
	MxLookup lookup;
	size_t i;

	for (i = 0; i < ROUNDS; i++)
	{
		lookup = check_texts(below(i % 2 == 0 ? 12 : MOST_TEXTS),
		                     1 + below(LONGEST), 2 + below(80));
		n_short += lookup.shorts.slots != 0;
		n_packed += lookup.packed.slots != 0;
	}
	CHECK(n_short > ROUNDS / 2 && n_short < ROUNDS);
	CHECK(n_packed > ROUNDS / 10);
	/* As many as a table for few holds. */
	lookup = check_texts(MX_SHORT_TEXTS, MX_SHORT_TEXT, 80);
	CHECK(lookup.shorts.slots != 0 && lookup.packed.slots == 0);
	lookup = check_texts(MX_SHORT_TEXTS + 1, MX_PACKED_TEXT, 80);
	CHECK(lookup.shorts.slots == 0 && lookup.packed.slots != 0);
	return check_report();
}
