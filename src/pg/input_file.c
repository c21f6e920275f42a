/* input_file.c */
/* A file of the server as a source of bytes to register. */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/acl.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pg/compat.h"
#include "pg/input.h"

typedef struct FileInput
{
	MxpgInput input;
	const char *path;
	int fd; /* closed at the end of the transaction at the latest */
	size_t left;
	char *piece;
} FileInput;

static void
raise_file_error(const char *what, const char *path)
{
	ereport(ERROR, (errcode_for_file_access(),
	                errmsg("could not %s file \"%s\": %m", what, path)));
}

/* No more than was announced, should the file grow meanwhile. */
static MxStatus
next_of_file(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	FileInput *file = ctx;
	ssize_t n = read(file->fd, file->piece, Min(file->left, MXPG_CHUNK_SIZE));

	if (n < 0)
		raise_file_error("read", file->path);
	file->left -= (size_t) n;
	*data = (const uint8_t *) file->piece;
	*size = (size_t) n;
	return MX_OK;
}

static void
rewind_file(MxpgInput *input)
{
	FileInput *file = (FileInput *) input;

	if (lseek(file->fd, 0, SEEK_SET) < 0)
		raise_file_error("seek in", file->path);
	file->left = file->input.source.total;
}

static void
close_file(MxpgInput *input)
{
	CloseTransientFile(((FileInput *) input)->fd);
}

static size_t
file_size(const FileInput *file)
{
	struct stat info;

	if (fstat(file->fd, &info) != 0)
		raise_file_error("stat", file->path);
	if (!S_ISREG(info.st_mode))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a regular file", file->path)));
	mxpg_check_artifact_size((uint64) info.st_size);
	return (size_t) info.st_size;
}

MxpgInput *
mxpg_input_file(const char *path)
{
	FileInput *file = palloc0_object(FileInput);

	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("permission denied to read files of the server"),
		         errdetail("Only members of \"pg_read_server_files\" may.")));
	file->path = path;
	/* Not blocking: a named pipe must not hang the session. */
	file->fd = OpenTransientFile(path, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (file->fd < 0)
		raise_file_error("open", path);
	file->piece = palloc(MXPG_CHUNK_SIZE);
	file->input.source.next = next_of_file;
	file->input.source.ctx = file;
	file->input.source.total = file_size(file);
	file->input.rewind = rewind_file;
	file->input.close = close_file;
	rewind_file(&file->input);
	return &file->input;
}
