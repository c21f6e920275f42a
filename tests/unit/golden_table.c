/* golden_table.c */
/* Reads the tables of golden cases and compares numbers with them. */
#include "golden_table.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *
golden_read_file(const char *path, MxArena *arena, size_t *size)
{
	FILE *file = fopen(path, "rb");
	MxError err = {0};
	char *data = NULL;
	long end;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (end = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0)
	{
		*size = (size_t) end;
		data = mx_arena_array(arena, char, *size + 1, &err);
		if (data != NULL && fread(data, 1, *size, file) != *size)
			data = NULL;
	}
	fclose(file);
	return data;
}

/* Resolves the escapes in place; a text only gets shorter. */
static MxText
unescape(char *data, size_t size)
{
	size_t n = 0;
	size_t i;

	if (size == 2 && memcmp(data, "\\N", 2) == 0)
		return (MxText){NULL, 0};
	for (i = 0; i < size; i++)
	{
		char c = data[i];

		if (c == '\\' && i + 1 < size)
		{
			c = data[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		data[n++] = c;
	}
	return (MxText){data, n};
}

/* Cuts the line into cells, n of them at most; tells how many there are. */
static size_t
split(char *line, size_t n, MxText *cells)
{
	size_t found = 0;

	while (line != NULL)
	{
		char *tab = strchr(line, '\t');
		size_t size = tab == NULL ? strlen(line) : (size_t) (tab - line);

		if (found < n)
			cells[found] = unescape(line, size);
		found++;
		line = tab == NULL ? NULL : tab + 1;
	}
	return found;
}

static size_t
count(const char *text, char c)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

/* "# tolerance 1e-9 floor 2.9e-11 exact predict,decision" */
static void
parse_bound(const char *line, GoldenBound *bound)
{
	char exact[sizeof(bound->exact) - 2] = "";

	memset(bound, 0, sizeof(*bound));
	sscanf(line, "# tolerance %lf floor %lf exact %253s", &bound->relative,
	       &bound->floor, exact);
	snprintf(bound->exact, sizeof(bound->exact), ",%s,", exact);
}

/* The line at *at, without its end; *at goes to the next. */
static char *
next_line(char **at)
{
	char *line = *at;
	char *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

bool
golden_read_table(const char *path, MxArena *arena, GoldenTable *out)
{
	MxError err = {0};
	MxText *cells;
	MxText *names;
	size_t size;
	char *line;
	char *at = golden_read_file(path, arena, &size);

	memset(out, 0, sizeof(*out));
	if (at == NULL || (line = next_line(&at)) == NULL)
		return false;
	if (line[0] == '#')
	{
		parse_bound(line, &out->bound);
		line = next_line(&at);
	}
	if (line == NULL)
		return false;
	out->n_columns = count(line, '\t') + 1;
	names = mx_arena_array(arena, MxText, out->n_columns, &err);
	cells =
	    mx_arena_array(arena, MxText, count(at, '\n') * out->n_columns, &err);
	if (names == NULL || cells == NULL)
		return false;
	split(line, out->n_columns, names);
	for (; (line = next_line(&at)) != NULL; out->n_rows++)
		if (split(line, out->n_columns, cells + out->n_rows * out->n_columns) !=
		    out->n_columns)
			return false;
	out->names = names;
	out->cells = cells;
	return true;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

size_t
golden_list(const char *path, MxArena *arena, const char *const **out)
{
	DIR *folder = opendir(path);
	const char **names = NULL;
	struct dirent *entry;
	size_t capacity = 0;
	MxError err = {0};
	size_t n = 0;

	*out = NULL;
	if (folder == NULL)
		return 0;
	while ((entry = readdir(folder)) != NULL)
	{
		size_t size = strlen(entry->d_name) + 1;

		if (entry->d_name[0] == '.' ||
		    mx_arena_grow(arena, (void **) &names, n, &capacity, sizeof(*names),
		                  &err) != MX_OK)
			continue;
		names[n] = mx_arena_copy(arena, entry->d_name, size, 1, &err);
		n += names[n] != NULL;
	}
	closedir(folder);
	if (n > 0)
		qsort(names, n, sizeof(*names), compare_names);
	*out = names;
	return n;
}

double
golden_number(MxText cell)
{
	/* Cells end in a zero or a tab, which strtod stops at. */
	return cell.data == NULL ? NAN : strtod(cell.data, NULL);
}

/* "proba.1" belongs to "proba". */
static bool
is_exact(const GoldenBound *bound, MxText column)
{
	char name[64];
	size_t size = 0;

	while (size < column.size && column.data[size] != '.')
		size++;
	snprintf(name, sizeof(name), ",%.*s,", (int) size, column.data);
	return bound->relative == 0 || strstr(bound->exact, name) != NULL;
}

bool
golden_close(const GoldenBound *bound, MxText column, double got, double want)
{
	double most;

	if (isnan(want) || isnan(got))
		return isnan(want) && isnan(got);
	if (got == want)
		return true;
	if (is_exact(bound, column) || isinf(want) || isinf(got))
		return false;
	most = bound->relative * fabs(want);
	return fabs(got - want) <= (most > bound->floor ? most : bound->floor);
}
