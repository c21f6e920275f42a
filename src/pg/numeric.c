/* numeric.c */
/* numeric to double, from its stored form, without a detour through text. */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "pg/compat.h"
#include "pg/convert.h"

/*
 * The stored form, which pg_upgrade keeps from ever changing: a header of one
 * or two 16-bit words, then digits in base 10000.
 */
#define SPECIAL_MASK 0xF000
#define SPECIAL_NAN 0xC000
#define SPECIAL_PLUS_INFINITY 0xD000
#define SPECIAL_MINUS_INFINITY 0xF000
#define FORMAT_MASK 0xC000
#define FORMAT_LONG_NEGATIVE 0x4000
#define FORMAT_SPECIAL 0xC000
#define SHORT_FLAG 0x8000
#define SHORT_NEGATIVE 0x2000
#define SHORT_WEIGHT_SIGN 0x0040
#define SHORT_WEIGHT_MASK 0x003F

#define DIGIT_BASE 10000
/* Integers up to here are doubles, every one. */
#define MAX_EXACT ((uint64) 1 << 53)
#define MAX_EXACT_POWER 22

/* Powers of ten that are doubles exactly. */
static const double powers_of_ten[MAX_EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct Decimal
{
	bool is_negative;
	int weight; /* power of 10000 of the first digit */
	int n_digits;
	const char *digits; /* not aligned */
} Decimal;

static uint16
word_at(const char *from)
{
	uint16 word;

	/* A short varlena starts at any byte. */
	memcpy(&word, from, sizeof(word));
	return word;
}

static Decimal
decimal_parts(uint16 header, const char *data, size_t size)
{
	Decimal parts;

	if (header & SHORT_FLAG)
	{
		parts.is_negative = (header & SHORT_NEGATIVE) != 0;
		parts.weight = header & SHORT_WEIGHT_MASK;
		if (header & SHORT_WEIGHT_SIGN)
			parts.weight |= ~SHORT_WEIGHT_MASK;
		parts.digits = data + sizeof(uint16);
	}
	else
	{
		parts.is_negative = (header & FORMAT_MASK) == FORMAT_LONG_NEGATIVE;
		parts.weight = (int16) word_at(data + sizeof(uint16));
		parts.digits = data + 2 * sizeof(uint16);
	}
	parts.n_digits = (int) ((data + size - parts.digits) / sizeof(uint16));
	return parts;
}

/*
 * True when the value is an integer below 2^53 times or over an exact power of
 * ten: then one IEEE operation gives the nearest double (Clinger 1990).
 */
static bool
decimal_is_easy(const Decimal *parts, double *out)
{
	uint64 integer = 0;
	int power = 4 * (parts->weight - parts->n_digits + 1);
	int i;

	/* Five digits of base 10000 fit 64 bits when the first is small. */
	if (parts->n_digits > 5 ||
	    (parts->n_digits == 5 && word_at(parts->digits) >= 1000))
		return false;
	for (i = 0; i < parts->n_digits; i++)
		integer = integer * DIGIT_BASE +
		          word_at(parts->digits + sizeof(uint16) * (size_t) i);
	for (; integer > MAX_EXACT && integer % 10 == 0; power++)
		integer /= 10;
	if (integer > MAX_EXACT || power > MAX_EXACT_POWER ||
	    power < -MAX_EXACT_POWER)
		return false;
	*out = power >= 0 ? (double) integer * powers_of_ten[power]
	                  : (double) integer / powers_of_ten[-power];
	return true;
}

double
mxpg_numeric_to_double(Datum numeric)
{
	struct varlena *packed =
	    PG_DETOAST_DATUM_PACKED(numeric); /* copied only when toasted */
	const char *data = VARDATA_ANY(packed);
	uint16 header = word_at(data);
	Decimal parts;
	double magnitude;

	if ((header & FORMAT_MASK) == FORMAT_SPECIAL)
	{
		if ((header & SPECIAL_MASK) == SPECIAL_PLUS_INFINITY)
			return get_float8_infinity();
		if ((header & SPECIAL_MASK) == SPECIAL_MINUS_INFINITY)
			return -get_float8_infinity();
		return get_float8_nan();
	}
	parts = decimal_parts(header, data, VARSIZE_ANY_EXHDR(packed));
	if (decimal_is_easy(&parts, &magnitude))
		return parts.is_negative ? -magnitude : magnitude;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
	                                          PointerGetDatum(packed)));
}
