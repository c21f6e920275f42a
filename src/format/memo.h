/*
 * memo.h: what a pickle has numbered; private to the pickle machine.
 *
 * A number never sizes an allocation: what is kept is a hash of runs of 16
 * numbers, since honest files count up, with gaps or without.
 */
#ifndef MX_FORMAT_MEMO_H
#define MX_FORMAT_MEMO_H

#include "base/arena.h"
#include "format/value.h"

typedef struct MxMemoRun MxMemoRun;

/* Start with {0}. */
typedef struct MxMemo
{
	size_t n; /* numbers given */
	MxMemoRun **slots;
	size_t n_slots; /* 0 or a power of two */
	size_t n_runs;
	MxMemoRun *last; /* the run used last */
} MxMemo;

/* Gives value the number; another value under the same one is malformed. */
MxStatus mx_memo_put(MxMemo *memo, MxArena *arena, uint32_t number,
                     MxValue *value, MxError *err);

/* NULL when nothing has the number. */
MxValue *mx_memo_get(MxMemo *memo, uint32_t number);

#endif
