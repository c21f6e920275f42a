/*
 * twins.h: one loop compiled several times, for the oldest CPUs and for those
 * there are.
 *
 * A twin does the same operations on the same numbers, several rows at a
 * time; nothing is contracted or reordered, so that the bits are the same.
 * A loop is an MX_LOOP function named NAME_loop, of constants the compiler can
 * see through; MX_TWINS defines NAME, which runs the best twin there is.
 */
#ifndef MX_KERNEL_TWINS_H
#define MX_KERNEL_TWINS_H

#include <stdbool.h>

#if defined(__GNUC__)
#define MX_LOOP static inline __attribute__((always_inline))
#else
#define MX_LOOP static inline
#endif

/*
 * Before a loop over the parts of an array that is to live in registers: what
 * is not unrolled early is kept in memory.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define MX_UNROLL _Pragma("GCC unroll 16")
#else
#define MX_UNROLL
#endif

/* By the vectors that they need. */
typedef enum MxTwin
{
	MX_TWIN_PLAIN,  /* what the compiler takes by itself */
	MX_TWIN_VECTOR, /* of 32 bytes: AVX2, or a pair of NEON registers */
	MX_TWIN_WIDE    /* of 64 bytes: AVX-512 */
} MxTwin;

/* For tests: no better twin runs. */
extern MxTwin mx_twin_limit;

#if defined(__x86_64__) && defined(__GNUC__)

/* What a function of each twin is marked with; no wide ones: the compiler is
 * too old. */
#define MX_AVX2 __attribute__((target("avx2")))
#if defined(__clang__) && __clang_major__ >= 9
#define MX_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#elif !defined(__clang__) && __GNUC__ >= 9
#define MX_AVX512 \
	__attribute__(( \
	    target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#endif

/* The best one that runs here. */
static inline MxTwin
mx_twin(void)
{
#ifdef MX_AVX512
	if (mx_twin_limit >= MX_TWIN_WIDE && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vl"))
		return MX_TWIN_WIDE;
#endif
	return mx_twin_limit >= MX_TWIN_VECTOR && __builtin_cpu_supports("avx2")
	           ? MX_TWIN_VECTOR
	           : MX_TWIN_PLAIN;
}

#ifdef MX_AVX512
#define MX_WIDE_TWIN(type, name, parameters, arguments) \
	MX_AVX512 static type name##_avx512 parameters \
	{ \
		return name##_loop arguments; \
	}
#define MX_WIDE_NAME(name) name##_avx512
#else
#define MX_WIDE_TWIN(type, name, parameters, arguments)
#define MX_WIDE_NAME(name) name##_avx2
#endif

#define MX_TWINS(type, name, parameters, arguments) \
	MX_WIDE_TWIN(type, name, parameters, arguments) \
	MX_TWINS_BUT_WIDE(type, name, parameters, arguments)

/* Where the wide one has a loop of its own, in another file. */
#define MX_TWINS_BUT_WIDE(type, name, parameters, arguments) \
	MX_AVX2 static type name##_avx2 parameters \
	{ \
		return name##_loop arguments; \
	} \
\
	type name parameters \
	{ \
		switch (mx_twin()) \
		{ \
			case MX_TWIN_WIDE: \
				return MX_WIDE_NAME(name) arguments; \
			case MX_TWIN_VECTOR: \
				return name##_avx2 arguments; \
			default: \
				return name##_loop arguments; \
		} \
	}

#else

/* Words of sets are read as bytes. */
#if defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__) && \
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MX_NEON
#endif

static inline MxTwin
mx_twin(void)
{
#ifdef MX_NEON
	if (mx_twin_limit >= MX_TWIN_VECTOR)
		return MX_TWIN_VECTOR;
#endif
	return MX_TWIN_PLAIN;
}

/* NEON, say, is what the compiler takes by itself. */
#define MX_TWINS(type, name, parameters, arguments) \
	type name parameters \
	{ \
		return name##_loop arguments; \
	}

#define MX_TWINS_BUT_WIDE(type, name, parameters, arguments) \
	MX_TWINS(type, name, parameters, arguments)

#endif
#endif
