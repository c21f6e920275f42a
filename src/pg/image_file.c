/* image_file.c */
/* Plan images shared by all sessions, as files among the temporary ones. */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_crc32c.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pg/image_folder.h"
#include "pg/load.h"
#include "pg/settings.h"

/*
 * No kernel depends on the CPU's features yet; those that will are part of
 * the name, so that a file moved to another machine is not used there.
 */
#define CPU_MASK 0u

/* Before the image; 64 bytes, so that the image keeps its alignment. */
typedef struct FileHeader
{
	char magic[8];
	uint64 build;
	uint64 image_size;
	uint8 sha256[MXPG_SHA256_SIZE];
	uint32 cpu_mask;
	uint32 crc; /* of all before it */
} FileHeader;

StaticAssertDecl(sizeof(FileHeader) == 64, "the image must stay aligned to 64");

static const char magic[8] = {'M', 'X', 'P', 'L', 'A', 'N', '\r', '\n'};

static FileHeader
make_header(const uint8 *sha256, size_t image_size)
{
	FileHeader header = {0};
	pg_crc32c crc;

	memcpy(header.magic, magic, sizeof(magic));
	header.build = mx_plan_build();
	header.cpu_mask = CPU_MASK;
	header.image_size = image_size;
	memcpy(header.sha256, sha256, MXPG_SHA256_SIZE);
	INIT_CRC32C(crc);
	COMP_CRC32C(crc, &header, offsetof(FileHeader, crc));
	FIN_CRC32C(crc);
	header.crc = crc;
	return header;
}

/*
 * The server's start time tells files of this run from those that a crash has
 * left behind.
 */
static void
image_path(const uint8 *sha256, char path[MAXPGPATH])
{
	char folder[MAXPGPATH];
	char hex[2 * MXPG_SHA256_SIZE + 1] = {0};

	hex_encode((const char *) sha256, MXPG_SHA256_SIZE, hex);
	mxpg_image_folder(folder);
	snprintf(path, MAXPGPATH, "%s/%s%016" PRIx64 ".%x." UINT64_FORMAT ".%s",
	         folder, MXPG_IMAGE_PREFIX, mx_plan_build(), CPU_MASK,
	         (uint64) PgStartTime, hex);
}

typedef struct Mapping
{
	MemoryContextCallback callback;
	void *start;
	size_t size;
} Mapping;

static void
unmap(void *arg)
{
	Mapping *mapping = arg;

	munmap(mapping->start, mapping->size);
}

/* A whole file of the image's size; NULL when it is not. */
static const FileHeader *
map_file(int fd, const uint8 *sha256, MemoryContext owner)
{
	Mapping *mapping = MemoryContextAlloc(owner, sizeof(Mapping));
	FileHeader expected;
	struct stat file;

	if (fstat(fd, &file) != 0 || file.st_size <= (off_t) sizeof(FileHeader))
		return NULL;
	mapping->size = (size_t) file.st_size;
	mapping->start = mmap(NULL, mapping->size, PROT_READ, MAP_SHARED, fd, 0);
	if (mapping->start == MAP_FAILED)
		return NULL;
	mxpg_prefer_huge_pages(mapping->start, mapping->size);
	mapping->callback.func = unmap;
	mapping->callback.arg = mapping;
	MemoryContextRegisterResetCallback(owner, &mapping->callback);
	expected = make_header(sha256, mapping->size - sizeof(FileHeader));
	if (memcmp(mapping->start, &expected, sizeof(expected)) != 0)
		return NULL;
	return mapping->start;
}

bool
mxpg_image_map(const uint8 *sha256, MemoryContext owner, const void **image,
               size_t *size)
{
	const FileHeader *header;
	char path[MAXPGPATH];
	int fd;

	image_path(sha256, path);
	fd = OpenTransientFile(path, O_RDONLY | PG_BINARY);
	if (fd < 0)
		return false;
	header = map_file(fd, sha256, owner);
	/* The time tells which files are used least. */
	if (header != NULL && futimens(fd, NULL) != 0)
		ereport(DEBUG1, (errcode_for_file_access(),
		                 errmsg("could not touch file \"%s\": %m", path)));
	CloseTransientFile(fd);
	if (header == NULL)
		return false;
	*image = header + 1;
	*size = (size_t) header->image_size;
	return true;
}

void
mxpg_image_forget(const uint8 *sha256)
{
	char path[MAXPGPATH];

	image_path(sha256, path);
	unlink(path);
}

/*
 * As large as a huge page: file systems that keep what one write brings as one
 * piece (ext4 from Linux 6.16, XFS) then hold the image in huge pages, which
 * every session maps as such.
 */
#define BUFFER_SIZE MXPG_HUGE_PAGE

typedef struct Output
{
	int fd;
	size_t used;
	char *buffer;
} Output;

/* Plain write: a full disk is then an error, and not a signal. */
static MxStatus
flush_output(Output *out, MxError *err)
{
	size_t done = 0;

	if (mxpg_canceled(NULL))
		return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET,
		               "canceling statement due to user request");
	while (done < out->used)
	{
		ssize_t n = write(out->fd, out->buffer + done, out->used - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
		{
			/* Short writes leave errno alone when the disk is full. */
			if (n == 0)
				errno = ENOSPC;
			return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET,
			               "could not write");
		}
		done += (size_t) n;
	}
	out->used = 0;
	return MX_OK;
}

static MxStatus
write_output(void *ctx, const void *data, size_t size, MxError *err)
{
	Output *out = ctx;
	const char *from = data;

	while (size > 0)
	{
		size_t n = Min(size, BUFFER_SIZE - out->used);

		memcpy(out->buffer + out->used, from, n);
		out->used += n;
		from += n;
		size -= n;
		if (out->used == BUFFER_SIZE)
			MX_TRY(flush_output(out, err));
	}
	return MX_OK;
}

static MxStatus
write_image(int fd, const uint8 *sha256, MxImageWriter *writer, MxError *err)
{
	FileHeader header = make_header(sha256, mx_image_size(writer));
	Output out = {fd, 0, palloc(BUFFER_SIZE)};

	MX_TRY(write_output(&out, &header, sizeof(header), err));
	MX_TRY(mx_image_finish(writer, write_output, &out, err));
	MX_TRY(flush_output(&out, err));
	pfree(out.buffer);
	return MX_OK;
}

static int
create_file(const char *path)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | PG_BINARY;
	int fd = OpenTransientFile(path, flags);

	if (fd < 0 && errno == ENOENT && mxpg_image_make_folder())
		fd = OpenTransientFile(path, flags);
	/* Left by a process of the same number that was killed. */
	if (fd < 0 && errno == EEXIST && unlink(path) == 0)
		fd = OpenTransientFile(path, flags);
	return fd;
}

static void
log_once(const char *path)
{
	static bool is_logged = false;

	ereport(is_logged ? DEBUG1 : LOG,
	        (errcode_for_file_access(),
	         errmsg("could not write file \"%s\": %m", path),
	         errdetail("This session keeps the compiled model in its own "
	                   "memory.")));
	is_logged = true;
}

/* Writes under a name of its own, so that a reader finds all or nothing. */
static MxStatus
write_and_rename(const char *path, const uint8 *sha256, MxImageWriter *writer,
                 MxError *err)
{
	char own[MAXPGPATH];
	int fd;
	int saved_errno;

	snprintf(own, sizeof(own), "%s.%d", path, MyProcPid);
	fd = create_file(own);
	if (fd < 0)
		return mx_fail(err, MX_ERR_INTERNAL, MX_NO_OFFSET, "could not create");
	(void) write_image(fd, sha256, writer, err);
	saved_errno = errno;
	if (CloseTransientFile(fd) != 0 && err->status == MX_OK)
	{
		saved_errno = errno;
		mx_set_error(err, MX_ERR_INTERNAL, MX_NO_OFFSET, "could not close");
	}
	if (err->status == MX_OK && rename(own, path) != 0)
	{
		saved_errno = errno;
		mx_set_error(err, MX_ERR_INTERNAL, MX_NO_OFFSET, "could not rename");
	}
	if (err->status != MX_OK)
		unlink(own);
	errno = saved_errno;
	return err->status;
}

bool
mxpg_image_share(const uint8 *sha256, MxImageWriter *writer)
{
	size_t limit = (size_t) mxpg_shared_cache_size * 1024;
	size_t size = sizeof(FileHeader) + mx_image_size(writer);
	MxError err = {0};
	char path[MAXPGPATH];

	if (size > limit)
		return false;
	image_path(sha256, path);
	if (write_and_rename(path, sha256, writer, &err) != MX_OK)
	{
		if (err.status == MX_ERR_CANCELED)
			mxpg_raise(&err, NULL, 0);
		log_once(path);
		return false;
	}
	mxpg_image_trim_folder(path, limit);
	return true;
}
