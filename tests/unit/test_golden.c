/* test_golden.c */
/*
 * Every case of tests/golden: the answers of scikit-learn, from every file of
 * a case, whatever the size of the blocks.  Arguments choose cases:
 * "ridge", "ridge/1.9".
 */
#include "check.h"
#include "golden_table.h"

#include "engine/plan.h"
#include "reader/reader.h"

#include <stdlib.h>
#include <string.h>

#define ROOT "tests/golden"
#define ARENA_BYTES ((size_t) 1 << 30)

/* One column of expected.tsv. */
typedef struct Target
{
	MxAnswerKind kind;
	size_t output; /* of a label */
	size_t column; /* of the answer */
	bool is_error;
	bool is_text;
} Target;

typedef struct Case
{
	MxArena *arena;
	GoldenTable rows;
	GoldenTable expected;
} Case;

/* What a model said: an array per kind, (n_rows, width). */
typedef struct Answers
{
	size_t width[MX_ANSWER_KINDS];
	double *numbers[MX_ANSWER_KINDS];
	MxText *texts[MX_ANSWER_KINDS];
	uint8_t *status;
} Answers;

typedef struct Model
{
	MxArena *arena;
	const MxPlan *plan;
	Target *targets;
	MxWanted wanted[MX_ANSWER_KINDS];
	size_t n_wanted;
	MxColumn *columns; /* all rows, one per input of the plan */
} Model;

static const char *const kind_names[MX_ANSWER_KINDS] = {
    "predict", "label", "proba", "log_proba", "decision", "transform", "score"};

/* ---- from file to plan ------------------------------------------------- */

typedef struct Image
{
	uint8_t *data;
	size_t used;
} Image;

static MxStatus
append(void *ctx, const void *data, size_t size, MxError *err)
{
	Image *image = ctx;

	(void) err;
	memcpy(image->data + image->used, data, size);
	image->used += size;
	return MX_OK;
}

static MxStatus
read_model(const char *path, MxArena *arena, const MxModel **out, MxError *err)
{
	MxMemorySource memory;
	MxSource source;
	size_t size = 0;
	char *data = golden_read_file(path, arena, &size);

	if (data == NULL)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET, "no file %s", path);
	source = mx_memory_source(&memory, data, size);
	return mx_model_read(&source, &mx_default_limits, &mx_libc_heap, arena, out,
	                     NULL, err);
}

static MxStatus
load_plan(const char *path, MxArena *arena, const MxPlan **out, MxError *err)
{
	const MxModel *model;
	MxImageWriter *writer;
	Image image = {0};

	MX_TRY(read_model(path, arena, &model, err));
	MX_TRY(mx_image_create(arena, &writer, err));
	MX_TRY(mx_plan_compile(model, &mx_libc_heap, writer, err));
	image.data =
	    mx_arena_array(arena, uint8_t, mx_image_size(writer) + 64, err);
	MX_NEED(image.data, err);
	MX_TRY(mx_image_finish(writer, append, &image, err));
	return mx_plan_attach(image.data, image.used, arena, out, err);
}

/* ---- what is expected -------------------------------------------------- */

/* "proba.1.2" to its kind and numbers. */
static bool
parse_target(const MxPlan *plan, MxText name, Target *out)
{
	size_t indexes[2] = {0, 0};
	size_t n_indexes = 0;
	char text[64];
	char *at;
	int kind;

	snprintf(text, sizeof(text), "%.*s", (int) name.size, name.data);
	memset(out, 0, sizeof(*out));
	out->is_error = strcmp(text, "error") == 0;
	if (out->is_error)
		return true;
	if ((at = strchr(text, ':')) != NULL)
	{
		out->is_text = true;
		*at = '\0';
	}
	for (at = strchr(text, '.'); at != NULL && n_indexes < 2; n_indexes++)
	{
		*at = '\0';
		indexes[n_indexes] = strtoul(at + 1, &at, 10);
		at = *at == '.' ? at : NULL;
	}
	for (kind = 0; kind < MX_ANSWER_KINDS; kind++)
		if (strcmp(text, kind_names[kind]) == 0)
			break;
	out->kind = (MxAnswerKind) kind;
	out->output = indexes[0];
	out->column = indexes[0];
	if (n_indexes == 2)
	{
		out->column = indexes[1];
		while (indexes[0] > 0)
			out->column += mx_plan_n_classes(plan, --indexes[0]);
	}
	return kind < MX_ANSWER_KINDS;
}

static bool
want(Model *model, MxAnswerKind kind)
{
	size_t i;

	for (i = 0; i < model->n_wanted; i++)
		if (model->wanted[i].kind == kind)
			return true;
	if (!mx_plan_offers(model->plan, kind))
	{
		printf("    %s is not offered\n", kind_names[kind]);
		return false;
	}
	model->wanted[model->n_wanted++].kind = kind;
	return true;
}

static bool
find_targets(const Case *c, Model *model)
{
	size_t n = c->expected.n_columns;
	MxError err = {0};
	size_t i;

	model->targets = mx_arena_array(model->arena, Target, n, &err);
	if (!CHECK(model->targets != NULL))
		return false;
	for (i = 0; i < n; i++)
	{
		Target *target = &model->targets[i];

		if (!CHECK(parse_target(model->plan, c->expected.names[i], target)) ||
		    (!target->is_error && !CHECK(want(model, target->kind))))
			return false;
		if (!target->is_error &&
		    !CHECK(target->column <
		           mx_plan_answer_width(model->plan, target->kind)))
			return false;
	}
	return true;
}

/* ---- rows to columns --------------------------------------------------- */

/* The column of rows.tsv that feeds an input: by name, else by position. */
static size_t
find_column(const Case *c, const MxPlan *plan, size_t input)
{
	MxText wanted = mx_plan_input(plan, input).name;
	size_t i;

	if (!mx_plan_has_names(plan))
		return input;
	for (i = 0; i < c->rows.n_columns; i++)
	{
		MxText name = c->rows.names[i];

		while (name.size > 0 && name.data[name.size - 1] != ':')
			name.size--;
		if (name.size > 0 && name.size - 1 == wanted.size &&
		    memcmp(name.data, wanted.data, wanted.size) == 0)
			return i;
	}
	return c->rows.n_columns;
}

static bool
is_text_column(MxText name)
{
	return name.size > 5 && memcmp(name.data + name.size - 5, ":text", 5) == 0;
}

static bool
fill_column(const Case *c, size_t j, MxArena *arena, MxColumn *out)
{
	MxError err = {0};
	MxText *texts = mx_arena_array(arena, MxText, c->rows.n_rows, &err);
	double *numbers = mx_arena_array(arena, double, c->rows.n_rows, &err);
	size_t i;

	if (texts == NULL || numbers == NULL)
		return false;
	for (i = 0; i < c->rows.n_rows; i++)
	{
		MxText cell = c->rows.cells[i * c->rows.n_columns + j];

		texts[i] = cell;
		numbers[i] = golden_number(cell);
	}
	if (is_text_column(c->rows.names[j]))
		*out = (MxColumn){MX_COLUMN_TEXT, NULL, texts};
	else
		*out = (MxColumn){MX_COLUMN_NUMBER, numbers, NULL};
	return true;
}

static bool
fill_columns(const Case *c, Model *model)
{
	size_t n = mx_plan_n_inputs(model->plan);
	MxError err = {0};
	size_t i;

	model->columns = mx_arena_array(model->arena, MxColumn, n, &err);
	if (!CHECK(model->columns != NULL))
		return false;
	for (i = 0; i < n; i++)
	{
		MxInput input = mx_plan_input(model->plan, i);
		size_t j = find_column(c, model->plan, i);

		if (!CHECK(j < c->rows.n_columns) ||
		    !CHECK(fill_column(c, j, model->arena, &model->columns[i])))
			return false;
		if (input.is_used && !CHECK(model->columns[i].kind == input.kind))
			return false;
	}
	return true;
}

/* ---- scoring ----------------------------------------------------------- */

static bool
make_answers(const Case *c, const Model *model, MxArena *arena, Answers *out)
{
	size_t n = c->rows.n_rows;
	MxError err = {0};
	size_t i;

	memset(out, 0, sizeof(*out));
	out->status = mx_arena_array(arena, uint8_t, n, &err);
	for (i = 0; i < model->n_wanted; i++)
	{
		MxAnswerKind kind = model->wanted[i].kind;
		size_t width = mx_plan_answer_width(model->plan, kind);

		out->width[kind] = width;
		out->numbers[kind] = mx_arena_array(arena, double, n *width, &err);
		out->texts[kind] = mx_arena_array(arena, MxText, n * width, &err);
	}
	return err.status == MX_OK;
}

static void
keep_sparse(const MxBlock *block, double *numbers)
{
	size_t row;
	size_t i;

	for (row = 0; row < block->n_rows; row++)
		for (i = block->sparse->start[row]; i < block->sparse->start[row + 1];
		     i++)
			numbers[row * block->n_columns + block->sparse->columns[i]] =
			    block->sparse->values[i];
}

static void
keep_dense(const MxBlock *block, double *numbers, MxText *texts)
{
	size_t row;
	size_t j;

	for (j = 0; j < block->n_columns; j++)
		for (row = 0; row < block->n_rows; row++)
		{
			const MxColumn *column = &block->columns[j];
			size_t at = row * block->n_columns + j;

			if (column->kind == MX_COLUMN_TEXT)
				texts[at] = column->texts[row];
			else
				numbers[at] = column->numbers[row];
		}
}

static void
keep_answers(const Model *model, const MxBlock *outs, size_t first,
             Answers *answers)
{
	size_t i;

	for (i = 0; i < model->n_wanted; i++)
	{
		MxAnswerKind kind = model->wanted[i].kind;
		size_t at = first * answers->width[kind];

		if (outs[i].sparse != NULL)
			keep_sparse(&outs[i], answers->numbers[kind] + at);
		else
			keep_dense(&outs[i], answers->numbers[kind] + at,
			           answers->texts[kind] + at);
	}
}

/* A failed row says why, in a message that names it. */
static void
check_explained(MxScorer *scorer, const MxColumn *columns,
                const uint8_t *status, size_t rows, const MxText *names)
{
	size_t i;

	for (i = 0; i < rows; i++)
	{
		MxError err = {0};

		if (status[i] == MX_OK)
			continue;
		mx_scorer_explain(scorer, columns, names, i, &err);
		CHECK(err.status == status[i] && err.message[0] != '\0');
	}
}

static bool
score_rows(const Case *c, const Model *model, size_t block_rows,
           Answers *answers)
{
	size_t n_inputs = mx_plan_n_inputs(model->plan);
	MxBlock outs[MX_ANSWER_KINDS];
	MxError err = {0};
	MxScorer *scorer;
	MxColumn *block = mx_arena_array(model->arena, MxColumn, n_inputs, &err);
	MxText *names = mx_arena_array(model->arena, MxText, n_inputs, &err);
	size_t first;
	size_t i;

	if (!CHECK_OK(mx_scorer_create(model->plan, model->wanted, model->n_wanted,
	                               block_rows, model->arena, &scorer, &err),
	              &err))
		return false;
	for (i = 0; i < n_inputs; i++)
		names[i] = mx_plan_has_names(model->plan)
		               ? mx_plan_input(model->plan, i).name
		               : MX_TEXT_LITERAL("x");
	for (first = 0; first < c->rows.n_rows; first += block_rows)
	{
		size_t rows = c->rows.n_rows - first < block_rows
		                  ? c->rows.n_rows - first
		                  : block_rows;

		for (i = 0; i < n_inputs; i++)
		{
			block[i] = model->columns[i];
			if (block[i].numbers != NULL)
				block[i].numbers += first;
			if (block[i].texts != NULL)
				block[i].texts += first;
		}
		if (!CHECK_OK(mx_scorer_run(scorer, block, rows, outs,
		                            answers->status + first, &err),
		              &err))
			return false;
		keep_answers(model, outs, first, answers);
		check_explained(scorer, block, answers->status + first, rows, names);
	}
	return true;
}

/* ---- comparing --------------------------------------------------------- */

static bool
same_row(const Answers *a, const Answers *b, size_t row)
{
	int kind;

	if (a->status[row] != b->status[row])
		return false;
	if (a->status[row] != MX_OK)
		return true;
	for (kind = 0; kind < MX_ANSWER_KINDS; kind++)
	{
		size_t width = a->width[kind];
		size_t i;

		if (width > 0 &&
		    memcmp(a->numbers[kind] + row * width,
		           b->numbers[kind] + row * width, width * sizeof(double)) != 0)
			return false;
		for (i = row * width; i < (row + 1) * width; i++)
			if (!mx_text_equals(a->texts[kind][i], b->texts[kind][i]))
				return false;
	}
	return true;
}

static bool
same_answers(const Case *c, const Answers *a, const Answers *b)
{
	size_t row;

	for (row = 0; row < c->rows.n_rows; row++)
		if (!same_row(a, b, row))
		{
			printf("    row %zu differs\n", row);
			return false;
		}
	return true;
}

static bool
right_status(MxText cell, uint8_t status)
{
	if (cell.data == NULL)
		return status == MX_OK;
	if (mx_text_is(cell, "missing"))
		return status == MX_ERR_MISSING;
	return status == MX_ERR_VALUE;
}

static bool
right_cell(const Case *c, const Model *model, const Answers *answers,
           size_t row, size_t j)
{
	const Target *target = &model->targets[j];
	MxText cell = c->expected.cells[row * c->expected.n_columns + j];
	size_t at = row * answers->width[target->kind] + target->column;
	double got;

	if (target->is_error)
		return right_status(cell, answers->status[row]);
	if (answers->status[row] != MX_OK)
		return true;
	if (target->is_text)
		return mx_text_equals(answers->texts[target->kind][at], cell);
	got = answers->numbers[target->kind][at];
	if (target->kind == MX_ANSWER_LABEL)
		return mx_text_equals(
		    mx_plan_class_label(model->plan, target->output, (size_t) got),
		    cell);
	return golden_close(&c->expected.bound, c->expected.names[j], got,
	                    golden_number(cell));
}

static void
show_cell(const Case *c, const Model *model, const Answers *answers, size_t row,
          size_t j)
{
	const Target *target = &model->targets[j];
	MxText name = c->expected.names[j];
	MxText cell = c->expected.cells[row * c->expected.n_columns + j];
	size_t at = row * answers->width[target->kind] + target->column;
	char quoted[MX_QUOTED_SIZE];

	printf("    row %zu, %.*s: expected %s", row, (int) name.size, name.data,
	       cell.data == NULL ? "NULL" : mx_quote(cell, quoted));
	if (!target->is_error && !target->is_text)
		printf(" (%.17g), got %.17g (%a)", golden_number(cell),
		       answers->numbers[target->kind][at],
		       answers->numbers[target->kind][at]);
	printf(", status %d\n", answers->status[row]);
}

static bool
right_answers(const Case *c, const Model *model, const Answers *answers)
{
	size_t n_wrong = 0;
	size_t row;
	size_t j;

	for (row = 0; row < c->expected.n_rows; row++)
		for (j = 0; j < c->expected.n_columns; j++)
			if (!right_cell(c, model, answers, row, j) && n_wrong++ < 3)
				show_cell(c, model, answers, row, j);
	return n_wrong == 0;
}

/* ---- cases ------------------------------------------------------------- */

static void
check_blocks(const Case *c, const Model *model, const Answers *whole)
{
	static const size_t sizes[] = {7, 1};
	Answers answers;
	size_t i;

	for (i = 0; i < 2; i++)
		if (CHECK(make_answers(c, model, model->arena, &answers)) &&
		    score_rows(c, model, sizes[i], &answers))
			CHECK(same_answers(c, &answers, whole));
}

/* first: the answers of the case's first file; has them after that one. */
static void
check_file(const Case *c, const char *path, Answers *first)
{
	Model model = {.arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES)};
	MxError err = {0};
	Answers answers;

	/* A LabelEncoder loads, but has no answers. */
	if (CHECK_OK(load_plan(path, model.arena, &model.plan, &err), &err) &&
	    c->rows.n_rows > 0 && find_targets(c, &model) &&
	    fill_columns(c, &model) &&
	    CHECK(make_answers(c, &model, c->arena, &answers)) &&
	    score_rows(c, &model, c->rows.n_rows, &answers))
	{
		CHECK(right_answers(c, &model, &answers));
		check_blocks(c, &model, &answers);
		if (first->status == NULL)
			*first = answers;
		else
			CHECK(same_answers(c, &answers, first));
	}
	mx_arena_destroy(model.arena);
}

static void
check_lane(const char *folder)
{
	Case c = {.arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES)};
	const char *const *files;
	Answers first = {.status = NULL};
	char path[512];
	size_t n;
	size_t i;

	check_subject = folder;
	snprintf(path, sizeof(path), "%s/rows.tsv", folder);
	CHECK(golden_read_table(path, c.arena, &c.rows));
	snprintf(path, sizeof(path), "%s/expected.tsv", folder);
	CHECK(golden_read_table(path, c.arena, &c.expected));
	if (!CHECK(c.rows.n_rows == c.expected.n_rows))
	{
		mx_arena_destroy(c.arena);
		return;
	}
	n = golden_list(folder, c.arena, &files);
	for (i = 0; i < n; i++)
		if (strncmp(files[i], "model.", 6) == 0)
		{
			snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
			check_subject = path;
			check_file(&c, path, &first);
		}
	check_subject = NULL;
	mx_arena_destroy(c.arena);
}

/* The refusal holds the word of refused.txt, in one of its sentences. */
static void
check_refusal(const char *folder)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES);
	const MxModel *model;
	MxError err = {0};
	char path[512];
	size_t size = 0;
	char *word;

	check_subject = folder;
	snprintf(path, sizeof(path), "%s/refused.txt", folder);
	word = golden_read_file(path, arena, &size);
	if (CHECK(word != NULL))
	{
		word[strcspn(word, "\n")] = '\0';
		snprintf(path, sizeof(path), "%s/model.joblib", folder);
		CHECK(read_model(path, arena, &model, &err) != MX_OK);
		CHECK(err.message[0] != '\0' && err.status != MX_ERR_INTERNAL);
		if (!CHECK(strstr(err.message, word) != NULL ||
		           strstr(err.detail, word) != NULL))
			printf("    %s. %s\n", err.message, err.detail);
	}
	check_subject = NULL;
	mx_arena_destroy(arena);
}

static bool
is_chosen(const char *name, const char *lane, int argc, char **argv)
{
	size_t size = strlen(name);
	int i;

	for (i = 1; i < argc; i++)
		if (strncmp(argv[i], name, size) == 0 &&
		    (argv[i][size] == '\0' ||
		     (argv[i][size] == '/' && strcmp(argv[i] + size + 1, lane) == 0)))
			return true;
	return argc == 1;
}

static void
check_case(const char *name, MxArena *arena, int argc, char **argv)
{
	const char *const *lanes;
	char folder[256];
	size_t n;
	size_t i;

	snprintf(folder, sizeof(folder), ROOT "/%s", name);
	n = golden_list(folder, arena, &lanes);
	for (i = 0; i < n; i++)
	{
		long n_failed = check_n_failed;

		if (!is_chosen(name, lanes[i], argc, argv))
			continue;
		snprintf(folder, sizeof(folder), ROOT "/%s/%s", name, lanes[i]);
		if (strcmp(name, "refused") == 0)
			check_refusal(folder);
		else
			check_lane(folder);
		if (check_n_failed > n_failed || argc > 1)
			printf("%s %s/%s\n", check_n_failed > n_failed ? "FAILED" : "ok",
			       name, lanes[i]);
	}
}

int
main(int argc, char **argv)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES);
	const char *const *names;
	size_t n = golden_list(ROOT, arena, &names);
	size_t i;

	CHECK(n > 0);
	for (i = 0; i < n; i++)
		check_case(names[i], arena, argc, argv);
	mx_arena_destroy(arena);
	return check_report();
}
