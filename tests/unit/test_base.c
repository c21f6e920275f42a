/* test_base.c */
/* Errors, arena, checked arithmetic, limits and text. */
#include "check.h"
#include "failing_heap.h"

#include "base/arena.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>

static void
test_first_failure_stays(void)
{
	MxError err = {0};

	mx_set_detail(&err, "Too early.");
	CHECK(mx_fail(&err, MX_ERR_LIMIT, 7, "first %d", 1) == MX_ERR_LIMIT);
	(void) mx_fail(&err, MX_ERR_INTERNAL, 8, "second");
	mx_set_detail(&err, "Detail.");
	mx_set_detail(&err, "Other.");
	mx_set_hint(&err, "Hint.");
	mx_set_hint(&err, "Other.");
	CHECK(err.status == MX_ERR_LIMIT && err.offset == 7);
	CHECK_TEXT(err.message, "first 1");
	CHECK_TEXT(err.detail, "Detail.");
	CHECK_TEXT(err.hint, "Hint.");
}

/* Cut where it is full, but not inside a character of three bytes. */
static void
test_long_messages_are_cut(void)
{
	char text[400] = "";
	size_t shift;

	for (shift = 0; shift < 3; shift++)
	{
		MxError err = {0};
		size_t i;

		memset(text, 'x', shift);
		for (i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 4);
		(void) mx_fail(&err, MX_ERR_VALUE, 0, "%s", text);
		CHECK(strlen(err.message) >= sizeof(err.message) - 4);
		CHECK(mx_text_is_utf8(err.message, strlen(err.message)));
	}
}

static void
test_arena_pieces(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 64 << 20);
	MxError err = {0};
	size_t size;

	for (size = 0; size < 3 * 1024 * 1024; size = size * 3 / 2 + 1)
	{
		char *piece = mx_arena_alloc(arena, size, 1, &err);
		size_t i;
		bool is_zero = true;

		if (!CHECK(piece != NULL))
			break;
		CHECK((uintptr_t) piece % (size >= 64 ? 64 : 16) == 0);
		for (i = 0; i < size; i++)
			is_zero = is_zero && piece[i] == 0;
		CHECK(is_zero);
		memset(piece, 0xFF, size);
	}
	CHECK(mx_arena_used(arena) <= (size_t) 64 << 20);
	mx_arena_destroy(arena);
	mx_arena_destroy(NULL);
}

/* What is adopted is given back, as the sanitizers see. */
static void
test_arena_adopts(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 20);
	MxError err = {0};
	size_t before = mx_arena_used(arena);

	for (size_t i = 1; i <= 3; i++)
		CHECK_OK(mx_arena_adopt(arena, malloc(i * 1000), i * 1000, &err), &err);
	CHECK(mx_arena_used(arena) >= before + 6000);
	mx_arena_destroy(arena);
}

static void
test_arena_budget(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 20);
	MxError err = {0};

	CHECK(mx_arena_alloc(arena, (size_t) 1 << 20, 1, &err) == NULL);
	CHECK(err.status == MX_ERR_LIMIT);
	CHECK_TEXT(err.message, "model needs more than 1 MB of memory");
	while (mx_arena_alloc(arena, 1000, 1, &err) != NULL)
		;
	CHECK(mx_arena_used(arena) <= (size_t) 1 << 20);
	mx_arena_destroy(arena);
}

static void
test_arena_overflow(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	MxError err = {0};
	void *items = NULL;
	size_t capacity = SIZE_MAX / 2 + 1;

	CHECK(mx_arena_alloc(arena, SIZE_MAX / 2, 3, &err) == NULL);
	CHECK(err.status == MX_ERR_NO_MEMORY);
	err.status = MX_OK;
	CHECK(mx_arena_alloc(arena, SIZE_MAX, 1, &err) == NULL);
	CHECK(err.status == MX_ERR_NO_MEMORY);
	err.status = MX_OK;
	CHECK(mx_arena_grow(arena, &items, capacity, &capacity, 1, &err) ==
	      MX_ERR_NO_MEMORY);
	mx_arena_destroy(arena);
}

static MxStatus
grow_to(MxArena *arena, size_t n, int **items, MxError *err)
{
	void *grown = NULL;
	size_t capacity = 0;
	size_t i;

	for (i = 0; i < n; i++)
	{
		MX_TRY(
		    mx_arena_grow(arena, &grown, i, &capacity, sizeof(**items), err));
		((int *) grown)[i] = (int) i;
	}
	*items = grown;
	return MX_OK;
}

static void
test_arena_grow_and_copy(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 20);
	MxError err = {0};
	int *items = NULL;
	int *copy;
	int i;

	CHECK_OK(grow_to(arena, 1000, &items, &err), &err);
	copy = mx_arena_copy(arena, items, 1000, sizeof(*items), &err);
	memset(items, 0, 1000 * sizeof(*items));
	for (i = 0; i < 1000; i++)
		CHECK(copy[i] == i);
	CHECK(mx_arena_copy(arena, NULL, 0, 8, &err) != NULL);
	mx_arena_destroy(arena);
}

static void
test_arena_with_a_failing_heap(void)
{
	MxStatus status = MX_ERR_NO_MEMORY;
	size_t n;

	for (n = 1; status == MX_ERR_NO_MEMORY; n++)
	{
		FailingHeap failing;
		MxError err = {0};
		MxArena *arena;
		int *items;

		failing_heap_begin(&failing, n);
		arena = mx_arena_create(&failing.heap, (size_t) 64 << 20);
		if (arena == NULL)
			continue;
		status = grow_to(arena, 100000, &items, &err);
		CHECK(status == err.status);
		CHECK((status == MX_OK) == !failing_heap_failed(&failing));
		mx_arena_destroy(arena);
		CHECK(failing.n_live == 0 && failing.live == 0);
	}
	CHECK(status == MX_OK && n > 3);
}

static void
test_checked_arithmetic(void)
{
	size_t out = 5;

	CHECK(mx_size_add(2, 3, &out) && out == 5);
	CHECK(!mx_size_add(SIZE_MAX, 1, &out) && out == 5);
	CHECK(mx_size_mul(2, 3, &out) && out == 6);
	CHECK(!mx_size_mul(SIZE_MAX / 2, 3, &out) && out == 6);
}

static bool
say_stop(void *ctx)
{
	return *(bool *) ctx;
}

static void
test_poll(void)
{
	MxLimits limits = mx_default_limits;
	MxError err = {0};
	bool stop = false;

	CHECK(mx_poll(&limits, &err) == MX_OK);
	limits.canceled = say_stop;
	limits.ctx = &stop;
	CHECK(mx_poll(&limits, &err) == MX_OK);
	stop = true;
	CHECK(mx_poll(&limits, &err) == MX_ERR_CANCELED);
	CHECK(err.status == MX_ERR_CANCELED);
}

/* The unit is the largest that leaves a whole number above 0. */
static void
test_size(void)
{
	static const struct
	{
		size_t bytes;
		MxSize want;
	} cases[] = {{0, {0, "bytes"}},    {1023, {1023, "bytes"}},
	             {1024, {1, "kB"}},    {1048575, {1023, "kB"}},
	             {1048576, {1, "MB"}}, {(size_t) 3 << 30, {3072, "MB"}}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		MxSize size = mx_size(cases[i].bytes);

		CHECK(size.n == cases[i].want.n);
		CHECK_TEXT(size.unit, cases[i].want.unit);
	}
}

static void
test_utf8(void)
{
	static const struct
	{
		const char *bytes;
		bool is_utf8;
	} cases[] = {
	    {"", true},
	    {"plain", true},
	    {"a plain text of more than sixteen bytes", true},
	    {"a plain text of more than sixteen bytes \xff", false},
	    {"\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e", true},
	    {"\x80", false},
	    {"\xc3", false},
	    {"\xc0\x80", false},
	    {"\xc1\xbf", false},
	    {"\xe0\x9f\xbf", false},
	    {"\xe0\xa0\x80", true},
	    {"\xed\xa0\x80", false},
	    {"\xed\x9f\xbf", true},
	    {"\xf0\x8f\xbf\xbf", false},
	    {"\xf0\x90\x80\x80", true},
	    {"\xf4\x8f\xbf\xbf", true},
	    {"\xf4\x90\x80\x80", false},
	    {"\xf5\x80\x80\x80", false},
	    {"\xe2\x82", false},
	    {"\xe2\x28\xa1", false},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		check_subject = cases[i].bytes;
		CHECK(mx_text_is_utf8(cases[i].bytes, strlen(cases[i].bytes)) ==
		      cases[i].is_utf8);
	}
	check_subject = NULL;
}

static void
test_text(void)
{
	MxText missing = {NULL, 0};
	MxText empty = MX_TEXT_LITERAL("");
	MxText a = MX_TEXT_LITERAL("a");
	MxText ab = MX_TEXT_LITERAL("ab");
	MxArena *arena = mx_arena_create(&mx_libc_heap, 1 << 20);
	MxText copy;
	MxError err = {0};

	CHECK(mx_text_equals(missing, missing) && !mx_text_equals(missing, empty));
	CHECK(mx_text_is(ab, "ab") && !mx_text_is(ab, "abc"));
	CHECK(!mx_text_is(missing, ""));
	CHECK(mx_text_compare(a, ab) < 0 && mx_text_compare(ab, a) > 0);
	CHECK(mx_text_compare(missing, empty) < 0 && mx_text_compare(a, a) == 0);
	CHECK(mx_text_compare(MX_TEXT_LITERAL("\xff"), a) > 0);
	CHECK_OK(mx_text_copy(arena, ab, &copy, &err), &err);
	CHECK(mx_text_equals(copy, ab) && copy.data[2] == '\0');
	CHECK_OK(mx_text_copy(arena, missing, &copy, &err), &err);
	CHECK(copy.data == NULL);
	mx_arena_destroy(arena);
}

static void
test_quote(void)
{
	char buffer[MX_QUOTED_SIZE];
	char longest[200];
	MxText text = {longest, sizeof(longest)};

	CHECK_TEXT(mx_quote(MX_TEXT_LITERAL("a\"b\\c\n\x7f\xff"), buffer),
	           "\"a\\\"b\\\\c\\x0a\\x7f\\xff\"");
	CHECK_TEXT(mx_quote(MX_TEXT_LITERAL("\xe2\x82\xac"), buffer),
	           "\"\xe2\x82\xac\"");
	memset(longest, 1, sizeof(longest));
	CHECK(strlen(mx_quote(text, buffer)) == 64 * 4 + 5);
	/* 63 letters, and a character that would pass the 64th byte. */
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + 63, "\xe2\x82\xac", 3);
	CHECK(strlen(mx_quote(text, buffer)) == 63 + 5);
}

int
main(void)
{
	test_first_failure_stays();
	test_long_messages_are_cut();
	test_arena_pieces();
	test_arena_adopts();
	test_arena_budget();
	test_arena_overflow();
	test_arena_grow_and_copy();
	test_arena_with_a_failing_heap();
	test_checked_arithmetic();
	test_poll();
	test_size();
	test_utf8();
	test_text();
	test_quote();
	return check_report();
}
