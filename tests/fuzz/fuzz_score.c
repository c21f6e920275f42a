/* fuzz_score.c */
/* From bytes to scores: one error, or the same answers for any block size. */
#include "document.h"

#include "engine/plan.h"
#include "reader/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 3

typedef struct Image
{
	uint8_t *bytes;
	size_t used;
	size_t size;
} Image;

static MxStatus
append(void *ctx, const void *data, size_t size, MxError *err)
{
	Image *image = ctx;

	(void) err;
	FUZZ_MUST(size <= image->size - image->used);
	memcpy(image->bytes + image->used, data, size);
	image->used += size;
	return MX_OK;
}

static MxStatus
compile(const MxModel *model, MxArena *arena, Image *image, MxError *err)
{
	MxImageWriter *w;

	MX_TRY(mx_image_create(arena, &w, err));
	MX_TRY(mx_plan_compile(model, &mx_libc_heap, w, err));
	image->size = mx_image_size(w);
	image->bytes = aligned_alloc(64, image->size);
	FUZZ_MUST(image->bytes != NULL);
	MX_TRY(mx_image_finish(w, append, image, err));
	FUZZ_MUST(image->used == image->size);
	return MX_OK;
}

/* What a byte stands for: small numbers, and those that are trouble. */
static double
number_from(uint8_t byte)
{
	static const double odd[] = {0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, -0.0,
	                             1e39,      -1e300,    5e-324,     0.5};

	return byte < 8 ? odd[byte] : ((double) byte - 128) / 8;
}

/* Rows made of the last bytes, so that a fuzzer can reach them. */
static MxColumn *
make_rows(const MxPlan *plan, const uint8_t *data, size_t size, MxArena *arena,
          MxError *err)
{
	size_t n = mx_plan_n_inputs(plan);
	MxColumn *columns = mx_arena_array(arena, MxColumn, n, err);
	double *numbers = mx_arena_array(arena, double, n *ROWS, err);
	MxText *texts = mx_arena_array(arena, MxText, n * ROWS, err);
	size_t i;

	if (err->status != MX_OK)
		return NULL;
	for (i = 0; i < n * ROWS; i++)
	{
		const uint8_t *at = data + size - 1 - i % size;
		size_t length = i % size < 5 ? i % size : 5;

		numbers[i] = number_from(*at);
		if (mx_text_is_utf8((const char *) at, length))
			texts[i] = (MxText){(const char *) at, length};
	}
	for (i = 0; i < n; i++)
		columns[i] = (MxColumn){mx_plan_input(plan, i).kind, numbers + i * ROWS,
		                        texts + i * ROWS};
	return columns;
}

static double
value_at(const MxBlock *block, size_t row, size_t column)
{
	size_t e;

	if (block->sparse == NULL)
		return block->columns[column].kind == MX_COLUMN_NUMBER
		           ? block->columns[column].numbers[row]
		           : (double) block->columns[column].texts[row].size;
	for (e = block->sparse->start[row]; e < block->sparse->start[row + 1]; e++)
		if (block->sparse->columns[e] == column)
			return block->sparse->values[e];
	return 0;
}

/* The first columns of a row alone against the same row of a block. */
static void
compare(const MxBlock *whole, size_t row, const MxBlock *alone)
{
	size_t j;

	for (j = 0; j < whole->n_columns && j < 1000; j++)
	{
		double a = value_at(whole, row, j);
		double b = value_at(alone, 0, j);

		FUZZ_MUST(a == b || (a != a && b != b));
	}
}

/* One answer of the plan; err tells only of limits. */
static void
score(const MxPlan *plan, MxAnswerKind kind, MxColumn *columns, MxArena *arena,
      MxError *err)
{
	MxWanted wanted = {kind};
	uint8_t status[ROWS];
	uint8_t status_alone;
	MxScorer *scorer;
	MxScorer *single;
	MxBlock whole;
	MxBlock alone;
	size_t row;
	size_t i;

	if (mx_scorer_create(plan, &wanted, 1, ROWS, arena, &scorer, err) ||
	    mx_scorer_create(plan, &wanted, 1, 1, arena, &single, err) ||
	    mx_scorer_run(scorer, columns, ROWS, &whole, status, err))
		return;
	for (row = 0; row < ROWS; row++)
	{
		MxError why = {0};

		if (mx_scorer_run(single, columns, 1, &alone, &status_alone, err))
			return;
		FUZZ_MUST(status_alone == status[row]);
		if (status[row] == MX_OK)
			compare(&whole, row, &alone);
		else
			mx_scorer_explain(single, columns, NULL, 0, &why);
		FUZZ_MUST(status[row] == (uint8_t) why.status);
		for (i = 0; i < mx_plan_n_inputs(plan); i++)
		{
			columns[i].numbers++;
			columns[i].texts++;
		}
	}
	for (i = 0; i < mx_plan_n_inputs(plan); i++)
	{
		columns[i].numbers -= ROWS;
		columns[i].texts -= ROWS;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MxMemorySource memory;
	MxSource source = mx_memory_source(&memory, data, size);
	MxArena *arena = mx_arena_create(&mx_libc_heap, fuzz_limits.max_memory);
	const MxModel *model;
	const MxPlan *plan;
	MxColumn *columns;
	Image image = {0};
	MxError err = {0};
	MxStatus status = mx_model_read(&source, &fuzz_limits, &mx_libc_heap, arena,
	                                &model, NULL, &err);
	int kind;

	FUZZ_MUST(status == err.status);
	FUZZ_MUST((status == MX_OK) == (err.message[0] == '\0'));
	if (status == MX_OK)
		status = compile(model, arena, &image, &err);
	if (status == MX_OK)
		status = mx_plan_attach(image.bytes, image.size, arena, &plan, &err);
	columns = status == MX_OK ? make_rows(plan, data, size, arena, &err) : NULL;
	for (kind = 0; columns != NULL && kind < MX_ANSWER_KINDS; kind++)
		if (err.status == MX_OK && mx_plan_offers(plan, (MxAnswerKind) kind))
			score(plan, (MxAnswerKind) kind, columns, arena, &err);
	FUZZ_MUST(err.status != MX_ERR_INTERNAL);
	free(image.bytes);
	mx_arena_destroy(arena);
	return 0;
}
