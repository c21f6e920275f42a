/* test_container.c */
/* Containers: pieces of any size, damage, bombs, layers, foreign files. */
#include "check.h"
#include "parse.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>

#define MEGABYTE ((size_t) 1024 * 1024)

/* Bytes that the test owns. */
typedef struct Packed
{
	uint8_t *data;
	size_t size;
} Packed;

typedef Packed (*Pack)(const uint8_t *data, size_t size);

static Packed
room_for(size_t size)
{
	Packed packed = {malloc(size + size / 50 + 4096), 0};

	packed.size = size + size / 50 + 4096;
	return packed;
}

static Packed
pack_deflate(const uint8_t *data, size_t size, int window_bits)
{
	Packed packed = room_for(size);
	z_stream z = {0};

	deflateInit2(&z, 6, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY);
	z.next_in = (z_const Bytef *) data;
	z.avail_in = (uInt) size;
	z.next_out = packed.data;
	z.avail_out = (uInt) packed.size;
	deflate(&z, Z_FINISH);
	packed.size = z.total_out;
	deflateEnd(&z);
	return packed;
}

static Packed
pack_zlib(const uint8_t *data, size_t size)
{
	return pack_deflate(data, size, 15);
}

static Packed
pack_gzip(const uint8_t *data, size_t size)
{
	return pack_deflate(data, size, 15 + 16);
}

static Packed
pack_bz2(const uint8_t *data, size_t size)
{
	Packed packed = room_for(size);
	unsigned written = (unsigned) packed.size;

	BZ2_bzBuffToBuffCompress((char *) packed.data, &written, (char *) data,
	                         (unsigned) size, 1, 0, 0);
	packed.size = written;
	return packed;
}

static Packed
pack_xz(const uint8_t *data, size_t size)
{
	Packed packed = room_for(size);
	size_t written = 0;

	lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, data, size, packed.data,
	                        &written, packed.size);
	packed.size = written;
	return packed;
}

static Packed
pack_lzma(const uint8_t *data, size_t size)
{
	Packed packed = room_for(size);
	lzma_stream lzma = LZMA_STREAM_INIT;
	lzma_options_lzma options;

	lzma_lzma_preset(&options, 0);
	CHECK(lzma_alone_encoder(&lzma, &options) == LZMA_OK);
	lzma.next_in = data;
	lzma.avail_in = size;
	lzma.next_out = packed.data;
	lzma.avail_out = packed.size;
	CHECK(lzma_code(&lzma, LZMA_FINISH) == LZMA_STREAM_END);
	packed.size = (size_t) lzma.total_out;
	lzma_end(&lzma);
	return packed;
}

static Packed
pack_lz4(const uint8_t *data, size_t size)
{
	Packed packed = room_for(size);
	LZ4F_preferences_t wanted = LZ4F_INIT_PREFERENCES;

	wanted.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
	wanted.frameInfo.blockMode = LZ4F_blockLinked;
	wanted.frameInfo.blockSizeID = LZ4F_max64KB;
	packed.size =
	    LZ4F_compressFrame(packed.data, packed.size, data, size, &wanted);
	return packed;
}

static const struct
{
	const char *name;
	Pack pack;
} containers[] = {
    {"zlib", pack_zlib}, {"gzip", pack_gzip}, {"bz2", pack_bz2},
    {"xz", pack_xz},     {"lzma", pack_lzma}, {"lz4", pack_lz4},
};

#define N_CONTAINERS (sizeof(containers) / sizeof(containers[0]))

/* Pickled bytes: a BINBYTES of the size, with a pattern inside. */
static Packed
make_pickle(size_t size, bool is_constant)
{
	Packed made = {malloc(size + 8), size + 8};
	uint32_t state = 1;
	size_t i;

	memcpy(made.data,
	       "\x80\x03"
	       "B",
	       3);
	for (i = 0; i < 4; i++)
		made.data[3 + i] = (uint8_t) (size >> 8 * i);
	for (i = 0; i < size; i++)
	{
		state = state * 1664525u + 1013904223u;
		made.data[7 + i] = is_constant ? 0 : (uint8_t) (state >> 28);
	}
	made.data[7 + size] = '.';
	return made;
}

static void
check_unpacks(const Packed *packed, const Packed *inside, const char *name)
{
	Parsed parsed = parse_bytes(packed->data, packed->size);

	if (CHECK_OK(parsed.status, &parsed.err))
	{
		CHECK_TEXT(parsed.document.format.container, name);
		CHECK(parsed.document.format.size_uncompressed == inside->size);
		CHECK(memcmp(parsed.document.bytes, inside->data, inside->size) == 0);
	}
	parsed_end(&parsed);
}

static void
test_round_trips(void)
{
	static const size_t sizes[] = {0, 1, 255, 65536, 300000, 3000000};
	size_t i;
	size_t j;

	for (i = 0; i < N_CONTAINERS; i++)
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++)
		{
			Packed inside = make_pickle(sizes[j], false);
			Packed packed = containers[i].pack(inside.data, inside.size);

			check_subject = containers[i].name;
			check_unpacks(&packed, &inside, containers[i].name);
			free(packed.data);
			free(inside.data);
		}
	check_subject = NULL;
}

/* Pieces of a few bytes each, as chunks of a table may never be. */
typedef struct SmallPieces
{
	const uint8_t *data;
	size_t left;
	size_t step;
	uint8_t piece[64];
} SmallPieces;

static MxStatus
next_small_piece(void *ctx, const uint8_t **data, size_t *size, MxError *err)
{
	SmallPieces *pieces = ctx;

	(void) err;
	*size = pieces->left < pieces->step ? pieces->left : pieces->step;
	memcpy(pieces->piece, pieces->data, *size);
	pieces->data += *size;
	pieces->left -= *size;
	*data = pieces->piece;
	return MX_OK;
}

static void
check_small_pieces(const Packed *packed, size_t step, MxStatus want)
{
	SmallPieces pieces = {packed->data, packed->size, step, {0}};
	MxSource source = {next_small_piece, &pieces, packed->size};
	Parsed parsed = parse_source(&source, &mx_default_limits, &mx_libc_heap);

	CHECK(parsed.status == want);
	parsed_end(&parsed);
}

static void
test_small_pieces(void)
{
	Packed inside = make_pickle(5000, false);
	size_t step;
	size_t i;

	for (step = 1; step <= 64; step += 7)
	{
		check_small_pieces(&inside, step, MX_OK);
		for (i = 0; i < N_CONTAINERS; i++)
		{
			Packed packed = containers[i].pack(inside.data, inside.size);

			check_subject = containers[i].name;
			check_small_pieces(&packed, step, MX_OK);
			packed.size--;
			/* liblzma's old format may not miss the last byte of its end. */
			if (containers[i].pack != pack_lzma)
				check_small_pieces(&packed, step, MX_ERR_TRUNCATED);
			free(packed.data);
		}
	}
	check_subject = NULL;
	free(inside.data);
}

static void
check_failure(const Packed *packed, const MxLimits *limits, MxStatus status,
              const char *message)
{
	Parsed parsed =
	    parse_within(packed->data, packed->size, limits, &mx_libc_heap);

	CHECK(parsed.status == status);
	if (!CHECK(strstr(parsed.err.message, message) != NULL))
		printf("    got %s\n", parsed.err.message);
	parsed_end(&parsed);
}

static void
test_bytes_behind(void)
{
	Packed inside = make_pickle(100, false);
	size_t i;

	for (i = 0; i < N_CONTAINERS; i++)
	{
		Packed packed = containers[i].pack(inside.data, inside.size);

		check_subject = containers[i].name;
		memcpy(packed.data + packed.size, "more and more", 13);
		packed.size += 13;
		check_failure(&packed, &mx_default_limits, MX_ERR_MALFORMED, "");
		free(packed.data);
	}
	check_subject = NULL;
	free(inside.data);
}

/* The most that a bomb may cost: what the limit allows, twice, and a bit. */
static void
check_bomb(const Packed *packed, const MxLimits *limits, const char *message)
{
	FailingHeap heap;
	Parsed parsed;

	failing_heap_begin(&heap, 0);
	parsed = parse_within(packed->data, packed->size, limits, &heap.heap);
	CHECK(parsed.status == MX_ERR_LIMIT);
	if (!CHECK(strstr(parsed.err.message, message) != NULL))
		printf("    got %s\n", parsed.err.message);
	CHECK(heap.peak <= 2 * limits->max_decompressed + 20 * MEGABYTE);
	parsed_end(&parsed);
	CHECK(heap.n_live == 0);
}

static void
test_bombs(void)
{
	Packed inside = make_pickle(80 * MEGABYTE, true);
	MxLimits small = mx_default_limits;
	MxLimits strict = mx_default_limits;
	size_t i;

	small.max_decompressed = 10 * MEGABYTE;
	strict.max_ratio = 100;
	for (i = 0; i < N_CONTAINERS; i++)
	{
		Packed packed = containers[i].pack(inside.data, inside.size);

		check_subject = containers[i].name;
		check_bomb(&packed, &small, "larger than 10 MB when decompressed");
		if (packed.size * 100 < inside.size)
			check_bomb(&packed, &strict, "less than 1/100 of its size");
		free(packed.data);
	}
	check_subject = NULL;
	check_bomb(&inside, &small, "artifact is larger than 10 MB");
	free(inside.data);
}

static void
test_layers(void)
{
	Packed inside = make_pickle(20000, false);
	Packed one = pack_zlib(inside.data, inside.size);
	Packed two = pack_gzip(one.data, one.size);
	Packed three = pack_bz2(two.data, two.size);
	MxLimits limits = mx_default_limits;

	check_unpacks(&two, &inside, "gzip");
	check_failure(&three, &mx_default_limits, MX_ERR_LIMIT,
	              "artifact is compressed more than twice");
	/* Both layers count. */
	limits.max_decompressed = inside.size + 100;
	check_failure(&two, &limits, MX_ERR_LIMIT, "when decompressed");
	free(inside.data);
	free(one.data);
	free(two.data);
	free(three.data);
}

/* 13 bytes that ask for a dictionary of 4 GB. */
static void
test_huge_dictionary(void)
{
	uint8_t header[] = {0x5d, 0,    0,    0,    0xff, 0xff, 0xff,
	                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};
	Packed packed = {header, sizeof(header)};

	header[4] = 0xff;
	check_failure(&packed, &mx_default_limits, MX_ERR_LIMIT,
	              "xz data needs more than 128 MB to be decompressed");
}

static void
test_lz4_headers(void)
{
	Packed inside = make_pickle(1000, false);
	Packed packed = pack_lz4(inside.data, inside.size);
	uint8_t flags = packed.data[4];

	packed.data[4] = 0x80;
	check_failure(&packed, &mx_default_limits, MX_ERR_UNSUPPORTED,
	              "lz4 frame of an unknown version");
	packed.data[4] = 0x45;
	check_failure(&packed, &mx_default_limits, MX_ERR_UNSUPPORTED,
	              "lz4 data needs a dictionary");
	packed.data[4] = 0x40;
	check_failure(&packed, &mx_default_limits, MX_ERR_MALFORMED,
	              "header checksum");
	packed.data[4] = flags;
	packed.data[packed.size - 1] ^= 1;
	check_failure(&packed, &mx_default_limits, MX_ERR_MALFORMED,
	              "content checksum");
	free(packed.data);
	free(inside.data);
}

static void
test_foreign_inside(void)
{
	Packed zip = pack_gzip((const uint8_t *) "PK\3\4 and more", 13);
	Packed nothing = pack_gzip((const uint8_t *) "", 0);

	check_failure(&zip, &mx_default_limits, MX_ERR_UNSUPPORTED,
	              "artifact is a zip archive");
	check_failure(&nothing, &mx_default_limits, MX_ERR_TRUNCATED,
	              "artifact is empty");
	free(zip.data);
	free(nothing.data);
}

int
main(void)
{
	test_round_trips();
	test_small_pieces();
	test_bytes_behind();
	test_bombs();
	test_layers();
	test_huge_dictionary();
	test_lz4_headers();
	test_foreign_inside();
	return check_report();
}
