/* repr.c */
/* Numbers as Python spells them: the fewest digits that read back. */
#include "reader/internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 17 digits tell all doubles apart, 9 all floats. */
#define MOST_DIGITS 17

/* Digits of number without point and sign; returns the exponent of the first. */
static int
digits_of(double number, int precision, char digits[MOST_DIGITS + 1])
{
	char text[MX_REPR_SIZE];
	const char *at = text;
	size_t n = 0;

	snprintf(text, sizeof(text), "%.*e", precision - 1, number);
	for (; *at != '\0' && *at != 'e'; at++)
		if (*at >= '0' && *at <= '9' && n < MOST_DIGITS)
			digits[n++] = *at;
	digits[n] = '\0';
	while (n > 1 && digits[n - 1] == '0')
		digits[--n] = '\0';
	return *at == 'e' ? atoi(at + 1) : 0;
}

static bool
reads_back(double number, bool is_single, int precision)
{
	char text[MX_REPR_SIZE];

	snprintf(text, sizeof(text), "%.*e", precision - 1, number);
	if (is_single)
		return strtof(text, NULL) == (float) number;
	return strtod(text, NULL) == number;
}

/* float.__repr__ turns to an exponent below 1e-4 and from 1e16 on. */
static void
lay_out(const char *digits, int exponent, char *out, size_t size)
{
	int n = (int) strlen(digits);

	if (exponent < -4 || exponent >= 16)
		snprintf(out, size, "%c%s%se%c%02d", digits[0], n > 1 ? "." : "",
		         digits + 1, exponent < 0 ? '-' : '+', abs(exponent));
	else if (exponent < 0)
		snprintf(out, size, "0.%.*s%s", -exponent - 1, "000", digits);
	else if (n <= exponent + 1)
		snprintf(out, size, "%s%.*s.0", digits, exponent + 1 - n,
		         "0000000000000000");
	else
		snprintf(out, size, "%.*s.%s", exponent + 1, digits,
		         digits + exponent + 1);
}

const char *
mx_repr_number(double number, bool is_single, char buffer[MX_REPR_SIZE])
{
	char digits[MOST_DIGITS + 1];
	char *out = buffer;
	int precision = 1;
	int exponent;

	if (isnan(number))
		return strcpy(buffer, "nan");
	if (signbit(number))
		*out++ = '-';
	number = fabs(number);
	if (isinf(number))
	{
		strcpy(out, "inf");
		return buffer;
	}
	while (precision < MOST_DIGITS && !reads_back(number, is_single, precision))
		precision++;
	exponent = digits_of(number, precision, digits);
	lay_out(digits, exponent, out, MX_REPR_SIZE - 1);
	return buffer;
}
