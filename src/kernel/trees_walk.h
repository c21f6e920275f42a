/*
 * trees_walk.h: the steps that all walks are made of; for files of this
 * folder.  The number of lanes is a constant wherever these are called, so
 * that places stay in registers.
 */
#ifndef MX_KERNEL_TREES_WALK_H
#define MX_KERNEL_TREES_WALK_H

#include "kernel/trees.h"

#define MX_MOST_LANES 16

#if defined(__GNUC__)
#define MX_INLINE __attribute__((always_inline)) static inline
#else
#define MX_INLINE static inline
#endif

MX_INLINE uint32_t
mx_top_word(const char *nodes, size_t at, size_t place)
{
	return *(const uint32_t *) (const void *) (nodes + at + place);
}

/*
 * A step within a block, width apart from left to right.  Masked rather than
 * chosen, for compilers might jump; word by word, so that no address is made.
 */
MX_INLINE size_t
mx_top_child(const char *nodes, size_t at, const uint32_t *keys, size_t width)
{
	uint32_t column = mx_top_word(nodes, at, offsetof(MxTopNode, column));
	uint32_t key = mx_top_word(nodes, at, offsetof(MxTopNode, key));

	return at + (-(size_t) (key < keys[column]) & width);
}

#define MX_TOP_STEP(place, width) \
	_Pragma("GCC unroll 16") for (size_t i = 0; i < lanes; i++) at[i] = \
	    mx_top_child(nodes + (place), at[i], keys[i], (width))

/*
 * Through the top: at[i] is a tree's place in the first blocks, as bytes, and
 * becomes that of an exit among numbers of 8 bytes.  Levels, as in forest, may
 * be a constant.
 */
MX_INLINE void
mx_top_descend(const MxForest *forest, unsigned levels,
               const uint32_t *const *keys, size_t at[MX_MOST_LANES],
               size_t lanes)
{
	const char *nodes = (const char *) forest->top;
	size_t size = forest->n_trees * sizeof(MxTopNode);
	unsigned n = mx_top_first_levels(levels);

	while (levels > 0)
	{
		if (n > 2)
			MX_TOP_STEP(MX_TOP_UPPER, MX_TOP_UPPER_WIDTH);
		if (n > 1)
			MX_TOP_STEP(MX_TOP_MIDDLE, MX_TOP_MIDDLE_WIDTH);
		MX_TOP_STEP(MX_TOP_LOWER, MX_TOP_LOWER_WIDTH);
		levels -= n;
		if (levels == 0)
			break;
		size <<= n;
		nodes += size;
		n = MX_TOP_BLOCK_LEVELS;
#pragma GCC unroll 16
		for (size_t i = 0; i < lanes; i++)
			at[i] <<= MX_TOP_BLOCK_LEVELS;
	}
}

/* Where tree t begins. */
MX_INLINE size_t
mx_top_start(unsigned levels, size_t t)
{
	return (t * sizeof(MxTopNode)) << mx_top_first_levels(levels);
}

#endif
