/*
 * long.h: property tests go on for some seconds, or for as many rows as
 * MODEL_EXT_ROWS says, and then tell how many there were.
 */
#ifndef MX_TESTS_UNIT_LONG_H
#define MX_TESTS_UNIT_LONG_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* How many rows each engine is to get; few when no one asks for more. */
static inline size_t
long_rows(size_t few)
{
	const char *asked = getenv("MODEL_EXT_ROWS");
	size_t n = asked == NULL ? 0 : (size_t) strtoull(asked, NULL, 10);

	return n > few ? n : few;
}

static inline void
long_report(const char *what, size_t n_rows)
{
	if (getenv("MODEL_EXT_ROWS") != NULL)
		printf("# %s: %zu rows\n", what, n_rows);
}

#endif
