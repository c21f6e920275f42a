/* test_format.c */
/* The pickle machine, opcode by opcode, on hand-made byte strings. */
#include "check.h"
#include "parse.h"

/* Literals may hold zero bytes, so that their size is taken along. */
#define BYTES(literal) literal, sizeof(literal) - 1

typedef struct Reading
{
	const char *bytes;
	size_t size;
	const char *shown;
} Reading;

static const Reading readings[] = {
    /* constants and numbers */
    {BYTES("N."), "None"},
    {BYTES("\x80\x02\x88."), "True"},
    {BYTES("\x80\x02\x89."), "False"},
    {BYTES("I01\n."), "True"},
    {BYTES("I00\n."), "False"},
    {BYTES("I42\n."), "42"},
    {BYTES("I-9223372036854775808\n."), "-9223372036854775808"},
    {BYTES("I9223372036854775808\n."), "opaque integer beyond 64 bits"},
    {BYTES("L7L\n."), "7"},
    {BYTES("L-7\n."), "-7"},
    {BYTES("K\xff."), "255"},
    {BYTES("M\x01\xff."), "65281"},
    {BYTES("J\xff\xff\xff\xff."), "-1"},
    {BYTES("\x80\x02\x8a\0."), "0"},
    {BYTES("\x80\x02\x8a\x01\xff."), "-1"},
    {BYTES("\x80\x02\x8a\x02\xff\x00."), "255"},
    {BYTES("\x80\x02\x8a\x08\0\0\0\0\0\0\0\x80."), "-9223372036854775808"},
    {BYTES("\x80\x02\x8a\x09\0\0\0\0\0\0\0\x80\xff."), "-9223372036854775808"},
    {BYTES("\x80\x02\x8a\x09\0\0\0\0\0\0\0\x80\0."), "big:000000000000008000"},
    {BYTES("\x80\x02\x8b\x01\0\0\0\x05."), "5"},
    {BYTES("F1.5\n."), "1.5"},
    {BYTES("F-inf\n."), "-inf"},
    {BYTES("F1e-3\n."), "0.001"},
    {BYTES("G\x3f\xb9\x99\x99\x99\x99\x99\x9a."), "0.10000000000000001"},

    /* text and bytes */
    {BYTES("S'it\\'s\\n\\x41\\101\\\\'\n."), "'it's\nAA\\'"},
    {BYTES("S\"\\xc3\\xa9\"\n."), "'\xc3\xa9'"},
    {BYTES("S'\\xe9'\n."), "'\xc3\xa9'"},
    {BYTES("U\x01\xe9."), "'\xc3\xa9'"},
    {BYTES("T\x02\0\0\0ab."), "'ab'"},
    {BYTES("V\xe9\\u20ac\\U0001d11e\\x\n."),
     "'\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\\x'"},
    {BYTES("V\\ud800\n."), "opaque text that is not UTF-8"},
    {BYTES("X\x02\0\0\0\xc3\xa9."), "'\xc3\xa9'"},
    {BYTES("X\x03\0\0\0\xed\xa0\x80."), "opaque text that is not UTF-8"},
    {BYTES("\x8c\x02\xc3\xa9."), "'\xc3\xa9'"},
    {BYTES("\x8d\x01\0\0\0\0\0\0\0a."), "'a'"},
    {BYTES("C\x02\0\xff."), "b:00ff"},
    {BYTES("B\x01\0\0\0\x7f."), "b:7f"},
    {BYTES("\x8e\x01\0\0\0\0\0\0\0\x7f."), "b:7f"},
    {BYTES("\x96\x01\0\0\0\0\0\0\0\x7f."), "b:7f"},
    {BYTES("\x96\x01\0\0\0\0\0\0\0\x7f\x98."), "b:7f"},

    /* containers */
    {BYTES(")."), "()"},
    {BYTES("K\x01\x85."), "(1)"},
    {BYTES("K\x01K\x02\x86."), "(1, 2)"},
    {BYTES("K\x01K\x02K\x03\x87."), "(1, 2, 3)"},
    {BYTES("(K\x01K\x02K\x03K\x04t."), "(1, 2, 3, 4)"},
    {BYTES("(t."), "()"},
    {BYTES("(l."), "[]"},
    {BYTES("(K\x01l."), "[1]"},
    {BYTES("]K\x01"
           "a."),
     "[1]"},
    {BYTES("](K\x01K\x02"
           "e(K\x03K\x04K\x05"
           "e."),
     "[1, 2, 3, 4, 5]"},
    {BYTES("](e."), "[]"},
    {BYTES("}."), "{}"},
    {BYTES("(d."), "{}"},
    {BYTES("(K\x01K\x02"
           "d."),
     "{1: 2}"},
    {BYTES("}K\x01K\x02s."), "{1: 2}"},
    {BYTES("}(K\x01K\x02K\x03K\x04u."), "{1: 2, 3: 4}"},
    {BYTES("}(K\x01K\x02K\x03K\x04K\x01K\x05u."), "{1: 5, 3: 4}"},
    {BYTES("}(U\x01"
           "aK\x01X\x01\0\0\0aK\x02u."),
     "{'a': 2}"},
    {BYTES("}(K\x01N\x88K\x02u."), "{1: 2}"},
    {BYTES("}(NK\x01NK\x02u."), "{None: 2}"},
    {BYTES("\x8f(K\x01K\x02\x90."), "set(1, 2)"},
    {BYTES("(K\x01\x91."), "set(1)"},

    /* stack and memo */
    {BYTES("K\x01K\x02"
           "0."),
     "1"},
    {BYTES("K\x01(0."), "1"},
    {BYTES("K\x01(K\x02K\x03"
           "1."),
     "1"},
    {BYTES("K\x01"
           "2\x86."),
     "(1, 1)"},
    {BYTES("K\x01q\x05h\x05\x86."), "(1, 1)"},
    {BYTES("K\x01r\xff\xff\xff\xffj\xff\xff\xff\xff\x86."), "(1, 1)"},
    {BYTES("K\x01p7\ng7\n\x86."), "(1, 1)"},
    {BYTES("K\x01\x94K\x02\x94h\x01\x87."), "(1, 2, 2)"},
    {BYTES("]q\x00h\x00"
           "a."),
     "[[[[[[[[[...]]]]]]]]]"},

    /* what would be imported and called */
    {BYTES("cos\nsystem\n."), "<os.system>"},
    {BYTES("\x8c\x02os\x8c\x06system\x93."), "<os.system>"},
    {BYTES("cos\nsystem\nU\x02ls\x85R."), "<os.system>('ls')"},
    {BYTES("cm\nC\n)\x81."), "<m.C>()"},
    {BYTES("cm\nC\n)}U\x01kK\x01s\x92."), "<m.C>()**{'k': 1}"},
    {BYTES("(im\nC\n."), "<m.C>()"},
    {BYTES("(K\x01im\nC\n."), "<m.C>(1)"},
    {BYTES("(cm\nC\nK\x01o."), "<m.C>(1)"},
    {BYTES("cm\nC\n)\x81}U\x01xK\x01sb."), "<m.C>()!{'x': 1}"},
    {BYTES("cm\nC\n)\x81}U\x01xK\x01sb}(U\x01yK\x02U\x01xK\x03ub."),
     "<m.C>()!{'x': 3, 'y': 2}"},
    {BYTES("cm\nC\n)\x81K\x01"
           "bK\x02"
           "b."),
     "<m.C>()!2"},
    {BYTES("cm\nC\n)\x81K\x01"
           "a(K\x02"
           "eK\x03K\x04s."),
     "<m.C>()+[1, 2]+{3: 4}"},
    {BYTES("cm\nC\n)\x81(K\x02\x90."), "<m.C>()+[2]"},
    {BYTES("cm\nf\n)R)R."), "<m.f>()()"},

    /* calls that are values */
    {BYTES("c__builtin__\nset\n](K\x01K\x02"
           "e\x85R."),
     "set(1, 2)"},
    {BYTES("cbuiltins\nfrozenset\n)R."), "set()"},
    {BYTES("c__builtin__\nbytes\n)R."), "b:"},
    {BYTES("c_codecs\nencode\nX\x03\0\0\0A\xc3\xbfX\x06\0\0\0latin1\x86R."),
     "b:41ff"},
    {BYTES("c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R."),
     "<_codecs.encode>('\xe2\x82\xac', 'latin1')"},
    {BYTES("cbuiltins\nbytearray\nC\x01\xff\x85R."), "b:ff"},
    {BYTES("c__builtin__\nbytearray\nU\x01\xff\x85R."), "b:ff"},
    {BYTES("ccollections\nOrderedDict\n]]K\x01"
           "aK\x02"
           "aa\x85R."),
     "<collections.OrderedDict>([[1, 2]])+{1: 2}"},

    /* frames */
    {BYTES("\x80\x04\x95\x04\0\0\0\0\0\0\0K\x01\x85."), "(1)"},
    {BYTES("\x80\x04\x95\x02\0\0\0\0\0\0\0K\x01"
           "\x95\x02\0\0\0\0\0\0\0\x85."),
     "(1)"},
    {BYTES("\x80\x04\x95\x02\0\0\0\0\0\0\0K\x01\x85."), "(1)"},
};

static void
test_readings(void)
{
	size_t i;

	for (i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
	{
		Parsed parsed = parse_bytes(readings[i].bytes, readings[i].size);
		Shown shown = {.n = 0};

		check_subject = readings[i].shown;
		if (CHECK_OK(parsed.status, &parsed.err))
		{
			show_value(&shown, parsed.document.root, 0);
			if (!CHECK_TEXT(shown.text, readings[i].shown))
				printf("    got %s\n", shown.text);
			CHECK(parsed.err.status == MX_OK);
		}
		parsed_end(&parsed);
	}
	check_subject = NULL;
}

typedef struct Refusal
{
	const char *bytes;
	size_t size;
	MxStatus status;
	size_t offset;
	const char *message;
} Refusal;

#define MALFORMED MX_ERR_MALFORMED
#define TRUNCATED MX_ERR_TRUNCATED
#define UNSUPPORTED MX_ERR_UNSUPPORTED

static const Refusal refusals[] = {
    /* not a pickle, or not all of one */
    {"", 0, TRUNCATED, 0, "artifact is empty"},
    {BYTES("Hello"), MALFORMED, 0, "artifact is not a pickle"},
    {BYTES("this is text"), MALFORMED, 0,
     "pickle looks for a mark that was not set"},
    {BYTES("PK\3\4...."), UNSUPPORTED, 0,
     "artifact is a zip archive (skops?), not a pickle"},
    {BYTES("ZF0x31f     "), UNSUPPORTED, 0,
     "artifact was written by joblib older than 0.10"},
    {BYTES("{\"a\": 1}"), UNSUPPORTED, 0, "artifact is JSON, not a pickle"},
    {BYTES("tree\nversion=v4\n"), UNSUPPORTED, 0,
     "artifact is a LightGBM text model, not a pickle"},
    {BYTES("version https://git-lfs.github.com/spec/v1\n"), UNSUPPORTED, 0,
     "artifact is a Git LFS pointer, not a model"},
    {BYTES("N.N."), MALFORMED, 2, "2 bytes follow the end of the pickle"},
    {BYTES("N"), TRUNCATED, 1, "artifact ends inside an item of 1 bytes"},
    {BYTES("NH"), MALFORMED, 1, "unknown pickle opcode 0x48"},
    {BYTES("NN."), MALFORMED, 2, "pickle ends with unused items on its stack"},
    {BYTES("(N."), MALFORMED, 2, "pickle ends with unused items on its stack"},
    {BYTES("."), MALFORMED, 0, "pickle takes from an empty stack"},
    {BYTES("(."), MALFORMED, 1, "pickle takes from an empty stack"},
    {BYTES("K\x01(a"), MALFORMED, 3, "pickle takes from an empty stack"},

    /* protocols and frames */
    {BYTES("\x80\x06N."), UNSUPPORTED, 0, "pickle protocol 6 is not supported"},
    {BYTES("N\x80\x02."), MALFORMED, 1,
     "pickle names its protocol in its middle"},
    {BYTES("\x80\x04\x95\x09\0\0\0\0\0\0\0N."), TRUNCATED, 2,
     "artifact ends inside a pickle frame of 9 bytes"},
    {BYTES("\x80\x04\x95\x0b\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N."), MALFORMED,
     11, "pickle frame begins inside another"},
    {BYTES("\x80\x04\x95\x01\0\0\0\0\0\0\0K\x01."), MALFORMED, 11,
     "pickle frame ends inside an item"},
    {BYTES("\x80\x04\x95\x03\0\0\0\0\0\0\0N.N"), MALFORMED, 12,
     "pickle ends inside a frame"},

    /* things outside of the file */
    {BYTES("Pid\n."), UNSUPPORTED, 0,
     "pickle refers to something outside of it (persistent id)"},
    {BYTES("NQ."), UNSUPPORTED, 1,
     "pickle refers to something outside of it (persistent id)"},
    {BYTES("\x80\x02\x82\x01."), UNSUPPORTED, 2,
     "pickle refers to something outside of it (extension code)"},
    {BYTES("\x80\x02\x83\x01\0."), UNSUPPORTED, 2,
     "pickle refers to something outside of it (extension code)"},
    {BYTES("\x80\x02\x84\x01\0\0\0."), UNSUPPORTED, 2,
     "pickle refers to something outside of it (extension code)"},
    {BYTES("\x80\x05\x97."), UNSUPPORTED, 2,
     "pickle refers to something outside of it (out-of-band buffer)"},

    /* numbers and text */
    {BYTES("I0x10\n."), MALFORMED, 0,
     "integer is not written in decimal digits"},
    {BYTES("I1_000\n."), MALFORMED, 0,
     "integer is not written in decimal digits"},
    {BYTES("I\n."), MALFORMED, 0, "integer is not written in decimal digits"},
    {BYTES("I-\n."), MALFORMED, 0, "integer is not written in decimal digits"},
    {BYTES("L12LL\n."), MALFORMED, 0,
     "integer is not written in decimal digits"},
    {BYTES("F0x1p3\n."), MALFORMED, 0,
     "float is not written in decimal digits"},
    {BYTES("F\n."), MALFORMED, 0, "float is not written in decimal digits"},
    {BYTES("F1.5.2\n."), MALFORMED, 0,
     "float is not written in decimal digits"},
    {BYTES("I1"), TRUNCATED, 1, "artifact ends inside a line of text"},
    {BYTES("\x8b\xff\xff\xff\xff."), MALFORMED, 0, "integer of negative size"},
    {BYTES("\x8b\xff\xff\xff\x7f."), TRUNCATED, 5,
     "artifact ends inside an item of 2147483647 bytes"},
    {BYTES("S'abc\n."), MALFORMED, 0, "string is not quoted"},
    {BYTES("S'\n."), MALFORMED, 0, "string is not quoted"},
    {BYTES("S'\\'\n."), MALFORMED, 0, "string has an unknown escape"},
    {BYTES("S'\\xg1'\n."), MALFORMED, 0, "string has an unknown escape"},
    {BYTES("V\\u12\n."), MALFORMED, 0, "text has a broken escape"},
    {BYTES("V\\Uffffffff\n."), MALFORMED, 0, "text has a broken escape"},
    {BYTES("X\xff\xff\xff\xff"
           "abc"),
     TRUNCATED, 0, "artifact ends inside a string of 4294967295 bytes"},
    {BYTES("\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
           "abc"),
     TRUNCATED, 0,
     "artifact ends inside a string of 18446744073709551615 bytes"},
    {BYTES("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f"
           "abc"),
     TRUNCATED, 0,
     "artifact ends inside a string of 9223372036854775807 bytes"},

    /* containers, memo, calls */
    {BYTES("t."), MALFORMED, 0, "pickle looks for a mark that was not set"},
    {BYTES("K\x01\x86."), MALFORMED, 2, "pickle takes from an empty stack"},
    {BYTES("}K\x01"
           "a."),
     MALFORMED, 3, "pickle appends items to a value of type dict"},
    {BYTES("](K\x01\x90."), MALFORMED, 4,
     "pickle appends items to a value of type list"},
    {BYTES("]K\x01K\x02s."), MALFORMED, 5,
     "pickle sets items of a value of type list"},
    {BYTES("}(K\x01u."), MALFORMED, 4, "pickle sets a key without a value"},
    {BYTES("h\x05."), MALFORMED, 0, "memo number 5 was never given"},
    {BYTES("g-1\n."), MALFORMED, 0, "memo number is not a number"},
    {BYTES("Np4294967296\n."), MALFORMED, 1, "memo number is not a number"},
    {BYTES("Nq\x01"
           "0Nq\x01."),
     MALFORMED, 5, "memo number 1 is given twice"},
    {BYTES("q\x01."), MALFORMED, 0, "pickle takes from an empty stack"},
    {BYTES("c\xff\nC\n."), MALFORMED, 0,
     "name of a class or function is not text"},
    {BYTES("K\x01K\x02\x93."), MALFORMED, 4,
     "name of a class or function is not text"},
    {BYTES("K\x01)R."), MALFORMED, 3, "pickle calls a value of type int"},
    {BYTES("cm\nf\n]R."), MALFORMED, 6,
     "arguments of a call are a list, not a tuple"},
    {BYTES("cm\nf\n)N\x92."), MALFORMED, 7,
     "named arguments of a call are no dict"},
    {BYTES("(o."), MALFORMED, 1, "pickle makes an object of no class"},
    {BYTES("]Nb."), MALFORMED, 2,
     "pickle sets the state of a value of type list"},
};

static void
test_refusals(void)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
	{
		const Refusal *want = &refusals[i];
		Parsed parsed = parse_bytes(want->bytes, want->size);

		check_subject = want->message;
		CHECK(parsed.status == want->status);
		CHECK(parsed.err.status == want->status);
		if (!CHECK(parsed.err.offset == want->offset))
			printf("    at byte %zu\n", parsed.err.offset);
		if (!CHECK_TEXT(parsed.err.message, want->message))
			printf("    got %s\n", parsed.err.message);
		parsed_end(&parsed);
	}
	check_subject = NULL;
}

/* Bytes that a test puts together. */
typedef struct Bytes
{
	uint8_t *data;
	size_t n;
} Bytes;

static void
add(Bytes *bytes, const char *literal, size_t size, size_t times)
{
	bytes->data = realloc(bytes->data, bytes->n + size * times);
	for (; times > 0; times--)
	{
		memcpy(bytes->data + bytes->n, literal, size);
		bytes->n += size;
	}
}

static void
check_limited(Bytes *bytes, const MxLimits *limits, const char *message,
              const char *hint)
{
	Parsed parsed = parse_within(bytes->data, bytes->n, limits, &mx_libc_heap);

	check_subject = message;
	CHECK(parsed.status == MX_ERR_LIMIT);
	if (!CHECK_TEXT(parsed.err.message, message))
		printf("    got %s\n", parsed.err.message);
	CHECK_TEXT(parsed.err.hint, hint);
	check_subject = NULL;
	parsed_end(&parsed);
	free(bytes->data);
}

static void
test_limit_on_depth(void)
{
	Bytes lists = {0};
	Bytes tuples = {0};
	const char *hint =
	    "You might need to increase \"model_ext.max_nesting_depth\".";
	const char *message = "model is nested deeper than 256 levels";

	add(&lists, BYTES("]"), 100000);
	add(&lists, BYTES("a"), 99999);
	add(&lists, BYTES("."), 1);
	check_limited(&lists, &mx_default_limits, message, hint);
	add(&tuples, BYTES("N"), 1);
	add(&tuples, BYTES("\x85"), 300);
	check_limited(&tuples, &mx_default_limits, message, hint);
}

static void
test_limit_on_items(void)
{
	MxLimits limits = mx_default_limits;
	Bytes bytes = {0};

	limits.max_nodes = 1000;
	add(&bytes, BYTES("N0"), 1001);
	check_limited(&bytes, &limits, "model has more than 1000 items",
	              "You might need to increase \"model_ext.max_nodes\".");
}

/* Marks and doubled references cost a byte each, and memory much more. */
static void
test_limit_on_memory(void)
{
	MxLimits limits = mx_default_limits;
	Bytes marks = {0};
	Bytes copies = {0};
	const char *message = "model needs more than 1 MB of memory";
	const char *hint =
	    "You might need to increase \"model_ext.max_model_memory\".";

	limits.max_memory = 1 << 20;
	add(&marks, BYTES("("), 200000);
	check_limited(&marks, &limits, message, hint);
	add(&copies, BYTES("N"), 1);
	add(&copies, BYTES("2"), 200000);
	check_limited(&copies, &limits, message, hint);
}

/*
 * Numbers whose runs all begin at the first slot: the inverse of the hash's
 * factor, times hashes whose lower half is undone by their upper half.
 */
static void
test_memo_numbers_that_collide(void)
{
	Bytes bytes = {0};
	uint32_t upper;

	add(&bytes, BYTES("N"), 1);
	for (upper = 2; upper < 0x8000; upper += 2)
	{
		uint32_t run = (upper << 15 | upper) * 0xe8b2f51u;
		uint32_t number = run << 4;
		char put[5] = {'r', (char) number, (char) (number >> 8),
		               (char) (number >> 16), (char) (number >> 24)};

		if (run >> 28 == 0)
			add(&bytes, put, 5, 1);
	}
	check_limited(&bytes, &mx_default_limits,
	              "memo numbers were chosen to collide", "");
}

static bool
cancel_now(void *ctx)
{
	(*(int *) ctx)++;
	return true;
}

static void
test_cancel(void)
{
	MxLimits limits = mx_default_limits;
	int asked = 0;
	Parsed parsed;

	limits.canceled = cancel_now;
	limits.ctx = &asked;
	parsed = parse_within("N.", 2, &limits, &mx_libc_heap);
	CHECK(parsed.status == MX_ERR_CANCELED && asked == 1);
	parsed_end(&parsed);
}

/* A wide dict: keys set twice are found once all is read. */
static void
test_wide_dict(void)
{
	Bytes bytes = {0};
	Parsed parsed;
	const MxEntries *entries;
	int i;

	add(&bytes, BYTES("}("), 1);
	for (i = 0; i < 200; i++)
	{
		char entry[3] = {'K', (char) (i % 100), 'N'};
		char last[4] = {'K', (char) (i % 100), 'K', (char) i};

		add(&bytes, i < 100 ? entry : last, i < 100 ? 3 : 4, 1);
	}
	add(&bytes, BYTES("u."), 1);
	parsed = parse_bytes(bytes.data, bytes.n);
	if (CHECK_OK(parsed.status, &parsed.err))
	{
		entries = &parsed.document.root->as.entries;
		CHECK(entries->n == 100);
		CHECK(entries->keys[7]->as.integer == 7);
		CHECK(entries->values[7]->as.integer == 107);
	}
	parsed_end(&parsed);
	free(bytes.data);
}

static void
test_global_is(void)
{
	MxGlobal global = {MX_TEXT_LITERAL("sklearn.tree._classes"),
	                   MX_TEXT_LITERAL("ExtraTreeClassifier")};
	const char *name = "ExtraTreeClassifier";

	CHECK(mx_global_is(&global, "sklearn", name));
	CHECK(mx_global_is(&global, "sklearn.", name));
	CHECK(mx_global_is(&global, "sklearn.tree", name));
	CHECK(mx_global_is(&global, "sklearn.tree._classes", name));
	CHECK(mx_global_is(&global, "", name));
	CHECK(!mx_global_is(&global, "sklearn.tr", name));
	CHECK(!mx_global_is(&global, "sklearn", "TreeClassifier"));
	CHECK(!mx_global_is(NULL, "sklearn", name));
}

int
main(void)
{
	test_global_is();
	test_readings();
	test_refusals();
	test_limit_on_depth();
	test_limit_on_items();
	test_limit_on_memory();
	test_memo_numbers_that_collide();
	test_cancel();
	test_wide_dict();
	return check_report();
}
