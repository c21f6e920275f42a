/*
 * bytes.h: the only code that moves a raw pointer over an artifact.
 */
#ifndef MX_FORMAT_BYTES_H
#define MX_FORMAT_BYTES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct MxBytes
{
	const uint8_t *data;
	size_t size;
	size_t pos; /* pos <= size, always */
} MxBytes;

MxStatus mx_bytes_u8(MxBytes *in, uint8_t *out, MxError *err);
MxStatus mx_bytes_u16le(MxBytes *in, uint16_t *out, MxError *err);
MxStatus mx_bytes_u32le(MxBytes *in, uint32_t *out, MxError *err);
MxStatus mx_bytes_u64le(MxBytes *in, uint64_t *out, MxError *err);
/* *out points into the artifact: length checked first, nothing copied. */
MxStatus mx_bytes_take(MxBytes *in, size_t n, const uint8_t **out,
                       MxError *err);
/* Up to and without the line feed, which is skipped. */
MxStatus mx_bytes_line(MxBytes *in, const uint8_t **out, size_t *size,
                       MxError *err);

#endif
