/* pickle_text.c */
/* The opcodes that hold text and bytes, Python 2's str among them. */
#include "format/pickle_machine.h"
#include "format/utf8.h"

#include <string.h>

/*
 * Python 2's str is text or data, nothing tells which.  What is not UTF-8 and
 * longer than this is data: labels and names are shorter.
 */
#define LONGEST_LATIN1 1024

static MxStatus
push_text(MxPickle *p, const char *data, size_t size, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxText text = {data, size};

	/* Python's surrogatepass lets half characters through. */
	if (!mx_text_is_utf8(data, size))
		return mx_pickle_push_new(
		    p, mx_node_opaque(nodes, "text that is not UTF-8", p->offset, err),
		    err);
	return mx_pickle_push_new(p, mx_node_text(nodes, text, p->offset, err),
	                          err);
}

/* The length before a text or bytes, and what follows it. */
static MxStatus
take_counted(MxPickle *p, size_t width, const uint8_t **data, size_t *size,
             MxError *err)
{
	MxBytes *in = &p->parse->in;
	const uint8_t *at;
	uint64_t length = 0;
	size_t i;

	MX_TRY(mx_bytes_take(in, width, &at, err));
	for (i = width; i > 0; i--)
		length = length << 8 | at[i - 1];
	if (length > in->size - in->pos)
		return mx_fail(err, MX_ERR_TRUNCATED, p->offset,
		               "artifact ends inside a string of %llu bytes",
		               (unsigned long long) length);
	*size = (size_t) length;
	return mx_bytes_take(in, *size, data, err);
}

/* SHORT_BINUNICODE, BINUNICODE, BINUNICODE8 */
MxStatus
mx_pickle_binunicode(MxPickle *p, MxError *err)
{
	size_t width = p->opcode == 0x8c ? 1 : p->opcode == 'X' ? 4 : 8;
	const uint8_t *data;
	size_t size;

	MX_TRY(take_counted(p, width, &data, &size, err));
	return push_text(p, (const char *) data, size, err);
}

/* SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8 */
MxStatus
mx_pickle_binbytes(MxPickle *p, MxError *err)
{
	size_t width = p->opcode == 'C' ? 1 : p->opcode == 'B' ? 4 : 8;
	const uint8_t *data;
	size_t size;

	MX_TRY(take_counted(p, width, &data, &size, err));
	return mx_pickle_push_new(
	    p, mx_node_bytes(&p->parse->nodes, data, size, p->offset, err), err);
}

static MxStatus
push_python2_str(MxPickle *p, const uint8_t *data, size_t size, MxError *err)
{
	MxNodes *nodes = &p->parse->nodes;
	MxText text;

	if (size > LONGEST_LATIN1 && !mx_text_is_utf8((const char *) data, size))
		return mx_pickle_push_new(
		    p, mx_node_bytes(nodes, data, size, p->offset, err), err);
	MX_TRY(mx_utf8_from_str(nodes->arena, data, size, &text, err));
	return mx_pickle_push_new(p, mx_node_text(nodes, text, p->offset, err),
	                          err);
}

/* BINSTRING, SHORT_BINSTRING */
MxStatus
mx_pickle_binstring(MxPickle *p, MxError *err)
{
	const uint8_t *data;
	size_t size;

	MX_TRY(take_counted(p, p->opcode == 'U' ? 1 : 4, &data, &size, err));
	return push_python2_str(p, data, size, err);
}

static int
digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* n digits at most, at least one; returns how many there were. */
static size_t
read_digits(const uint8_t *at, size_t left, size_t n, uint32_t base,
            uint32_t *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < n && i < left && (uint32_t) digit_of(at[i]) < base; i++)
		*value = *value * base + (uint32_t) digit_of(at[i]);
	return i;
}

/* What follows a backslash: bytes read, 0 when it is no escape of repr(). */
static size_t
read_escape(const uint8_t *at, size_t left, uint8_t *out)
{
	static const char names[] = "\\'\"abfnrtv";
	static const char means[] = "\\'\"\a\b\f\n\r\t\v";
	const char *found = left == 0 || at[0] == 0 ? NULL : strchr(names, at[0]);
	uint32_t value;
	size_t n;

	if (left == 0)
		return 0;
	if (found != NULL)
	{
		*out = (uint8_t) means[found - names];
		return 1;
	}
	if (at[0] == 'x')
	{
		n = read_digits(at + 1, left - 1, 2, 16, &value);
		*out = (uint8_t) value;
		return n == 2 ? 3 : 0;
	}
	n = read_digits(at, left, 3, 8, &value);
	*out = (uint8_t) value;
	return value > 0xFF ? 0 : n;
}

/* The quoted text of STRING, as repr() writes it, into bytes of the arena. */
static MxStatus
unquote(MxPickle *p, const uint8_t *line, size_t size, const uint8_t **out,
        size_t *out_size, MxError *err)
{
	uint8_t *copy;
	size_t n = 0;
	size_t i;

	if (size < 2 || (line[0] != '\'' && line[0] != '"') ||
	    line[size - 1] != line[0])
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "string is not quoted");
	copy = mx_node_alloc(&p->parse->nodes, size, 1, err);
	MX_NEED(copy, err);
	for (i = 1; i < size - 1; i++)
	{
		size_t escape = 0;

		copy[n] = line[i];
		if (line[i] == '\\')
		{
			escape = read_escape(line + i + 1, size - i - 2, &copy[n]);
			if (escape == 0)
				return mx_fail(err, MX_ERR_MALFORMED, p->offset,
				               "string has an unknown escape");
		}
		i += escape;
		n++;
	}
	*out = copy;
	*out_size = n;
	return MX_OK;
}

/* STRING */
MxStatus
mx_pickle_string_line(MxPickle *p, MxError *err)
{
	const uint8_t *line;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	MX_TRY(unquote(p, line, size, &line, &size, err));
	return push_python2_str(p, line, size, err);
}

/*
 * One character of raw-unicode-escape: \uXXXX, \UXXXXXXXX, else Latin-1.
 * Returns the bytes read, 0 when an escape is cut short.
 */
static size_t
read_raw_unicode(const uint8_t *at, size_t left, uint32_t *out)
{
	size_t digits;

	*out = at[0];
	if (at[0] != '\\' || left < 2 || (at[1] != 'u' && at[1] != 'U'))
		return 1;
	digits = at[1] == 'u' ? 4 : 8;
	if (read_digits(at + 2, left - 2, digits, 16, out) != digits)
		return 0;
	return *out > 0x10FFFF ? 0 : 2 + digits;
}

/* UNICODE */
MxStatus
mx_pickle_unicode_line(MxPickle *p, MxError *err)
{
	const uint8_t *line;
	size_t size;
	char *copy;
	size_t n = 0;
	size_t i = 0;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	copy = mx_node_alloc(&p->parse->nodes, size, 2, err);
	MX_NEED(copy, err);
	while (i < size)
	{
		uint32_t c;
		size_t step = read_raw_unicode(line + i, size - i, &c);

		if (step == 0)
			return mx_fail(err, MX_ERR_MALFORMED, p->offset,
			               "text has a broken escape");
		n += mx_utf8_encode(c, copy + n);
		i += step;
	}
	return push_text(p, copy, n, err);
}

/*
 * A str that is not UTF-8 became Latin-1 text; its bytes are still where its
 * opcode is.
 */
static MxStatus
read_str_again(MxPickle *p, const MxValue *value, const uint8_t **data,
               size_t *size, MxError *err)
{
	MxBytes *in = &p->parse->in;
	size_t pos = in->pos;
	size_t width = in->data[value->offset] == 'U' ? 1 : 4;

	in->pos = value->offset + 1;
	if (in->data[value->offset] == 'S')
	{
		MX_TRY(mx_bytes_line(in, data, size, err));
		MX_TRY(unquote(p, *data, *size, data, size, err));
	}
	else
		MX_TRY(take_counted(p, width, data, size, err));
	in->pos = pos;
	return MX_OK;
}

MxStatus
mx_pickle_raw_bytes(MxPickle *p, const MxValue *value, const uint8_t **data,
                    size_t *size, bool *found, MxError *err)
{
	uint8_t opcode;

	*found = value->kind == MX_VALUE_BYTES;
	if (value->kind == MX_VALUE_BYTES)
	{
		*data = value->as.bytes.data;
		*size = value->as.bytes.size;
	}
	if (value->kind != MX_VALUE_TEXT)
		return MX_OK;
	opcode = p->parse->in.data[value->offset];
	*found = opcode == 'S' || opcode == 'T' || opcode == 'U';
	if (!*found)
		return MX_OK;
	if (value->as.text.size > 2 * LONGEST_LATIN1)
	{
		/* Too long to be anything but the bytes themselves. */
		*data = (const uint8_t *) value->as.text.data;
		*size = value->as.text.size;
		return MX_OK;
	}
	return read_str_again(p, value, data, size, err);
}
