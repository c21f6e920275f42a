/*
 * twins.h: one loop compiled twice, for the oldest CPUs and for those there
 * are.
 *
 * The twin does the same operations on the same numbers, several rows at a
 * time; nothing is contracted or reordered, so that the bits are the same.
 * A loop is an MX_LOOP function named NAME_loop, of constants the compiler can
 * see through; MX_TWINS defines NAME, which runs the better twin.
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

/* For tests: no twin runs while it is set. */
extern bool mx_twins_are_off;

#if defined(__x86_64__) && defined(__GNUC__)

static inline bool
mx_twins_run(void)
{
	return __builtin_cpu_supports("avx2") && !mx_twins_are_off;
}

#define MX_TWINS(type, name, parameters, arguments) \
	__attribute__((target("avx2"))) static type name##_avx2 parameters \
	{ \
		return name##_loop arguments; \
	} \
\
	type name parameters \
	{ \
		return mx_twins_run() ? name##_avx2 arguments : name##_loop arguments; \
	}

#else

/* NEON, say, is what the compiler takes by itself. */
#define MX_TWINS(type, name, parameters, arguments) \
	type name parameters \
	{ \
		return name##_loop arguments; \
	}

#endif
#endif
