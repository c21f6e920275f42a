/* test_format_files.c */
/* Files written by real picklers: what is in them, and what if they break. */
#include "check.h"
#include "files.h"
#include "parse.h"

#define SAMPLES "tests/unit/data/format"
#define GOLDEN "tests/golden"

typedef struct Member
{
	const char *name;
	const char *shown;
	const char *or_else; /* as other protocols or Pythons have it */
} Member;

/* The zoo of tools/make_format_samples.py, but for what test_objects sees. */
static const Member zoo[] = {
    {"none", "None", NULL},
    {"true", "True", NULL},
    {"false", "False", NULL},
    {"byte", "200", NULL},
    {"short", "60000", NULL},
    {"negative", "-5", NULL},
    {"word", "2147483648", NULL},
    {"long", "-4611686018427387904", NULL},
    {"big", "big:000000000000000040", "opaque integer beyond 64 bits"},
    {"float", "0.10000000000000001", NULL},
    {"inf", "inf", NULL},
    {"minus_inf", "-inf", NULL},
    {"nan", "nan", NULL},
    {"text",
     "'na\xc3\xafve \xe2\x82\xac \xf0\x9d\x84\x9e \\ \n "
     "''",
     NULL},
    {"ascii", "'it's'", NULL},
    {"bytes", "b:00ff0a275c", NULL},
    {"no_bytes", "b:", NULL},
    {"tuples", "((), (1), (1, 2), (1, 2, 3), (1, 2, 3, 4))", NULL},
    {"lists", "[[], [1], [1, [2, [3]]]]", NULL},
    {"set", "set(3)", NULL},
    {"frozenset", "set(4)", NULL},
    {"number_keys", "{1: 'one', 2.5: 'two and a half', None: 'none'}",
     "{2.5: 'two and a half', 1: 'one', None: 'none'}"},
    {"slice", "<builtins.slice>(1, 5, 2)", "<__builtin__.slice>(1, 5, 2)"},
    {"class", "<__main__.Point>", NULL},
    {"shared", "[[1, 2], [1, 2]]", NULL},
    {"a_c", "float64(2,3)[0, 1, 2, 3, 4, 5]", NULL},
    {"a_f", "float64(2,3)[0, 1, 2, 3, 4, 5]", NULL},
    {"a_k",
     "float64(3,2,4)[0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 16, 17, "
     "18, 19, 8, 9, 10, 11, 20, 21, 22, 23]",
     NULL},
    {"a_strided", "float64(2,2)[1, 9, 13, 21]", NULL},
    {"a_readonly", "float64(2,3)[0, 1, 2, 3, 4, 5]", NULL},
    {"a_f2", "float16(4)[0.5, -2, 5.9604644775390625e-08, inf]", NULL},
    {"a_f4", "float32(4)[0.5, -2, 9.9999461011147596e-41, inf]", NULL},
    {"a_i1", "int8(2)[-1, 2]", NULL},
    {"a_i2", "int16(2)[-1, 2]", NULL},
    {"a_i4", "int32(2)[-1, 2]", NULL},
    {"a_i8", "int64(2)[-1, 2]", NULL},
    {"a_u1", "uint8(2)[255, 2]", NULL},
    {"a_u2", "uint16(2)[65535, 2]", NULL},
    {"a_u4", "uint32(2)[4294967295, 2]", NULL},
    {"a_u8", "uint64(2)[big:ffffffffffffffff00, 2]", NULL},
    {"a_bool", "bool(2)[True, False]", NULL},
    {"a_big_f8", "float64(2)[0.5, -2]", NULL},
    {"a_big_i4", "int32(2)[-1, 2]", NULL},
    {"a_big_u", "<U2(1)['\xe2\x82\xac']", NULL},
    {"a_unicode", "<U3(3)['a', '\xc3\xa9\xf0\x9d\x84\x9e', 'xyz']", NULL},
    {"a_bytes", "S3(3)['a', '\xc3\xa9', 'xyz']", NULL},
    {"a_object", "object(5)['x', None, 1.5, 7, nan]", NULL},
    {"a_object_f", "object(2,2)[1, 2.5, None, True]", NULL},
    {"a_empty", "float64(0,3)[]", NULL},
    {"a_scalar", "float64()[2.5]", NULL},
    {"a_scalar_object", "object()['only']", NULL},
    {"a_nodes", "record(3)[?, ?, ?]", NULL},
    {"a_date", "unknown dtype(1)[?]", NULL},
    {"a_complex", "unknown dtype(1)[?]", NULL},
    {"a_matrix", "float64(1,2)[1, 2]", NULL},
    {"a_inner",
     "object(3)[float64(2)[0, 1], float64(3)[0, 1, 2], "
     "None]",
     NULL},
    {"s_f8", "0.10000000000000001", NULL},
    {"s_f4", "0.5", NULL},
    {"s_i8", "-3", NULL},
    {"s_u8", "big:ffffffffffffffff00", NULL},
    {"s_bool", "True", NULL},
    {"s_text", "'\xc3\xa9'", NULL},
};

static void
check_member(const MxValue *root, const Member *member)
{
	const MxValue *value = mx_value_entry(root, member->name);
	Shown shown = {.n = 0};

	if (value == NULL)
		return; /* not every file has the whole zoo */
	show_value(&shown, value, 0);
	if (!CHECK(strcmp(shown.text, member->shown) == 0 ||
	           (member->or_else != NULL &&
	            strcmp(shown.text, member->or_else) == 0)))
		printf("    %s is %s\n", member->name, shown.text);
}

static void
check_dtype(const MxValue *root, const char *name, const char *wanted)
{
	const MxDtype *dtype = mx_value_dtype(mx_value_entry(root, name));
	char shown[32];

	CHECK(dtype != NULL && strcmp(mx_dtype_name(dtype, shown), wanted) == 0);
}

/* The nodes are those of a tree in small: fields of several types, padded. */
static void
check_records(const MxValue *root)
{
	const MxValue *value = mx_value_entry(root, "a_nodes");
	const MxArray *array = value->as.array;
	const MxField *left = mx_dtype_field(array->dtype, "left");
	const MxField *number = mx_dtype_field(array->dtype, "value");
	const MxField *flag = mx_dtype_field(array->dtype, "flag");

	CHECK(mx_dtype_field(array->dtype, "right") == NULL);
	if (!CHECK(left != NULL && number != NULL && flag != NULL))
		return;
	CHECK(mx_field_is_number(left));
	CHECK(mx_field_i64(array, left, 0) == -1);
	CHECK(mx_field_i64(array, left, 2) == 3);
	CHECK(mx_field_f64(array, number, 1) == -1.5);
	CHECK(mx_field_f64(array, flag, 1) == 1.0);
}

static void
check_point(const MxValue *point)
{
	int64_t number;
	MxText text;

	CHECK(mx_global_is(mx_value_class(point), "__main__", "Point"));
	CHECK(mx_value_to_integer(mx_value_attribute(point, "x"), &number) &&
	      number == 1);
	CHECK(mx_value_to_text(mx_value_attribute(point, "y"), &text) &&
	      mx_text_is(text, "two"));
	CHECK(mx_value_attribute(point, "z") == NULL);
}

static void
check_objects(const MxValue *root)
{
	const MxValue *point = mx_value_entry(root, "point");
	const MxValue *ordered = mx_value_entry(root, "ordered");
	const MxValue *shared = mx_value_entry(root, "shared");
	const MxValue *cyclic = mx_value_entry(root, "cyclic");
	int64_t number;

	if (point != NULL)
		check_point(point);
	CHECK(ordered->as.object.entries.n == 2);
	CHECK(mx_value_to_integer(mx_value_entry(ordered, "a"), &number) &&
	      number == 2);
	CHECK(mx_value_to_integer(
	          mx_value_entry(mx_value_entry(root, "default"), "x"), &number) &&
	      number == 7);
	CHECK(shared->as.items.items[0] == shared->as.items.items[1]);
	CHECK(cyclic->as.items.items[0] == cyclic);
	CHECK(mx_value_entry(root, "many")->as.items.n == 50);
	CHECK(mx_value_entry(root, "wide")->as.entries.n == 40);
}

static void
check_zoo(const MxValue *root)
{
	size_t i;

	for (i = 0; i < sizeof(zoo) / sizeof(zoo[0]); i++)
		check_member(root, &zoo[i]);
	if (mx_value_entry(root, "ordered") != NULL)
		check_objects(root);
	if (mx_value_entry(root, "a_nodes") != NULL)
		check_records(root);
	if (mx_value_entry(root, "d_f8") != NULL)
	{
		check_dtype(root, "d_f8", "float64");
		check_dtype(root, "d_big", "int32");
		check_dtype(root, "d_nodes", "record");
	}
}

static void
check_pandas(const MxValue *root)
{
	Shown shown = {.n = 0};

	show_value(&shown, mx_value_unwrap(mx_value_entry(root, "index")), 0);
	CHECK_TEXT(shown.text, "object(2)['a', 'b']");
	shown.n = 0;
	show_value(&shown, mx_value_unwrap(mx_value_entry(root, "numbers")), 0);
	CHECK_TEXT(shown.text, "float64(2)[1.5, 2.5]");
	CHECK(mx_value_unwrap(mx_value_entry(root, "range"))->kind ==
	      MX_VALUE_OBJECT);
}

static void
check_long(const MxValue *root)
{
	const MxValue *many = mx_value_entry(root, "many");
	const MxValue *wide = mx_value_entry(root, "wide");
	int64_t number;

	CHECK(many->as.items.n == 2500 && wide->as.entries.n == 2500);
	CHECK(many->as.items.items[2499]->as.integer == 2499);
	CHECK(mx_value_to_integer(mx_value_entry(wide, "1234"), &number) &&
	      number == 1234);
}

static void
check_sample(const char *path, void *ctx)
{
	const char *name = strrchr(path, '/') + 1;
	size_t size;
	uint8_t *data = read_whole_file(path, &size);
	Parsed parsed = parse_bytes(data, size);

	(void) ctx;
	check_subject = name;
	if (strncmp(name, "py36old", 7) == 0)
	{
		CHECK(parsed.status == MX_ERR_UNSUPPORTED);
		CHECK_TEXT(parsed.err.message,
		           "artifact was written by joblib older than 0.10");
	}
	else if (CHECK_OK(parsed.status, &parsed.err))
	{
		check_zoo(parsed.document.root);
		if (strstr(name, "_pandas") != NULL)
			check_pandas(parsed.document.root);
		if (strstr(name, "_long") != NULL)
			check_long(parsed.document.root);
		CHECK_TEXT(parsed.document.format.format,
		           strstr(name, ".joblib") != NULL ? "joblib" : "pickle");
	}
	check_subject = NULL;
	parsed_end(&parsed);
	free(data);
}

/* Models of every release; those in "refused" say so in their own test. */
static void
check_golden(const char *path, void *ctx)
{
	size_t size;
	uint8_t *data;
	Parsed parsed;

	if ((strstr(path, ".joblib") == NULL && strstr(path, ".pkl") == NULL) ||
	    strstr(path, "/refused/") != NULL)
		return;
	(*(int *) ctx)++;
	data = read_whole_file(path, &size);
	parsed = parse_bytes(data, size);
	check_subject = path;
	CHECK_OK(parsed.status, &parsed.err);
	check_subject = NULL;
	parsed_end(&parsed);
	free(data);
}

/* A status, one message, and nothing else: no crash, no limit passed. */
static bool
is_one_answer(const Parsed *parsed)
{
	if (parsed->status != parsed->err.status)
		return false;
	return (parsed->status == MX_OK) == (parsed->err.message[0] == '\0');
}

/* Copied to its exact size, so that a sanitizer sees a byte too far. */
static void
check_cut_short(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	Parsed parsed;

	memcpy(copy, data, size);
	copy = realloc(copy, size == 0 ? 1 : size);
	parsed = parse_bytes(copy, size);
	CHECK(is_one_answer(&parsed));
	/* Part of a container's magic may be anything. */
	CHECK(parsed.status == MX_ERR_TRUNCATED ||
	      (parsed.status == MX_ERR_MALFORMED && size < 6));
	parsed_end(&parsed);
	free(copy);
}

static void
check_truncations(const char *name)
{
	char path[256];
	size_t size;
	size_t n;
	uint8_t *data;

	snprintf(path, sizeof(path), SAMPLES "/%s", name);
	data = read_whole_file(path, &size);
	check_subject = name;
	for (n = 0; n < size; n++)
		check_cut_short(data, n);
	check_subject = NULL;
	free(data);
}

static void
check_bit_flips(const char *name)
{
	char path[256];
	size_t size;
	size_t bit;
	uint8_t *data;

	snprintf(path, sizeof(path), SAMPLES "/%s", name);
	data = read_whole_file(path, &size);
	check_subject = name;
	for (bit = 0; bit < size * 8; bit++)
	{
		Parsed parsed;

		data[bit / 8] ^= (uint8_t) (1 << bit % 8);
		parsed = parse_bytes(data, size);
		CHECK(is_one_answer(&parsed));
		parsed_end(&parsed);
		data[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
	check_subject = NULL;
	free(data);
}

/* Every allocation fails in turn, until none does. */
static void
check_failing_heap(const char *name)
{
	FailingHeap failing;
	char path[256];
	size_t size;
	uint8_t *data;
	MxStatus status = MX_ERR_NO_MEMORY;
	size_t n;

	snprintf(path, sizeof(path), SAMPLES "/%s", name);
	data = read_whole_file(path, &size);
	check_subject = name;
	for (n = 1; status == MX_ERR_NO_MEMORY; n++)
	{
		Parsed parsed;

		failing_heap_begin(&failing, n);
		parsed = parse_within(data, size, &mx_default_limits, &failing.heap);
		status = parsed.status;
		CHECK(is_one_answer(&parsed));
		parsed_end(&parsed);
		CHECK(failing.n_live == 0);
	}
	CHECK(status == MX_OK && !failing_heap_failed(&failing));
	check_subject = NULL;
	free(data);
}

/* The document's memory runs out at every size that it might. */
static void
check_failing_budget(const char *name)
{
	MxLimits limits = mx_default_limits;
	char path[256];
	size_t size;
	uint8_t *data;
	MxStatus status = MX_ERR_LIMIT;

	snprintf(path, sizeof(path), SAMPLES "/%s", name);
	data = read_whole_file(path, &size);
	check_subject = name;
	for (limits.max_memory = 0; status == MX_ERR_LIMIT;
	     limits.max_memory += 1024)
	{
		Parsed parsed = parse_within(data, size, &limits, &mx_libc_heap);

		status = parsed.status;
		CHECK(is_one_answer(&parsed));
		CHECK(mx_arena_used(parsed.arena) <= limits.max_memory);
		parsed_end(&parsed);
	}
	CHECK(status == MX_OK);
	check_subject = NULL;
	free(data);
}

int
main(void)
{
	int n_golden = 0;

	visit_files(SAMPLES, check_sample, NULL);
	visit_files(GOLDEN, check_golden, &n_golden);
	printf("%d golden files\n", n_golden);
	check_truncations("py27_c_p0.pkl");
	check_truncations("py313_p5.pkl");
	check_truncations("py313.joblib");
	check_truncations("py313_zlib.joblib");
	check_truncations("py313_bz2.joblib");
	check_truncations("py313_xz.joblib");
	check_truncations("py313_lzma.joblib");
	check_truncations("py313_lz4_linked.pkl");
	check_bit_flips("py313_dill.pkl");
	check_bit_flips("py39_pandas.pkl");
	check_bit_flips("py313_lz4.joblib");
	check_bit_flips("py313_zlib.joblib");
	check_bit_flips("py39.joblib");
	check_failing_heap("py313.joblib");
	check_failing_heap("py313_bz2_streams.pkl");
	check_failing_heap("py313_xz.joblib");
	check_failing_heap("py313_gzip_zlib.pkl");
	check_failing_heap("py313_lz4_linked.pkl");
	check_failing_budget("py27_p0.pkl");
	check_failing_budget("py313.joblib");
	return check_report();
}
