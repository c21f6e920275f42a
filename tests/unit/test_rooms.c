/* test_rooms.c */
/* Memory of a scorer: a long chain of steps takes no more than a short one. */
#include "engine_kit.h"

#include <math.h>

#define COLUMNS 40
#define ROWS 1000
#define COLUMN_BYTES (ROWS * sizeof(double))

/* n functions one behind the other, of which each makes all columns anew. */
static void
make_chain(Kit *kit, size_t n, bool shows_first)
{
	static const MxFunctionKind kinds[] = {MX_FUNCTION_EXPM1, MX_FUNCTION_TANH};
	MxNodeId at;
	size_t i;

	kit_begin(kit);
	at = kit->in;
	CHECK_OK(mx_builder_expect_width(kit->b, at, COLUMNS, "test", &kit->err),
	         &kit->err);
	for (i = 0; i < n; i++)
	{
		MxFunction function = {kinds[i % 2]};

		CHECK_OK(mx_builder_function(kit->b, at, &function, &at, &kit->err),
		         &kit->err);
		if (i == 0 && shows_first)
			kit->answers.decision = at;
	}
	kit->answers.transform = at;
	kit_finish(kit);
}

/* What the scorer of a chain takes, in columns. */
static double
measure(size_t n, bool shows_first)
{
	MxWanted wanted[] = {{MX_ANSWER_TRANSFORM}, {MX_ANSWER_DECISION}};
	MxScorer *scorer = NULL;
	MxArena *arena = mx_arena_create(&mx_libc_heap, SIZE_MAX);
	double columns;
	Kit kit;

	make_chain(&kit, n, shows_first);
	CHECK_OK(mx_scorer_create(kit.plan, wanted, shows_first ? 2 : 1, ROWS,
	                          arena, &scorer, &kit.err),
	         &kit.err);
	columns = (double) mx_arena_used(arena) / COLUMN_BYTES;
	mx_arena_destroy(arena);
	kit_end(&kit);
	return columns;
}

/* Numbers of what is shown stay, whoever runs after. */
static void
check_answers(size_t n)
{
	static double x[COLUMNS * ROWS];
	static uint8_t status[ROWS];
	MxWanted wanted[] = {{MX_ANSWER_TRANSFORM}, {MX_ANSWER_DECISION}};
	MxScorer *scorer = NULL;
	MxBlock outs[2];
	size_t j;
	size_t i;
	Kit kit;

	for (i = 0; i < COLUMNS * ROWS; i++)
		x[i] = (double) i / (COLUMNS * ROWS);
	make_chain(&kit, n, true);
	CHECK_OK(mx_scorer_create(kit.plan, wanted, 2, ROWS, kit.arena, &scorer,
	                          &kit.err),
	         &kit.err);
	CHECK_OK(mx_scorer_run(scorer, kit_columns(&kit, x, COLUMNS, ROWS), ROWS,
	                       outs, status, &kit.err),
	         &kit.err);
	for (j = 0; j < COLUMNS; j++)
		for (i = 0; i < ROWS; i += 97)
		{
			CHECK(fabs(outs[1].columns[j].numbers[i] - expm1(x[j * ROWS + i])) <
			      1e-12);
			CHECK(outs[0].columns[j].numbers != outs[1].columns[j].numbers);
		}
	kit_end(&kit);
}

static size_t
block_rows(size_t n, bool shows_first)
{
	size_t rows;
	Kit kit;

	make_chain(&kit, n, shows_first);
	rows = mx_plan_block_rows(kit.plan);
	kit_end(&kit);
	return rows;
}

int
main(void)
{
	double two = measure(2, false);
	double many = measure(30, false);

	/* The blocks of an arena are larger than what was asked for. */
	CHECK(two >= 2 * COLUMNS);
	CHECK(many < 1.5 * two);
	CHECK(measure(30, true) < 2.5 * two);
	/* Blocks are as large as what is needed at once allows. */
	CHECK(block_rows(30, false) == block_rows(2, false));
	CHECK(block_rows(30, true) < block_rows(30, false));
	check_answers(5);
	check_answers(6);
	return check_report();
}
