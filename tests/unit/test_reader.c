/* test_reader.c */
/* Readers and getters: what they say when an artifact is not as expected. */
#include "reader_kit.h"

#include <math.h>

static const MxDtype float64 = {.kind = MX_DTYPE_FLOAT, .itemsize = 8};
static const double numbers[24];
static const MxArray cube = {.dtype = &float64,
                             .rank = 3,
                             .shape = {2, 3, 4},
                             .strides = {12, 4, 1},
                             .n = 24,
                             .data = (const uint8_t *) numbers};
static const MxValue cube_value = {.kind = MX_VALUE_ARRAY, .as.array = &cube};

/* Reads with attr of object replaced, and puts it back. */
static MxStatus
try_with(const MxValue *root, const MxValue *object, const char *attr,
         const MxValue *value, MxError *err)
{
	Slot *slot = slot_of(object, attr);
	MxStatus status;
	Slot before;

	*err = (MxError){0};
	if (!CHECK(slot != NULL))
		return MX_ERR_INTERNAL;
	before = *slot;
	*slot = value;
	status = try_value(root, &mx_default_limits, err);
	*slot = before;
	return status;
}

static void
test_getters(void)
{
	MxValue text = text_value("much");
	MxValue infinite = {.kind = MX_VALUE_FLOAT, .as.number = INFINITY};
	const MxValue *root;
	MxError err;
	Doc doc;

	if (!doc_begin(&doc, "ridge/1.9/model.p2.pkl"))
		return;
	root = doc.document.root;
	CHECK(try_value(root, &mx_default_limits, &err) == MX_OK);
	CHECK(try_with(root, root, "coef_", &cube_value, &err) == MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"coef_\" of Ridge has 3 dimensions, "
	                        "expected 2");
	CHECK_TEXT(err.detail, "");
	CHECK(try_with(root, root, "coef_", NULL, &err) == MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"coef_\" of Ridge is missing");
	CHECK(strstr(err.hint, "fitted") != NULL);
	CHECK(try_with(root, root, "intercept_", &text, &err) == MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"intercept_\" of Ridge is \"much\", "
	                        "expected numbers");
	CHECK(try_with(root, root, "intercept_", &infinite, &err) ==
	      MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"intercept_\" of Ridge is inf, "
	                        "expected a finite number");
	CHECK(try_with(root, root, "n_features_in_", &infinite, &err) ==
	      MX_ERR_MALFORMED);
	doc_end(&doc);
}

static void
test_path(void)
{
	MxValue five = {.kind = MX_VALUE_INTEGER, .as.integer = 5};
	const MxValue *last;
	MxItems steps;
	MxItems step;
	MxError err;
	Doc doc;

	if (!doc_begin(&doc, "pipeline_scaler_logistic/1.9/model.joblib"))
		return;
	mx_value_to_items(mx_value_attribute(doc.document.root, "steps"), &steps);
	mx_value_to_items(steps.items[1], &step);
	last = step.items[1];
	CHECK(try_with(doc.document.root, last, "coef_", &cube_value, &err) ==
	      MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"coef_\" of LogisticRegression has 3 "
	                        "dimensions, expected 2");
	CHECK_TEXT(err.detail, "It is at Pipeline.steps[1].");
	CHECK(try_with(doc.document.root, last, "n_features_in_", &five, &err) ==
	      MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "LogisticRegression was fitted on 5 features, but "
	                        "has parameters for 4");
	/* The last step does not transform: it must be the last. */
	*slot_at(steps.items[0], 1) = last;
	CHECK(try_value(doc.document.root, &mx_default_limits, &err) ==
	      MX_ERR_MALFORMED);
	CHECK_TEXT(err.message, "attribute \"steps[0]\" of Pipeline transforms "
	                        "nothing, but is not the last");
	doc_end(&doc);
}

static void
test_versions(void)
{
	MxLimits limits = mx_default_limits;
	MxValue newer = text_value("1.10.dev0");
	MxValue none = {.kind = MX_VALUE_NONE};
	MxValue odd = text_value("the best");
	const MxValue *root;
	MxError err;
	Doc doc;

	if (!doc_begin(&doc, "ridge/1.9/model.p2.pkl"))
		return;
	root = doc.document.root;
	CHECK(try_with(root, root, "_sklearn_version", &newer, &err) ==
	      MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.message, "artifact was written by scikit-learn 1.10, newer "
	                        "than 1.9");
	CHECK(strstr(err.hint, "model_ext.allow_untested_versions") != NULL);
	CHECK(try_with(root, root, "_sklearn_version", &odd, &err) ==
	      MX_ERR_MALFORMED);
	CHECK(try_with(root, root, "_sklearn_version", &none, &err) == MX_OK);
	limits.allow_untested = true;
	*slot_of(root, "_sklearn_version") = &newer;
	CHECK(try_value(root, &limits, &err) == MX_OK);
	doc_end(&doc);
}

static void
test_roots(void)
{
	MxValue name = {
	    .kind = MX_VALUE_GLOBAL,
	    .as.global = {MX_TEXT_LITERAL("posix"), MX_TEXT_LITERAL("system")}};
	MxValue model = text_value("model");
	MxValue scores = text_value("scores");
	const MxValue *keys[] = {&scores, &model};
	const MxValue *values[2] = {&scores, NULL};
	MxValue dict = {.kind = MX_VALUE_DICT, .as.entries = {2, keys, values}};
	MxValue list = items_value(MX_VALUE_TUPLE, values, 2);
	MxError err;
	Doc doc;

	if (!doc_begin(&doc, "ridge/1.9/model.p2.pkl"))
		return;
	values[1] = doc.document.root;
	CHECK(try_value(&dict, &mx_default_limits, &err) == MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.message, "artifact holds a value of type dict, not an "
	                        "estimator");
	CHECK_TEXT(err.detail, "Estimators are at \"model\": save one of them "
	                       "alone.");
	CHECK(try_value(&list, &mx_default_limits, &err) == MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.detail, "Estimators are at [1]: save one of them alone.");
	CHECK(try_value(&scores, &mx_default_limits, &err) == MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.detail, "");
	CHECK(try_value(&name, &mx_default_limits, &err) == MX_ERR_UNSUPPORTED);
	CHECK_TEXT(err.message, "class \"posix.system\" is not supported");
	CHECK_TEXT(err.detail, "Nothing in an artifact is executed.");
	/* The class alone, not an object of it. */
	CHECK(try_value(doc.document.root->as.object.callable, &mx_default_limits,
	                &err) != MX_OK);
	doc_end(&doc);
}

/* ---- nesting ----------------------------------------------------------- */

/* Pipelines made by hand, in memory that outlives the reading. */
typedef struct Nested
{
	MxValue pipeline, callable, state, steps, step[2];
	const MxValue *steps_items[2], *step_items[2][2];
	const MxValue *keys[1], *values[1];
} Nested;

static const MxValue steps_key = {.kind = MX_VALUE_TEXT,
                                  .as.text = {"steps", 5}};

/* A pipeline of child twice. */
static void
nest(Nested *n, const MxValue *child)
{
	size_t i;

	n->callable = (MxValue){.kind = MX_VALUE_GLOBAL,
	                        .as.global = {MX_TEXT_LITERAL("sklearn.pipeline"),
	                                      MX_TEXT_LITERAL("Pipeline")}};
	for (i = 0; i < 2; i++)
	{
		n->step_items[i][0] = &steps_key;
		n->step_items[i][1] = child;
		n->step[i] = items_value(MX_VALUE_TUPLE, n->step_items[i], 2);
		n->steps_items[i] = &n->step[i];
	}
	n->steps = items_value(MX_VALUE_LIST, n->steps_items, 2);
	n->keys[0] = &steps_key;
	n->values[0] = &n->steps;
	n->state =
	    (MxValue){.kind = MX_VALUE_DICT, .as.entries = {1, n->keys, n->values}};
	n->pipeline =
	    (MxValue){.kind = MX_VALUE_OBJECT,
	              .as.object = {.callable = &n->callable, .state = &n->state}};
}

static void
test_nesting(void)
{
	static Nested levels[40];
	MxValue passthrough = text_value("passthrough");
	MxError err;
	size_t i;

	nest(&levels[0], &levels[0].pipeline);
	CHECK(try_value(&levels[0].pipeline, &mx_default_limits, &err) ==
	      MX_ERR_LIMIT);
	CHECK_TEXT(err.message, "estimators are nested more than 64 deep");
	/* 2^40 estimators in 40 objects. */
	nest(&levels[0], &passthrough);
	for (i = 1; i < 40; i++)
		nest(&levels[i], &levels[i - 1].pipeline);
	CHECK(try_value(&levels[39].pipeline, &mx_default_limits, &err) ==
	      MX_ERR_LIMIT);
	CHECK_TEXT(err.message, "artifact repeats its parts too often");
}

/* ---- texts of numbers -------------------------------------------------- */

static void
test_repr(void)
{
	static const struct
	{
		double number;
		bool is_single;
		const char *text;
	} cases[] = {
	    {0.0, false, "0.0"},
	    {-0.0, false, "-0.0"},
	    {1.0, false, "1.0"},
	    {-2.5, false, "-2.5"},
	    {0.1, false, "0.1"},
	    {0.1f, true, "0.1"},
	    {0.1f, false, "0.10000000149011612"},
	    {1e15, false, "1000000000000000.0"},
	    {1e16, false, "1e+16"},
	    {123456789012345680.0, false, "1.2345678901234568e+17"},
	    {0.0001, false, "0.0001"},
	    {0.00012345, false, "0.00012345"},
	    {1e-5, false, "1e-05"},
	    {5e-324, false, "5e-324"},
	    {1.7976931348623157e308, false, "1.7976931348623157e+308"},
	    {9007199254740993.0, false, "9007199254740992.0"},
	    {100.0, false, "100.0"},
	    {12345.678, false, "12345.678"},
	    {INFINITY, false, "inf"},
	    {-INFINITY, false, "-inf"},
	    {NAN, false, "nan"},
	};
	char buffer[MX_REPR_SIZE];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(mx_repr_number(cases[i].number, cases[i].is_single, buffer),
		           cases[i].text);
}

static MxStatus
try_classes(const MxValue *const *items, size_t n, MxArena *arena,
            MxClasses *out, MxError *err)
{
	MxValue list = items_value(MX_VALUE_LIST, items, n);
	MxReadContext ctx = {.scratch = arena, .limits = &mx_default_limits};

	*err = (MxError){0};
	MX_TRY(mx_builder_create(arena, &ctx.builder, err));
	return mx_value_classes(&ctx, &list, "classes_", out, err);
}

static void
test_classes(void)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 20);
	MxValue truth = {.kind = MX_VALUE_BOOL, .as.boolean = true};
	MxValue lie = {.kind = MX_VALUE_BOOL, .as.boolean = false};
	MxValue seven = {.kind = MX_VALUE_INTEGER, .as.integer = -7};
	MxValue huge = {.kind = MX_VALUE_INTEGER, .as.integer = INT64_MAX};
	MxValue half = {.kind = MX_VALUE_FLOAT, .as.number = 0.5};
	MxValue nan = {.kind = MX_VALUE_FLOAT, .as.number = NAN};
	MxValue text = text_value("t\xc3\xbcr");
	MxClasses classes;
	MxError err;

	CHECK(try_classes((const MxValue *[]){&lie, &truth}, 2, arena, &classes,
	                  &err) == MX_OK);
	CHECK(classes.n == 2 && classes.numbers[1] == 1 && classes.texts == NULL);
	CHECK(mx_text_is(classes.labels[0], "False") &&
	      mx_text_is(classes.labels[1], "True"));
	CHECK(try_classes((const MxValue *[]){&seven}, 1, arena, &classes, &err) ==
	      MX_OK);
	CHECK(mx_text_is(classes.labels[0], "-7"));
	CHECK(try_classes((const MxValue *[]){&half}, 1, arena, &classes, &err) ==
	      MX_OK);
	CHECK(mx_text_is(classes.labels[0], "0.5"));
	CHECK(try_classes((const MxValue *[]){&text}, 1, arena, &classes, &err) ==
	      MX_OK);
	CHECK(classes.numbers == NULL &&
	      mx_text_is(classes.texts[0], "t\xc3\xbcr"));
	CHECK(try_classes(NULL, 0, arena, &classes, &err) == MX_ERR_MALFORMED);
	CHECK(try_classes((const MxValue *[]){&nan}, 1, arena, &classes, &err) ==
	      MX_ERR_MALFORMED);
	CHECK(try_classes((const MxValue *[]){&huge}, 1, arena, &classes, &err) ==
	      MX_ERR_UNSUPPORTED);
	CHECK(try_classes((const MxValue *[]){&half, &text}, 2, arena, &classes,
	                  &err) == MX_ERR_UNSUPPORTED);
	mx_arena_destroy(arena);
}

/* ---- the table --------------------------------------------------------- */

static void
test_table(void)
{
	MxGlobal ridge = {MX_TEXT_LITERAL("sklearn.linear_model.ridge"),
	                  MX_TEXT_LITERAL("Ridge")};
	MxGlobal own = {MX_TEXT_LITERAL("sklearnish"), MX_TEXT_LITERAL("Ridge")};
	size_t n;

	CHECK(mx_class_readers(&n) != NULL && n > 10);
	CHECK(mx_find_class_reader(&ridge) != NULL);
	CHECK(mx_find_class_reader(&own) == NULL);
}

int
main(void)
{
	test_getters();
	test_path();
	test_versions();
	test_roots();
	test_nesting();
	test_repr();
	test_classes();
	test_table();
	return check_report();
}
