/*
 * chain.h: what steps in front of an ensemble make of one number, undone.
 *
 * A chain is a few maps, each of which keeps the order of numbers or turns it
 * round, in floating point too: every operation of IEEE 754 rounds
 * monotonically.  So a comparison of what a chain makes with a constant is a
 * comparison of what it is given with another constant.
 */
#ifndef MX_OP_CHAIN_H
#define MX_OP_CHAIN_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum MxMapKind
{
	MX_MAP_DIVIDE,     /* as MX_SCALE_DIVIDE */
	MX_MAP_MULTIPLY,   /* as MX_SCALE_MULTIPLY */
	MX_MAP_IMPUTE,     /* NaN becomes first */
	MX_MAP_IS_MISSING, /* 1 for NaN, else 0 */
	MX_MAP_FUNCTION,   /* function, which keeps or turns the order */
	MX_MAP_EQUALS      /* 1 for the code first, else 0; first of its chain */
} MxMapKind;

typedef struct MxMap
{
	uint32_t kind;
	uint32_t function; /* MxFunctionKind */
	double first, second;
	double low, high; /* of DIVIDE and MULTIPLY: the result is held between */
} MxMap;

typedef struct MxChain
{
	size_t n;
	const MxMap *maps;
} MxChain;

/* Numbers from low to high, and NaN if may_miss. */
typedef struct MxBounds
{
	double low, high;
	bool may_miss;
} MxBounds;

#define MX_UNBOUNDED ((MxBounds){-INFINITY, INFINITY, true})

static inline bool
mx_is_within(const MxBounds *bounds, double x)
{
	return x != x ? bounds->may_miss : x >= bounds->low && x <= bounds->high;
}

double mx_chain_apply(const MxChain *chain, double x);

/* Whether a function is one that a chain may hold. */
bool mx_function_keeps_order(unsigned function);

/*
 * The comparison y <= threshold of what the chain, without EQUALS, makes of
 * numbers.  It says is_left of all numbers up to last and the opposite of all
 * above.  threshold is not NaN.
 */
typedef struct MxEdge
{
	double last;
	bool is_left;
} MxEdge;

MxEdge mx_chain_edge(const MxChain *chain, double threshold);

/*
 * Which numbers a guard of these flags lets through behind the chain.  Flags
 * with MX_GUARD_FLOAT32 have MX_GUARD_INFINITE too.
 */
MxBounds mx_chain_passes(const MxChain *chain, unsigned flags);

#endif
