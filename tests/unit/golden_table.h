/*
 * golden_table.h: the tables of tests/golden: tab-separated cells, escaped as
 * COPY escapes them, under one line of column names.
 */
#ifndef MX_TESTS_UNIT_GOLDEN_TABLE_H
#define MX_TESTS_UNIT_GOLDEN_TABLE_H

#include "base/text.h"

/* How far a number may be from the expected one. */
typedef struct GoldenBound
{
	double relative;
	double floor;    /* a smaller difference never counts */
	char exact[256]; /* ",predict,decision,": columns without a bound */
} GoldenBound;

typedef struct GoldenTable
{
	size_t n_columns;
	const MxText *names;
	size_t n_rows;
	const MxText *cells; /* (n_rows, n_columns); NULL is missing */
	GoldenBound bound;   /* of the line "# tolerance ...", if there is one */
} GoldenTable;

/* The bytes of a file, with a zero after the end; NULL when it cannot be. */
char *golden_read_file(const char *path, MxArena *arena, size_t *size);

/* false when the file is no such table. */
bool golden_read_table(const char *path, MxArena *arena, GoldenTable *out);

/* Sorted names in a folder; without those that begin with a dot. */
size_t golden_list(const char *path, MxArena *arena, const char *const **out);

/* A number of expected.tsv or rows.tsv; NULL is NaN. */
double golden_number(MxText cell);

/* Whether got is what cell says, within the bound of the column. */
bool golden_close(const GoldenBound *bound, MxText column, double got,
                  double want);

#endif
