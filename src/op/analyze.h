/*
 * analyze.h: from a text to the columns of its terms, by word, by character
 * or by character within words.
 */
#ifndef MX_OP_ANALYZE_H
#define MX_OP_ANALYZE_H

#include "op/ngrams.h"

#include "model/nodes.h"

/* Parameters of a vectorizer as they lie in an image. */
typedef struct MxImageCount
{
	uint64_t n_terms;
	MxLookup terms;
	MxLookup stop_words;
	uint64_t has_stop_words;
	uint64_t analyzer; /* MxAnalyzer */
	uint64_t accents;  /* MxStripAccents */
	uint64_t lowercase;
	uint64_t min_token_size;
	uint64_t min_n, max_n;
	uint64_t binary;
} MxImageCount;

/* Bytes of the longest word that matters. */
size_t mx_analyze_longest(const MxImageCount *params);

/*
 * Appends a column to ngrams->out for each occurrence of a term, in no
 * particular order.  ngrams was begun.
 */
MxStatus mx_analyze(const void *image, const MxImageCount *params, MxText text,
                    MxNgrams *ngrams, MxError *err);

#endif
