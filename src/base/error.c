/* error.c */
/* Failures as values: fills the caller's MxError. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * A message that does not fit is cut.  Cut inside a character it would no
 * longer be UTF-8, so the broken last character goes too.
 */
static void
trim_to_whole_character(char *text, size_t capacity, int wanted)
{
	size_t end = capacity - 1;

	if (wanted < 0 || (size_t) wanted < capacity)
		return;
	while (end > 0 && ((unsigned char) text[end - 1] & 0xC0) == 0x80)
		end--;
	if (end > 0 && ((unsigned char) text[end - 1] & 0xC0) == 0xC0)
		end--;
	text[end] = '\0';
}

void
mx_set_error(MxError *err, MxStatus status, size_t offset, const char *fmt, ...)
{
	va_list args;
	int wanted;

	if (err->status != MX_OK)
		return;
	err->status = status;
	err->offset = offset;
	err->detail[0] = '\0';
	err->hint[0] = '\0';
	va_start(args, fmt);
	wanted = vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	trim_to_whole_character(err->message, sizeof(err->message), wanted);
}

void
mx_set_detail(MxError *err, const char *fmt, ...)
{
	va_list args;
	int wanted;

	if (err->status == MX_OK || err->detail[0] != '\0')
		return;
	va_start(args, fmt);
	wanted = vsnprintf(err->detail, sizeof(err->detail), fmt, args);
	va_end(args);
	trim_to_whole_character(err->detail, sizeof(err->detail), wanted);
}

void
mx_set_hint(MxError *err, const char *fmt, ...)
{
	va_list args;
	int wanted;

	if (err->status == MX_OK || err->hint[0] != '\0')
		return;
	va_start(args, fmt);
	wanted = vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	trim_to_whole_character(err->hint, sizeof(err->hint), wanted);
}
