/* bench_core.c */
/* Times loading and scoring of artifacts in the core, without a server. */
/*
 *   bench_core ARTIFACT                        loads it, and ends
 *   bench_core ARTIFACT ROWS.f64 N_COLUMNS     float64 rows, row by row
 *   bench_core ARTIFACT ROWS.txt 0             one text a line
 *
 * Prints "load ms, model arena MB, image MB, peak MB, rows a block", then
 * obeys lines of standard input, so that a caller can take turns with others:
 *
 *   time BLOCK LIMIT SECONDS    passes over the first LIMIT rows: least ns a row
 *   save BLOCK PATH             answers (probabilities, else values, else the
 *                               transformer's output) as float64, row by row
 *   compare COLUMN LIMIT        answers are only compared with LIMIT from now
 *                               on; the share of trees that are then skipped
 *
 * A BLOCK of 0 is as many rows a call as the model likes.
 */
#define _DEFAULT_SOURCE /* madvise */
#include "engine/plan.h"
#include "reader/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define HUGE_PAGE ((size_t) 2 * 1024 * 1024)

/* Large pieces in huge pages, as in the server. */
static void *
take_memory(void *ctx, size_t size)
{
	void *piece;

	(void) ctx;
	if (size < 2 * HUGE_PAGE)
		return malloc(size);
	size = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	piece = aligned_alloc(HUGE_PAGE, size);
	if (piece != NULL)
		(void) madvise(piece, size, MADV_HUGEPAGE);
	return piece;
}

static void
give_memory(void *ctx, void *piece)
{
	(void) ctx;
	free(piece);
}

static const MxHeap heap = {take_memory, give_memory, NULL};

typedef struct Rows
{
	size_t n;
	size_t n_columns;
	MxColumn *columns;
} Rows;

static void
die(const char *what)
{
	fprintf(stderr, "bench_core: %s\n", what);
	exit(1);
}

static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void *
read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	void *data;
	long end;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		die(path);
	end = ftell(file);
	rewind(file);
	data = malloc((size_t) end + 1);
	if (data == NULL || fread(data, 1, (size_t) end, file) != (size_t) end)
		die(path);
	fclose(file);
	*size = (size_t) end;
	return data;
}

static Rows
read_rows(const char *path, size_t n_columns)
{
	size_t size;
	const double *data = read_file(path, &size);
	Rows rows = {size / sizeof(double) / n_columns, n_columns, NULL};
	/* An odd number of cache lines apart, as the blocks of a query are. */
	size_t stride = ((rows.n + 7) / 8 | 1) * 8;
	double *numbers = aligned_alloc(64, n_columns * stride * sizeof(double));

	rows.columns = calloc(n_columns, sizeof(MxColumn));
	for (size_t j = 0; j < n_columns; j++)
	{
		double *column = numbers + j * stride;

		for (size_t i = 0; i < rows.n; i++)
			column[i] = data[i * n_columns + j];
		rows.columns[j].kind = MX_COLUMN_NUMBER;
		rows.columns[j].numbers = column;
	}
	return rows;
}

static Rows
read_texts(const char *path)
{
	size_t size;
	char *data = read_file(path, &size);
	Rows rows = {0, 1, calloc(1, sizeof(MxColumn))};
	MxText *texts = malloc((size + 1) * sizeof(MxText));

	for (char *end; (end = memchr(data, '\n', size)) != NULL; data = end + 1)
	{
		texts[rows.n++] = (MxText){data, (size_t) (end - data)};
		size -= (size_t) (end - data) + 1;
	}
	rows.columns[0].kind = MX_COLUMN_TEXT;
	rows.columns[0].texts = texts;
	return rows;
}

typedef struct Memory
{
	char *data;
	size_t size;
} Memory;

static MxStatus
append(void *ctx, const void *data, size_t size, MxError *err)
{
	Memory *memory = ctx;

	(void) err;
	memcpy(memory->data + memory->size, data, size);
	memory->size += size;
	return MX_OK;
}

/* From stored bytes to an image in memory; MB are of arena and image. */
static Memory
load(const void *data, size_t size, double *arena_mb)
{
	MxError err = {0};
	MxLimits limits = mx_default_limits;
	MxArena *arena = mx_arena_create(&heap, (size_t) 8 << 30);
	MxMemorySource memory_source;
	MxSource source = mx_memory_source(&memory_source, data, size);
	const MxModel *model;
	MxImageWriter *writer;
	Memory image = {NULL, 0};

	limits.max_memory = (size_t) 8 << 30;
	limits.max_decompressed = (size_t) 8 << 30;
	if (mx_model_read(&source, &limits, &heap, arena, &model, NULL, &err) !=
	        MX_OK ||
	    mx_image_create(arena, &writer, &err) != MX_OK ||
	    mx_plan_compile(model, &heap, writer, &err) != MX_OK)
		die(err.message);
	image.data = aligned_alloc(64, (mx_image_size(writer) + 63) / 64 * 64);
	if (image.data == NULL ||
	    mx_image_finish(writer, append, &image, &err) != MX_OK)
		die(err.message);
	*arena_mb = (double) mx_arena_used(arena) / 1e6;
	mx_arena_destroy(arena);
	return image;
}

/* Writes the rows of a block, column by column, row-major to the file. */
static void
write_answers(FILE *file, const MxBlock *out)
{
	for (size_t i = 0; i < out->n_rows; i++)
		for (size_t j = 0; j < out->n_columns; j++)
			fwrite(&out->columns[j].numbers[i], sizeof(double), 1, file);
}

/* The columns of every block, made ahead as the peers' rows are. */
static MxColumn *
cut_blocks(const Rows *rows, size_t block, size_t n)
{
	size_t n_blocks = (n + block - 1) / block;
	MxColumn *columns = calloc(n_blocks * rows->n_columns, sizeof(MxColumn));

	for (size_t i = 0; i < n_blocks * rows->n_columns; i++)
	{
		size_t at = i / rows->n_columns * block;

		columns[i] = rows->columns[i % rows->n_columns];
		if (columns[i].kind == MX_COLUMN_TEXT)
			columns[i].texts += at;
		else
			columns[i].numbers += at;
	}
	return columns;
}

/* One pass over the rows in blocks: ns per row; answers go to file if any. */
static double
pass(MxScorer *scorer, const Rows *rows, size_t block, size_t limit, FILE *file)
{
	static uint8_t status[65536];
	size_t n = limit < rows->n ? limit : rows->n;
	MxColumn *blocks = cut_blocks(rows, block, n);
	const MxColumn *columns = blocks;
	MxError err = {0};
	double started = cpu_seconds();
	double spent;

	for (size_t at = 0; at < n; at += block, columns += rows->n_columns)
	{
		size_t size = n - at < block ? n - at : block;
		MxBlock out;

		if (mx_scorer_run(scorer, columns, size, &out, status, &err) != MX_OK)
			die(err.message);
		if (file != NULL && out.columns != NULL)
			write_answers(file, &out);
	}
	spent = cpu_seconds() - started;
	free(blocks);
	return spent / (double) n * 1e9;
}

static MxAnswerKind
main_answer(const MxPlan *plan)
{
	if (mx_plan_offers(plan, MX_ANSWER_PROBA))
		return MX_ANSWER_PROBA;
	if (mx_plan_offers(plan, MX_ANSWER_VALUE))
		return MX_ANSWER_VALUE;
	return MX_ANSWER_TRANSFORM;
}

/* The whole state of a conversation. */
typedef struct Bench
{
	const MxPlan *plan;
	MxAnswerKind kind;
	Rows rows;
	MxLimit limit;
	bool is_compared;
} Bench;

static size_t
block_of(const Bench *bench, size_t asked)
{
	return asked > 0 ? asked : mx_plan_block_rows(bench->plan);
}

static MxScorer *
make_scorer(const Bench *bench, size_t block, MxArena *arena)
{
	MxError err = {0};
	MxWanted wanted = {bench->kind};
	MxScorer *scorer;

	if (mx_scorer_create(bench->plan, &wanted, 1, block, arena, &scorer,
	                     &err) != MX_OK ||
	    (bench->is_compared &&
	     mx_scorer_stop_early(scorer, &bench->limit, 1, &err) != MX_OK))
		die(err.message);
	return scorer;
}

/* The best of as many passes as fit into the time. */
static double
best(const Bench *bench, size_t asked, size_t limit, double seconds)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 8 << 30);
	size_t block = block_of(bench, asked);
	MxScorer *scorer = make_scorer(bench, block, arena);
	double until = cpu_seconds() + seconds;
	double least = 1e300;

	do
	{
		double ns = pass(scorer, &bench->rows, block, limit, NULL);

		least = ns < least ? ns : least;
	} while (cpu_seconds() < until);
	mx_arena_destroy(arena);
	return least;
}

static void
save(const Bench *bench, size_t asked, const char *path)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 8 << 30);
	size_t block = block_of(bench, asked);
	MxScorer *scorer = make_scorer(bench, block, arena);
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		die(path);
	pass(scorer, &bench->rows, block, bench->rows.n, file);
	fclose(file);
	mx_arena_destroy(arena);
}

static double
share_skipped(const Bench *bench)
{
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 8 << 30);
	size_t block = block_of(bench, 0);
	MxScorer *scorer = make_scorer(bench, block, arena);
	uint64_t n_asked;
	uint64_t n_skipped;

	pass(scorer, &bench->rows, block, bench->rows.n, NULL);
	mx_scorer_count_trees(scorer, &n_asked, &n_skipped);
	mx_arena_destroy(arena);
	return n_asked == 0 ? 0 : (double) n_skipped / (double) n_asked;
}

static void
converse(Bench *bench)
{
	char line[4096];
	char path[4000];
	size_t block;
	size_t limit;
	double seconds;

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		if (sscanf(line, "time %zu %zu %lf", &block, &limit, &seconds) == 3)
			printf("%.2f\n", best(bench, block, limit, seconds));
		else if (sscanf(line, "save %zu %3999[^\n]", &block, path) == 2)
		{
			save(bench, block, path);
			printf("saved\n");
		}
		else if (sscanf(line, "compare %zu %lf", &bench->limit.column,
		                &bench->limit.value) == 2)
		{
			bench->is_compared = true;
			printf("%.3f\n", share_skipped(bench));
		}
		else
			die("unknown command");
		fflush(stdout);
	}
}

/* Not ru_maxrss, which a process inherits from the one that started it. */
static double
peak_mb(void)
{
	char line[256];
	double kb = 0;
	FILE *file = fopen("/proc/self/status", "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "VmHWM: %lf", &kb) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return kb / 1e3;
}

int
main(int argc, char **argv)
{
	double arena_mb;
	double load_ms;
	MxError err = {0};
	MxArena *arena = mx_arena_create(&mx_libc_heap, (size_t) 1 << 30);
	Bench bench = {0};
	Memory image;
	size_t size;
	void *data;

	if (argc != 2 && argc != 4)
		die("usage: bench_core ARTIFACT [ROWS N_COLUMNS]");
	data = read_file(argv[1], &size);
	load_ms = -cpu_seconds();
	image = load(data, size, &arena_mb);
	load_ms = (load_ms + cpu_seconds()) * 1e3;
	if (mx_plan_attach(image.data, image.size, arena, &bench.plan, &err) !=
	    MX_OK)
		die(err.message);
	printf("%.2f,%.2f,%.2f,%.2f,%zu\n", load_ms, arena_mb,
	       (double) image.size / 1e6, peak_mb(),
	       mx_plan_block_rows(bench.plan));
	fflush(stdout);
	if (argc == 2)
		return 0;
	bench.kind = main_answer(bench.plan);
	bench.rows = atol(argv[3]) > 0 ? read_rows(argv[2], (size_t) atol(argv[3]))
	                               : read_texts(argv[2]);
	converse(&bench);
	return 0;
}
