/*
 * block.h: what flows between steps: some rows, dense or sparse.
 */
#ifndef MX_OP_BLOCK_H
#define MX_OP_BLOCK_H

#include "base/text.h"
#include "model/nodes.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Dense: one run each of n_rows numbers (NaN is missing) or texts (UTF-8;
 * data == NULL is missing), so that selecting, reordering and joining columns
 * copies nothing.
 */
typedef struct MxColumn
{
	MxColumnKind kind;
	const double *numbers;
	const MxText *texts;
} MxColumn;

/*
 * Sparse: row i holds the entries start[i] to start[i + 1] - 1; columns are
 * ascending within a row and below n_columns; what is absent is 0.
 */
typedef struct MxSparseRows
{
	const size_t *start; /* (n_rows + 1) */
	const uint32_t *columns;
	const double *values;
} MxSparseRows;

typedef struct MxBlock
{
	size_t n_rows;
	size_t n_columns;
	const MxColumn *columns;    /* NULL when sparse */
	const MxSparseRows *sparse; /* NULL when dense */
} MxBlock;

/*
 * Output of a step that makes sparse rows: grows by doubling in the scorer's
 * arena and is kept from run to run.
 */
typedef struct MxSparseBuffer MxSparseBuffer;

/* Makes room for n more entries than are used; the rows move if it grows. */
MxStatus mx_sparse_reserve(MxSparseBuffer *buffer, size_t n, MxError *err);

struct MxSparseBuffer
{
	MxArena *arena;
	size_t *start;     /* (max_rows + 1), set by the engine */
	uint32_t *columns; /* room for capacity entries */
	double *values;
	size_t n;
	size_t capacity;
};

#endif
