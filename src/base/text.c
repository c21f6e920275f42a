/* text.c */
/* UTF-8 text: comparing, checking, copying, quoting for messages. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_BYTES 64

MxText
mx_text_from(const char *terminated)
{
	MxText text = {terminated, strlen(terminated)};

	return text;
}

bool
mx_text_equals(MxText a, MxText b)
{
	if (a.data == NULL || b.data == NULL)
		return a.data == b.data;
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

bool
mx_text_is(MxText a, const char *terminated)
{
	return mx_text_equals(a, mx_text_from(terminated));
}

int
mx_text_compare(MxText a, MxText b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order;

	if (a.data == NULL || b.data == NULL)
		return (a.data != NULL) - (b.data != NULL);
	order = common == 0 ? 0 : memcmp(a.data, b.data, common);
	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

/* Bytes of the well-formed character at the start, 0 when there is none. */
static size_t
character_size(const uint8_t *at, size_t left)
{
	uint8_t low = 0x80;
	uint8_t high = 0xBF;
	size_t size;
	size_t i;

	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xC2 || at[0] > 0xF4)
		return 0;
	size = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
	if (size > left)
		return 0;
	/* The Unicode standard's table of well-formed sequences (3-7). */
	if (at[0] == 0xE0)
		low = 0xA0;
	else if (at[0] == 0xED)
		high = 0x9F;
	else if (at[0] == 0xF0)
		low = 0x90;
	else if (at[0] == 0xF4)
		high = 0x8F;
	if (at[1] < low || at[1] > high)
		return 0;
	for (i = 2; i < size; i++)
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	return size;
}

/* Bytes at the start that are ASCII, in steps of eight. */
static size_t
ascii_run(const uint8_t *at, size_t left)
{
	size_t i;

	for (i = 0; left - i >= sizeof(uint64_t); i += sizeof(uint64_t))
	{
		uint64_t eight;

		memcpy(&eight, at + i, sizeof(eight));
		if ((eight & 0x8080808080808080u) != 0)
			break;
	}
	return i;
}

bool
mx_text_is_utf8(const char *data, size_t size)
{
	const uint8_t *at = (const uint8_t *) data;
	size_t i = ascii_run(at, size);

	while (i < size)
	{
		size_t step = character_size(at + i, size - i);

		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

MxStatus
mx_text_copy(MxArena *arena, MxText from, MxText *out, MxError *err)
{
	char *copy;

	if (from.data == NULL)
	{
		*out = from;
		return MX_OK;
	}
	copy = mx_arena_array(arena, char, from.size + 1, err);
	MX_NEED(copy, err);
	if (from.size != 0)
		memcpy(copy, from.data, from.size);
	out->data = copy;
	out->size = from.size;
	return MX_OK;
}

const char *
mx_quote(MxText text, char buffer[MX_QUOTED_SIZE])
{
	const uint8_t *at = (const uint8_t *) text.data;
	size_t n = 0;
	size_t i = 0;

	buffer[n++] = '"';
	while (i < text.size)
	{
		size_t step = character_size(at + i, text.size - i);

		if (i + (step == 0 ? 1 : step) > SHOWN_BYTES)
			break;
		if (step == 0 || at[i] < 0x20 || at[i] == 0x7F)
			n += (size_t) sprintf(buffer + n, "\\x%02x", at[i]);
		else if (at[i] == '"' || at[i] == '\\')
			n += (size_t) sprintf(buffer + n, "\\%c", at[i]);
		else
		{
			memcpy(buffer + n, at + i, step);
			n += step;
		}
		i += step == 0 ? 1 : step;
	}
	strcpy(buffer + n, i < text.size ? "...\"" : "\"");
	return buffer;
}
