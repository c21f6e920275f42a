/* test_golden.c */
/*
 * Every case of tests/golden: the answers of scikit-learn, from every file of
 * a case, whatever the size of the blocks.  Arguments choose cases:
 * "ridge", "ridge/1.9".
 */
#include "check.h"
#include "golden_model.h"

#include <stdlib.h>
#include <string.h>

#define ROOT "tests/golden"
#define ARENA_BYTES ((size_t) 1 << 30)

/* ---- comparing --------------------------------------------------------- */

static bool
same_row(const GoldenAnswers *a, const GoldenAnswers *b, size_t row)
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
same_answers(const GoldenCase *c, const GoldenAnswers *a,
             const GoldenAnswers *b)
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
right_cell(const GoldenCase *c, const GoldenModel *model,
           const GoldenAnswers *answers, size_t row, size_t j)
{
	const GoldenTarget *target = &model->targets[j];
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
show_cell(const GoldenCase *c, const GoldenModel *model,
          const GoldenAnswers *answers, size_t row, size_t j)
{
	const GoldenTarget *target = &model->targets[j];
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
right_answers(const GoldenCase *c, const GoldenModel *model,
              const GoldenAnswers *answers)
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
check_blocks(const GoldenCase *c, const GoldenModel *model,
             const GoldenAnswers *whole)
{
	static const size_t sizes[] = {7, 1};
	GoldenAnswers answers;
	size_t i;

	for (i = 0; i < 2; i++)
		if (CHECK(make_answers(c, model, model->arena, &answers)) &&
		    score_rows(c, model, sizes[i], &answers))
			CHECK(same_answers(c, &answers, whole));
}

/* first: the answers of the case's first file; has them after that one. */
static void
check_file(const GoldenCase *c, const char *path, GoldenAnswers *first)
{
	GoldenModel model = {.arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES)};
	MxError err = {0};
	GoldenAnswers answers;

	/* A LabelEncoder loads, but has no answers. */
	if (CHECK_OK(golden_load(path, &model, &err), &err) && c->rows.n_rows > 0 &&
	    find_targets(c, &model) && fill_columns(c, &model) &&
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
	free(model.image.bytes);
	mx_arena_destroy(model.arena);
}

static void
check_lane(const char *folder)
{
	GoldenCase c = {.arena = mx_arena_create(&mx_libc_heap, ARENA_BYTES)};
	const char *const *files;
	GoldenAnswers first = {.status = NULL};
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
		CHECK(golden_read_model(path, arena, &model, &err) != MX_OK);
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
