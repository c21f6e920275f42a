/*
 * json.h: writes JSON of bounded size.
 *
 * Once the limit is passed nothing more is begun, and what is open is still
 * closed: the text is valid JSON whatever it is given.
 */
#ifndef MX_READER_JSON_H
#define MX_READER_JSON_H

#include "base/text.h"

#include <stdint.h>

/* A text of a value is cut to so many bytes. */
#define MX_JSON_TEXT_BYTES 1024

typedef struct MxJson
{
	char *data;
	size_t size;
	size_t limit; /* data has room for MX_JSON_SLACK more */
	bool needs_comma;
	bool is_cut; /* something was left out */
} MxJson;

/* A key and a text at their longest, every byte escaped, and all closings. */
#define MX_JSON_SLACK (8 * 2 * MX_JSON_TEXT_BYTES + 256)

MxStatus mx_json_create(MxArena *arena, size_t limit, MxJson *json,
                        MxError *err);

/*
 * Begins a member (key given) or an element (key missing): false when the
 * limit is passed; then leave it out.  One value must follow.
 */
bool mx_json_item(MxJson *json, MxText key);

void mx_json_open(MxJson *json, char bracket);
void mx_json_close(MxJson *json, char bracket);
void mx_json_text(MxJson *json, MxText text);
void mx_json_integer(MxJson *json, int64_t integer);
/* As it is: true, null, 1.5. */
void mx_json_raw(MxJson *json, const char *terminated);

#endif
