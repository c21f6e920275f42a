/* test_array.c */
/* NumPy's arrays: views read as numbers, and what is wrong with some. */
#include "check.h"
#include "parse.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const MxDtype float64 = {.kind = MX_DTYPE_FLOAT, .itemsize = 8};
static const MxDtype int64 = {.kind = MX_DTYPE_INTEGER, .itemsize = 8};
static const MxDtype objects = {
    .kind = MX_DTYPE_OBJECT, .itemsize = 8, .has_objects = true};

/* A vector over numbers of the test, which are native and aligned. */
static MxArray
vector_of(const MxDtype *dtype, const void *data, size_t n)
{
	MxArray array = {.dtype = dtype, .rank = 1, .n = n, .data = data};

	array.shape[0] = n;
	array.strides[0] = 1;
	return array;
}

static void
test_views_are_not_copied(MxArena *arena)
{
	static const double numbers[] = {1.0, 2.5, -3.0, 4.0};
	MxArray array = vector_of(&float64, numbers, 4);
	MxError err = {0};
	const double *out;

	CHECK_OK(mx_array_f64(arena, &array, &out, &err), &err);
	CHECK(out == numbers);
	/* One byte further on it is not aligned. */
	array.data = (const uint8_t *) numbers + 1;
	array.n = array.shape[0] = 3;
	CHECK_OK(mx_array_f64(arena, &array, &out, &err), &err);
	CHECK((const uint8_t *) out != array.data);
}

static void
test_transposed(MxArena *arena)
{
	static const double numbers[] = {0, 1, 2, 3, 4, 5};
	MxArray array = vector_of(&float64, numbers, 6);
	MxError err = {0};
	const double *out;
	size_t i;

	/* Stored as two rows of three; seen as three of two. */
	array.rank = 2;
	array.shape[0] = 3;
	array.shape[1] = 2;
	array.strides[0] = 1;
	array.strides[1] = 3;
	CHECK(mx_array_position(&array, 1) == 3);
	CHECK(mx_array_position(&array, 5) == 5);
	CHECK_OK(mx_array_f64(arena, &array, &out, &err), &err);
	for (i = 0; i < 6; i++)
		CHECK(out[i] == numbers[mx_array_position(&array, i)]);
	CHECK(out[1] == 3.0);
}

static void
test_integers(MxArena *arena)
{
	static const int64_t exact[] = {(int64_t) 1 << 53, -((int64_t) 1 << 53)};
	static const int64_t beyond[] = {((int64_t) 1 << 53) + 1};
	static const double whole[] = {3.0, -4.0};
	static const double broken[] = {0.5, 1e19, -1e19};
	MxArray array = vector_of(&int64, exact, 2);
	MxError err = {0};
	const double *numbers;
	const int64_t *integers;
	size_t i;

	CHECK_OK(mx_array_f64(arena, &array, &numbers, &err), &err);
	CHECK(numbers[1] == -0x1p53);
	CHECK_OK(mx_array_i64(arena, &array, &integers, &err), &err);
	CHECK(integers == exact);
	array = vector_of(&int64, beyond, 1);
	CHECK(mx_array_f64(arena, &array, &numbers, &err) == MX_ERR_UNSUPPORTED);
	err.status = MX_OK;
	array = vector_of(&float64, whole, 2);
	CHECK_OK(mx_array_i64(arena, &array, &integers, &err), &err);
	CHECK(integers[1] == -4);
	for (i = 0; i < 3; i++)
	{
		array = vector_of(&float64, &broken[i], 1);
		CHECK(mx_array_i64(arena, &array, &integers, &err) ==
		      MX_ERR_UNSUPPORTED);
		err.status = MX_OK;
	}
}

static void
test_bools(MxArena *arena)
{
	static const double flags[] = {0.0, 1.0};
	static const double two[] = {2.0};
	MxArray array = vector_of(&float64, flags, 2);
	MxError err = {0};
	const bool *bools;

	CHECK_OK(mx_array_bool(arena, &array, &bools, &err), &err);
	CHECK(!bools[0] && bools[1]);
	array = vector_of(&float64, two, 1);
	CHECK(mx_array_bool(arena, &array, &bools, &err) == MX_ERR_UNSUPPORTED);
}

static void
test_objects(MxArena *arena)
{
	static const MxValue none = {.kind = MX_VALUE_NONE};
	static const MxValue one = {.kind = MX_VALUE_INTEGER, .as.integer = 1};
	static const MxValue half = {.kind = MX_VALUE_FLOAT, .as.number = 0.5};
	static const MxValue text = {.kind = MX_VALUE_TEXT, .as.text = {"x", 1}};
	const MxValue *items[] = {&one, &half, &none, &text};
	MxArray array = vector_of(&objects, NULL, 3);
	MxError err = {0};
	const double *numbers;
	const int64_t *integers;
	const MxValue *element;

	array.items = items;
	CHECK_OK(mx_array_f64(arena, &array, &numbers, &err), &err);
	CHECK(numbers[0] == 1.0 && numbers[1] == 0.5);
	CHECK(numbers[2] != numbers[2]);
	CHECK(mx_array_i64(arena, &array, &integers, &err) == MX_ERR_UNSUPPORTED);
	err.status = MX_OK;
	array.n = array.shape[0] = 4;
	CHECK(mx_array_f64(arena, &array, &numbers, &err) == MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.message,
	           "array holds a value of type str, expected numbers");
	err.status = MX_OK;
	CHECK_OK(mx_array_element(arena, &array, 3, &element, &err), &err);
	CHECK(element == &text);
}

static void
test_other_dtypes(MxArena *arena)
{
	static const MxDtype other = {.kind = MX_DTYPE_OTHER, .itemsize = 8};
	static const MxDtype wide = {.kind = MX_DTYPE_UNSIGNED, .itemsize = 8};
	static const uint8_t bytes[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	MxArray array = vector_of(&other, bytes, 1);
	MxError err = {0};
	const double *numbers;
	const MxValue *element;

	CHECK(mx_array_f64(arena, &array, &numbers, &err) == MX_ERR_UNSUPPORTED);
	err.status = MX_OK;
	CHECK(mx_array_element(arena, &array, 0, &element, &err) ==
	      MX_ERR_UNSUPPORTED);
	err.status = MX_OK;
	array.dtype = &wide;
	CHECK(mx_array_f64(arena, &array, &numbers, &err) == MX_ERR_UNSUPPORTED);
}

static void
test_half_floats(MxArena *arena)
{
	static const MxDtype half = {.kind = MX_DTYPE_FLOAT, .itemsize = 2};
	static const uint16_t bits[] = {0x0000, 0x8000, 0x0001, 0x03ff,
	                                0x0400, 0x3c00, 0x7bff, 0xfc00};
	static const double want[] = {0.0,     -0.0, 0x1p-24, 0x3ffp-24,
	                              0x1p-14, 1.0,  65504.0, -1.0 / 0.0};
	MxArray array = vector_of(&half, bits, 8);
	MxError err = {0};
	const double *numbers = NULL;

	CHECK_OK(mx_array_f64(arena, &array, &numbers, &err), &err);
	CHECK(memcmp(numbers, want, sizeof(want)) == 0);
}

/* Pieces of pickles: dtypes, and an array but for its shape, type and data. */
#define DTYPE(name, size) "cnumpy\ndtype\nU" size name "K\x00K\x01\x87R"
#define F8 DTYPE("f8", "\x02")
#define U1 DTYPE("u1", "\x02")
#define O8 DTYPE("O8", "\x02")
#define RECONSTRUCT \
	"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01" \
	"b\x87R(K\x01"
#define C_ORDER "I00\n"
#define WRAPPER "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
#define PAIR(a, b) a b "\x86"
#define HUGE "\x8a\x08\0\0\0\0\0\0\0\x40"

static const struct
{
	const char *bytes;
	size_t size;
	MxStatus status;
	const char *message; /* or, when read, what it shows */
} pickles[] = {
    {BYTES(RECONSTRUCT "K\x02\x85" U1 C_ORDER "U\x02\x07\x08tb."), MX_OK,
     "uint8(2)[7, 8]"},
    /* Without the version in front, as ancient files have it. */
    {BYTES("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U"
           "\x01"
           "b\x87R(K\x02\x85" U1 C_ORDER "U\x02\x07\x08tb."),
     MX_OK, "uint8(2)[7, 8]"},
    {BYTES(RECONSTRUCT "K\x03\x85" U1 C_ORDER "U\x02\x07\x08tb."),
     MX_ERR_MALFORMED, "array of 3 elements of 1 bytes holds 2 bytes"},
    {BYTES(RECONSTRUCT PAIR(HUGE, HUGE) U1 C_ORDER "U\x00tb."),
     MX_ERR_MALFORMED, "array is larger than memory can be"},
    {BYTES(RECONSTRUCT HUGE "\x85" F8 C_ORDER "U\x00tb."), MX_ERR_MALFORMED,
     "array is larger than memory can be"},
    {BYTES(RECONSTRUCT HUGE "\x85" DTYPE("U0", "\x02") C_ORDER "U\x00tb."),
     MX_ERR_LIMIT, "model has more than 50000000 items"},
    {BYTES(RECONSTRUCT "K\x02\x85" O8 C_ORDER "](Netb."), MX_ERR_MALFORMED,
     "array of 2 objects does not hold as many"},
    {BYTES(RECONSTRUCT "K\x01\x85" U1 C_ORDER "](K\x01"
                       "etb."),
     MX_ERR_MALFORMED, "data of an array is a list, not bytes"},
    {BYTES(RECONSTRUCT "K\x01\x85" U1 "NU\x01\x07tb."), MX_ERR_MALFORMED,
     "array does not say its order"},
    {BYTES(RECONSTRUCT "tb."), MX_ERR_MALFORMED,
     "state of an array is not as NumPy writes it"},
    /* Nine axes: well formed, and none of ours. */
    {BYTES(RECONSTRUCT
           "(K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01t" U1 C_ORDER
           "U\x01\x07tb."),
     MX_OK, "opaque array of a dtype or rank that is not read"},
    /* The shape may hold NumPy's own integers. */
    {BYTES(RECONSTRUCT "cnumpy.core.multiarray\nscalar\n" DTYPE(
         "i8", "\x02") "U\x08\x02\0\0\0\0\0\0\0\x86R\x85" U1 C_ORDER
                       "U\x02\x07\x08tb."),
     MX_OK, "uint8(2)[7, 8]"},
    {BYTES("cnumpy.core.multiarray\nscalar\n" F8 "U\x01x\x86R."),
     MX_ERR_MALFORMED, "NumPy scalar does not hold 8 bytes"},
    {BYTES("cnumpy.core.multiarray\nscalar\n" O8 "U\x01x\x86R."), MX_OK, "'x'"},
    {BYTES("cnumpy._core.numeric\n_frombuffer\n(C\x04"
           "\1\2\3\4" U1 "K\x02K\x02\x86U\x01KK\x01K\x00\x86tR."),
     MX_OK, "uint8(2,2)[1, 3, 2, 4]"},
    {BYTES("cnumpy._core.numeric\n_frombuffer\n(C\x04"
           "\1\2\3\4" U1 "K\x02K\x02\x86U\x01KK\x01K\x01\x86tR."),
     MX_ERR_MALFORMED, "axes of an array are no permutation"},
    {BYTES("cnumpy._core.numeric\n_frombuffer\n(C\x04"
           "\1\2\3\4" U1 "K\x02K\x02\x86U\x01KK\x01K\x02\x86tR."),
     MX_ERR_MALFORMED, "axes of an array are no permutation"},

    /* joblib's bytes inside the pickle */
    {BYTES(WRAPPER "U\x05shapeK\x02\x85U\x05orderU\x01"
                   "CU\x05"
                   "dtype" U1 "ub\x07\x08."),
     MX_OK, "uint8(2)[7, 8]"},
    {BYTES(WRAPPER "U\x05shapeK\x02\x85U\x05orderU\x01"
                   "CU\x05"
                   "dtype" U1 "U\x1bnumpy_array_alignment_bytesK\x10"
                   "ub\x02\xff\xff\x07\x08."),
     MX_OK, "uint8(2)[7, 8]"},
    {BYTES(WRAPPER "U\x05shapeK\x02\x85U\x05orderU\x01"
                   "CU\x05"
                   "dtype" U1 "U\x1bnumpy_array_alignment_bytesN"
                   "ub\x07\x08."),
     MX_OK, "uint8(2)[7, 8]"},
    {BYTES("]" WRAPPER "U\x05shapeK\x01\x85U\x05orderU\x01"
           "CU\x05"
           "dtype" U1 "ub\x07"
           "a."),
     MX_OK, "[uint8(1)[7]]"},
    /* The wrapper that was numbered is the array from then on. */
    {BYTES("cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81q\x01}(U\x05shapeK"
           "\x01\x85U\x05orderU\x01"
           "CU\x05"
           "dtype" U1 "ub\x07h\x01\x86."),
     MX_OK, "(uint8(1)[7], uint8(1)[7])"},
    {BYTES(WRAPPER "U\x05shapeK\x02\x85U\x05orderU\x01"
                   "CU\x05"
                   "dtype" U1 "ub\x07"),
     MX_ERR_TRUNCATED, "artifact ends inside an item of 2 bytes"},
    {BYTES(WRAPPER "U\x05shapeK\x02\x85U\x05orderU\x01"
                   "CU\x05"
                   "dtypeNub\x07"),
     MX_ERR_MALFORMED, "joblib array has a dtype that is not read"},
    {BYTES(WRAPPER "U\x05"
                   "dtype" U1 "ub\x07"),
     MX_ERR_MALFORMED, "joblib array has no shape or order"},
    {BYTES("cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81Nb."),
     MX_ERR_MALFORMED, "joblib array has no attributes"},
    {BYTES(WRAPPER "U\x05"
                   "dtype" O8 "ub" RECONSTRUCT "K\x01\x85" O8 C_ORDER
                   "](Netb.."),
     MX_OK, "object(1)[None]"},
    {BYTES(WRAPPER "U\x05"
                   "dtype" O8 "ub" WRAPPER "U\x05"
                   "dtype" O8 "ub" WRAPPER "U\x05"
                   "dtype" O8 "ub...."),
     MX_ERR_LIMIT, "pickles are nested too deep"},

    /* dtypes */
    {BYTES("cnumpy\ndtype\nU\x02V8K\x00K\x01\x87R(K\x03U\x01|NU\x01"
           "a\x85}U\x01"
           "a" F8 "K\x01\x86sK\x08K\x01K\x10tb."),
     MX_ERR_MALFORMED,
     "state of a NumPy dtype has a field outside of the record"},
    {BYTES("cnumpy\ndtype\nU\x02V8K\x00K\x01\x87R(K\x03U\x01|NU\x01"
           "a\x85}K\x08K\x01K\x10tb."),
     MX_ERR_MALFORMED, "state of a NumPy dtype has a field without a type"},
    {BYTES("cnumpy\ndtype\nU\x02V8K\x00K\x01\x87R(K\x03tb."), MX_ERR_MALFORMED,
     "state of a NumPy dtype has less than 8 items"},
    {BYTES("cnumpy\ndtype\nU\x02U2K\x00K\x01\x87R(K\x03U\x01<NNNK\x07K\x04K"
           "\x08tb."),
     MX_ERR_MALFORMED, "state of a NumPy dtype has half a character"},
};

static void
test_pickles(void)
{
	size_t i;

	for (i = 0; i < sizeof(pickles) / sizeof(pickles[0]); i++)
	{
		Parsed parsed = parse_bytes(pickles[i].bytes, pickles[i].size);
		Shown shown = {.n = 0};

		check_subject = pickles[i].message;
		if (parsed.status == MX_OK)
			show_value(&shown, parsed.document.root, 0);
		else
			show_text(&shown, "%s", parsed.err.message);
		CHECK(parsed.status == pickles[i].status);
		if (!CHECK_TEXT(shown.text, pickles[i].message))
			printf("    got %s\n", shown.text);
		parsed_end(&parsed);
	}
	check_subject = NULL;
}

int
main(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 20);

	test_views_are_not_copied(arena);
	test_transposed(arena);
	test_integers(arena);
	test_bools(arena);
	test_objects(arena);
	test_other_dtypes(arena);
	test_half_floats(arena);
	test_pickles();
	mx_arena_destroy(arena);
	return check_report();
}
