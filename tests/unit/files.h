/*
 * files.h: for tests: every file below a folder, in order of names.
 */
#ifndef MX_TESTS_UNIT_FILES_H
#define MX_TESTS_UNIT_FILES_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef void (*FileVisitor)(const char *path, void *ctx);

/* A folder's files and folders by name; a file itself; nothing if absent. */
static inline void
visit_files(const char *path, FileVisitor visit, void *ctx)
{
	struct dirent **names;
	struct stat info;
	int n;
	int i;

	if (stat(path, &info) != 0)
		return;
	if (!S_ISDIR(info.st_mode))
	{
		visit(path, ctx);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < n; i++)
	{
		size_t size = strlen(path) + strlen(names[i]->d_name) + 2;
		char *below = malloc(size);

		snprintf(below, size, "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			visit_files(below, visit, ctx);
		free(below);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

#endif
