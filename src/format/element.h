/*
 * element.h: single elements of arrays as plain C numbers; private.
 */
#ifndef MX_FORMAT_ELEMENT_H
#define MX_FORMAT_ELEMENT_H

#include "format/array.h"

#include <string.h>

/* Walks the elements in C order without a division each. */
typedef struct MxCursor
{
	const MxArray *array;
	bool is_c_order;
	size_t position;
	size_t index[MX_MAX_RANK];
} MxCursor;

void mx_cursor_begin(MxCursor *cursor, const MxArray *array);
/* Where the next element is stored; called at most array->n times. */
size_t mx_cursor_next(MxCursor *cursor);

bool mx_array_is_c_order(const MxArray *array);

/* Bools, integers and floats. */
bool mx_dtype_is_number(const MxDtype *dtype);

/* Any number as a value on the stack; false when it is beyond int64. */
bool mx_element_to_value(const uint8_t *at, const MxDtype *dtype, MxValue *out);

/* The bits of 1, 2, 4 or 8 bytes, right-aligned, in the host's order. */
static inline uint64_t
mx_element_bits(const uint8_t *at, const MxDtype *dtype)
{
	bool reverse = dtype->swapped != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (dtype->itemsize)
	{
		case 1:
			return at[0];
		case 2:
			memcpy(&two, at, sizeof(two));
			return reverse ? __builtin_bswap16(two) : two;
		case 4:
			memcpy(&four, at, sizeof(four));
			return reverse ? __builtin_bswap32(four) : four;
		default:
			memcpy(&eight, at, sizeof(eight));
			return reverse ? __builtin_bswap64(eight) : eight;
	}
}

/* Sign-extended: the sign of a narrow integer is its highest bit. */
static inline int64_t
mx_element_signed(const uint8_t *at, const MxDtype *dtype)
{
	unsigned unused = 64 - 8 * (unsigned) dtype->itemsize;

	return (int64_t) (mx_element_bits(at, dtype) << unused) >> unused;
}

double mx_element_half(uint64_t bits);

static inline double
mx_element_float(const uint8_t *at, const MxDtype *dtype)
{
	uint64_t bits = mx_element_bits(at, dtype);
	uint32_t narrow = (uint32_t) bits;
	double number;
	float single;

	if (dtype->itemsize == 2)
		return mx_element_half(bits);
	if (dtype->itemsize == 4)
	{
		memcpy(&single, &narrow, sizeof(single));
		return (double) single;
	}
	memcpy(&number, &bits, sizeof(number));
	return number;
}

#endif
