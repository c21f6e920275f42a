/* bytes.c */
/* Reads integers, runs of bytes and lines; never past the end. */
#include "format/bytes.h"

#include <string.h>

MxStatus
mx_bytes_take(MxBytes *in, size_t n, const uint8_t **out, MxError *err)
{
	if (n > in->size - in->pos)
		return mx_fail(err, MX_ERR_TRUNCATED, in->pos,
		               "artifact ends inside an item of %zu bytes", n);
	*out = in->data + in->pos;
	in->pos += n;
	return MX_OK;
}

static MxStatus
take_little_endian(MxBytes *in, size_t n, uint64_t *out, MxError *err)
{
	const uint8_t *at;
	uint64_t value = 0;
	size_t i;

	MX_TRY(mx_bytes_take(in, n, &at, err));
	for (i = n; i > 0; i--)
		value = value << 8 | at[i - 1];
	*out = value;
	return MX_OK;
}

MxStatus
mx_bytes_u8(MxBytes *in, uint8_t *out, MxError *err)
{
	const uint8_t *at;

	MX_TRY(mx_bytes_take(in, 1, &at, err));
	*out = at[0];
	return MX_OK;
}

MxStatus
mx_bytes_u16le(MxBytes *in, uint16_t *out, MxError *err)
{
	uint64_t value;

	MX_TRY(take_little_endian(in, 2, &value, err));
	*out = (uint16_t) value;
	return MX_OK;
}

MxStatus
mx_bytes_u32le(MxBytes *in, uint32_t *out, MxError *err)
{
	uint64_t value;

	MX_TRY(take_little_endian(in, 4, &value, err));
	*out = (uint32_t) value;
	return MX_OK;
}

MxStatus
mx_bytes_u64le(MxBytes *in, uint64_t *out, MxError *err)
{
	return take_little_endian(in, 8, out, err);
}

MxStatus
mx_bytes_line(MxBytes *in, const uint8_t **out, size_t *size, MxError *err)
{
	const uint8_t *start = in->data + in->pos;
	const uint8_t *end = NULL;

	if (in->pos < in->size)
		end = memchr(start, '\n', in->size - in->pos);
	if (end == NULL)
		return mx_fail(err, MX_ERR_TRUNCATED, in->pos,
		               "artifact ends inside a line of text");
	*out = start;
	*size = (size_t) (end - start);
	in->pos += *size + 1;
	return MX_OK;
}
