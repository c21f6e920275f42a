/*
 * ngrams.h: the last few words or characters of a text, and the terms they
 * make.
 *
 * Memory is bounded by the longest term of the model, whatever the text: what
 * is longer matches nothing.
 */
#ifndef MX_OP_NGRAMS_H
#define MX_OP_NGRAMS_H

#include "op/block.h"
#include "op/lookup.h"

#include <stdbool.h>

/* So many terms are looked up together: their cache lines come at once. */
#define MX_ASKED_TERMS 16

typedef struct MxAskedTerm
{
	MxPackedKey key;
	size_t slot;
} MxAskedTerm;

typedef struct MxNgrams
{
	const void *image;
	const MxLookup *terms;
	size_t min_n, max_n;         /* pieces per term */
	bool is_spaced;              /* a blank between pieces */
	size_t longest;              /* bytes a piece may have and still matter */
	MxSparseBuffer *out;         /* where the columns of terms go */
	bool (*canceled)(void *ctx); /* may be NULL */
	void *ctx;
	size_t work; /* pieces and bytes looked at since the hook was asked */
	/* Pieces lie one after another; the last one may still be growing. */
	char *bytes;
	size_t capacity;
	size_t used;
	size_t *starts;
	size_t n_starts;
	size_t max_starts;
	bool is_overlong;                  /* the growing piece */
	MxAskedTerm asked[MX_ASKED_TERMS]; /* not looked up yet */
	size_t n_asked;
} MxNgrams;

/* Bytes of scratch, aligned as size_t. */
size_t mx_ngrams_scratch(size_t max_n, size_t longest);
/* Fields down to ctx are set by the caller. */
void mx_ngrams_begin(MxNgrams *g, void *scratch);

/* Forgets all pieces. */
void mx_ngrams_clear(MxNgrams *g);

void mx_ngrams_start_piece(MxNgrams *g);
void mx_ngrams_grow_piece(MxNgrams *g, uint32_t code);
/* A whole piece, of which no character is longer than a byte. */
void mx_ngrams_put_piece(MxNgrams *g, const char *bytes, size_t size);
/* The growing piece; data == NULL when it is too long to matter. */
MxText mx_ngrams_piece(const MxNgrams *g);
/* Takes the growing piece back. */
void mx_ngrams_drop_piece(MxNgrams *g);

/* Looks up all terms that end with the last piece, now or later. */
MxStatus mx_ngrams_end_piece(MxNgrams *g, MxError *err);
/* Looks up the last n pieces as one term, now or later. */
MxStatus mx_ngrams_find(MxNgrams *g, size_t n, MxError *err);
/* A term that is no more than MX_PACKED_TEXT bytes, all of which are there. */
MxStatus mx_ngrams_find_short(MxNgrams *g, const char *bytes, size_t size,
                              MxError *err);
/* Looks up what has been asked for. */
MxStatus mx_ngrams_settle(MxNgrams *g, MxError *err);
/* Asks the hook now and then, after so much more work. */
MxStatus mx_ngrams_poll(MxNgrams *g, size_t work, MxError *err);

#endif
