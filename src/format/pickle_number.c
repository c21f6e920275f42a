/* pickle_number.c */
/* The opcodes that hold numbers, in binary and in decimal. */
#include "format/pickle_machine.h"

#include <stdlib.h>
#include <string.h>

/* repr() of a float has 24 characters; other writers may spell out more. */
#define LONGEST_FLOAT 400

static MxStatus
push_integer(MxPickle *p, int64_t integer, MxError *err)
{
	MxValue *value =
	    mx_node_new(&p->parse->nodes, MX_VALUE_INTEGER, p->offset, err);

	MX_NEED(value, err);
	value->as.integer = integer;
	return mx_pickle_push(p, value, err);
}

static MxStatus
push_float(MxPickle *p, double number, MxError *err)
{
	MxValue *value =
	    mx_node_new(&p->parse->nodes, MX_VALUE_FLOAT, p->offset, err);

	MX_NEED(value, err);
	value->as.number = number;
	return mx_pickle_push(p, value, err);
}

/* BININT, BININT1, BININT2 */
MxStatus
mx_pickle_binint(MxPickle *p, MxError *err)
{
	MxBytes *in = &p->parse->in;
	uint8_t byte;
	uint16_t pair;
	uint32_t word;

	switch (p->opcode)
	{
		case 'K':
			MX_TRY(mx_bytes_u8(in, &byte, err));
			return push_integer(p, byte, err);
		case 'M':
			MX_TRY(mx_bytes_u16le(in, &pair, err));
			return push_integer(p, pair, err);
		default:
			MX_TRY(mx_bytes_u32le(in, &word, err));
			return push_integer(p, (int32_t) word, err);
	}
}

/* Bytes of a little-endian two's complement number that say something. */
static size_t
significant_bytes(const uint8_t *data, size_t size)
{
	while (size > 1)
	{
		uint8_t sign = (data[size - 2] & 0x80) != 0 ? 0xFF : 0x00;

		if (data[size - 1] != sign)
			break;
		size--;
	}
	return size;
}

static int64_t
integer_of(const uint8_t *data, size_t size)
{
	uint64_t bits = size != 0 && (data[size - 1] & 0x80) != 0 ? UINT64_MAX : 0;
	size_t i;

	for (i = size; i > 0; i--)
		bits = bits << 8 | data[i - 1];
	return (int64_t) bits;
}

/* LONG1, LONG4 */
MxStatus
mx_pickle_long(MxPickle *p, MxError *err)
{
	MxBytes *in = &p->parse->in;
	const uint8_t *data;
	MxValue *value;
	uint32_t size;
	uint8_t byte;

	if (p->opcode == 0x8a)
	{
		MX_TRY(mx_bytes_u8(in, &byte, err));
		size = byte;
	}
	else
		MX_TRY(mx_bytes_u32le(in, &size, err));
	if (size > INT32_MAX)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "integer of negative size");
	MX_TRY(mx_bytes_take(in, size, &data, err));
	if (significant_bytes(data, size) <= sizeof(int64_t))
		return push_integer(p, integer_of(data, significant_bytes(data, size)),
		                    err);
	value = mx_node_new(&p->parse->nodes, MX_VALUE_BIG, p->offset, err);
	MX_NEED(value, err);
	value->as.bytes.data = data;
	value->as.bytes.size = size;
	return mx_pickle_push(p, value, err);
}

MxStatus
mx_pickle_binfloat(MxPickle *p, MxError *err)
{
	const uint8_t *data;
	uint64_t bits = 0;
	double number;
	size_t i;

	MX_TRY(mx_bytes_take(&p->parse->in, 8, &data, err));
	for (i = 0; i < 8; i++)
		bits = bits << 8 | data[i];
	memcpy(&number, &bits, sizeof(number));
	return push_float(p, number, err);
}

typedef enum Decimal
{
	DECIMAL_FITS,
	DECIMAL_TOO_LARGE,
	DECIMAL_BROKEN
} Decimal;

/* Digits with at most a sign: Python takes more, but writes no more. */
static Decimal
parse_decimal(const uint8_t *line, size_t size, int64_t *out)
{
	bool negative = size > 0 && line[0] == '-';
	Decimal found = DECIMAL_FITS;
	int64_t value = 0;
	size_t i;

	if (negative || (size > 0 && line[0] == '+'))
	{
		line++;
		size--;
	}
	if (size == 0)
		return DECIMAL_BROKEN;
	for (i = 0; i < size; i++)
	{
		int digit = line[i] - '0';

		if (digit < 0 || digit > 9)
			return DECIMAL_BROKEN;
		if (found == DECIMAL_FITS &&
		    (__builtin_mul_overflow(value, (int64_t) 10, &value) ||
		     __builtin_add_overflow(value, negative ? -digit : digit, &value)))
			found = DECIMAL_TOO_LARGE;
	}
	*out = value;
	return found;
}

static MxStatus
push_decimal(MxPickle *p, const uint8_t *line, size_t size, MxError *err)
{
	int64_t value;

	switch (parse_decimal(line, size, &value))
	{
		case DECIMAL_FITS:
			return push_integer(p, value, err);
		case DECIMAL_TOO_LARGE:
			return mx_pickle_push_new(p,
			                          mx_node_opaque(&p->parse->nodes,
			                                         "integer beyond 64 bits",
			                                         p->offset, err),
			                          err);
		case DECIMAL_BROKEN:
			break;
	}
	return mx_fail(err, MX_ERR_MALFORMED, p->offset,
	               "integer is not written in decimal digits");
}

/* INT, which also spells True and False in protocols 0 and 1 */
MxStatus
mx_pickle_int_line(MxPickle *p, MxError *err)
{
	const uint8_t *line;
	MxValue *value;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	if (size != 2 || line[0] != '0' || (line[1] != '0' && line[1] != '1'))
		return push_decimal(p, line, size, err);
	value = mx_node_new(&p->parse->nodes, MX_VALUE_BOOL, p->offset, err);
	MX_NEED(value, err);
	value->as.boolean = line[1] == '1';
	return mx_pickle_push(p, value, err);
}

/* LONG */
MxStatus
mx_pickle_long_line(MxPickle *p, MxError *err)
{
	const uint8_t *line;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	if (size > 0 && line[size - 1] == 'L')
		size--;
	return push_decimal(p, line, size, err);
}

/* Names that strtod() knows beside digits, as Python writes them. */
static bool
is_float(const char *text)
{
	if (strcmp(text, "nan") == 0 || strcmp(text, "inf") == 0 ||
	    strcmp(text, "-inf") == 0 || strcmp(text, "-nan") == 0)
		return true;
	return text[0] != '\0' && text[strspn(text, "0123456789.eE+-")] == '\0';
}

/* FLOAT */
MxStatus
mx_pickle_float_line(MxPickle *p, MxError *err)
{
	char text[LONGEST_FLOAT + 1];
	const uint8_t *line;
	char *end = text;
	double number = 0.0;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	if (size <= LONGEST_FLOAT)
	{
		memcpy(text, line, size);
		text[size] = '\0';
		if (is_float(text))
			number = strtod(text, &end);
	}
	if (end == text || *end != '\0')
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "float is not written in decimal digits");
	return push_float(p, number, err);
}

MxStatus
mx_pickle_line_number(MxPickle *p, uint32_t *out, MxError *err)
{
	const uint8_t *line;
	int64_t value;
	size_t size;

	MX_TRY(mx_bytes_line(&p->parse->in, &line, &size, err));
	if (parse_decimal(line, size, &value) != DECIMAL_FITS || value < 0 ||
	    value > UINT32_MAX)
		return mx_fail(err, MX_ERR_MALFORMED, p->offset,
		               "memo number is not a number");
	*out = (uint32_t) value;
	return MX_OK;
}
