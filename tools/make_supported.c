/* make_supported.c */
/* Prints docs/supported.md: every class that has a reader. */
#include "reader/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CLASSES 512

typedef struct Row
{
	const char *name;
	const char *root;
	const char *limits;
} Row;

static int
compare_rows(const void *a, const void *b)
{
	return strcmp(((const Row *) a)->name, ((const Row *) b)->name);
}

static size_t
list_classes(Row *rows)
{
	size_t n_readers;
	const MxClassReader *const *readers = mx_class_readers(&n_readers);
	const MxClassName *at;
	size_t n = 0;
	size_t i;

	for (i = 0; i < n_readers; i++)
		for (at = readers[i]->classes; at->name != NULL; at++)
			if (n < MOST_CLASSES)
				rows[n++] = (Row){at->name, at->root, readers[i]->limits};
	qsort(rows, n, sizeof(*rows), compare_rows);
	return n;
}

int
main(void)
{
	Row rows[MOST_CLASSES];
	size_t n = list_classes(rows);
	size_t i;

	printf("# What is read\n\n"
	       "<!-- Made by tools/make_supported.sh from the table of readers. "
	       "-->\n\n"
	       "Files of scikit-learn 0.18 to %d.%d, of Python 2 and 3, written by "
	       "`joblib.dump` or `pickle.dump`\n"
	       "(docs/formats.md has the file formats).  A class that is not in "
	       "this table is refused by its name and\n"
	       "its place in the pipeline; so is a parameter value that we cannot "
	       "reproduce.\n\n"
	       "| class | limits |\n|---|---|\n",
	       MX_NEWEST_SKLEARN / 100, MX_NEWEST_SKLEARN % 100);
	for (i = 0; i < n; i++)
		printf("| %s | %s |\n", rows[i].name,
		       rows[i].limits == NULL ? "" : rows[i].limits);
	return n < MOST_CLASSES ? 0 : 1;
}
