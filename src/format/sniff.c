/* sniff.c */
/* Tells containers and foreign formats apart by their first bytes. */
#include "format/sniff.h"

#include <string.h>

typedef struct Magic
{
	const char *bytes;
	size_t n;
} Magic;

#define MAGIC(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static bool
starts_with(const uint8_t *head, size_t n, Magic magic)
{
	return n >= magic.n && memcmp(head, magic.bytes, magic.n) == 0;
}

static const struct
{
	Magic magic;
	MxContainer container;
} containers[] = {
    {MAGIC("\x1f\x8b"), {"gzip", mx_unpack_gzip}},
    {MAGIC("BZh"), {"bz2", mx_unpack_bz2}},
    {MAGIC("\xfd"
           "7zXZ\0"),
     {"xz", mx_unpack_xz}},
    {MAGIC("\x5d\0"), {"lzma", mx_unpack_lzma}},
    {MAGIC("\x04\x22\x4d\x18"), {"lz4", mx_unpack_lz4}},
};

static const MxContainer zlib_container = {"zlib", mx_unpack_zlib};

/* RFC 1950: deflate, a window of 32 KB, and a multiple of 31. */
static bool
is_zlib(const uint8_t *head, size_t n)
{
	return n >= 2 && head[0] == 0x78 && (head[0] << 8 | head[1]) % 31 == 0;
}

const MxContainer *
mx_sniff_container(const uint8_t *head, size_t n)
{
	size_t i;

	if (is_zlib(head, n))
		return &zlib_container;
	for (i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (starts_with(head, n, containers[i].magic))
			return &containers[i].container;
	return NULL;
}

#define SAVE_AGAIN "Save the model with joblib.dump() or pickle.dump()."

static const struct
{
	Magic magic;
	const char *what;
	const char *hint;
} foreigners[] = {
    {MAGIC("ZF"), "was written by joblib older than 0.10",
     "Load it with that joblib, and save it with a newer one."},
    {MAGIC("PK\x03\x04"), "is a zip archive (skops?), not a pickle",
     SAVE_AGAIN},
    {MAGIC("\x93NUMPY"), "is a NumPy array file, not a pickle", SAVE_AGAIN},
    {MAGIC("\x89HDF"), "is an HDF5 file, not a pickle", SAVE_AGAIN},
    {MAGIC("\x28\xb5\x2f\xfd"), "is compressed with zstd, which is not read",
     "Save it with compress=3."},
    {MAGIC("version https://git-lfs"), "is a Git LFS pointer, not a model",
     "Fetch the file itself with git lfs pull."},
    {MAGIC("CBM1"), "is a CatBoost model, not a pickle", SAVE_AGAIN},
    {MAGIC("tree\n"), "is a LightGBM text model, not a pickle", SAVE_AGAIN},
    {MAGIC("{"), "is JSON, not a pickle", SAVE_AGAIN},
    {MAGIC("<"), "is XML or HTML, not a pickle", SAVE_AGAIN},
};

MxStatus
mx_sniff_refuse(const uint8_t *head, size_t n, MxError *err)
{
	size_t i;

	if (n == 0)
		return mx_fail(err, MX_ERR_TRUNCATED, 0, "artifact is empty");
	for (i = 0; i < sizeof(foreigners) / sizeof(foreigners[0]); i++)
		if (starts_with(head, n, foreigners[i].magic))
		{
			mx_set_error(err, MX_ERR_UNSUPPORTED, 0, "artifact %s",
			             foreigners[i].what);
			mx_set_hint(err, "%s", foreigners[i].hint);
			return err->status;
		}
	return MX_OK;
}
