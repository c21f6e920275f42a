/* test_reader_hostile.c */
/*
 * Readers on documents with something wrong in them, wherever it may be: one
 * error or a model that scores, never a crash.  And memory that runs out.
 */
#include "engine_kit.h"
#include "failing_heap.h"
#include "reader_kit.h"

#include <math.h>

#define MOST_SLOTS 4096
#define MOST_SEEN 8192

static const char *const documents[] = {
    "ridge/1.9/model.p2.pkl",
    "logistic_multi/1.4/model.joblib",
    "sgd_modified_huber_3/1.9/model.joblib",
    "linear_svc_2/0.18-py2/model.joblib",
    "multinomial_nb/1.9/model.joblib",
    "gaussian_nb/0.22/model.joblib",
    "kmeans/1.9/model.joblib",
    "pca_whiten/1.9/model.joblib",
    "select_kbest_ties/1.9/model.joblib",
    "minmax_scaler_clip/1.9/model.joblib",
    "function_log1p/0.20-py2/model.joblib",
    "feature_union_weights/1.9/model.joblib",
    "grid_search/1.9/model.joblib",
    "pipeline_mixed_logistic/0.20-py2/model.joblib",
    "pipeline_weights/1.9/model.joblib",
    "pipeline_slices/1.9/model.joblib",
    "simple_imputer_indicator/1.9/model.joblib",
    "onehot_infrequent_drop/1.9/model.joblib",
    "onehot_legacy_some/0.20/model.joblib",
    "ordinal_infrequent/1.9/model.joblib",
    "count_vectorizer_bigrams/1.9/model.joblib",
    "tfidf_logistic/1.4/model.joblib",
    "decision_tree_multi_output_text/1.9/model.joblib",
    "random_forest_seven/1.9/model.joblib",
    "gradient_boosting_text/1.9/model.joblib",
    "hist_strings/1.9/model.joblib",
    "hist_categories/1.2/model.joblib",
};

#define N_DOCUMENTS (sizeof(documents) / sizeof(documents[0]))

/* ---- what is put in ---------------------------------------------------- */

static const MxDtype float64 = {.kind = MX_DTYPE_FLOAT, .itemsize = 8};
static const MxDtype unicode = {.kind = MX_DTYPE_UNICODE, .itemsize = 8};
static const MxDtype object = {
    .kind = MX_DTYPE_OBJECT, .itemsize = 8, .has_objects = true};
static const MxField field = {MX_TEXT_LITERAL("value"), &float64, 0};
static const MxDtype record = {
    .kind = MX_DTYPE_STRUCTURE, .itemsize = 8, .n_fields = 1, .fields = &field};

static const double numbers[6] = {1.5, -2, 1e300, 0, 7, 3};
static const double odd_numbers[6] = {(double) NAN, (double) INFINITY, 1, 2};

static const MxValue none = {.kind = MX_VALUE_NONE};
static const MxValue truth = {.kind = MX_VALUE_BOOL, .as.boolean = true};
static const MxValue minus = {.kind = MX_VALUE_INTEGER, .as.integer = -1};
static const MxValue three = {.kind = MX_VALUE_INTEGER, .as.integer = 3};
static const MxValue huge = {.kind = MX_VALUE_INTEGER, .as.integer = INT64_MAX};
static const MxValue half = {.kind = MX_VALUE_FLOAT, .as.number = 0.5};
static const MxValue nan_value = {.kind = MX_VALUE_FLOAT,
                                  .as.number = (double) NAN};
static const MxValue infinite = {.kind = MX_VALUE_FLOAT,
                                 .as.number = (double) -INFINITY};
static const MxValue text = {.kind = MX_VALUE_TEXT, .as.text = {"x\"\n", 3}};
static const MxValue drop = {.kind = MX_VALUE_TEXT, .as.text = {"drop", 4}};
static const MxValue opaque = {.kind = MX_VALUE_OPAQUE, .as.opaque = "why"};
static const MxValue bare = {.kind = MX_VALUE_OBJECT};
static const MxValue name = {.kind = MX_VALUE_GLOBAL,
                             .as.global = {{"posix", 5}, {"system", 6}}};
static const MxValue empty = {.kind = MX_VALUE_LIST};
static const MxValue *const mixed_items[] = {&text, &three, &none};
static const MxValue mixed = {.kind = MX_VALUE_TUPLE,
                              .as.items = {3, mixed_items}};
extern const MxValue cyclic;
static const MxValue *const cyclic_items[] = {&cyclic, &cyclic};
const MxValue cyclic = {.kind = MX_VALUE_LIST, .as.items = {2, cyclic_items}};
static const MxValue *const keys[] = {&text, &drop};
static const MxValue dict = {.kind = MX_VALUE_DICT,
                             .as.entries = {2, keys, mixed_items}};

#define ARRAY(dtype_, rank_, n_, ...) \
	{ \
		.dtype = &dtype_, .rank = rank_, .n = n_, __VA_ARGS__ \
	}

static const MxArray arrays[] = {
    ARRAY(float64, 0, 1, .data = (const uint8_t *) numbers),
    ARRAY(float64, 1, 0, .shape = {0}, .strides = {1},
          .data = (const uint8_t *) numbers),
    ARRAY(float64, 1, 1, .shape = {1}, .strides = {1},
          .data = (const uint8_t *) numbers),
    ARRAY(float64, 2, 6, .shape = {2, 3}, .strides = {3, 1},
          .data = (const uint8_t *) numbers),
    ARRAY(float64, 1, 4, .shape = {4}, .strides = {1},
          .data = (const uint8_t *) odd_numbers),
    ARRAY(float64, 3, 6, .shape = {1, 2, 3}, .strides = {6, 3, 1},
          .data = (const uint8_t *) numbers),
    ARRAY(unicode, 1, 2, .shape = {2}, .strides = {1},
          .data = (const uint8_t *) "a\0\0\0\0\0\0\0b\0\0\0c\0\0\0"),
    ARRAY(object, 1, 3, .shape = {3}, .strides = {1}, .items = mixed_items),
    ARRAY(object, 2, 2, .shape = {1, 2}, .strides = {2, 1},
          .items = cyclic_items),
    ARRAY(record, 1, 4, .shape = {4}, .strides = {1},
          .data = (const uint8_t *) numbers),
};

#define N_ARRAYS (sizeof(arrays) / sizeof(arrays[0]))

static const MxValue *const plain[] = {
    NULL,   &none,      &truth,    &minus, &three,  &huge,    &half,
    &text,  &nan_value, &infinite, &drop,  &opaque, &bare,    &name,
    &empty, &mixed,     &cyclic,   &dict,  &cyclic, &infinite};

#define N_PLAIN (sizeof(plain) / sizeof(plain[0]))
#define N_WRONG (N_PLAIN + N_ARRAYS)

static const MxValue *
wrong_value(size_t i)
{
	static MxValue made[N_ARRAYS];

	if (i < N_PLAIN)
		return plain[i];
	made[i - N_PLAIN] =
	    (MxValue){.kind = MX_VALUE_ARRAY, .as.array = &arrays[i - N_PLAIN]};
	return &made[i - N_PLAIN];
}

/* ---- where it is put in ------------------------------------------------ */

typedef struct Places
{
	Slot *slots[MOST_SLOTS];
	bool takes_null[MOST_SLOTS]; /* a list has no absent items */
	size_t n;
	const MxValue *seen[MOST_SEEN];
	size_t n_seen;
} Places;

static void find_places(Places *places, const MxValue *value);

static void
add_slot(Places *places, const MxValue *const *slot, bool takes_null)
{
	if (places->n == MOST_SLOTS)
		return;
	places->slots[places->n] = (Slot *) slot;
	places->takes_null[places->n++] = takes_null;
	find_places(places, *slot);
}

static bool
see(Places *places, const MxValue *value)
{
	size_t i;

	for (i = 0; i < places->n_seen; i++)
		if (places->seen[i] == value)
			return false;
	if (places->n_seen == MOST_SEEN)
		return false;
	places->seen[places->n_seen++] = value;
	return true;
}

static void
add_items(Places *places, const MxValue *const *items, size_t n)
{
	size_t i;

	/* The first of many tell as much as all. */
	for (i = 0; i < n && i < 6; i++)
		add_slot(places, &items[i], false);
}

static void
find_in_object(Places *places, const MxObject *value)
{
	if (value->state != NULL)
		add_slot(places, &value->state, true);
	if (value->args != NULL)
		add_slot(places, &value->args, true);
	add_items(places, value->items.items, value->items.n);
}

static void
find_places(Places *places, const MxValue *value)
{
	size_t i;

	if (value == NULL || value->depth == 0 || !see(places, value))
		return;
	if (value->kind == MX_VALUE_OBJECT)
		find_in_object(places, &value->as.object);
	else if (value->kind == MX_VALUE_ARRAY && value->as.array->items != NULL)
		add_items(places, value->as.array->items, value->as.array->n);
	else if (value->kind == MX_VALUE_DICT)
		for (i = 0; i < value->as.entries.n && i < 80; i++)
			add_slot(places, &value->as.entries.values[i], false);
	else if (value->kind == MX_VALUE_LIST || value->kind == MX_VALUE_TUPLE ||
	         value->kind == MX_VALUE_SET)
		add_items(places, value->as.items.items, value->as.items.n);
}

/* ---- JSON -------------------------------------------------------------- */

typedef struct Scan
{
	const char *at;
	const char *end;
} Scan;

static bool
accept(Scan *s, const char *word)
{
	size_t size = strlen(word);

	if ((size_t) (s->end - s->at) < size || memcmp(s->at, word, size) != 0)
		return false;
	s->at += size;
	return true;
}

static bool
scan_text(Scan *s)
{
	if (!accept(s, "\""))
		return false;
	for (; s->at < s->end && *s->at != '"'; s->at++)
	{
		if ((unsigned char) *s->at < 0x20)
			return false;
		s->at += *s->at == '\\';
	}
	return accept(s, "\"");
}

static bool
scan_number(Scan *s)
{
	const char *start = s->at;

	accept(s, "-");
	while (s->at < s->end && strchr("0123456789.e+-", *s->at) != NULL)
		s->at++;
	return s->at > start;
}

static bool
scan_json(Scan *s)
{
	bool is_object = accept(s, "{");

	if (!is_object && !accept(s, "["))
		return accept(s, "null") || accept(s, "true") || accept(s, "false") ||
		       scan_text(s) || scan_number(s);
	if (accept(s, is_object ? "}" : "]"))
		return true;
	do
	{
		if (is_object && (!scan_text(s) || !accept(s, ": ")))
			return false;
		if (!scan_json(s))
			return false;
	} while (accept(s, ", "));
	return accept(s, is_object ? "}" : "]");
}

static bool
is_json(MxText text)
{
	Scan s = {text.data, text.data + text.size};

	return scan_json(&s) && s.at == s.end &&
	       mx_text_is_utf8(text.data, text.size);
}

/* ---- what comes of it -------------------------------------------------- */

/* One row of zeros and empty texts, for whatever it answers. */
static void
score_one(const MxPlan *plan, MxArena *arena)
{
	MxWanted wanted[MX_ANSWER_KINDS];
	MxBlock outs[MX_ANSWER_KINDS];
	MxColumn *columns;
	MxScorer *scorer;
	MxText blank = MX_TEXT_LITERAL("");
	MxError err = {0};
	uint8_t status = 0;
	double zero = 0;
	size_t n = 0;
	size_t i;
	int kind;

	for (kind = 0; kind < MX_ANSWER_KINDS; kind++)
		if (mx_plan_offers(plan, (MxAnswerKind) kind))
			wanted[n++].kind = (MxAnswerKind) kind;
	columns = mx_arena_array(arena, MxColumn, mx_plan_n_inputs(plan), &err);
	if (n == 0 || columns == NULL)
		return;
	for (i = 0; i < mx_plan_n_inputs(plan); i++)
		columns[i] = (MxColumn){mx_plan_input(plan, i).kind, &zero, &blank};
	if (CHECK_OK(mx_scorer_create(plan, wanted, n, 1, arena, &scorer, &err),
	             &err))
		CHECK_OK(mx_scorer_run(scorer, columns, 1, outs, &status, &err), &err);
}

/* A model that reads is a model that compiles and scores. */
static void
use_model(const MxModel *model, MxArena *arena)
{
	const MxPlan *plan;
	MxError err = {0};
	KitImage image;

	if (CHECK_OK(kit_compile(model, &mx_libc_heap, &image, &err), &err) &&
	    CHECK_OK(mx_plan_attach(image.bytes, image.size, arena, &plan, &err),
	             &err))
		score_one(plan, arena);
	free(image.bytes);
}

static void
try_wrong(const MxValue *root)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 28);
	const MxModel *model;
	MxError err = {0};

	if (read_value(root, &mx_default_limits, arena, &model, &err) == MX_OK)
	{
		CHECK(err.message[0] == '\0');
		CHECK(is_json(model->info.description));
		use_model(model, arena);
	}
	else
		CHECK(err.message[0] != '\0' && err.status != MX_ERR_INTERNAL &&
		      mx_text_is_utf8(err.message, strlen(err.message)));
	mx_arena_destroy(arena);
}

static void
test_document(const char *path)
{
	static Places places;
	size_t i;
	size_t k;
	Doc doc;

	check_subject = path;
	if (!doc_begin(&doc, path))
		return;
	memset(&places, 0, sizeof(places));
	add_slot(&places, &doc.document.root, false);
	CHECK(places.n > 5);
	for (i = 0; i < places.n; i++)
		for (k = 0; k < N_WRONG; k++)
		{
			Slot before = *places.slots[i];

			if (wrong_value(k) == NULL && !places.takes_null[i])
				continue;
			*places.slots[i] = wrong_value(k);
			if (doc.document.root != NULL)
				try_wrong(doc.document.root);
			*places.slots[i] = before;
		}
	doc_end(&doc);
	check_subject = NULL;
}

/* ---- cut files and memory that runs out -------------------------------- */

static MxStatus
read_bytes(const void *data, size_t size, const MxHeap *heap, MxError *err)
{
	MxArena *arena = mx_arena_create(heap, (size_t) 1 << 28);
	MxMemorySource memory;
	MxSource source = mx_memory_source(&memory, data, size);
	const MxModel *model;
	MxStatus status;

	*err = (MxError){0};
	if (arena == NULL)
		return mx_fail(err, MX_ERR_NO_MEMORY, MX_NO_OFFSET, "out of memory");
	status = mx_model_read(&source, &mx_default_limits, heap, arena, &model,
	                       NULL, err);
	mx_arena_destroy(arena);
	return status;
}

static void
test_cut(const char *data, size_t size)
{
	MxError err;
	size_t n;

	for (n = 0; n < size; n++)
	{
		CHECK(read_bytes(data, n, &mx_libc_heap, &err) != MX_OK);
		CHECK(err.message[0] != '\0');
	}
	CHECK(read_bytes(data, size, &mx_libc_heap, &err) == MX_OK);
}

static void
test_memory(const char *data, size_t size)
{
	FailingHeap failing;
	MxStatus status;
	MxError err;
	size_t n;

	for (n = 1;; n++)
	{
		failing_heap_begin(&failing, n);
		status = read_bytes(data, size, &failing.heap, &err);
		CHECK(failing.n_live == 0);
		if (!failing_heap_failed(&failing))
			break;
		CHECK(status == MX_ERR_NO_MEMORY);
	}
	CHECK(status == MX_OK && n > 3);
}

static void
test_file(const char *name_)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 24);
	char path[256];
	size_t size = 0;
	char *data;

	check_subject = name_;
	snprintf(path, sizeof(path), "tests/golden/%s", name_);
	data = golden_read_file(path, arena, &size);
	if (CHECK(data != NULL))
	{
		test_cut(data, size);
		test_memory(data, size);
	}
	mx_arena_destroy(arena);
	check_subject = NULL;
}

int
main(void)
{
	size_t i;

	for (i = 0; i < N_DOCUMENTS; i++)
		test_document(documents[i]);
	test_file("ridge/1.9/model.p2.pkl");
	test_file("ridge/1.9/model.zlib");
	test_file("onehot_infrequent_drop/1.9/model.joblib");
	test_file("feature_union_weights/1.9/model.joblib");
	return check_report();
}
