/*
 * math_inline.h: the functions of math.h, for loops over columns.
 *
 * Only +, -, *, / and integer operations on the bits of a double, without
 * branches: each choice is made between two values that are both computed.
 * So the compiler can work on several rows at once, and a hand-written vector
 * twin repeats the very same operations.  Compile with -ffp-contract=off.
 *
 * Polynomials are Taylor series where nothing else is said, long enough that
 * what is left out is below a thousandth of the last bit; error bounds stand in
 * math.c.
 */
#ifndef MX_BASE_MATH_INLINE_H
#define MX_BASE_MATH_INLINE_H

#include <stdint.h>
#include <string.h>

/* Adding it rounds to an integer, which is then in the low bits. */
#define MX_ROUNDER 0x1.8p52

#define MX_INFINITY ((double) __builtin_inff())
#define MX_NAN ((double) __builtin_nanf(""))

/* The high part has 33 bits, so that k * MX_LN2_HIGH is exact. */
#define MX_LN2_HIGH 0x1.62e42fefp-1
#define MX_LN2_LOW 0x1.473de6af278edp-34

static inline uint64_t
mx_bits(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static inline double
mx_from_bits(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static inline double
mx_abs(double x)
{
	return mx_from_bits(mx_bits(x) & 0x7fffffffffffffff);
}

/* The magnitude of x with the sign of from. */
static inline double
mx_with_sign(double x, double from)
{
	return mx_from_bits((mx_bits(x) & 0x7fffffffffffffff) |
	                    (mx_bits(from) & 0x8000000000000000));
}

/* To the nearest integer, ties to even; the sign of zero stays. */
static inline double
mx_rint(double x)
{
	double magnitude = mx_abs(x);
	double rounded = (magnitude + 0x1p52) - 0x1p52;

	return mx_with_sign(magnitude < 0x1p52 ? rounded : magnitude, x);
}

static inline double
mx_floor(double x)
{
	double nearest = mx_rint(x);

	return nearest > x ? nearest - 1 : nearest;
}

static inline double
mx_ceil(double x)
{
	double nearest = mx_rint(x);

	return mx_with_sign(nearest < x ? nearest + 1 : nearest, x);
}

/* ---- exp --------------------------------------------------------------- */

/*
 * x = n * ln 2 + r with |r| <= ln 2 / 2, and exp(r) - 1 = tail + r.  The
 * rounding error of r goes into tail.
 */
typedef struct MxReduced
{
	uint64_t n; /* two's complement */
	double r;
	double tail;
} MxReduced;

/* (exp(r) - 1 - r) / r^2 */
static inline double
mx_exp_series(double r)
{
	double r2 = r * r;
	double r4 = r2 * r2;
	double p2 = 0x1.0p-1 + r * 0x1.5555555555555p-3;
	double p4 = 0x1.5555555555555p-5 + r * 0x1.1111111111111p-7;
	double p6 = 0x1.6c16c16c16c17p-10 + r * 0x1.a01a01a01a01ap-13;
	double p8 = 0x1.a01a01a01a01ap-16 + r * 0x1.71de3a556c734p-19;
	double p10 = 0x1.27e4fb7789f5cp-22 + r * 0x1.ae64567f544e4p-26;
	double p12 = 0x1.1eed8eff8d898p-29 + r * 0x1.6124613a86d09p-33;

	return (p2 + r2 * p4) + r4 * ((p6 + r2 * p8) + r4 * (p10 + r2 * p12));
}

static inline MxReduced
mx_exp_reduce(double x)
{
	double shifted = x * 0x1.71547652b82fep+0 + MX_ROUNDER;
	double n = shifted - MX_ROUNDER;
	double high = x - n * MX_LN2_HIGH;
	double low = n * MX_LN2_LOW;
	MxReduced out;

	out.n = mx_bits(shifted) - mx_bits(MX_ROUNDER);
	out.r = high - low;
	out.tail = (out.r * out.r) * mx_exp_series(out.r) + ((high - out.r) - low);
	return out;
}

/* 2^n for -1022 <= n <= 1023 */
static inline double
mx_power_of_two(uint64_t n)
{
	return mx_from_bits((n + 1023) << 52);
}

/* For -746 <= x <= 710, or NaN. */
static inline double
mx_exp_between(double x)
{
	MxReduced e = mx_exp_reduce(x);
	/* In two halves: 2^n may be out of range where exp(x) is not. */
	uint64_t half = ((e.n + 2048) >> 1) - 1024;
	double sum = 1.0 + e.r;
	double y = sum + (((1.0 - sum) + e.r) + e.tail);

	return y * mx_power_of_two(half) * mx_power_of_two(e.n - half);
}

static inline double
mx_exp_inline(double x)
{
	/* Beyond these the result is infinite or 0; NaN passes both. */
	double held = x > 710.0 ? 710.0 : x;
	double bounded = held < -746.0 ? -746.0 : held;

	return mx_exp_between(bounded);
}

static inline double
mx_expm1_inline(double x)
{
	/* Above 40 the 1 is below the last bit; below -40 nothing else is left. */
	double held = x > 40.0 ? 40.0 : x;
	double bounded = held < -40.0 ? -40.0 : held;
	MxReduced e = mx_exp_reduce(bounded);
	double scale = mx_power_of_two(e.n);
	double high = e.r + e.tail;
	double low = (e.r - high) + e.tail;
	/* scale * high + (scale - 1), with the error of the sum. */
	double a = scale * high;
	double b = scale - 1.0;
	double sum = b + a;
	double a_part = sum - b;
	double error = (b - (sum - a_part)) + (a - a_part);
	double small = sum + (error + scale * low);
	double large = mx_exp_inline(x);
	double y = x > 40.0 ? large : small;

	/* Keeps the sign of zero, and what underflows. */
	return mx_abs(x) < 0x1p-54 ? x : y;
}

/* ---- log --------------------------------------------------------------- */

/*
 * x = 2^k * (1 + f) with 1 + f between about sqrt(1/2) and sqrt(2).  With
 * s = f / (2 + f), log(1 + f) = f - (half - s * (half + series)), where half =
 * f^2 / 2 and series = 2 * (s^2 / 3 + s^4 / 5 + ...).
 */
typedef struct MxSplit
{
	double k;
	double f;
} MxSplit;

typedef struct MxLogParts
{
	double half;
	double rest; /* s * (half + series) */
} MxLogParts;

/* x is positive, finite and normal. */
static inline MxSplit
mx_log_split(double x)
{
	/* From the bits of sqrt(1/2), so that the exponent turns over there. */
	uint64_t shifted = mx_bits(x) - 0x3fe6a09e00000000;
	uint64_t exponent = (shifted + 0x4000000000000000) >> 52;
	uint64_t fraction = (shifted & 0x000fffffffffffff) + 0x3fe6a09e00000000;
	MxSplit out;

	/* exponent is k + 1024, made a double in the low bits of 2^52. */
	out.k = mx_from_bits(exponent | 0x4330000000000000) - (0x1p52 + 1024.0);
	out.f = mx_from_bits(fraction) - 1.0;
	return out;
}

static inline MxLogParts
mx_log_parts(double f)
{
	double s = f / (2.0 + f);
	double z = s * s;
	double z2 = z * z;
	double z4 = z2 * z2;
	double p1 = 0x1.5555555555555p-1 + z * 0x1.999999999999ap-2;
	double p3 = 0x1.2492492492492p-2 + z * 0x1.c71c71c71c71cp-3;
	double p5 = 0x1.745d1745d1746p-3 + z * 0x1.3b13b13b13b14p-3;
	double p7 = 0x1.1111111111111p-3 + z * 0x1.e1e1e1e1e1e1ep-4;
	double p9 = 0x1.af286bca1af28p-4 + z * 0x1.8618618618618p-4;
	double series = z * ((p1 + z2 * p3) + z4 * ((p5 + z2 * p7) + z4 * p9));
	MxLogParts out;

	out.half = 0.5 * f * f;
	out.rest = s * (out.half + series);
	return out;
}

/* What a logarithm is at and below 0, at infinity and for NaN; else y. */
static inline double
mx_log_ends(double x, double y)
{
	double high = x < MX_INFINITY ? y : x;
	double low = x > 0.0 ? high : MX_NAN;
	double zero = x == 0.0 ? -MX_INFINITY : low;

	return x == x ? zero : x;
}

/* Makes subnormals normal; *k is what that adds to the exponent. */
static inline double
mx_log_normal(double x, double *k)
{
	double scaled = x * 0x1p54;

	*k = x < 0x1p-1022 ? -54.0 : 0.0;
	return x < 0x1p-1022 ? scaled : x;
}

static inline double
mx_log_inline(double x)
{
	double extra;
	MxSplit m = mx_log_split(mx_log_normal(x, &extra));
	MxLogParts p = mx_log_parts(m.f);
	double k = m.k + extra;
	double y = k * MX_LN2_HIGH + (m.f - (p.half - (p.rest + k * MX_LN2_LOW)));

	return mx_log_ends(x, y);
}

static inline double
mx_log1p_inline(double x)
{
	double sum = 1.0 + x;
	MxSplit m = mx_log_split(sum);
	/* What the sum lost, seen from the side that is exact. */
	double lost = m.k > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
	double correction = m.k == 0.0 ? 0.0 : lost / sum;
	double f = m.k == 0.0 ? x : m.f;
	MxLogParts p = mx_log_parts(f);
	double y = m.k * MX_LN2_HIGH +
	           (f - (p.half - (p.rest + (m.k * MX_LN2_LOW + correction))));
	double ends = mx_log_ends(sum, y);

	return mx_abs(x) < 0x1p-54 ? x : ends;
}

/* log(1 + f) in two parts, the high one of 21 bits. */
static inline double
mx_log_high(double f, MxLogParts p, double *low)
{
	double high = mx_from_bits(mx_bits(f - p.half) & 0xffffffff00000000);

	*low = ((f - high) - p.half) + p.rest;
	return high;
}

/* The same times a constant (high, low), plus a sum (start, rest). */
static inline double
mx_log_scale(double log_high, double log_low, double high, double low,
             double start, double rest)
{
	double product = log_high * high;
	double sum = start + product;

	return sum + (((start - sum) + product) +
	              (rest + (log_low + log_high) * low + log_low * high));
}

static inline double
mx_log2_inline(double x)
{
	double extra;
	MxSplit m = mx_log_split(mx_log_normal(x, &extra));
	double low;
	double high = mx_log_high(m.f, mx_log_parts(m.f), &low);

	return mx_log_ends(x,
	                   mx_log_scale(high, low, 0x1.71547p+0,
	                                0x1.94ae0bf85ddf4p-22, m.k + extra, 0.0));
}

static inline double
mx_log10_inline(double x)
{
	double extra;
	MxSplit m = mx_log_split(mx_log_normal(x, &extra));
	double k = m.k + extra;
	double low;
	double high = mx_log_high(m.f, mx_log_parts(m.f), &low);

	return mx_log_ends(
	    x, mx_log_scale(high, low, 0x1.bcb7bp-2, 0x1.526e50e32a6abp-26,
	                    k * 0x1.34413509p-2, k * 0x1.ef3fde623e256p-35));
}

/* ---- others ------------------------------------------------------------ */

/*
 * x = 2^(3q + rest) * m: a polynomial for the root of m, good to 25 bits, then
 * one step that triples them.  Its square is exact, for it is cut to 26 bits.
 */
static inline double
mx_cbrt_inline(double x)
{
	double magnitude = mx_abs(x);
	double scaled = magnitude < 0x1p-1022 ? magnitude * 0x1p54 : magnitude;
	uint64_t bits = mx_bits(scaled);
	double e =
	    mx_from_bits((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0);
	double shifted = (e - 1.0) * (1.0 / 3.0) + MX_ROUNDER;
	double rest = e - 3.0 * (shifted - MX_ROUNDER);
	uint64_t q = mx_bits(shifted) - mx_bits(MX_ROUNDER);
	double t =
	    2.0 * mx_from_bits((bits & 0x000fffffffffffff) | 0x3ff0000000000000) -
	    3.0;
	double p = 1.1447142687179812 +
	           t * (0.1271904371736411 +
	                t * (-0.014133101927398629 +
	                     t * (0.0026175381245186415 +
	                          t * (-0.0005775194871556799 +
	                               t * (0.00014057737648698776 +
	                                    t * (-4.309502908316887e-05 +
	                                         t * 1.1968276633211871e-05))))));
	double factor = rest > 1.5 ? 0x1.965fea53d6e3dp+0
	                           : (rest > 0.5 ? 0x1.428a2f98d728bp+0 : 1.0);
	double rough = p * factor * mx_power_of_two(q);
	double root =
	    mx_from_bits((mx_bits(rough) + 0x4000000) & 0xfffffffff8000000);
	double ratio = scaled / (root * root);
	double fine = root + root * ((ratio - root) / (2.0 * root + ratio));
	double y = magnitude < 0x1p-1022 ? fine * 0x1p-18 : fine;

	/* 0, infinity and NaN are their own roots. */
	y = magnitude > 0.0 && magnitude < MX_INFINITY ? y : magnitude;
	return mx_with_sign(y, x);
}

/* (1 - u) / (1 + u) with u = exp(-2|x|), through expm1 as far as it helps. */
static inline double
mx_tanh_inline(double x)
{
	double magnitude = mx_abs(x);
	double bounded = magnitude > 22.0 ? 22.0 : magnitude;
	double t = mx_expm1_inline(2.0 * bounded);
	double numerator = magnitude < 0.55 ? t : -2.0;
	double start = magnitude < 0.55 ? 0.0 : 1.0;

	return mx_with_sign(start + numerator / (t + 2.0), x);
}

/* (exp(-r) - 1 + r) / r^2, to a thirtieth of the last bit of exp(-r). */
static inline double
mx_expit_series(double r)
{
	double r2 = r * r;
	double r4 = r2 * r2;
	double p2 = 0x1.0000000000005p-1 - r * 0x1.5555555555557p-3;
	double p4 = 0x1.55555555520a4p-5 - r * 0x1.11111111100dcp-7;
	double p6 = 0x1.6c16c17f46982p-10 - r * 0x1.a01a01abe7fe1p-13;
	double p8 = 0x1.a019a6611cad5p-16 - r * 0x1.71de0231960ebp-19;
	double p10 = 0x1.28a2ca617b969p-22 - r * 0x1.af4de97ca4194p-26;

	return (p2 + r2 * p4) + r4 * ((p6 + r2 * p8) + r4 * p10);
}

/* |x| = r - n * ln 2, and power is 2^(n + 60). */
typedef struct MxExpit
{
	double r;
	double power;
} MxExpit;

static inline MxExpit
mx_expit_reduce(double x)
{
	/* The low bits of shifted are the exponent of power. */
	const double rounder = MX_ROUNDER + (1023.0 + 60.0);
	double magnitude = mx_abs(x);
	/* Beyond, the result is 1 or 0; NaN passes. */
	double bounded = 746.0 < magnitude ? 746.0 : magnitude;
	double shifted = rounder - bounded * 0x1.71547652b82fep+0;
	double n = shifted - rounder;
	MxExpit out;

	out.r = (bounded + n * MX_LN2_HIGH) + n * MX_LN2_LOW;
	out.power = mx_from_bits(mx_bits(shifted) << 52);
	return out;
}

/*
 * 1 / (1 + u), or u / (1 + u), with u = exp(-|x|): near 1 the sum has to be
 * rounded as it is elsewhere, for 1 - p shows it.  All of it is 2^60 times as
 * large, so that u is normal whenever the result is not 0.
 */
static inline double
mx_expit_finish(double x, MxExpit e, double series)
{
	double u = (1.0 - (e.r - (e.r * e.r) * series)) * e.power;

	return (x < 0.0 ? u : 0x1p60) / (0x1p60 + u);
}

static inline double
mx_expit_inline(double x)
{
	MxExpit e = mx_expit_reduce(x);

	return mx_expit_finish(x, e, mx_expit_series(e.r));
}

/* Around 1/2 the quotient would lose what log1p keeps. */
static inline double
mx_logit_inline(double x)
{
	double outer = mx_log_inline(x / (1.0 - x));
	double s = 2.0 * (x - 0.5);
	double inner = mx_log1p_inline(s) - mx_log1p_inline(-s);

	return x > 0.3 && x < 0.65 ? inner : outer;
}

#endif
