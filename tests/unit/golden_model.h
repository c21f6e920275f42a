/*
 * golden_model.h: scores the rows of a golden case with one of its files.
 */
#ifndef MX_TESTS_UNIT_GOLDEN_MODEL_H
#define MX_TESTS_UNIT_GOLDEN_MODEL_H

#include "engine_kit.h"
#include "golden_table.h"

#include "reader/reader.h"

/* One column of expected.tsv. */
typedef struct GoldenTarget
{
	MxAnswerKind kind;
	size_t output; /* of a label */
	size_t column; /* of the answer */
	bool is_error;
	bool is_text;
} GoldenTarget;

typedef struct GoldenCase
{
	MxArena *arena;
	GoldenTable rows;
	GoldenTable expected;
} GoldenCase;

/* What a model said: an array per kind, (n_rows, width). */
typedef struct GoldenAnswers
{
	size_t width[MX_ANSWER_KINDS];
	double *numbers[MX_ANSWER_KINDS];
	MxText *texts[MX_ANSWER_KINDS];
	uint8_t *status;
} GoldenAnswers;

typedef struct GoldenModel
{
	MxArena *arena;
	KitImage image;
	const MxPlan *plan;
	GoldenTarget *targets;
	MxWanted wanted[MX_ANSWER_KINDS];
	size_t n_wanted;
	MxColumn *columns; /* all rows, one per input of the plan */
} GoldenModel;

static const char *const kind_names[MX_ANSWER_KINDS] = {
    "predict", "label", "proba", "log_proba", "decision", "transform", "score"};

/* ---- from file to plan ------------------------------------------------- */

static inline MxStatus
golden_read_model(const char *path, MxArena *arena, const MxModel **out,
                  MxError *err)
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

static inline MxStatus
golden_load(const char *path, GoldenModel *model, MxError *err)
{
	const MxModel *read;

	MX_TRY(golden_read_model(path, model->arena, &read, err));
	MX_TRY(kit_compile(read, &mx_libc_heap, &model->image, err));
	return mx_plan_attach(model->image.bytes, model->image.size, model->arena,
	                      &model->plan, err);
}

/* ---- what is expected -------------------------------------------------- */

/* "proba.1.2" to its kind and numbers. */
static inline bool
parse_target(const MxPlan *plan, MxText name, GoldenTarget *out)
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

static inline bool
want(GoldenModel *model, MxAnswerKind kind)
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

static inline bool
find_targets(const GoldenCase *c, GoldenModel *model)
{
	size_t n = c->expected.n_columns;
	MxError err = {0};
	size_t i;

	model->targets = mx_arena_array(model->arena, GoldenTarget, n, &err);
	if (!CHECK(model->targets != NULL))
		return false;
	for (i = 0; i < n; i++)
	{
		GoldenTarget *target = &model->targets[i];

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
static inline size_t
find_column(const GoldenCase *c, const MxPlan *plan, size_t input)
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

static inline bool
is_text_column(MxText name)
{
	return name.size > 5 && memcmp(name.data + name.size - 5, ":text", 5) == 0;
}

static inline bool
fill_column(const GoldenCase *c, size_t j, MxArena *arena, MxColumn *out)
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

static inline bool
fill_columns(const GoldenCase *c, GoldenModel *model)
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

static inline bool
make_answers(const GoldenCase *c, const GoldenModel *model, MxArena *arena,
             GoldenAnswers *out)
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

static inline void
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

static inline void
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

static inline void
keep_answers(const GoldenModel *model, const MxBlock *outs, size_t first,
             GoldenAnswers *answers)
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
static inline void
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

static inline bool
score_rows(const GoldenCase *c, const GoldenModel *model, size_t block_rows,
           GoldenAnswers *answers)
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

#endif
