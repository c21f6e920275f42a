/* utf8.c */
/* Makes UTF-8 out of code points and of Latin-1. */
#include "format/utf8.h"

size_t
mx_utf8_encode(uint32_t c, char *out)
{
	if (c < 0x80)
	{
		out[0] = (char) c;
		return 1;
	}
	if (c < 0x800)
	{
		out[0] = (char) (0xC0 | c >> 6);
		out[1] = (char) (0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000)
	{
		out[0] = (char) (0xE0 | c >> 12);
		out[1] = (char) (0x80 | (c >> 6 & 0x3F));
		out[2] = (char) (0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | c >> 18);
	out[1] = (char) (0x80 | (c >> 12 & 0x3F));
	out[2] = (char) (0x80 | (c >> 6 & 0x3F));
	out[3] = (char) (0x80 | (c & 0x3F));
	return 4;
}

MxStatus
mx_utf8_from_latin1(MxArena *arena, const uint8_t *data, size_t size,
                    MxText *out, MxError *err)
{
	char *copy = mx_arena_alloc(arena, size, 2, err);
	size_t n = 0;
	size_t i;

	MX_NEED(copy, err);
	for (i = 0; i < size; i++)
		n += mx_utf8_encode(data[i], copy + n);
	out->data = copy;
	out->size = n;
	return MX_OK;
}

MxStatus
mx_utf8_from_str(MxArena *arena, const uint8_t *data, size_t size, MxText *out,
                 MxError *err)
{
	if (!mx_text_is_utf8((const char *) data, size))
		return mx_utf8_from_latin1(arena, data, size, out, err);
	out->data = (const char *) data;
	out->size = size;
	return MX_OK;
}
