/* limits.c */
/* Default limits and the poll for cancel. */
#include "base/limits.h"

#define MEGABYTE ((size_t) 1024 * 1024)

const MxLimits mx_default_limits = {
    .max_decompressed = 2048 * MEGABYTE,
    .max_ratio = 1000,
    .max_memory = 1024 * MEGABYTE,
    .max_nodes = 50 * 1000 * 1000,
    .max_depth = 256,
};

MxSize
mx_size(size_t bytes)
{
	if (bytes >= MEGABYTE)
		return (MxSize){bytes / MEGABYTE, "MB"};
	if (bytes >= 1024)
		return (MxSize){bytes / 1024, "kB"};
	return (MxSize){bytes, "bytes"};
}

MxStatus
mx_poll(const MxLimits *limits, MxError *err)
{
	if (limits->canceled != NULL && limits->canceled(limits->ctx))
		return mx_fail(err, MX_ERR_CANCELED, MX_NO_OFFSET, "canceled");
	return MX_OK;
}
