/* image_folder.c */
/* Keeps the folder of shared plan images within its limit. */
#include "postgres.h"

#include "catalog/pg_tablespace.h"
#include "common/file_perm.h"
#include "lib/ilist.h"
#include "storage/fd.h"

#include <sys/stat.h>
#include <unistd.h>

#include "pg/compat.h"
#include "pg/image_folder.h"

typedef struct ImageFile
{
	char *path;
	size_t size;
	struct timespec used;
} ImageFile;

typedef struct ImageList
{
	ImageFile *files;
	int n;
	int capacity;
	size_t size; /* bytes of all */
} ImageList;

void
mxpg_image_folder(char folder[MAXPGPATH])
{
	TempTablespacePath(folder, DEFAULTTABLESPACE_OID);
}

bool
mxpg_image_make_folder(void)
{
	char folder[MAXPGPATH];

	mxpg_image_folder(folder);
	return MakePGDirectory(folder) == 0 || errno == EEXIST;
}

static void
add_file(ImageList *list, const char *path)
{
	struct stat file;

	/* Another session may have removed it just now. */
	if (stat(path, &file) != 0)
		return;
	if (list->n == list->capacity)
	{
		list->capacity *= 2;
		list->files = repalloc(list->files, list->capacity * sizeof(ImageFile));
	}
	list->files[list->n].path = pstrdup(path);
	list->files[list->n].size = (size_t) file.st_size;
	list->files[list->n].used = file.st_mtim;
	list->n++;
	list->size += (size_t) file.st_size;
}

static void
list_files(ImageList *list)
{
	char folder[MAXPGPATH];
	char path[MAXPGPATH * 2];
	struct dirent *entry;
	DIR *dir;

	mxpg_image_folder(folder);
	dir = AllocateDir(folder);
	while ((entry = ReadDirExtended(dir, folder, LOG)) != NULL)
	{
		if (strncmp(entry->d_name, MXPG_IMAGE_PREFIX,
		            strlen(MXPG_IMAGE_PREFIX)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		add_file(list, path);
	}
	FreeDir(dir);
}

static int
compare_use(const void *a, const void *b)
{
	const struct timespec *x = &((const ImageFile *) a)->used;
	const struct timespec *y = &((const ImageFile *) b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

void
mxpg_image_trim_folder(const char *spared, size_t limit)
{
	ImageList list = {palloc_array(ImageFile, 64), 0, 64, 0};
	int i;

	list_files(&list);
	qsort(list.files, list.n, sizeof(ImageFile), compare_use);
	for (i = 0; i < list.n && list.size > limit; i++)
	{
		if (strcmp(list.files[i].path, spared) == 0)
			continue;
		if (unlink(list.files[i].path) == 0 || errno == ENOENT)
			list.size -= list.files[i].size;
	}
}
