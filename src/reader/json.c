/* json.c */
/* Writes JSON of bounded size into one buffer. */
#include "reader/json.h"

#include <stdio.h>
#include <string.h>

MxStatus
mx_json_create(MxArena *arena, size_t limit, MxJson *json, MxError *err)
{
	memset(json, 0, sizeof(*json));
	json->limit = limit;
	json->data = mx_arena_array(arena, char, limit + MX_JSON_SLACK, err);
	MX_NEED(json->data, err);
	return MX_OK;
}

void
mx_json_raw(MxJson *json, const char *terminated)
{
	size_t size = strlen(terminated);

	memcpy(json->data + json->size, terminated, size);
	json->size += size;
}

static void
put(MxJson *json, char c)
{
	json->data[json->size++] = c;
}

/* At most MX_JSON_TEXT_BYTES of it, cut between characters. */
static size_t
shown_size(MxText text)
{
	size_t size = text.size;

	if (size <= MX_JSON_TEXT_BYTES)
		return size;
	size = MX_JSON_TEXT_BYTES;
	while (size > 0 && ((unsigned char) text.data[size] & 0xC0) == 0x80)
		size--;
	return size;
}

void
mx_json_text(MxJson *json, MxText text)
{
	size_t size;
	size_t i;

	/* Names of classes may be any bytes. */
	if (!mx_text_is_utf8(text.data, text.size))
		text = MX_TEXT_LITERAL("?");
	size = shown_size(text);
	put(json, '"');
	for (i = 0; i < size; i++)
	{
		unsigned char c = (unsigned char) text.data[i];

		if (c == '"' || c == '\\')
			put(json, '\\');
		/* jsonb takes no zero, however it is spelled. */
		if (c == 0)
			put(json, ' ');
		else if (c >= 0x20)
			put(json, (char) c);
		else
			json->size +=
			    (size_t) sprintf(json->data + json->size, "\\u%04x", c);
	}
	mx_json_raw(json, size < text.size ? "...\"" : "\"");
}

void
mx_json_integer(MxJson *json, int64_t integer)
{
	json->size +=
	    (size_t) sprintf(json->data + json->size, "%lld", (long long) integer);
}

bool
mx_json_item(MxJson *json, MxText key)
{
	if (json->size >= json->limit)
	{
		json->is_cut = true;
		return false;
	}
	if (json->needs_comma)
		mx_json_raw(json, ", ");
	json->needs_comma = true;
	if (key.data != NULL)
	{
		mx_json_text(json, key);
		mx_json_raw(json, ": ");
	}
	return true;
}

void
mx_json_open(MxJson *json, char bracket)
{
	put(json, bracket);
	json->needs_comma = false;
}

void
mx_json_close(MxJson *json, char bracket)
{
	put(json, bracket);
	json->needs_comma = true;
}
